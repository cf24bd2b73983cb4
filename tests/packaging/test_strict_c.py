"""The C that was written by hand is ISO C99, as far as a compiler can tell."""

from __future__ import annotations

import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "c_ext" / "src" / "lev_c"
HEADER = ROOT / "rust_cffi" / "include" / "lev.h"

# What setup.py defines for some of them.
DEFINED = {
    "c_ext/variants/abi3": ["-DPy_LIMITED_API=0x030B0000"],
    "c_ext/variants/rust_kernel": ["-DKERNEL_TEXT=lev_text", "-include", str(HEADER)],
}

FILES = sorted(
    str(path.relative_to(ROOT))
    for folder in ["c_ext/src", "c_ext/variants", "rust_cffi/variants/c_kernel/src"]
    for path in (ROOT / folder).rglob("*.c")
    if "build" not in path.parts
)


@pytest.mark.parametrize("file", FILES)
def test_it_compiles_without_extensions(file):
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")
    command = [*compiler, "-std=c99", "-pedantic-errors", "-Wall", "-Werror", "-fsyntax-only"]
    # Python's own headers are not asked.
    command += ["-isystem", sysconfig.get_path("include"), '-DLEV_C_FLAGS=""']
    command += [f"-I{KERNEL}", f"-I{HEADER.parent}"]
    for folder, options in DEFINED.items():
        command += options if file.startswith(folder) else []
    done = subprocess.run(
        [*command, str(ROOT / file)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
