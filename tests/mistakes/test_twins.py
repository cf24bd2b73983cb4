"""Every mistake has a correct twin, which builds and is right; the wrong one builds, or the
compiler refuses it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MISTAKES = ROOT / "bench" / "mistakes"
PAIRS = sorted(
    f"{trigger.parent.name}/{folder.parents[1].name}"
    for trigger in MISTAKES.glob("*/trigger.py")
    for folder in ROOT.glob(f"*/mistakes/{trigger.parent.name}")
    if folder.parents[1].name != "bench"
)
REFUSED = 1

compiled = pytest.mark.thorough("compiles every mistake and its twin in every language")


@pytest.fixture(scope="session")
def target(tmp_path_factory):
    """Where compiled dependencies are kept from one module to the next."""
    return tmp_path_factory.mktemp("target")


def build(pair, twin, out, target):
    mistake, contender = pair.split("/")
    folder = ROOT / contender / "mistakes" / mistake
    command = [sys.executable, MISTAKES / "build.py", "--folder", folder]
    return subprocess.run(
        [*command, "--twin", twin, "--out", out],
        env={**os.environ, "CARGO_TARGET_DIR": str(target)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_there_are_pairs():
    assert len(PAIRS) > 40


@compiled
@pytest.mark.parametrize("pair", PAIRS)
def test_the_right_twin_is_right(pair, tmp_path, target):
    done = build(pair, "right", tmp_path, target)
    assert done.returncode == 0, done.stderr
    folder = MISTAKES / pair.partition("/")[0]
    answer = subprocess.check_output(
        [sys.executable, folder / "trigger.py"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        encoding="utf-8",
        timeout=60,
    )
    assert answer.splitlines()[-1] == (folder / "expected.txt").read_text().strip()


@compiled
@pytest.mark.parametrize("pair", PAIRS)
def test_the_wrong_one_builds_or_is_refused(pair, tmp_path, target):
    done = build(pair, "wrong", tmp_path, target)
    assert done.returncode in (0, REFUSED), done.stderr
    assert done.returncode == 0 or "error" in done.stderr
