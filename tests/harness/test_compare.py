"""Two records side by side: environments first, then ratios of ratios, never seconds."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil

import pytest

from .commands import record
from .test_terminal import WIDTHS, in_columns

# Slower by so much that it shows in a record that was measured on a busy machine.
MUCH = 1000

DOCUMENT = (
    "# A document\n\n<!-- ffi-bench: compare {} -->\nwhat was here\n<!-- ffi-bench: end -->\n"
)


@pytest.fixture
def folder(measured, tmp_path):
    return shutil.copytree(measured.good, tmp_path / "record")


def rewrite(folder, change):
    """Changes the nanoseconds of each slice."""
    path = folder / "slices.csv.gz"
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
    for row in rows:
        row["nanoseconds"] = round(int(row["nanoseconds"]) * change(row))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode()))


def change_record(folder, **changes):
    found = {**record(folder), **changes}
    (folder / "record.json").write_text(json.dumps(found))


def line_of(text, case, contender):
    lines = [line for line in text.splitlines() if line.split()[:2] == [case, contender]]
    assert len(lines) == 1, text
    return lines[0]


def test_a_record_agrees_with_itself(words, measured):
    done = words.ffi_bench("compare", "--fail-on-regression", measured.good, measured.good)
    assert done.returncode == 0, done
    assert "The environments do not differ." in done.stdout
    assert " 0 changed" in done.stdout


def test_environments_come_first(words, measured, folder):
    environment = record(folder)["environment"]
    environment["cpu"] = "Imagined 9000"
    environment["python"]["version"] = "3.99"
    change_record(folder, environment=environment)
    done = words.ffi_bench("compare", measured.good, folder)
    assert done.returncode == 0
    before, _, after = done.stdout.partition("ratio before")
    assert "Imagined 9000" in before
    assert "3.99" in before
    assert "Imagined 9000" not in after


def test_a_faster_machine_is_no_change(words, measured, folder):
    rewrite(folder, lambda row: 1 / 3)
    done = words.ffi_bench("compare", "--fail-on-regression", measured.good, folder)
    assert done.returncode == 0, done
    assert " 0 changed" in done.stdout


def test_a_slower_contender_is_a_regression_and_a_faster_one_is_none(words, measured, folder):
    rewrite(folder, lambda row: MUCH if row["contender"] == "native" else 1)
    forth = words.ffi_bench("compare", "--fail-on-regression", measured.good, folder)
    assert forth.returncode == 3, forth
    assert line_of(forth.stdout, "count/100", "native").split()[-1] == "slower"
    assert line_of(forth.stdout, "count/100", "loop").split()[-1] != "slower"
    back = words.ffi_bench("compare", "--fail-on-regression", folder, measured.good)
    assert back.returncode == 0
    assert line_of(back.stdout, "count/100", "native").split()[-1] == "faster"
    # Who did not ask is not failed.
    assert words.ffi_bench("compare", measured.good, folder).returncode == 0


def test_the_change_is_the_ratio_of_the_ratios(words, measured, folder):
    rewrite(folder, lambda row: 2 if row["contender"] == "loop" else 1)
    done = words.ffi_bench("compare", "--markdown", measured.good, folder)
    (line,) = [x for x in done.stdout.splitlines() if x.startswith("| count/100 | loop |")]
    _, _, before, after, change, _ = (cell.strip() for cell in line.strip("|").split("|"))
    assert float(after) / float(before) == pytest.approx(2, rel=0.02)
    assert float(change.split()[0]) == pytest.approx(2, rel=0.01)


def test_a_case_that_is_another_one_now_is_not_compared(words, measured, folder):
    study = record(folder)["study"]
    for case in study["case"]:
        if case["name"] == "count/100":
            case["setup"] += "; text = text.upper()"
    change_record(folder, study=study)
    done = words.ffi_bench("compare", "--markdown", measured.good, folder)
    assert "| count/10 |" in done.stdout
    assert "| count/100 |" not in done.stdout


def test_records_with_different_baselines_are_not_comparable(words, measured, folder):
    study = record(folder)["study"]
    study["study"]["baseline"] = "native"
    change_record(folder, study=study)
    assert "not comparable" in words.refused("compare", measured.good, folder)


@pytest.mark.parametrize(("schema", "message"), [(99, "schema version 99"), ("?", "schema")])
def test_a_record_of_another_version_is_named(words, measured, folder, schema, message):
    change_record(folder, schema=schema)
    error = words.refused("compare", measured.good, folder)
    assert message in error
    assert "measure again" in error


def test_a_comparison_is_spliced_into_a_document(words, measured, folder, tmp_path):
    document = tmp_path / "document.md"
    document.write_text(DOCUMENT.format("again"))
    done = words.ffi_bench("compare", measured.good, folder, "--splice", document)
    assert done.returncode == 0, done
    text = document.read_text()
    assert "what was here" not in text
    assert "The environments do not differ." in text
    assert "0 changed" in text


def test_an_isolated_run_is_another_kind_of_record(words, measured, tmp_path):
    folder = tmp_path / "isolated"
    run = ["run", "--study", "good.toml", "--filter", "^count/100$", "--isolate"]
    done = words.ffi_bench(*run, "--record", folder)
    assert done.returncode == 0, done
    assert record(folder)["isolated"] is True
    path = folder / "slices.csv.gz"
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
    together = {}
    for row in rows:
        together.setdefault(row["block"], set()).add(row["contender"])
    # Each of the three others beside the baseline, and the baseline beside itself; five times.
    kinds = [frozenset(names) for names in together.values()]
    wanted = [{"loop", "split"}, {"native", "split"}, {"tenfold", "split"}, {"split"}]
    assert len(kinds) == 20
    for names in wanted:
        assert kinds.count(frozenset(names)) == 5
    assert words.ffi_bench("report", folder).returncode == 0
    assert "each contender alone with the baseline" in (folder / "tables.md").read_text()

    document = tmp_path / "document.md"
    document.write_text(DOCUMENT.format("isolated"))
    done = words.ffi_bench("compare", measured.good, folder, "--splice", document)
    assert done.returncode == 0, done
    assert "| processes | all in one process | isolated |" in document.read_text()


@pytest.fixture
def three(measured, folder, tmp_path):
    """The same measurement, as if it had been made on three interpreters."""
    folders = []
    for version in ["3.90.1", "3.91.0", "3.92.0"]:
        copy = shutil.copytree(folder, tmp_path / f"record-{version}")
        environment = record(copy)["environment"]
        environment["python"]["version"] = version
        change_record(copy, environment=environment)
        folders.append(copy)
    return folders


def test_times_faster_stand_below_the_name_of_the_interpreter(words, three):
    done = words.ffi_bench("compare", *three)
    assert done.returncode == 0, done
    assert "Speed-up over" in done.stdout
    heading = next(line for line in done.stdout.splitlines() if line.startswith("case, contender"))
    for version in ["3.90.1", "3.91.0", "3.92.0"]:
        assert f"CPython {version}" in heading
    assert " 0 changed" in done.stdout


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_line_of_several_records_is_wider_than_the_terminal(words, three, columns):
    text, code = in_columns(words, columns, "compare", *three)
    assert code == 0, text
    for line in text.splitlines():
        # A folder is never broken.
        assert len(line) <= columns or str(three[0].parent) in line, line
    for name in ["3.90.1", "3.92.0", "list/lengths", "tenfold"]:
        assert name in text


def test_each_row_of_several_records_is_a_line_without_a_terminal(words, three):
    done = words.ffi_bench("compare", *three)
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("  in C")][:1]
    # An interval, or a range, for each of the three.
    assert len(re.findall(r"[\d.]+ \[[^]]*\]", row)) == 3, row


def test_one_of_several_that_became_slower_is_a_regression(words, three):
    rewrite(three[2], lambda row: MUCH if row["contender"] == "native" else 1)
    done = words.ffi_bench("compare", "--fail-on-regression", *three)
    assert done.returncode == 3, done
    done = words.ffi_bench("compare", "--fail-on-regression", *three[:2])
    assert done.returncode == 0, done


def test_what_failed_in_one_of_several_is_shown(words, three):
    failure = {"contender": "native", "case": None, "stage": "build", "message": "no compiler"}
    change_record(three[1], failures=[failure])
    done = words.ffi_bench("compare", *three)
    assert done.returncode == 0, done
    assert "failed" in done.stdout
    page = three[0].parent / "page.html"
    assert words.ffi_bench("compare", *three, "--html", page).returncode == 0
    assert "failed" in page.read_text(encoding="utf-8")


def test_a_comparison_is_a_page_that_needs_nothing_else(words, three, tmp_path):
    pages = []
    for name in ["one.html", "two.html"]:
        done = words.ffi_bench("compare", *three, "--html", tmp_path / name)
        assert done.returncode == 0, done
        pages.append((tmp_path / name).read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert "Content-Security-Policy" in pages[0]
    assert "default-src 'none'" in pages[0]
    # Names of formats look like addresses, and nobody asks for them.
    addresses = pages[0].replace("http://www.w3.org/", "")
    assert "http:" not in addresses
    assert "https:" not in addresses
    for version in ["3.90.1", "3.91.0", "3.92.0"]:
        assert f"CPython {version}" in pages[0]


def test_one_record_alone_is_no_comparison_and_counts_are_of_two(words, measured, three):
    assert "two" in words.refused("compare", measured.good) or "required" in words.refused(
        "compare", measured.good
    )
    assert "two" in words.refused("compare", "--counts", *three)
