"""Daemon threads are at work in a contender when the interpreter ends: the process ends well."""

from __future__ import annotations

import pytest

from .ending import CALLS
from .test_memory import run


@pytest.mark.thorough("starts several processes for each kind of call; depends on chance")
@pytest.mark.parametrize("name", CALLS)
def test_the_interpreter_ends_with_threads_at_work(contender, name, tries):
    # A whole process for each, so a quarter of the tries will do.
    for _ in tries[: max(3, len(tries) // 4)]:
        done = run("-m", "conformance.ending", contender, name)
        assert (done.returncode, done.stderr) == (0, "")
