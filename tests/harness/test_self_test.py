"""The self-test judges the method and shows what others would have said.

What it judges depends on the time that things take, so no test here asks for its judgement; the
Rust tests do, on synthetic data.
"""

from __future__ import annotations

import re
import shutil

import pytest

from .commands import record, rows, tables

pytestmark = pytest.mark.thorough("runs a self-test and pyperf")

UNITS = {"ns": 1, "\N{MICRO SIGN}s": 1e3, "ms": 1e6}
DOSES = ["1.00", "1.03", "1.10", "1.50"]


@pytest.fixture(scope="module")
def tested(words, measured, tmp_path_factory):
    """A record with a self-test that is shorter than its intervals should have it."""
    folder = tmp_path_factory.mktemp("self-test") / "record"
    shutil.copytree(measured.good, folder)
    command = ["self-test", "--study", "good.toml", "--blocks", "10", "--record", folder]
    done = words.ffi_bench(*command)
    assert done.returncode in {0, 1}, done
    assert words.ffi_bench("report", folder).returncode == 0
    return done, folder


def test_its_outcome_is_printed_and_in_the_record(tested):
    done, folder = tested
    found = record(folder)["self_test"]
    failed = [row for row in found["rows"] if row["outcome"] == "failed"]
    assert done.returncode == (1 if failed else 0)
    shown = rows(tables(folder), "## Self-test")
    assert set(shown) == {row["test"] for row in found["rows"]}
    assert "a contender against itself" in " ".join(done.stdout.split())


def test_a_contender_is_compared_with_itself_forty_times(tested):
    _, folder = tested
    row = rows(tables(folder), "## Self-test")["a contender against itself"]
    held, number = re.match(r"(\d+) of (\d+) intervals hold 1", row["seen"]).groups()
    assert int(number) >= 40
    assert int(held) <= int(number)
    assert row["limit"].startswith("at least ")


@pytest.mark.parametrize("case", ["call/noop", "count/10", "count/100"])
@pytest.mark.parametrize("dose", DOSES)
def test_every_dose_is_given_in_three_cases(tested, case, dose):
    _, folder = tested
    row = rows(tables(folder), "## Self-test")[f"{dose} times the work, {case}"]
    assert (row["outcome"] == "shown") == (dose == "1.03")
    assert float(row["seen"].split()[0]) == pytest.approx(float(dose), rel=0.25)


def test_a_contender_that_is_wrong_once_is_refused(tested):
    _, folder = tested
    shown = rows(tables(folder), "## Self-test")
    (row,) = [row for name, row in shown.items() if "wrong answer in 10000" in name]
    assert row["seen"].startswith("refused: ")
    assert row["outcome"] == "passed"


def test_other_methods_are_shown_and_decide_nothing(tested):
    _, folder = tested
    shown = rows(tables(folder), "## Self-test")
    for name in [
        "the same, each round taken for an experiment",
        "one process after the other, samples pooled",
    ]:
        assert shown[name]["outcome"] == "shown"
        held, number = re.match(r"(\d+) of (\d+) intervals", shown[name]["seen"]).groups()
        assert int(held) <= int(number) >= 40


def test_an_independent_tool_stands_beside_it(tested):
    """Within a factor by which no unit could be mistaken for another."""
    _, folder = tested
    shown = rows(tables(folder), "## Self-test")
    for case in ["call/noop", "count/10", "count/100"]:
        for contender in ["split", "native"]:
            seen = shown[f"{case}, {contender}: time (ratio)"]["seen"]
            pattern = r"here ([\d.]+) (\S+) .*, pyperf ([\d.]+) (\S+) "
            here, unit, there, other = re.match(pattern, seen).groups()
            here, there = float(here) * UNITS[unit], float(there) * UNITS[other]
            assert 0.2 < here / there < 5


def test_it_may_be_only_printed(words, measured):
    error = words.refused("self-test", "--no-record", "--record", "x", "--study", "good.toml")
    assert "cannot be used with" in error
    error = words.refused("self-test", "--blocks", "3", "--study", "good.toml")
    assert "3 is not in" in error
