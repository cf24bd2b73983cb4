"""A source distribution has all that its build needs, wherever it is unpacked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from descriptions import descriptions, tomllib

ROOT = Path(__file__).parents[2]

# What a build makes, and what has nothing to do with it.
NOT_SOURCES = shutil.ignore_patterns(
    "target", ".*", "results", "build", "*.egg-info", "__pycache__", "*.so", "node_modules"
)

CONTENDERS = {contender["folder"]: contender for contender in descriptions()}
BUILT_WITH = tomllib.loads((ROOT / "bench" / "built_with.toml").read_text("utf-8"))["built_with"]

# One that compiles nothing, and one that needs files of its contender; the others take their time.
QUICK = ["pure_python", "c_ext/variants/abi3"]
every_package = pytest.mark.parametrize(
    "folder",
    [
        folder
        if folder in QUICK
        else pytest.param(folder, marks=pytest.mark.thorough("packs and compiles every package"))
        for folder in CONTENDERS
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
    assert found == set(CONTENDERS)


def counted(folder: str, checkout: Path) -> Iterator[Path]:
    """The files of kernel, glue and types, as the description of a contender counts them."""
    described = CONTENDERS[folder]
    common = BUILT_WITH.get(described.get("built_with"), {}).get("lines", {})
    lines = {**common, **described.get("lines", {})}
    for pattern in [p for kind in ("kernel", "glue", "stubs") for p in lines.get(kind, [])]:
        place = pattern[1:] if pattern.startswith("/") else f"{folder}/{pattern}"
        before, brace, rest = place.partition("{")
        names, _, after = rest.partition("}")
        for name in names.split(",") if brace else [""]:
            yield from checkout.glob(before + name + after)


@every_package
def test_it_has_what_the_build_needs(folder, checkout, distribution):
    with tarfile.open(distribution) as archive:
        files = {member.name.partition("/")[2]: member for member in archive}
        links = [name for name, member in files.items() if member.issym()]
        texts = {
            (Path(name).name, archive.extractfile(member).read())
            for name, member in files.items()
            if member.isfile()
        }
    assert files.keys() >= {"pyproject.toml", "PKG-INFO"}
    assert links == []
    needed = {(file.name, file.read_bytes()) for file in counted(folder, checkout)}
    assert needed
    assert {name for name, _ in needed - texts} == set()
    assert [name for name in files if "mistakes" in name.split("/")] == []


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
