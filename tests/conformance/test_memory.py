"""Memory that runs out, and memory that is watched. Both need their own process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .contenders import (
    COMPILED_FROM_C,
    CONTENDERS,
    HAS_ENOUGH,
    OLDEST_PYTHON,
    PANICS_WITHOUT_MEMORY,
    REFERENCE,
)

pytestmark = pytest.mark.thorough(
    "starves every call of memory step by step; compiles with a sanitizer"
)

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


def gcc_with_a_sanitizer() -> str | None:
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    ask = [gcc, "-print-file-name=libubsan.so"]
    library = subprocess.check_output(ask, text=True).strip()
    # gcc gives the bare name back where it has no such file.
    return gcc if Path(library).is_absolute() else None


if sys.platform == "linux":
    # Only Linux both enforces a limit of the address space and says in /proc
    # how much of it is used.

    @pytest.mark.needs("distances", "distance_repeated", "Dictionary", "Dictionary.nearest")
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
        # Three of a range, and one of a callback, a part of the contract need not have.
        cases = 12 if contender == REFERENCE else 18 if contender in CONTENDERS else 14
        assert len(outcomes) >= cases - len(PANICS_WITHOUT_MEMORY.get(contender, ()))

    GCC = gcc_with_a_sanitizer()

    # A library that clang makes would need the sanitizer in the interpreter.
    @pytest.mark.skipif(GCC is None, reason="there is no gcc with libubsan")
    @pytest.mark.parametrize("name", COMPILED_FROM_C)
    def test_nothing_undefined(name, tmp_path):
        if sys.version_info < OLDEST_PYTHON.get(name, (3,)):
            return
        # A build leaves files beside the sources, and variants are made from those of others.
        folder = COMPILED_FROM_C[name]
        for top in {"c_ext", folder.partition("/")[0]}:
            shutil.copytree(TESTS.parent / top, tmp_path / top)
        wheel = ("wheel", "--no-build-isolation", "--no-deps", "--no-index", f"-w{tmp_path}")
        sanitizer = f"{GCC} -fsanitize=undefined -fno-sanitize-recover=all"
        done = run("-m", "pip", *wheel, str(tmp_path / folder), CC=sanitizer)
        assert done.returncode == 0, done.stdout + done.stderr
        (built,) = tmp_path.glob("*.whl")
        with zipfile.ZipFile(built) as package:
            package.extractall(tmp_path / "site")
        # The package that is built here comes before the one that is installed.
        done = run("-m", "conformance.stress", name, PYTHONPATH=str(tmp_path / "site"))
        assert done.returncode == 0, done.stdout + done.stderr
