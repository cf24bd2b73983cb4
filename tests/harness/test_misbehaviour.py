"""Whatever a contender does to the process it is in, the others' figures are clean."""

from __future__ import annotations

import html
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from .commands import record, rows, slices, tables

pytestmark = pytest.mark.thorough("waits for contenders that hang, die or flood")

STUDY = ["--study", "misbehaving.toml"]

ALONE, TOGETHER = "run, alone", "run, together"

# contender: (stage, what the message says)
BAD = {
    "crashes": (ALONE, "killed by signal 11 (segmentation fault)"),
    "aborts": (ALONE, "killed by signal 6 (abort)"),
    "hangs": (ALONE, "no answer within 2 s"),
    "raises": (ALONE, "KeyError: 'no such word'"),
    "exits": (ALONE, "SystemExit: 5"),
    "exits_at_once": (ALONE, "exit code 5; its last output: these are my last words"),
    "floods": (ALONE, "printed more than 1000 kB"),
    "enables_gc": (ALONE, "changed what all share: gc was (False"),
    "switches": (ALONE, "changed what all share: switch interval was 0.005 and is 0.5"),
    "stops_the_clock": (ALONE, "changed what all share: clock was <built-in function"),
    "leaks_files": (ALONE, "changed what all share: files was"),
    "closes_files": (ALONE, "Bad file descriptor"),
    "starts_threads": (ALONE, "changed what all share: threads was 1 and is"),
    "starts_children": (ALONE, "children was False and is True"),
    "starts_daemons": (ALONE, "processes behind"),
    "eats_memory": (ALONE, "MemoryError"),
    "errs_later": (ALONE, "gave a wrong answer while it was timed"),
    "company_crashes": (TOGETHER, "killed by signal 11 (segmentation fault)"),
    "company_hangs": (TOGETHER, "no answer within 2 s"),
    "company_exits": (TOGETHER, "ended early with exit code 5"),
    "company_enables_gc": (TOGETHER, "changed what all share: gc was (False"),
    "company_errs": (TOGETHER, "company_errs gave a wrong answer"),
}
# What is only seen when the process has ended: nobody knows in which case it happened.
WHOLE = {"starts_daemons"}


def sleepers() -> list[int]:
    """Processes that the contenders have left behind."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"98765" in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def misbehaved(words) -> SimpleNamespace:
    for verb in ["build", "verify"]:
        done = words.ffi_bench(verb, *STUDY)
        assert done.returncode == 0, done
    folder = words.folder / "results" / "misbehaved"
    run = words.ffi_bench("run", *STUDY, "--record", folder)
    left = sleepers()
    report = words.ffi_bench("report", folder, *STUDY)
    return SimpleNamespace(folder=folder, run=run, report=report, left=left)


def test_all_that_can_go_wrong_is_in_the_study(words):
    modules = {path.stem for path in (words.folder / "bad" / "words_bad").glob("[a-z]*.py")}
    assert modules == set(BAD)


def test_the_run_comes_to_its_end(misbehaved):
    assert misbehaved.run.returncode == 1, misbehaved.run
    assert record(misbehaved.folder)["finished"]
    assert misbehaved.report.returncode == 0


@pytest.mark.parametrize("name", BAD)
def test_what_happened_is_a_row(misbehaved, name):
    stage, message = BAD[name]
    (failure,) = [f for f in record(misbehaved.folder)["failures"] if f["contender"] == name]
    assert failure["case"] == (None if name in WHOLE else "count/1000")
    assert failure["stage"] == stage
    assert message in failure["message"]
    row = rows(tables(misbehaved.folder), "## What failed")[name]
    assert message in html.unescape(row["what happened"].replace("\\|", "|"))
    assert rows(tables(misbehaved.folder), "### count/1000")[name]["time"].startswith("failed")


def test_nothing_else_is_blamed(misbehaved):
    blamed = [failure["contender"] for failure in record(misbehaved.folder)["failures"]]
    assert sorted(blamed) == sorted(BAD)


@pytest.mark.parametrize("case", ["call/noop", "count/10", "count/1000"])
def test_the_others_are_timed_in_every_block_and_round(misbehaved, case):
    found = [row for row in slices(misbehaved.folder) if row["case"] == case]
    for contender in ["loop", "split"]:
        calls = [row for row in found if (row["contender"], row["leg"]) == (contender, "call")]
        at = [(int(row["block"]), int(row["round"])) for row in calls]
        assert sorted(at) == [(block, turn) for block in range(4) for turn in range(4)]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_one_is_timed_where_it_behaves_and_nowhere_else(misbehaved, name):
    timed = {row["case"] for row in slices(misbehaved.folder) if row["contender"] == name}
    assert timed == (set() if name in WHOLE else {"call/noop", "count/10"})


def test_a_discarded_block_is_said_to_be_so(misbehaved):
    assert "is discarded and run again" in misbehaved.run.stderr
    assert "at count/1000, while company_crashes was running" in misbehaved.run.stderr


def test_no_process_is_left_behind(misbehaved):
    assert misbehaved.left == []


def test_no_core_file_is_left_behind(words, misbehaved):
    assert not [path for path in os.listdir(words.folder) if path.startswith("core")]
