"""The study's own native benchmarks, compiled and run as `make bench PROFILE=thorough` does it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from .commands import record
from .conftest import ROOT

CASES = ["pair/ascii-8"]


@pytest.mark.thorough("compiles Criterion and the kernels for users")
def test_their_estimates_are_in_the_record(binary, tmp_path):
    """A copy of the study whose shortest profile has time for them."""
    study = (ROOT / "bench" / "study.toml").read_text(encoding="utf-8")
    back = os.path.relpath(ROOT, tmp_path)
    study = re.sub('^    "(.*[.]toml)",$', rf'    "{back}/bench/\1",', study, flags=re.MULTILINE)
    for old, new in [
        ('root = ".."', f'root = "{back}"'),
        ('prelude = "inputs.py"', f'prelude = "{back}/bench/inputs.py"'),
        ("criterion_seconds = 0\n", "criterion_seconds = 0.05\n"),
    ]:
        assert old in study
        study = study.replace(old, new, 1)
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    command = [binary, "--study", tmp_path / "study.toml", "--python", sys.executable]
    options = ["--profile", "smoke", "--filter", f"^({'|'.join(CASES)})$"]
    folder = tmp_path / "record"
    for verb in [["build", "--profile", "smoke", "--install-only"], ["verify", *options]]:
        subprocess.run([*command, *verb], check=True)
    subprocess.run([*command, "run", *options, "--record", folder], check=True)
    found = record(folder)["criterion"]
    assert set(found) == set(CASES)
    assert all(0 < e["low"] <= e["mean"] <= e["high"] for e in found.values())
