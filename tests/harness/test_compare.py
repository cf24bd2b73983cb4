"""Two records side by side: environments first, then ratios of ratios, never seconds."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil

import pytest

from .commands import record

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
    rewrite(folder, lambda row: 8 if row["contender"] == "native" else 1)
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
    company = {}
    for row in rows:
        company.setdefault(row["block"], set()).add(row["contender"])
    # Each of the three others beside the baseline, and the baseline beside itself; five times.
    kinds = [frozenset(names) for names in company.values()]
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
    assert "| company | all in one process | isolated |" in document.read_text()
