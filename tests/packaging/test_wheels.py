"""A wheel can be imported wherever its tag says, whoever built it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import metadata

import pytest

from .test_source_distributions import NOT_SOURCES, ROOT

STABLE = ["c_ext/variants/abi3", "cython_ext/variants/abi3"]
STABLE += ["rust_cffi", "rust_cffi/variants/c_kernel"]

# As on Debian's CPython 3.15, whose first ending for the stable ABI names the platform.
ASK = """
import importlib.machinery, json, os, sys, sysconfig
LONG = ".abi3-x86_64-linux-gnu.so"
importlib.machinery.EXTENSION_SUFFIXES[:] = [".cpython-315-x86_64-linux-gnu.so", LONG, ".abi3.so"]
sysconfig.get_config_vars().update(
    EXT_SUFFIX=".cpython-315-x86_64-linux-gnu.so", SOABI_PLATFORM="x86_64-linux-gnu"
)
os.chdir(sys.argv[1])
import setuptools, distutils.core
distribution = distutils.core.run_setup("setup.py", stop_after="config")
command = distribution.get_command_obj("build_ext")
command.ensure_finalized()
print(json.dumps([command.get_ext_filename(command.get_ext_fullname(extension.name))
                  for extension in command.extensions]))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(ROOT, folder, ignore=NOT_SOURCES, symlinks=True)
    return folder


@pytest.mark.parametrize("folder", STABLE)
def test_the_stable_abi_has_the_ending_that_every_version_looks_for(checkout, folder):
    command = [sys.executable, "-c", ASK, str(checkout / folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    names = json.loads(done.stdout.splitlines()[-1])
    assert names
    for name in names:
        assert name.endswith(".abi3.so"), name


def installed() -> list[metadata.Distribution]:
    named = (found for found in metadata.distributions() if found.metadata["Name"])
    return [found for found in named if found.metadata["Name"].startswith(("lev-", "lev_"))]


def test_installed_libraries_are_named_after_the_tags_of_their_wheels():
    checked = 0
    for found in installed():
        tags = [
            line.partition(": ")[2]
            for line in (found.read_text("WHEEL") or "").splitlines()
            if line.startswith("Tag: ")
        ]
        libraries = [file.name for file in found.files or [] if file.suffix in {".so", ".dylib"}]
        for tag in tags:
            abi = tag.split("-")[1]
            for name in libraries:
                checked += 1
                if abi == "abi3":
                    assert name.endswith(".abi3.so"), (found.metadata["Name"], name)
                elif abi != "none":
                    assert f".{sys.implementation.cache_tag}" in name, (tag, name)
    if not checked:
        pytest.skip("no contender with a library is installed")
