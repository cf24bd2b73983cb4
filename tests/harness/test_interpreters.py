"""Interpreters that cannot be measured: one sentence, whatever is asked."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

VERBS = [["doctor"], ["build"], ["verify"], ["run"], ["count"], ["observe"], ["self-test"]]

# What such an interpreter says of itself. That is all that anybody asks it.
FOREIGN = {
    "old": ("CPython", "3.9.18"),
    "very old": ("CPython", "2.7.18"),
    "new": ("CPython", "3.16.0a1"),
    "other": ("PyPy", "3.11.13"),
}


def impostor(folder, implementation, version) -> str:
    """A Python of another name: it is this one, but for what it says."""
    major, minor = version.split(".")[:2]
    (folder / "sitecustomize.py").write_text(
        "import platform, sys\n"
        f"platform.python_implementation = lambda: {implementation!r}\n"
        f"platform.python_version = lambda: {version!r}\n"
        f"sys.version_info = ({major}, {minor}, 0, 'final', 0)\n"
    )
    python = folder / "python"
    python.write_text(
        '#!/bin/sh\nfor word; do [ "$word" != -E ] || shift; done\n'
        f'PYTHONPATH={folder} exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    return str(python)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("kind", FOREIGN)
def test_every_verb_refuses_it_in_one_sentence(words, tmp_path, kind, verb):
    name, version = FOREIGN[kind]
    python = impostor(tmp_path, name, version)
    said = words.refused(*verb, "--python", python)
    assert said.splitlines() == [
        f"ffi-bench: {python} is {name} {version}, and only CPython 3.10 to 3.15 can be measured: "
        "give another with --python"
    ]


def test_something_else_is_no_python(words):
    said = words.refused("doctor", "--python", "true")
    assert "true is not a Python interpreter" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("kind", FOREIGN)
def test_preflight_refuses_it_in_one_sentence(tmp_path, kind):
    name, version = FOREIGN[kind]
    done = subprocess.run(
        ["sh", str(ROOT / "scripts" / "preflight.sh"), impostor(tmp_path, name, version)],
        env=os.environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if "note: valgrind" not in line]
    assert said.startswith(f"preflight: '{tmp_path}/python' is ")
    assert said.endswith("; name another one: make PYTHON=/path/to/python.")


@pytest.mark.parametrize("script", ["exit 0", r"printf '\033[31m\nx\n'", "echo hello"])
def test_preflight_says_that_a_program_is_no_python(tmp_path, script):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    done = subprocess.run(
        ["sh", str(ROOT / "scripts" / "preflight.sh"), str(program)],
        env={name: value for name, value in os.environ.items() if name != "CC"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if "note: valgrind" not in line]
    assert said == f"preflight: '{program}' is no Python; name one: make PYTHON=/path/to/python."


@pytest.mark.parametrize("compiler", ["no-such-tool cc", "-x"])
def test_preflight_says_that_it_is_cc_that_names_no_compiler(compiler):
    done = subprocess.run(
        ["sh", str(ROOT / "scripts" / "preflight.sh"), sys.executable],
        env={**os.environ, "CC": compiler},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if "note: valgrind" not in line]
    assert said.startswith(f"preflight: there is no C compiler '{compiler.split()[0]}', which the ")
