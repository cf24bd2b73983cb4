"""Good contenders only: everything ends with exit code 0, and the numbers make sense."""

import statistics
import xml.etree.ElementTree as ElementTree

from .commands import record, rows, slices, tables

NONE = "\N{EN DASH}"
CASES = ["call/noop", "count/10", "count/100", "count/1000", "list/lengths"]
CONTENDERS = ["loop", "split", "native", "tenfold"]
COLUMNS = [
    "block",
    "case",
    "contender",
    "leg",
    "round",
    "position",
    "iterations",
    "nanoseconds",
]


def applies(case, contender):
    return case != "list/lengths" or contender != "native"


def test_every_verb_ends_with_0(measured):
    for verb in ["good_build", "good_verify", "good_run", "good_report"]:
        assert getattr(measured, verb).returncode == 0, verb


def test_what_is_built_is_not_built_again(measured):
    for name in CONTENDERS:
        assert f"{name}: already built" in measured.good_build.stderr


def test_first_results_are_shown_while_the_rest_is_measured(measured):
    said = measured.good_run.stderr
    look, rest = said.index("First results, after 3 of 5 blocks"), said.index("first stage")
    assert look < rest
    (line,) = (line for line in said[look:rest].splitlines() if line.split()[:1] == ["count/100"])
    reference, *others = line.split()[1:]
    assert float(reference) > 0
    assert len([cell for cell in others if cell[0].isdigit()]) == 2


def test_run_prints_the_folder_of_the_record(measured):
    assert measured.good_run.stdout == "results/good\n"


def test_the_effort_is_what_the_wheels_are(words, measured):
    contenders = record(measured.good)["contenders"]
    for name in CONTENDERS:
        effort = contenders[name]["effort"]
        (wheel,) = words.state.glob(f"build/{name}/wheel/*.whl")
        assert effort["wheel_bytes"] == wheel.stat().st_size
        (build,) = effort["builds"]
        assert build["start"] == "nothing"
        assert build["costs"][0]["seconds"] > 0
    native = contenders["native"]["effort"]
    assert 0 < native["stripped_bytes"] <= native["extension_bytes"]
    assert contenders["split"]["effort"]["extension_bytes"] == 0
    shown = rows(tables(measured.good), "### What is shipped")
    assert shown["in C"]["stripped"].endswith("kB")
    assert shown["str.split"]["stripped"] == NONE


def test_lines_of_code_are_those_of_the_files(words, measured):
    lines = record(measured.good)["contenders"]["loop"]["effort"]["lines"]
    toml = (words.folder / "loop" / "pyproject.toml").read_text().splitlines()
    assert lines["configuration"] == sum(1 for line in toml if line.strip())
    # Without the docstring and the blank lines.
    assert lines["kernel"] == 20
    assert lines["glue"] == 0


def test_a_folder_that_holds_a_record_is_not_overwritten(words, measured):
    error = words.refused("run", "--study", "good.toml", "--record", "results/good")
    assert "results/good" in error


def test_raw_slices_are_a_csv_file(measured):
    found = slices(measured.good)
    assert list(found[0]) == COLUMNS
    assert sorted({row["case"] for row in found}) == sorted(CASES)
    assert {row["leg"] for row in found} == {"call", "floor", "again"}
    assert {int(row["block"]) for row in found} == set(range(5))
    assert all(int(row["iterations"]) > 0 and int(row["nanoseconds"]) > 0 for row in found)


def test_every_contender_is_timed_in_every_block_and_round(measured):
    found = slices(measured.good)
    for case in CASES:
        for contender in CONTENDERS:
            calls = [
                (int(row["block"]), int(row["round"]))
                for row in found
                if (row["case"], row["contender"], row["leg"]) == (case, contender, "call")
            ]
            wanted = [(block, turn) for block in range(5) for turn in range(5)]
            assert sorted(calls) == (wanted if applies(case, contender) else [])


def test_only_the_baseline_is_timed_against_itself(measured):
    again = [row for row in slices(measured.good) if row["leg"] == "again"]
    assert {row["contender"] for row in again} == {"split"}
    assert {row["case"] for row in again} == set(CASES)


def test_positions_in_a_round_are_all_taken(measured):
    rounds = {}
    for row in slices(measured.good):
        key = row["case"], row["block"], row["round"]
        rounds.setdefault(key, []).append(int(row["position"]))
    for places in rounds.values():
        assert sorted(places) == list(range(len(places)))


def test_ten_times_the_work_takes_several_times_as_long(measured):
    """Ten times, on a quiet machine; three is far from what noise could make of it, but on a busy
    one five blocks may resolve nothing."""
    shown = rows(tables(measured.good), "### count/1000")
    tenfold = shown["ten times the work"]
    assert float(tenfold["ratio"].split()[0]) > 3
    assert tenfold["verdict"] != "same"
    assert tenfold["blocks"] == "5, plan"


def test_times_in_the_tables_are_those_of_the_slices(measured):
    blocks = {}
    for row in slices(measured.good):
        if (row["case"], row["contender"], row["leg"]) == ("count/1000", "loop", "call"):
            time = int(row["nanoseconds"]) / int(row["iterations"])
            blocks.setdefault(row["block"], []).append(time)
    microseconds = statistics.geometric_mean(map(statistics.median, blocks.values())) / 1000
    shown = rows(tables(measured.good), "### count/1000")["a loop"]["time"]
    value, unit = shown.split()[:2]
    assert unit == "µs"
    assert abs(float(value) - microseconds) <= 0.005 * microseconds


def test_every_case_has_a_table_with_its_contenders(measured):
    text = tables(measured.good)
    titles = {"loop": "a loop", "split": "str.split", "native": "in C"}
    for case in CASES:
        shown = rows(text, f"### {case}")
        for name, title in titles.items():
            assert (title in shown) == applies(case, name)
    assert "What failed" not in text
    assert set(rows(text, "## A/A: the baseline against itself")) == set(CASES)


def test_charts_are_well_formed_and_name_the_contenders(measured):
    charts = sorted(path.name for path in (measured.good / "charts").iterdir())
    assert charts == ["by-length.svg", "effort.svg", "ratios.svg", "speed-up.svg"]
    for name in charts:
        svg = ElementTree.parse(measured.good / "charts" / name).getroot()
        assert svg.tag.endswith("svg")
        assert "in C" in "".join(svg.itertext()), name


def test_only_and_filter_narrow_the_record(words, measured, tmp_path):
    folder = tmp_path / "record"
    done = words.ffi_bench(
        "run", "--only", "native", "--filter", "^count/100?$", "--record", folder
    )
    assert done.returncode == 0, done
    found = slices(folder)
    assert {row["contender"] for row in found} == {"loop", "split", "native"}
    assert {row["case"] for row in found} == {"count/10", "count/100"}
    assert sorted(record(folder)["contenders"]) == ["loop", "native", "split"]
    assert words.ffi_bench("report", folder).returncode == 0
    assert "count/1000" not in tables(folder)
