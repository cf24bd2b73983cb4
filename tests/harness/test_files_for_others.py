"""What a record is drawn into for other programs: CSV files, a summary, the terminal, an index."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pandas
import polars
import pytest

from .commands import record

FORMAT = Path(__file__).parents[2] / "docs" / "record-format.md"

FILES = [
    "times.csv",
    "ratios.csv",
    "builds.csv",
    "effort.csv",
    "portability.csv",
    "mistakes.csv",
    "instructions.csv",
]


@pytest.fixture
def folder(measured, tmp_path):
    return shutil.copytree(measured.good, tmp_path / "record")


@pytest.mark.parametrize("name", FILES)
def test_one_line_loads_a_file(measured, name, monkeypatch):
    """The lines of docs/record-format.md, in the folder of the record."""
    monkeypatch.chdir(measured.good)
    headings, *rows = csv.reader((measured.good / name).open(encoding="utf-8", newline=""))
    by_pandas = pandas.read_csv(name)
    by_polars = polars.read_csv(name)
    by_duckdb = duckdb.sql(f"from '{name}'")
    assert list(by_pandas.columns) == by_polars.columns == by_duckdb.columns == headings
    assert len(by_pandas) == len(by_polars) == len(by_duckdb.fetchall()) == len(rows)


def test_the_documented_columns_are_the_columns(measured):
    text = FORMAT.read_text(encoding="utf-8")
    for name in FILES:
        _, _, rest = text.partition(f"`{name}`")
        described = rest.split("`*.csv`")[0].split(".csv`")[0]
        with (measured.good / name).open(encoding="utf-8", newline="") as file:
            for column in next(csv.reader(file)):
                assert f"`{column}`" in described, f"{name}: {column} is not described"


def test_the_documented_pivot_works(measured, monkeypatch):
    monkeypatch.chdir(measured.good)
    found = duckdb.sql("""
        pivot (
            select "case", contender, 1 / ratio as faster
            from 'ratios.csv' where relative_to = 'loop'
        ) on contender using first(faster)
    """)
    assert "native" in found.columns
    assert found.fetchall()


def test_times_and_ratios_agree_with_the_slices(measured):
    """A ratio is a mean over blocks, so that it only has to be near the ratio of the times."""
    times = pandas.read_csv(measured.good / "times.csv")
    ratios = pandas.read_csv(measured.good / "ratios.csv")
    assert len(times) > 10
    calls = times[times.quantity == "call"].set_index(["case", "contender"]).nanoseconds
    assert (times.low <= times.nanoseconds).all()
    assert (times.nanoseconds <= times.high).all()
    for row in ratios.itertuples():
        by_times = calls[row.case, row.contender] / calls[row.case, row.relative_to]
        assert row.ratio == pytest.approx(by_times, rel=0.5), row
        assert row.low <= row.ratio <= row.high


def test_the_summary_says_what_the_record_says(measured):
    summary = json.loads((measured.good / "summary.json").read_text(encoding="utf-8"))
    found = record(measured.good)
    assert summary["schema"] == 1
    for field in ["started", "finished", "profile", "command", "failures"]:
        assert summary[field] == found[field]
    text = FORMAT.read_text(encoding="utf-8").partition("## summary.json")[2]
    for field in summary:
        assert f"`{field}`" in text, f"{field} is not described"
    rows = {
        (case["name"], row["contender"]): row for case in summary["cases"] for row in case["rows"]
    }
    ratios = pandas.read_csv(measured.good / "ratios.csv")
    baseline = ratios[ratios.relative_to == summary["baseline"]]
    assert len(baseline)
    for row in baseline.itertuples():
        assert rows[row.case, row.contender]["ratio"]["centre"] == row.ratio


def test_a_failure_is_in_the_summary_and_on_the_page(measured):
    summary = json.loads((measured.all / "summary.json").read_text(encoding="utf-8"))
    assert summary["failures"] == record(measured.all)["failures"]
    assert summary["failures"]
    page = (measured.all / "report.html").read_text(encoding="utf-8")
    assert 'id="failures"' in page


def test_a_record_is_shown_in_columns_without_colours(words, folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = words.ffi_bench("report", "--terminal", folder)
    assert done.returncode == 0, done
    *lines, whole = done.stdout.splitlines()
    row = r"in C +[\d.]+ [nµm]?s ±.* [\d.]+ \[.*\].* [█▏▎▍▌▋▊▉]"
    assert any(re.match(row, line) for line in lines)
    assert whole.endswith("report.html")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def in_a_terminal(words, *arguments, **environment):
    """What a command writes to a terminal."""
    command = words.command(*arguments)
    done = subprocess.run(
        ["script", "--quiet", "--command", " ".join(map(str, command)), "/dev/null"],
        cwd=words.folder,
        env=words.environment(TERM="xterm-256color", **environment),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return done.stdout


def test_colours_are_for_terminals_that_want_them(words, folder):
    environment = {"COLORTERM": "truecolor"}
    coloured = in_a_terminal(words, "report", "--terminal", folder, **environment)
    assert "\x1b[38;2;" in coloured
    plain = in_a_terminal(words, "report", "--terminal", folder, NO_COLOR="1", **environment)
    assert "\x1b[38;2;" not in plain
    assert "in C" in plain


def test_only_what_is_asked_for_is_shown(words, folder):
    done = words.ffi_bench("report", "--terminal", folder, "--filter", "^count/10$")
    assert "count/10 " in done.stdout
    assert "count/100" not in done.stdout


def test_a_record_is_shown_as_the_study_is_today_when_that_is_wanted(words, folder, tmp_path):
    study = (words.folder / "good.toml").read_text(encoding="utf-8")
    changed = words.folder / "changed.toml"
    chart = '[[chart]]\nfile = "added"\nkind = "forest"\ntitle = "Added later"\ncases = ""\n'
    changed.write_text(f"{study}\n{chart}", encoding="utf-8")
    measured = {key: value for key, value in record(folder).items() if key != "study"}
    assert words.ffi_bench("report", folder, "--study", changed).returncode == 0
    assert not (folder / "charts" / "added.svg").exists()
    done = words.ffi_bench("report", "--redeclare", folder, "--study", changed)
    assert done.returncode == 0, done
    assert (folder / "charts" / "added.svg").exists()
    assert "Added later" in (folder / "report.html").read_text(encoding="utf-8")
    after = {key: value for key, value in record(folder).items() if key != "study"}
    assert after == measured
    changed.write_text(study.replace('name = "words"', 'name = "another"', 1), encoding="utf-8")
    assert "another" in words.refused("report", "--redeclare", folder, "--study", changed)


def test_the_index_lists_every_record_beside_the_reported_one(words, folder, tmp_path):
    results = tmp_path / "results"
    for name, started in [("old", "2026-01-01"), ("new", "2026-03-01")]:
        shutil.copytree(folder, results / name)
        text = json.dumps({**record(folder), "started": f"{started}T00:00:00Z"})
        (results / name / "record.json").write_text(text, encoding="utf-8")
    document = tmp_path / "README.md"
    document.write_text("<!-- ffi-bench: records -->\n<!-- ffi-bench: end -->\n", encoding="utf-8")
    done = words.ffi_bench("report", results / "new", "--splice", document)
    assert done.returncode == 0, done
    rows = [line for line in document.read_text(encoding="utf-8").splitlines() if "| [" in line]
    assert [row.split("`")[1] for row in rows] == ["new", "old"]
    assert "CPython" in rows[0]
