"""The harness, an environment for it, and one measurement that most tests look at."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

from .commands import STUDY, Workplace, without_the_bad

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def binary() -> Path:
    """The harness as `make` builds it, and as its sources are now."""
    command = "cargo build --locked --offline --profile harness --package ffi-bench"
    subprocess.run([*command.split(), "--target-dir", "target"], cwd=ROOT, check=True)
    return ROOT / "target" / "harness" / "ffi-bench"


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A home folder that all is kept below, so that a record that names it is found out."""
    return tmp_path_factory.mktemp("home-of-a-user").resolve()


@pytest.fixture(scope="session")
def python(home) -> Path:
    return environment(home / "environment")


def environment(folder: Path) -> Path:
    """A virtual environment that sees this one's pip and setuptools, without network."""
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin" / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([python, "-c", purelib], encoding="utf-8").strip()
    here = [path for path in site.getsitepackages() if os.path.isdir(path)]
    Path(packages, "of_the_tests.pth").write_text("\n".join(here) + "\n")
    return python


@pytest.fixture(scope="session")
def words(binary, python, home) -> Workplace:
    """The study with all its contenders, good and bad; and `good.toml` without the bad."""
    folder = home / "project"
    shutil.copytree(STUDY, folder)
    text = (folder / "study.toml").read_text()
    (folder / "good.toml").write_text(without_the_bad(text))
    return Workplace(folder, binary, python, home)


@pytest.fixture(scope="session")
def measured(words) -> SimpleNamespace:
    """Every verb once, on all contenders; and once more from `run`, on the good ones."""
    outcome = SimpleNamespace(
        build=words.ffi_bench("build"),
        verify=words.ffi_bench("verify"),
        run=words.ffi_bench("run", "--record", words.folder / "results" / "all"),
        report=words.ffi_bench("report", "results/all"),
        good_build=words.ffi_bench("build", "--study", "good.toml"),
        good_verify=words.ffi_bench("verify", "--study", "good.toml"),
        good_run=words.ffi_bench("run", "--study", "good.toml", "--record", "results/good"),
        good_report=words.ffi_bench("report", "--study", "good.toml", "results/good"),
    )
    outcome.all = words.folder / "results" / "all"
    outcome.good = words.folder / "results" / "good"
    return outcome


@pytest.fixture
def spoilt(words, measured, tmp_path) -> Workplace:
    """A copy of the study, built and verified, for a test to damage."""
    return words.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def base_python() -> str:
    """The interpreter that the environments were made from: it belongs to none of them."""
    # Before Python 3.11, sys._base_executable is the environment's own.
    return f"{sys.base_prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
