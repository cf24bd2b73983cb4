"""Effort where it is needed: how many blocks a row gets, and what ends it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import shutil
import statistics

import pytest

from .commands import record, rows, slices, tables
from .test_resume import kill_after, wait_for_blocks

PROFILES = """
# Its medians are of many rounds, so that they are near each other on a busy machine too.
[profile.wide]
blocks = 4
rounds = 15
width = 0.99

[profile.narrow]
blocks = 4
rounds = 3
width = 0.000_001
case_seconds = 0.4
"""
ONE = ["--filter", "^count/1000$"]
# The 97.5 % quantile of Student's t with 3 degrees of freedom.
T = 3.182446


@pytest.fixture(scope="module")
def place(words, measured, tmp_path_factory):
    """The study with profiles that have a width, built and verified."""
    place = words.copy(tmp_path_factory.mktemp("stopping") / "project")
    with open(place.folder / "good.toml", "a", encoding="utf-8") as file:
        file.write(PROFILES)
    return place


@pytest.fixture(scope="module")
def narrow(place):
    """A run in which no row can become as narrow as wanted."""
    run = ["run", "--study", "good.toml", "--profile", "narrow", *ONE]
    done = place.ffi_bench(*run, "--record", "results/narrow")
    assert done.returncode == 0, done
    assert place.ffi_bench("report", "results/narrow", "--study", "good.toml").returncode == 0
    return place.folder / "results" / "narrow"


def blocks_of(folder, contender, leg="call"):
    found = slices(folder)
    return sorted(
        {int(r["block"]) for r in found if (r["contender"], r["leg"]) == (contender, leg)}
    )


def test_a_row_that_is_narrow_at_once_has_no_second_stage(place):
    run = ["run", "--study", "good.toml", "--profile", "wide", *ONE]
    assert place.ffi_bench(*run, "--record", "results/wide").returncode == 0
    folder = place.folder / "results" / "wide"
    plan = record(folder)["plan"]["count/1000"]
    assert set(plan) == {"loop", "split", "native", "tenfold"}
    for contender, effort in plan.items():
        assert effort == {"turns": 4, "ended_by": "width"}
        assert blocks_of(folder, contender) == [0, 1, 2, 3]


def test_a_row_that_stays_wide_is_ended_by_its_time(narrow):
    plan = record(narrow)["plan"]["count/1000"]
    for contender, effort in plan.items():
        assert effort["ended_by"] == "budget"
        leg = "again" if contender == "split" else "call"
        assert blocks_of(narrow, contender, leg) == list(range(effort["turns"]))
    shown = rows(tables(narrow), "### count/1000")
    assert shown["in C"]["blocks"] == f"{plan['native']['turns']}, time"


def test_each_contender_spends_its_own_share_and_no_more(narrow):
    found = record(narrow)
    plan = found["plan"]["count/1000"]
    share = found["settings"]["case_seconds"] * 1e9 / 4
    for contender, (nanoseconds, blocks) in found["costs"]["count/1000"].items():
        assert blocks == 4
        affordable = math.floor(share / (nanoseconds / blocks))
        assert plan[contender]["turns"] == max(4, affordable)


def test_the_baseline_is_there_as_long_as_anybody_needs_it(narrow):
    plan = record(narrow)["plan"]["count/1000"]
    longest = max(effort["turns"] for effort in plan.values())
    assert blocks_of(narrow, "split") == list(range(longest))


def test_the_number_of_blocks_follows_from_the_first_stage_alone(place, narrow):
    """Worked out here from the raw slices, for a width that asks for some more blocks."""

    def medians(contender):
        times = {}
        for row in slices(narrow):
            if (row["contender"], row["leg"]) == (contender, "call") and int(row["block"]) < 4:
                time = int(row["nanoseconds"]) / int(row["iterations"])
                times.setdefault(int(row["block"]), []).append(time)
        return [statistics.median(times[block]) for block in range(4)]

    pairs = zip(medians("native"), medians("split"))
    deviation = statistics.stdev(math.log(a / b) for a, b in pairs)
    width = math.expm1(T * deviation / math.sqrt(30.5))
    plan = record(narrow)["plan"]["count/1000"]

    # A run killed in its first stage, made to look as if it were this one.
    folder = shutil.copytree(narrow, place.folder / "results" / "again")
    found = record(folder)
    found["settings"].update(width=width, case_seconds=100.0)
    found.update(plan=None, finished=None)
    (folder / "record.json").write_text(json.dumps(found))
    only_first_stage(folder)
    process = place.begin("run", "--study", "good.toml", "--resume", folder)
    wait_for_blocks(process, folder, 5)
    process.kill()
    process.wait()
    assert plan["native"]["turns"] != 31
    assert record(folder)["plan"]["count/1000"]["native"] == {"turns": 31, "ended_by": "width"}


def only_first_stage(folder):
    """Takes a finished record apart into the blocks of its first stage."""
    found = slices(folder)
    (folder / "slices.csv.gz").unlink()
    (folder / "blocks").mkdir()
    for block in range(4):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(found[0]))
        writer.writeheader()
        writer.writerows(row for row in found if int(row["block"]) == block)
        path = folder / "blocks" / f"{block:04}.csv.gz"
        path.write_bytes(gzip.compress(text.getvalue().encode()))


def test_killed_in_the_second_stage_it_goes_on_with_the_same_plan(place):
    folder = place.folder / "results" / "killed"
    run = ["run", "--study", "good.toml", "--profile", "narrow", *ONE]
    kill_after(place.begin(*run, "--record", folder), folder, 6)
    plan = record(folder)["plan"]
    assert plan is not None
    done = place.ffi_bench("run", "--study", "good.toml", "--resume", folder)
    assert done.returncode == 0, done
    assert record(folder)["plan"] == plan
    for contender in ["loop", "native", "tenfold"]:
        turns = plan["count/1000"][contender]["turns"]
        assert blocks_of(folder, contender) == list(range(turns))


def test_blocks_differ_in_the_size_of_their_environment_and_in_their_hashes(spoilt):
    prelude = spoilt.folder / "prelude.py"
    seen = spoilt.folder / "seen.txt"
    prelude.write_text(
        prelude.read_text()
        + f"\nimport os\nwith open({str(seen)!r}, 'a') as file:\n"
        + "    print(len(os.environ['FFI_BENCH_PADDING']), hash('x'), file=file)\n"
    )
    assert spoilt.ffi_bench("verify", "--study", "good.toml").returncode == 0
    seen.unlink()
    run = ["run", "--study", "good.toml", "--filter", "^call/", "--record", "results/sizes"]
    assert spoilt.ffi_bench(*run).returncode == 0
    # Four contenders alone, then five blocks.
    lines = [line.split() for line in seen.read_text().splitlines()]
    assert len(lines) == 9
    sizes, hashes = zip(*lines[4:])
    assert len(set(sizes)) > 2
    assert len(set(hashes)) == 5
    assert all(0 <= int(size) < 4096 for size in sizes)
