"""Settings of the user's: what reaches builds and installs, and what is refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import STUDY, Workplace
from .conftest import ROOT, environment

# What a build may see of the user's environment, or is given by the harness.
KNOWN = {
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "CC", "LD_LIBRARY_PATH"),
    *("DEVELOPER_DIR", "SDKROOT", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"),
    *("PYO3_PYTHON", "PYTHONNOUSERSITE", "PIP_NO_INPUT", "PIP_DISABLE_PIP_VERSION_CHECK"),
    *("PIP_CONFIG_FILE", "CARGO_NET_OFFLINE"),
    *("RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"),
    *("PWD", "OLDPWD", "SHLVL", "_", "__CF_USER_TEXT_ENCODING"),  # Of the shell and the system.
}

# Each of them would change a build, break it, or put what it made somewhere else.
FOREIGN = {
    "CARGO_BUILD_TARGET": "none",
    "CARGO_ENCODED_RUSTFLAGS": "-g",
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CFLAGS": "-O0",
    "CPATH": "/none",
    "DIST_EXTRA_CONFIG": "/none",
    "MAKEFLAGS": "-n",
    "MATURIN_PEP517_ARGS": "--profile=dev",
    "PIP_PREFIX": "/none",
    "PIP_TARGET": "/none",
    "PIP_USER": "yes",
    "PYTHONHOME": "/none",
    "PYTHONPATH": "/none",
    "RUSTFLAGS": "-g",
    "RUSTC_WRAPPER": "false",
    "A_SETTING_OF_A_TOOL_TO_COME": "1",
}


@pytest.fixture(scope="module")
def place(binary, home) -> Workplace:
    """A study with an environment of its own, whose build also writes down what it was given."""
    folder = home / "settings"
    shutil.copytree(STUDY, folder)
    shutil.copy(folder / "effort.toml", folder / "study.toml")
    workplace = Workplace(folder, binary, environment(home / "environment-of-settings"), home)
    show = '["sh", "-c", "env >{wheels}/environment; {python} wheel.py {folder} {wheels}"]'
    old = '["{python}", "wheel.py", "{folder}", "{wheels}"]\nlanguages'
    workplace.edit("study.toml", old, f"{show}\nlanguages")
    return workplace


def build(place: Workplace, *options: str, **settings: str) -> subprocess.CompletedProcess:
    return place.ffi_bench("build", "--install-only", "--again", "--only", *options, **settings)


def imported(place: Workplace, module: str) -> str:
    command = [place.python, "-I", "-c", f"import {module}; print({module}.__file__)"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def test_nothing_reaches_a_build_but_what_is_known(place, tmp_path):
    saved = tmp_path / "environment"
    kept = place.folder / "study.toml"
    text = kept.read_text()
    try:
        kept.write_text(text.replace("{wheels}/environment", str(saved)))
        assert build(place, "loop", **FOREIGN).returncode == 0
    finally:
        kept.write_text(text)
    given = dict(line.split("=", 1) for line in saved.read_text().splitlines() if "=" in line)
    prefixes = ("ASDF_", "MISE_", "PYENV_", "LC_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_")
    assert {name for name in given if not name.startswith(prefixes)} <= KNOWN
    assert given["RUSTFLAGS"] == given["RUSTC_WRAPPER"] == ""


def test_settings_of_pip_do_not_put_what_is_installed_elsewhere(place, tmp_path):
    configuration = place.home / ".config" / "pip" / "pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.write_text(f"[install]\ntarget = {tmp_path}\n[global]\nno-index = false\n")
    try:
        done = build(place, "loop", PIP_USER="yes", PIP_TARGET=str(tmp_path))
    finally:
        configuration.unlink()
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert str(place.python.parents[1]) in imported(place, "words_loop")


@pytest.mark.parametrize("module", ["words_loop", "words_native"])
def test_what_is_imported_must_be_what_was_built(place, tmp_path, module):
    """As when an older copy comes first on Python's path."""
    (tmp_path / f"{module}.py").write_text("old = True\n")
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([place.python, "-c", find], encoding="utf-8").strip()
    shadow = Path(packages, "shadow.pth")
    shadow.write_text(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n")
    try:
        done = build(place, module.removeprefix("words_"))
    finally:
        shadow.unlink()
    assert done.returncode == 1
    assert "pip says that it has installed" in done.stderr
    assert f"{tmp_path}/{module}.py" in done.stderr


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ('[profile.release]\nlto = "off"\n', "profile.release"),
        ('[build]\ntarget = "x"\n', "build.target"),
        ('[env]\nCFLAGS = "-O0"\n', "env.CFLAGS"),
        ('[build]\nrustflags = ["-g"]\n[net]\noffline = true\n', None),
    ],
)
def test_files_of_cargo_that_would_change_a_build_are_refused(place, settings, refused):
    place.edit("study.toml", 'tools = ["cc",', 'tools = ["cargo", "cc",')
    folder = place.home / ".cargo"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(settings)
    try:
        done = build(place, "loop")
        doctor = place.ffi_bench("doctor").stdout
    finally:
        shutil.rmtree(folder)
        place.edit("study.toml", 'tools = ["cargo", "cc",', 'tools = ["cc",')
    if refused is None:
        assert done.returncode == 0, done.stderr
        assert "cargo would build with it" not in doctor
        return
    for said in (done.stderr, doctor):
        assert f"{folder}/config.toml sets {refused}, and cargo would build with it" in said
    assert done.returncode == 2


