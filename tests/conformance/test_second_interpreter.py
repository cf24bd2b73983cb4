"""In a second interpreter a contender answers as in the first, or raises; it is never wrong."""

from __future__ import annotations

import pytest

from .contenders import REFERENCE
from .test_memory import run

REFUSALS = {"ImportError", "RuntimeError"}


@pytest.mark.parametrize("imported", [[], ["first"]])
def test_an_answer_is_right_or_an_exception(contender, imported):
    right = run("-m", "conformance.second", REFERENCE).stdout.splitlines()
    assert len(right) == 6
    assert right[3] == "LookupError"
    done = run("-m", "conformance.second", contender, *imported)
    answers = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    if answers == ["ImportError"]:
        return
    assert len(answers) == len(right)
    assert [a for a, b in zip(answers, right) if a not in {b, *REFUSALS}] == []
