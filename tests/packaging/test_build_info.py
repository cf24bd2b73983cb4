"""What a Rust contender says of its compilation is what the compiler was told."""

from __future__ import annotations

import importlib
import os
import re
import subprocess

import pytest

from .test_source_distributions import ROOT

USUAL = {"opt-level": "3", "lto": "fat", "codegen-units": "1"}


@pytest.mark.thorough("compiles with other settings")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, USUAL),
        (
            {"LTO": "off", "CODEGEN_UNITS": "16", "OPT_LEVEL": "1"},
            {"opt-level": "1", "lto": "off", "codegen-units": "16"},
        ),
        ({"LTO": "thin"}, {**USUAL, "lto": "thin"}),
    ],
)
def test_settings_of_a_profile_are_told_as_they_were_used(settings, expected):
    command = ["cargo", "run", "--quiet", "--release", "--locked", "--offline"]
    command += ["--package", "compiled_with", "--example", "show"]
    command += ["--target-dir", "target/source-distributions"]
    variables = {f"CARGO_PROFILE_RELEASE_{name}": value for name, value in settings.items()}
    said = subprocess.check_output(
        command, cwd=ROOT, env={**os.environ, **variables}, encoding="utf-8"
    )
    compiler, flags, binding = said.splitlines()
    told = dict(option.partition("=")[::2] for option in flags.split())
    assert {name: told.get(name) for name in expected} == expected
    assert compiler.startswith("rustc ")
    assert re.fullmatch(r"PyO3 \d+\.\d+\.\d+", binding)


#: Where a package keeps what the compiler of the kernel was told.
PLACES = {
    "lev_pyo3": "flags",
    "lev_pyo3_abi3": "flags",
    "lev_pyo3_declarations": "flags",
    "lev_pyo3_idiomatic": "flags",
    "lev_fast": "flags",
    "lev_cffi": "flags",
    "lev_cffi_naive": "flags",
    "lev_ctypes": "flags",
    "lev_c_rust_kernel": "kernel",
    "lev_cython_rust_kernel": "flags",
}


#: Those of them that a user would import, which `make test` builds.
OF_USERS = {"lev_pyo3", "lev_pyo3_idiomatic", "lev_fast", "lev_cffi"}


@pytest.mark.parametrize(
    "package",
    [
        package
        if package in OF_USERS
        else pytest.param(
            package, marks=pytest.mark.thorough("tests a variant that no user imports")
        )
        for package in PLACES
    ],
)
def test_a_package_was_built_as_its_profile_says(package):
    info = importlib.import_module(package).build_info()
    told = dict(option.partition("=")[::2] for option in info[PLACES[package]].split())
    assert {name: told.get(name) for name in USUAL} == USUAL


def test_a_library_that_is_linked_later_says_that_it_is_optimised_then():
    flags = importlib.import_module("lev_cffi_abi").build_info()["flags"].split()
    assert {"opt-level=3", "linker-plugin-lto", "codegen-units=1"} <= set(flags)
