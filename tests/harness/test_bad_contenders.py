"""A contender that goes wrong is a row with its error; the others are measured all the same."""

import pytest

from .commands import record, rows, slices, tables

# name: (title, case or None for all, stage, what the message says)
BAD = {
    "unbuildable": ("fails to build", None, "build", "the compiler of dreams"),
    "unimportable": ("fails to import", None, "verify", "words_of_another_world"),
    "miscounting": ("wrong for one length", None, "verify", "wrong answers"),
    "raising": ("raises in checks", None, "verify", "LookupError: no words to look up"),
    "aborting": ("aborts in one case", "count/1000", "verify", "abort"),
    "forgetful": ("wrong in one case", "count/1000", "verify", "gives 999,"),
    "tired": ("crashes after many calls", "count/1000", "run, alone", "segmentation fault"),
    "shy": ("wrong together", "count/1000", "run, together", "shy gave a wrong answer"),
}
bad = pytest.mark.parametrize("name", BAD)


def test_every_verb_that_saw_a_bad_contender_ends_with_1(measured):
    assert measured.build.returncode == 1
    assert measured.verify.returncode == 1
    assert measured.run.returncode == 1


def test_a_report_of_failures_is_no_failure(measured):
    assert measured.report.returncode == 0


@bad
def test_it_is_in_the_record_once_with_its_error(measured, name):
    _, case, stage, message = BAD[name]
    (failure,) = [f for f in record(measured.all)["failures"] if f["contender"] == name]
    assert failure["case"] == case
    assert failure["stage"] == stage
    assert message in failure["message"]


def test_nothing_else_is_in_the_record_as_a_failure(measured):
    assert {f["contender"] for f in record(measured.all)["failures"]} == set(BAD)


@bad
def test_run_says_so_at_its_end(measured, name):
    _, case, stage, message = BAD[name]
    _, _, said = measured.run.stderr.partition(f"FAILED: {name}")
    assert said, measured.run.stderr
    own = said.split("FAILED: ")[0]
    assert stage in own.splitlines()[0]
    assert message in own
    assert case is None or case in own.splitlines()[0]


@bad
def test_it_is_a_row_of_the_table_of_failures(measured, name):
    title, case, stage, message = BAD[name]
    row = rows(tables(measured.all), "## What failed")[title]
    assert row["case"] == (case or "all")
    assert row["in"] == stage
    assert message in row["what happened"]


@bad
def test_it_is_a_row_of_the_case_with_its_error(measured, name):
    title, case, stage, _ = BAD[name]
    row = rows(tables(measured.all), f"### {case or 'count/10'}")[title]
    assert row["time"] == f"failed ({stage}), see *What failed*"


@bad
def test_it_is_timed_in_its_other_cases_and_nowhere_else(measured, name):
    failed = BAD[name][1]
    timed = {row["case"] for row in slices(measured.all) if row["contender"] == name}
    if failed is None:
        assert timed == set()
    else:
        assert timed == {"call/noop", "count/10", "count/100"}
        shown = rows(tables(measured.all), "### count/10")[BAD[name][0]]
        assert "ns" in shown["time"] or "µs" in shown["time"]


def test_the_good_ones_are_timed_in_full(measured):
    timed = {(row["contender"], row["case"], row["block"]) for row in slices(measured.all)}
    for contender in ["loop", "split", "native", "tenfold"]:
        for case in ["call/noop", "count/10", "count/100", "count/1000"]:
            for block in range(5):
                assert (contender, case, str(block)) in timed
    shown = rows(tables(measured.all), "### count/1000")
    assert float(shown["ten times the work"]["ratio"].split()[0]) > 3


def test_what_is_wrong_for_inputs_of_one_length_is_refused_with_such_an_input(measured):
    """Of 400 generated texts 5 have 64 characters."""
    (failure,) = [f for f in record(measured.all)["failures"] if f["contender"] == "miscounting"]
    assert failure["message"].startswith("5 wrong answers to the 400 inputs of 'texts'")
    text = failure["message"].partition("at text = '")[2].rstrip("'")
    assert len(text) == 64


