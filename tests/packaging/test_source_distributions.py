"""A source distribution has all that its build needs, wherever it is unpacked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What a build makes, and what has nothing to do with it.
NOT_SOURCES = shutil.ignore_patterns(
    "target", ".*", "results", "build", "*.egg-info", "__pycache__", "*.so", "node_modules"
)

# Every contender and variant, with files that its build cannot do without.
NEEDS = {
    "pure_python": ["src/lev_pure/_kernel.py"],
    "c_ext": ["src/lev_c/levenshtein_template.h", "src/lev_c/glue.h"],
    "c_ext/variants/abi3": ["kernel/levenshtein.c", "kernel/levenshtein_template.h"],
    "c_ext/variants/declarations": ["src/lev_c_declarations/_native.c"],
    "c_ext/variants/naive": ["src/lev_c_naive/_native.c"],
    "c_ext/variants/rust_kernel": ["glue/glue.h", "kernel_from_rust.c", "rust/Cargo.lock"],
    "cython_ext": ["src/lev_cython/_kernel.pxd", "src/lev_cython/_arguments.pxi"],
    "cython_ext/variants/abi3": ["src/lev_cython_abi3/_kernel.pxd"],
    "cython_ext/variants/declarations": ["src/lev_cython_declarations/_native.pyx"],
    "cython_ext/variants/naive": ["src/lev_cython_naive/_native.pyx"],
    "cython_ext/variants/rust_kernel": [
        "src/lev_cython_rust_kernel/_native.pyx",
        "src/lev_cython_rust_kernel/_kernel.pxd",
        "rust/rust_cffi/src/lib.rs",
    ],
    "rust_cffi": ["rust/Cargo.lock", "rust/rust_cffi/src/lib.rs", "rust/levenshtein/src/lib.rs"],
    "rust_cffi/variants/abi": ["Cargo.lock", "levenshtein/src/lib.rs", "rust_cffi/src/lib.rs"],
    "rust_cffi/variants/c_kernel": ["include/lev.h", "ffi_build.py", "kernel/levenshtein.c"],
    "rust_cffi/variants/ctypes": ["shared_library.py", "rust/rust_cffi/rust_library.py"],
    "rust_cffi/variants/naive": ["shared_library.py", "rust/rust_cffi/rust_library.py"],
    "rust_pyo3": ["Cargo.lock", "levenshtein/src/lib.rs", "levenshtein/compiled_with/src/lib.rs"],
    "rust_pyo3/variants/abi3": ["rust_pyo3/variants/abi3/src/buffer.rs"],
    "rust_pyo3/variants/declarations": ["levenshtein/compiled_with/src/lib.rs"],
    "rust_pyo3/variants/fast": ["rust_pyo3/variants/fast/src/collections.rs"],
    "rust_pyo3/variants/idiomatic": ["rust_pyo3/variants/idiomatic/src/buffer.rs"],
}

# One that compiles nothing, and one that needs files of its contender; the others take their time.
QUICK = ["pure_python", "c_ext/variants/abi3"]
every_package = pytest.mark.parametrize(
    "folder",
    [
        folder
        if folder in QUICK
        else pytest.param(folder, marks=pytest.mark.thorough("packs and compiles every package"))
        for folder in NEEDS
    ],
)

BUILD_SDIST = """
import importlib, sys
print(importlib.import_module(sys.argv[1]).build_sdist(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """The sources without anything that was made from them: the tools write beside them."""
    folder = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(ROOT, folder, ignore=NOT_SOURCES, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def distributions() -> dict[str, Path]:
    return {}


@pytest.fixture
def distribution(checkout, distributions, tmp_path_factory, folder) -> Path:
    if folder not in distributions:
        out = tmp_path_factory.mktemp("sdist")
        text = (checkout / folder / "pyproject.toml").read_text(encoding="utf-8")
        (backend,) = re.findall(r'^build-backend = "(.*)"', text, re.MULTILINE)
        run([sys.executable, "-c", BUILD_SDIST, backend, str(out)], checkout / folder)
        (distributions[folder],) = out.iterdir()
    return distributions[folder]


def run(command: list[str], folder: Path) -> str:
    # The tools of this environment; and a target folder that Rust packages have in common.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "CARGO_NET_OFFLINE": "true"}
    environment["CARGO_TARGET_DIR"] = str(ROOT / "target" / "source-distributions")
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_package_is_here():
    made = {path.parent for path in ROOT.glob("*/pyproject.toml")}
    made |= {path.parent for path in ROOT.glob("*/variants/*/pyproject.toml")}
    found = {str(folder.relative_to(ROOT)) for folder in made} - {"speller"}
    assert found == set(NEEDS)


@every_package
def test_it_has_what_the_build_needs(folder, distribution):
    with tarfile.open(distribution) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
        links = [member.name for member in archive if member.issym()]
    assert files >= {"pyproject.toml", "PKG-INFO", *NEEDS[folder]}
    assert links == []


@every_package
def test_a_wheel_is_built_from_it_elsewhere(folder, distribution, tmp_path):
    with tarfile.open(distribution) as archive:
        archive.extractall(tmp_path)
    (unpacked,) = tmp_path.iterdir()
    wheels = tmp_path / "wheels"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps"]
    run([*pip, "--no-index", "--wheel-dir", str(wheels), str(unpacked)], tmp_path)
    (wheel,) = wheels.iterdir()
    assert wheel.suffix == ".whl"
