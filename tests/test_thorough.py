"""What only `make test-all` runs is named, with its reason, in CONTRIBUTING.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MARK = "pytest.mark.thorough"


def reasons(file: Path) -> list[str]:
    """What each mark of a file gives as its reason."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    marks = [
        node for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node) == MARK
    ]
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.func in marks]
    assert len(calls) == len(marks), f"{file}: a mark has no reason"
    return [ast.literal_eval(call.args[0]) for call in calls]


def test_what_is_left_to_test_all_is_in_the_table_with_its_reason(pytestconfig):
    folders = [ROOT / folder for folder in pytestconfig.getini("testpaths")]
    marked = {
        (str(file.relative_to(ROOT)), reason)
        for folder in folders
        for file in folder.rglob("*.py")
        for reason in reasons(file)
    }
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert marked == set(re.findall(r"^\| `(\S+\.py)` \| (.+) \|$", text, re.MULTILINE))


def test_they_are_left_out_unless_they_are_asked_for():
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/mistakes"]
    for more, said in [([], r"\d+ deselected"), (["--thorough"], r"\d\d tests collected in")]:
        done = subprocess.run(
            [*collect, *more], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert re.search(said, done.stdout), done.stdout