def test_verify_names_each_of_them(measured):
    for name in ["unimportable", "miscounting", "raising"]:
        assert f"verify {name}: REFUSED" in measured.verify.stderr
    for name in ["aborting", "forgetful"]:
        assert f"verify {name}: FAILED 1 of 4 cases" in measured.verify.stderr
    for name in BAD:
        assert name in measured.verify.stdout


def test_a_bad_reference_stops_everything(spoilt):
    """There is nothing that answers could be compared with."""
    spoilt.edit("study.toml", 'contenders = ["loop", "split", "tenfold"]\n', "")
    spoilt.edit("study.toml", 'reference = "loop"', 'reference = "unbuildable"')
    assert "the reference unbuildable failed to build" in spoilt.refused("verify")
    spoilt.edit("study.toml", 'reference = "unbuildable"', 'reference = "raising"')
    assert "LookupError: no words to look up" in spoilt.refused("verify")
    assert "not verified" in spoilt.refused("run")


def test_whose_set_up_dies_in_company_is_blamed_for_it(spoilt):
    """The set-up of the third contender in the process is killed, and not by the contender."""
    spoilt.edit(
        "prelude.py",
        "def text_of(seed, words):",
        "def text_of(seed, words):\n"
        "    import os, sys\n"
        "    if words == 100 and len([m for m in sys.modules if m.startswith('words_')]) > 2:\n"
        "        os.kill(os.getpid(), 9)",
    )
    good = ["--study", "good.toml"]
    assert spoilt.ffi_bench("verify", *good).returncode == 0
    done = spoilt.ffi_bench("run", *good, "--filter", "^count/100?$", "--record", "results/crash")
    assert done.returncode == 1
    folder = spoilt.folder / "results" / "crash"
    failures = record(folder)["failures"]
    assert failures
    assert {f["case"] for f in failures} == {"count/100"}
    assert all("killed by signal 9" in f["message"] for f in failures)
    # What could have come from outside was tried a second time first.
    assert done.stderr.count("is discarded and run again") >= 2 * len(failures)
    timed = {row["case"] for row in slices(folder)}
    assert "count/10" in timed


def test_a_floor_that_is_wrong_is_told_from_a_call_that_is_wrong(spoilt):
    floor = "count_repeated(text, n)"
    wrong = f"{floor} + (contender.__name__ == 'words_split' and words == 1000)"
    spoilt.edit("good.toml", f'floor = "{floor}"', f'floor = "{wrong}"')
    done = spoilt.ffi_bench("verify", "--study", "good.toml")
    assert done.returncode == 1
    assert "count/1000: its floor gives 1001, not" in done.stdout
    assert "count/1000: gives" not in done.stdout


def test_a_case_that_the_reference_cannot_answer_is_not_blamed_on_the_others(spoilt):
    setup = "counter = contender.Counter(text)"
    spoilt.edit("good.toml", setup, f"{setup}; contender.__name__ == 'words_loop' and 1 / 0")
    done = spoilt.ffi_bench("verify", "--study", "good.toml")
    assert done.returncode == 1
    assert "list/lengths: ZeroDivisionError" in done.stdout
    assert "list/lengths: the reference has no answer" in done.stdout


def test_what_does_not_end_is_stopped_after_the_time_out_of_its_case(spoilt):
    spoilt.edit("good.toml", "\ncall = ", "\ntimeout = 3\ncall = ")
    spoilt.edit(
        "prelude.py",
        "def text_of(seed, words):",
        "def text_of(seed, words):\n"
        "    import sys, time\n"
        "    if words == 100 and 'words_native' in sys.modules:\n"
        "        time.sleep(60)",
    )
    done = spoilt.ffi_bench("verify", "--study", "good.toml")
    assert done.returncode == 1
    assert "native: FAILED 1 of 4 cases" in done.stderr
    assert "count/100: no answer within 3 s" in done.stdout
