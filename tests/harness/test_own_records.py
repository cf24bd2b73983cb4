"""Something is put only into a record of this machine, this interpreter and these sources."""

from __future__ import annotations

import json
import shutil

import pytest

from .commands import record

GOOD = ["--study", "good.toml"]


def of_another_machine(found):
    found["environment"]["cpu"] = "Imagined 9000"


def of_another_interpreter(found):
    found["environment"]["python"]["binaries"]["interpreter"] = "0" * 16


def of_other_sources(found):
    found["contenders"]["native"]["artefact"] = "0" * 16


def of_another_study(found):
    found["study_hash"] = "0" * 16


def unfinished(found):
    found["finished"] = None


FOREIGN = {
    "another machine": of_another_machine,
    "another interpreter": of_another_interpreter,
    "other sources": of_other_sources,
    "another study": of_another_study,
    "an unfinished run": unfinished,
}


@pytest.fixture
def results(measured, tmp_path):
    """A folder in which somebody else's record is the newest, and how to add a record to it."""
    results = tmp_path / "results"

    def add(name, started, change=lambda found: None):
        folder = shutil.copytree(measured.good, results / name)
        found = {**record(folder), "started": f"{started}T00:00:00Z"}
        change(found)
        (folder / "record.json").write_text(json.dumps(found), encoding="utf-8")
        return folder

    return add


@pytest.mark.parametrize("what", FOREIGN)
def test_a_record_of_something_else_is_left_alone_with_the_reason(words, results, what):
    folder = results("foreign", "2026-03-01", FOREIGN[what])
    before = (folder / "record.json").read_bytes()
    for verb in ["observe", "count"]:
        error = words.refused(verb, "--results", folder.parent, *GOOD)
        assert "there is no record in" in error
        assert "and not into foreign: " in error
        assert len(error.splitlines()) == 1
    for command in [["observe"], ["build", "--only", "native"]]:
        error = words.refused(*command, "--record", folder, *GOOD)
        assert f"cannot be put into {folder}" in error
    assert (folder / "record.json").read_bytes() == before


def test_an_own_record_is_found_behind_a_newer_one_of_another_machine(words, results):
    own = results("own", "2026-01-01")
    foreign = results("foreign", "2026-03-01", of_another_machine)
    before = (foreign / "record.json").read_bytes()
    done = words.ffi_bench("observe", "--results", own.parent, "--only", "native", *GOOD)
    assert done.returncode == 0, done
    assert "native" in record(own)["observed"]["imports"]
    assert (foreign / "record.json").read_bytes() == before


@pytest.mark.thorough("runs a self-test")
def test_a_self_test_needs_neither_a_record_nor_all_cases(spoilt, results):
    """As in a fresh clone, after a `verify` that left cases out."""
    folder = results("foreign", "2026-03-01", of_another_machine)
    before = (folder / "record.json").read_bytes()
    (spoilt.state / "verify.json").unlink()
    few = ["--filter", "^call/|^count/10{1,2}$"]
    assert spoilt.ffi_bench("verify", *few, *GOOD).returncode == 0
    done = spoilt.ffi_bench("self-test", "--blocks", "10", "--results", folder.parent, *GOOD)
    assert done.returncode in {0, 1}, done
    (line,) = [line for line in done.stderr.splitlines() if "only printed" in line]
    assert "the record is of another machine: Imagined 9000" in line
    assert "cases, because `ffi-bench verify` has not been run on them" in done.stderr
    assert "against itself" in " ".join(done.stdout.split())
    assert (folder / "record.json").read_bytes() == before


def test_the_report_is_of_the_newest_record_of_this_machine(words, results):
    own = results("own", "2026-01-01")
    foreign = results("foreign", "2026-03-01", of_another_machine)
    command = ["report", "--results", own.parent]
    assert words.ffi_bench(*command).stdout.splitlines()[0] == str(own / "report.html")
    shutil.rmtree(own)
    done = words.ffi_bench(*command)
    assert done.stdout.splitlines()[0] == str(foreign / "report.html")
    assert "foreign is of another (Imagined 9000): this one is shown" in done.stderr
    assert "name the record" in words.refused(*command, "--redeclare", *GOOD)
