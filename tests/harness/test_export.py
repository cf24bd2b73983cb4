"""`export`: records in formats that other programs read."""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import sys

import pyperf
import pytest

from .commands import record, slices


@pytest.fixture(scope="module")
def exported(words, measured, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    done = words.ffi_bench("export", measured.good, "--pyperf", folder)
    assert done.returncode == 0, done
    assert set(done.stdout.split()) == {str(path) for path in folder.iterdir()}
    return folder


def test_pyperf_reads_all_values(measured, exported):
    suite = pyperf.BenchmarkSuite.load(str(exported / "native.json"))
    found = {bench.get_name(): bench for bench in suite.get_benchmarks()}
    rows = slices(measured.good)
    rows = [r for r in rows if (r["contender"], r["leg"]) == ("native", "call")]
    assert set(found) == {row["case"] for row in rows}
    for name, bench in found.items():
        of_case = [row for row in rows if row["case"] == name]
        values = [int(row["nanoseconds"]) / int(row["iterations"]) / 1e9 for row in of_case]
        assert sorted(bench.get_values()) == pytest.approx(sorted(values))
        assert bench.get_nrun() == len({row["block"] for row in of_case})
    assert suite.get_metadata()["contender"] == "native"


def test_pyperf_compares_contenders(exported):
    files = [exported / f"{name}.json" for name in ["split", "tenfold"]]
    command = [sys.executable, "-m", "pyperf", "compare_to", *files]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "count/100" in done.stdout
    assert "slower" in done.stdout


def test_a_series_has_a_row_for_each_record_and_no_seconds(words, measured, tmp_path):
    later = shutil.copytree(measured.good, tmp_path / "later")
    started = record(later)["started"]
    text = (later / "record.json").read_text()
    assert text.count(started) == 1
    (later / "record.json").write_text(text.replace(started, "2199-01-01T00:00:00Z"))
    file = tmp_path / "series.csv"
    done = words.ffi_bench("export", later, measured.good, "--series", file)
    assert done.returncode == 0, done
    with file.open(newline="") as lines:
        first, second = csv.DictReader(lines)
    assert [first["time"], second["time"]] == [started, "2199-01-01T00:00:00Z"]
    ratio = float(first["count/100 tenfold ratio"])
    logs = {}
    for row in slices(measured.good):
        if row["case"] == "count/100" and row["leg"] == "call":
            time = int(row["nanoseconds"]) / int(row["iterations"])
            logs.setdefault((row["block"], row["contender"]), []).append(time)
    blocks = {block for block, _ in logs}
    medians = [
        statistics.median(logs[block, "tenfold"]) / statistics.median(logs[block, "split"])
        for block in blocks
    ]
    assert ratio == pytest.approx(statistics.geometric_mean(medians))
    assert all(name.split()[-1] in {"time", "machine", "ratio", "instructions"} for name in first)


def test_what_cannot_be_written_is_said(words, measured, tmp_path):
    assert "name one format" in words.refused("export", measured.good)
    several = ["export", measured.good, measured.good, "--pyperf", tmp_path / "x"]
    assert "--pyperf takes one record, and 2 are given" in words.refused(*several)
