"""What a Rust contender says of its compilation is what the compiler was told."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from .test_source_distributions import ROOT

USUAL = {"opt-level": "3", "lto": "fat", "codegen-units": "1"}


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
