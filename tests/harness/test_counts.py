"""Instructions per call: exact, split by object file, and compared only where that is fair."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from .commands import record, rows, tables

again = pytest.mark.thorough("counts again under valgrind, which is slow")

GOOD = ["--study", "good.toml"]
FILTER = ["--filter", "^call/|^count/10$"]

GATE = """
[[gate]]
case = "count/10"
contender = "native"
instructions = [{least}, {most}]
"""


@pytest.fixture(scope="module")
def counted(words, measured, tmp_path_factory):
    """A record with counts."""
    folder = tmp_path_factory.mktemp("counted") / "record"
    shutil.copytree(measured.good, folder)
    done = words.ffi_bench("count", *GOOD, *FILTER, "--record", folder)
    assert done.returncode == 0, done
    return folder


@pytest.fixture
def folder(counted, tmp_path):
    return shutil.copytree(counted, tmp_path / "record")


@pytest.fixture
def without_valgrind(tmp_path):
    """A search path with everything but valgrind."""
    shadow = tmp_path / "bin"
    shadow.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).glob("*"):
            link = shadow / program.name
            link.unlink(missing_ok=True)
            if program.name != "valgrind":
                link.symlink_to(program)
    return str(shadow)


def test_in_passing_only_what_stands_for_all_is_counted(words, measured):
    done = words.ffi_bench("count", *GOOD, "--profile", "long", "--no-record", "--only", "native")
    assert done.returncode == 0, done
    assert "counting 1 of 5 cases, those of the summary and the gates" in done.stderr
    assert "count/100" in done.stdout
    assert "count/10 " not in done.stdout


def counts(folder) -> dict:
    return record(folder)["counts"]["counted"]


def total(found: dict) -> float:
    return sum(found.values())


@again
def test_what_stands_for_all_is_shown_or_what_was_asked_for(words, measured, tmp_path):
    def shown(*options):
        folder = shutil.copytree(measured.good, tmp_path / str(len(list(tmp_path.iterdir()))))
        done = words.ffi_bench("count", *GOOD, *options, "--record", folder)
        assert done.returncode == 0, done
        names = {"loop", "split", "native", "tenfold"}
        found = [line.split()[:2] for line in done.stdout.splitlines()]
        return [tuple(row) for row in found if row[1:] and row[1] in names], done.stdout

    # The case of the summary with the contenders proper, and where the others are.
    rows, text = shown()
    assert rows == [("count/100", name) for name in ["loop", "split", "native"]]
    assert "16 more rows are in the record, and `ffi-bench report` shows them." in text
    rows, text = shown("--filter", "^c", "--only", "tenfold")
    names = ["loop", "split", "tenfold"]
    cases = ["call/noop", "count/10", "count/100", "count/1000"]
    assert rows == [(case, name) for case in cases for name in names]
    assert "more rows" not in text


def test_every_contender_and_case_has_its_instructions_by_object_file(counted):
    found = counts(counted)["rows"]
    assert set(found) == {"call/noop", "count/10"}
    assert set(found["count/10"]) == {"loop", "split", "native", "tenfold"}
    native, loop = (found["count/10"][name]["call"] for name in ["native", "loop"])
    assert native["extension"] > 0
    assert loop["extension"] == 0
    assert loop["interpreter"] > native["interpreter"]
    tenfold, split = (found["count/10"][name]["call"] for name in ["tenfold", "split"])
    assert 5 < total(tenfold) / total(split) < 15
    # One crossing, amortised: the floor is less than a call.
    legs = found["count/10"]["native"]
    assert total(legs["floor"]) < total(legs["call"])


@again
def test_a_second_count_is_identical(words, counted, folder):
    done = words.ffi_bench("count", *GOOD, *FILTER, "--record", folder)
    assert done.returncode == 0, done
    assert counts(folder)["rows"] == counts(counted)["rows"]
    done = words.ffi_bench("compare", "--counts", counted, folder)
    assert done.returncode == 0
    compared = sum(len(legs) for row in counts(folder)["rows"].values() for legs in row.values())
    assert f"{compared} counts compared, {compared} are equal" in done.stdout


@again
def test_a_count_of_less_keeps_what_was_counted_before(words, counted, folder):
    done = words.ffi_bench(
        "count", *GOOD, "--filter", "^call/", "--only", "native", "--record", folder
    )
    assert done.returncode == 0, done
    assert counts(folder)["rows"] == counts(counted)["rows"]


def test_the_report_has_a_table_of_them(words, folder):
    assert words.ffi_bench("report", folder).returncode == 0
    text = tables(folder)
    shown = text.split("## Instructions")[1].split("\n## ")[0]
    assert "| count/10 | in C |" in shown
    assert "Not counted" not in shown


def test_a_record_without_them_says_so(measured):
    assert "Not counted" in tables(measured.good)


def test_without_valgrind_one_sentence_says_how_to_get_it(words, folder, without_valgrind):
    # Who counted elsewhere keeps the counts.
    before = counts(folder)
    command = ["count", *GOOD, "--record", folder]
    assert words.ffi_bench(*command, PATH=without_valgrind).returncode == 0
    assert counts(folder) == before

    (folder / "record.json").write_text(json.dumps({**record(folder), "counts": None}))
    done = words.ffi_bench(*command, PATH=without_valgrind)
    assert done.returncode == 0, done
    assert "not counted: there is no valgrind" in done.stdout
    assert "apt-get install valgrind" in done.stdout
    assert "there is no valgrind" in record(folder)["counts"]["not-counted"]
    assert words.ffi_bench("report", folder).returncode == 0
    assert "Not counted: there is no valgrind" in tables(folder)
    error = words.refused("compare", "--counts", folder, folder)
    assert "not comparable" in error


def test_without_valgrind_nothing_passes_a_gate(words, measured, without_valgrind):
    error = words.refused("count", *GOOD, "--no-record", "--gate", PATH=without_valgrind)
    assert "nothing can be gated" in error


def test_counts_under_another_fingerprint_are_not_comparable(words, counted, folder):
    found = record(folder)
    found["counts"]["counted"]["fingerprint"]["libc"] = "another"
    (folder / "record.json").write_text(json.dumps(found))
    error = words.refused("compare", "--counts", counted, folder)
    assert "not comparable" in error
    assert "libc" in error
    assert "another" in error


def test_more_instructions_are_a_regression(words, counted, folder):
    found = record(folder)
    found["counts"]["counted"]["rows"]["count/10"]["native"]["call"]["extension"] *= 1.1
    (folder / "record.json").write_text(json.dumps(found))
    compare = ["compare", "--counts", "--fail-on-regression"]
    assert words.ffi_bench(*compare, counted, folder).returncode == 3
    assert words.ffi_bench(*compare, folder, counted).returncode == 0
    assert words.ffi_bench("compare", "--counts", counted, folder).returncode == 0


@again
@pytest.mark.parametrize(("least", "most", "code"), [(0.01, 100, 0), (5, 100, 1)])
def test_a_gate_holds_or_is_broken(spoilt, least, most, code):
    with open(spoilt.folder / "good.toml", "a", encoding="utf-8") as file:
        file.write(GATE.format(least=least, most=most))
    only = ["--filter", "^count/10$", "--only", "native"]
    done = spoilt.ffi_bench("count", *GOOD, *only, "--no-record", "--gate")
    assert done.returncode == code, done
    assert ("BROKEN" in done.stdout) == bool(code)


def test_a_gate_of_what_is_not_counted_is_no_gate(spoilt):
    with open(spoilt.folder / "good.toml", "a", encoding="utf-8") as file:
        file.write(GATE.format(least=0.1, most=1))
    error = spoilt.refused("count", *GOOD, "--filter", "^call/", "--no-record", "--gate")
    assert "no gate of the study applies" in error


@again
def test_a_call_that_is_too_long_is_left_out_with_the_reason(spoilt):
    spoilt.edit("good.toml", "words = [10, 100, 1000]", "words = [10, 100, 100_000]")
    assert spoilt.ffi_bench("verify", *GOOD).returncode == 0
    folder = spoilt.folder / "results" / "long"
    one = [*GOOD, "--filter", "^count/100000$", "--only", "native"]
    assert spoilt.ffi_bench("run", *one, "--record", folder).returncode == 0
    assert spoilt.ffi_bench("count", *one, "--record", folder).returncode == 0
    left_out = counts(folder)["left_out"]["count/100000"]
    assert "takes more than 2 ms" in left_out["loop"]
    assert "loop" not in counts(folder)["rows"].get("count/100000", {})


def test_counts_belong_into_the_record_of_what_is_installed(spoilt, counted, tmp_path):
    folder = shutil.copytree(counted, tmp_path / "record")
    spoilt.edit("good.toml", "seed = 7", "seed = 8")
    error = spoilt.refused("count", *GOOD, "--record", folder)
    assert "a count cannot be put into" in error
    assert rows(tables(folder), "### count/10")