def test_files_of_setuptools_that_would_change_a_build_are_refused(place):
    file = place.home / ".pydistutils.cfg"
    file.write_text("[build_ext]\ndebug = 1\n")
    try:
        assert f"{file} has settings" in place.refused("build", "--only", "loop")
    finally:
        file.unlink()


# ------------------------------------------------------------------------------ make


def make(*arguments: str, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_make_keeps_foreign_settings_from_what_it_runs(tmp_path):
    show = tmp_path / "show.mk"
    show.write_text("include Makefile\nshow:\n\t@env\n")
    wanted = {"LC_ALL": "C.UTF-8", "https_proxy": "http://localhost:1", "PIP_INDEX_URL": "http://x"}
    foreign = {name: value for name, value in FOREIGN.items() if name != "MAKEFLAGS"}
    done = make("-f", str(show), "show", **foreign, **wanted)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert not [line for line in lines if line.split("=")[0] in foreign]
    assert {f"{name}={value}" for name, value in wanted.items()} <= set(lines)


def test_preflight_does_not_follow_the_search_path_of_cd(tmp_path):
    (tmp_path / "scripts").mkdir()
    done = subprocess.run(
        ["sh", "scripts/preflight.sh", sys.executable],
        cwd=ROOT,
        env={**os.environ, "CDPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "or later" not in done.stderr


def test_a_target_of_cargos_does_not_hide_the_harness():
    done = make("harness", f"PYTHON={sys.executable}", CARGO_BUILD_TARGET="none-of-this-machine")
    assert done.returncode == 0, done.stderr


def test_set_up_installs_into_the_environment_whatever_pip_is_set_to(tmp_path):
    """As the recipe installs, but without a download."""
    (line,) = re.findall(r"-m pip install (.*?) --require-hashes", (ROOT / "Makefile").read_text())
    elsewhere = tmp_path / "elsewhere"
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[install]\nuser = yes\ntarget = {elsewhere}\n")
    python = environment(tmp_path / "environment")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    pack = [python, str(STUDY / "wheel.py"), str(STUDY / "loop"), str(wheels)]
    subprocess.run(pack, check=True)
    install = [python, "-m", "pip", "install", *line.split(), "--no-index", "--quiet"]
    subprocess.run(
        [*install, *map(str, wheels.iterdir())],
        env={**os.environ, "PIP_CONFIG_FILE": str(configuration)},
        check=True,
    )
    assert not elsewhere.exists()
    subprocess.run([python, "-I", "-c", "import words_loop"], check=True)
