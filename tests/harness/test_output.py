"""What is printed reaches its reader, or the exit code says that it did not."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from .test_command_line import VERBS

GOOD = ["--study", "good.toml"]


@pytest.fixture
def commands(measured, tmp_path):
    """A command of each kind that prints, none of which takes long."""
    results = shutil.copytree(measured.good, tmp_path / "results" / "record").parent
    good = results / "record"
    one = ["--filter", "^call/noop$", "--only", "native"]
    return {
        **{f"{verb} --help": [verb, "--help"] for verb in VERBS},
        "--help": ["--help"],
        "list": ["list", *GOOD],
        "doctor": ["doctor", *GOOD],
        "build": ["build", *GOOD, "--only", "native"],
        "run": ["run", *GOOD, *one, "--no-criterion", "--results", results],
        "observe": ["observe", *GOOD, *one, "--record", good],
        "report": ["report", *GOOD, good],
        "report --terminal": ["report", *GOOD, "--terminal", good],
        "compare": ["compare", good, good],
        "compare --markdown": ["compare", "--markdown", good, good],
        "compare a regression": ["compare", "--fail-on-regression", good, good],
    }


KINDS = [
    *[f"{verb} --help" for verb in VERBS],
    "--help",
    "list",
    "doctor",
    "build",
    "run",
    "observe",
    "report",
    "report --terminal",
    "compare",
    "compare --markdown",
    "compare a regression",
]


# One loss of what is printed is like another, whatever was done before.
every_kind = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            kind, marks=pytest.mark.thorough("builds or measures, only to lose what is printed")
        )
        if kind in {"build", "doctor", "run", "observe"}
        else kind
        for kind in KINDS
    ],
)


def outcome(words, command, **how):
    return subprocess.run(
        words.command(*command),
        cwd=words.folder,
        env=words.environment(),
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
        check=False,
        **how,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_that_has_seen_enough_changes_nothing(words, commands, kind):
    """What `head` does, without its luck: nobody reads from the beginning."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = outcome(words, commands[kind], stdout=writer)
    finally:
        os.close(writer)
    assert done.returncode == 0, done
    assert "panicked" not in done.stderr
    assert "standard output" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@every_kind
def test_what_a_full_disk_loses_is_not_taken_for_written(words, commands, kind):
    with open("/dev/full", "w") as full:
        done = outcome(words, commands[kind], stdout=full)
    assert done.returncode == 2, done
    (line,) = [line for line in done.stderr.splitlines() if "standard output" in line]
    assert line.startswith("ffi-bench: standard output could not be written: No space left")


@every_kind
def test_a_closed_output_is_not_taken_for_written(words, commands, kind):
    done = outcome(words, commands[kind], preexec_fn=lambda: os.close(1))
    assert done.returncode == 2, done
    (line,) = [line for line in done.stderr.splitlines() if "standard output" in line]
    assert line == "ffi-bench: standard output could not be written: it is closed"


def test_what_was_measured_is_kept_when_it_cannot_be_said(words, commands, tmp_path):
    with open("/dev/full", "w") as full:
        assert outcome(words, commands["run"], stdout=full).returncode == 2
    (folder,) = set((tmp_path / "results").iterdir()) - {tmp_path / "results" / "record"}
    assert words.ffi_bench("report", folder, *GOOD).returncode == 0


@pytest.mark.parametrize("kind", ["list", "run", "compare"])
def test_without_standard_error_all_is_done(words, commands, kind):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            words.command(*commands[kind]),
            cwd=words.folder,
            env=words.environment(),
            stdout=subprocess.PIPE,
            stderr=writer,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.returncode == 0, done
    assert done.stdout
