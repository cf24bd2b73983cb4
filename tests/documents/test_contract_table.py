"""The table in docs/contract.md says where each contender has each function."""

import re
import runpy
from typing import Any

import pytest

from .pages import ROOT

SCRIPT = ROOT / "scripts" / "contract_table.py"

#: Under these names a line defines what the contract calls otherwise.
OTHERWISE = {
    "__new__": "__new__|__cinit__|new|dictionary_new",
    "__len__": "__len__|length",
}


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_it_is_as_the_command_makes_it(script: dict[str, Any]) -> None:
    page = script["PAGE"].read_text("utf-8")
    assert script["filled"](page) == page, f"python3 {SCRIPT.relative_to(ROOT)}"


def test_a_changed_line_is_noticed(script: dict[str, Any]) -> None:
    page = script["PAGE"].read_text("utf-8")
    changed = re.sub(r"(module\.c:)\d+", r"\g<1>1", page, count=1)
    assert changed != page
    assert script["filled"](changed) == page


def test_every_line_has_the_name(script: dict[str, Any]) -> None:
    page = script["PAGE"].read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (.*) \|$", script["table"](page), re.MULTILINE)
    assert [name for name, _ in rows] == list(script["names"](page))
    for name, cells in rows:
        *of_all, native = cells.split(" | ")
        assert len(of_all) == 5
        short = name.rpartition(".")[2]
        for cell in of_all:
            assert re.search(rf"(\b|_)({OTHERWISE.get(short, short)})\b", linked_line(cell)), cell
        assert native == "none" or "extern" in linked_line(native)


def linked_line(cell: str) -> str:
    path, line = re.search(r"\(\.\./(.+)#L(\d+)\)", cell).groups()  # type: ignore[union-attr]
    return (ROOT / path).read_text("utf-8").splitlines()[int(line) - 1]
