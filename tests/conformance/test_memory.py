"""Memory that runs out, and memory that is watched. Both need their own process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .contenders import HAS_ENOUGH, PANICS_WITHOUT_MEMORY, REFERENCE

TESTS = Path(__file__).parent.parent


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=TESTS,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.needs
def test_under_the_debug_allocators(contender):
    # Python's debug hooks guard both ends of a block and overwrite what is
    # freed; glibc overwrites what malloc gives and takes.
    done = run(
        *("-X", "dev", "-m", "conformance.stress", contender),
        PYTHONMALLOC="debug",
        MALLOC_PERTURB_="165",
    )
    assert done.returncode == 0, done.stdout + done.stderr


if sys.platform == "linux":
    # Only Linux both enforces a limit of the address space and says in /proc
    # how much of it is used.

    def test_memory_error(contender):
        # Where memory is out, a panic that looks up its backtrace may wait for
        # itself for ever; without one it ends, and the test with it. And glibc
        # would find room in a second arena, which it makes once and then keeps.
        environment = {"RUST_BACKTRACE": "0", "MALLOC_ARENA_MAX": "1"}
        done = run("-m", "conformance.starved", contender, REFERENCE, **environment)
        outcomes = dict(line.split(": ") for line in done.stdout.splitlines())
        assert done.returncode == 0, f"after {outcomes}: {done.returncode}, {done.stderr}"
        enough = HAS_ENOUGH.get(contender, frozenset())
        expected = {name: "no exception" if name in enough else "MemoryError" for name in outcomes}
        assert outcomes == expected
        cases = 12 if contender == REFERENCE else 18
        assert len(outcomes) == cases - len(PANICS_WITHOUT_MEMORY.get(contender, ()))
