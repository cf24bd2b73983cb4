"""What it takes to have a contender: builds, what is shipped, first calls, interpreters, mistakes.

No test compares seconds: only what was built, how often, and what is said of what failed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest

from .commands import STUDY, Workplace, record, table, tables
from .conftest import environment

pytestmark = pytest.mark.thorough("builds every contender many times")

STUDY_FILE = ["--study", "effort.toml"]


@pytest.fixture(scope="module")
def place(binary, home) -> Workplace:
    """A study and an environment of its own: what is built here is not what others verified."""
    folder = home / "effort"
    shutil.copytree(STUDY, folder)
    return Workplace(folder, binary, environment(home / "environment-of-effort"), home)


@pytest.fixture(scope="module")
def measured(place, base_python) -> SimpleNamespace:
    """Everything once, tried on two interpreters, one of which does not exist."""
    interpreters = {"PYTHONS": f"{base_python} /no/such/python"}
    outcome = SimpleNamespace(folder=place.folder / "results" / "all")
    outcome.build = place.ffi_bench("build", *STUDY_FILE, **interpreters)
    outcome.built = state(place, "build.json")
    outcome.around = state(place, "surroundings.json")
    outcome.again = place.ffi_bench("build", *STUDY_FILE, **interpreters)
    outcome.verify = place.ffi_bench("verify", *STUDY_FILE)
    outcome.run = place.ffi_bench("run", *STUDY_FILE, "--record", outcome.folder)
    outcome.report = place.ffi_bench("report", outcome.folder)
    outcome.text = tables(outcome.folder)
    return outcome


def state(place, name) -> dict:
    (file,) = place.folder.glob(f"target/ffi-bench/words-effort-*/{name}")
    return json.loads(file.read_text(encoding="utf-8"))


def effort(measured, name) -> dict:
    return measured.built[name]["installed"]["effort"]


def builds(measured, name, toolchain=None, cores=None) -> dict:
    found = effort(measured, name)["builds"]
    wanted = [b for b in found if (b.get("toolchain"), b.get("cores")) == (toolchain, cores)]
    return {b["start"]: b for b in wanted}


# ------------------------------------------------------------------------------ builds


def test_builds_are_repeated_from_every_start_that_there_is(measured):
    native = builds(measured, "native")
    assert set(native) == {"nothing", "clean", "unchanged", "glue-edit"}
    assert set(builds(measured, "loop")) == {"nothing", "unchanged", "kernel-edit"}
    for found in [*native.values(), *builds(measured, "loop").values()]:
        assert len(found["costs"]) == 2
        for cost in found["costs"]:
            assert cost["seconds"] > 0
            assert cost["cpu_seconds"] > 0
            assert cost["largest_bytes"] > 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps these accounts")
def test_memory_and_bytes_are_those_of_all_processes(measured):
    for cost in builds(measured, "native")["nothing"]["costs"]:
        assert cost["together_bytes"] > 1_000_000
        assert cost["written_bytes"] > 0
    alone = builds(measured, "native", cores=1)
    assert set(alone) == {"nothing", "clean", "unchanged", "glue-edit"}


def test_an_edit_that_changes_nothing_is_noticed(measured):
    assert measured.build.returncode == 1
    assert "what was built after the edit of prelude.py is what was built" in measured.build.stderr
    edited = builds(measured, "split")["kernel-edit"]
    assert edited["costs"] == []
    assert "what was built before" in edited["failed"]


def test_the_installed_one_is_not_the_edited_one(place, measured):
    (wheel,) = place.folder.glob("target/ffi-bench/words-effort-*/build/loop/wheel/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert b"words, inside = 0, False" in archive.read("words_loop.py")
    assert measured.verify.returncode == 0, measured.verify


def test_other_toolchains_are_built_or_say_why_not(measured):
    slow = builds(measured, "native", "slow")
    assert set(slow) == {"nothing", "clean"}
    assert slow["nothing"]["extension_bytes"] > 0
    dreams = builds(measured, "native", "dreams")
    assert dreams["nothing"]["failed"] == "the-compiler-of-dreams is not installed"
    broken = builds(measured, "native", "broken")["nothing"]
    assert "false" in broken["failed"]
    assert broken["costs"] == []
    shown = table(measured.text, "### Other toolchains")
    assert [row["toolchain"] for row in shown] == [
        "without optimisation",
        "the compiler of dreams",
        "a compiler that fails",
    ]


def test_the_empty_package_is_a_row(measured):
    assert {b["start"] for b in measured.around["empty_package"]} == {"nothing", "unchanged"}
    names = [row["contender"] for row in table(measured.text, "### Build times")]
    assert names == ["a loop", "in C", "str.split", "(an empty package)"]


def test_what_there_is_no_time_for_is_said(place, measured, tmp_path):
    hurried = place.copy(tmp_path / "hurried")
    shutil.rmtree(hurried.folder / "target")
    done = hurried.ffi_bench("build", *STUDY_FILE, "--profile", "hurried", "--only", "loop")
    assert done.returncode == 0, done
    assert "no time for builds of a loop, all processors" in done.stderr
    assert "no time for builds of in C, slow" in done.stderr
    found = state(hurried, "build.json")["loop"]["installed"]["effort"]["builds"]
    assert [b["start"] for b in found] == ["nothing"]


def test_what_was_measured_is_not_measured_again(measured):
    for name in ["loop", "native", "split"]:
        assert f"build {name}: already built from the same sources" in measured.again.stderr
    assert "rounds of builds: measured (0." in measured.again.stderr


def test_an_interrupted_round_is_gone_on_with(place, measured, base_python):
    (file,) = place.folder.glob("target/ffi-bench/words-effort-*/build.json")
    known = json.loads(file.read_text(encoding="utf-8"))
    for found in known["loop"]["installed"]["effort"]["builds"]:
        if "cores" not in found:
            found["costs"].pop()
    file.write_text(json.dumps(known), encoding="utf-8")
    interpreters = {"PYTHONS": f"{base_python} /no/such/python"}
    place.ffi_bench("build", *STUDY_FILE, "--only", "loop", **interpreters)
    after = json.loads(file.read_text(encoding="utf-8"))["loop"]["installed"]["effort"]["builds"]
    for found, before in zip(after, effort(measured, "loop")["builds"], strict=True):
        assert len(found["costs"]) == len(before["costs"])
        assert found["costs"][0] == before["costs"][0]
        assert (found["costs"][-1] == before["costs"][-1]) == ("cores" in found)


VARIANT = """
[[contender]]
name = "native/again"
title = "in C, again"
variant_of = "native"
folder = "again"
module = "words_again"
dependency_cache = "WORDS_CACHE"
"""


def test_what_was_installed_first_is_measured_later_as_it_is(place, measured, tmp_path):
    copy = place.copy(tmp_path / "project")
    shutil.rmtree(copy.folder / "target")
    again = shutil.copytree(copy.folder / "native", copy.folder / "again")
    shutil.rmtree(again / "mistakes")
    for file in list(again.iterdir()):
        text = file.read_text().replace("words_native", "words_again")
        text = text.replace("words-native", "words-again")
        (again / file.name.replace("native", "again")).write_text(text)
    with (copy.folder / "effort.toml").open("a") as study:
        study.write(VARIANT)
    wanted = ["build", *STUDY_FILE, "--only", "native/again"]

    done = copy.ffi_bench(*wanted, "--install-only")
    assert done.returncode == 0, done
    first = state(copy, "build.json")
    for name, starts in [("loop", ["nothing"]), ("native", ["nothing"]), ("native/again", [])]:
        found = first[name]["installed"]["effort"]
        assert [b["start"] for b in found["builds"]] == starts
        assert found["profile"] == ""
    wheels = {wheel: wheel.stat().st_mtime_ns for wheel in copy.folder.rglob("wheel/*.whl")}
    assert len(wheels) == 3

    # One of the study's toolchains fails.
    done = copy.ffi_bench(*wanted, "--profile", "exhaustive")
    assert "build native: FAILED" not in done.stderr
    assert "build native/again: FAILED" not in done.stderr
    for name in ["native", "native/again"]:
        found = state(copy, "build.json")[name]["installed"]["effort"]
        assert found["profile"] == "exhaustive"
        own = [b for b in found["builds"] if "cores" not in b and "toolchain" not in b]
        assert {b["start"] for b in own} >= {"nothing", "clean", "unchanged"}
        assert {len(b["costs"]) for b in own} == {1}
    # The one build that was made from nothing then was not made again.
    nothing = first["native"]["installed"]["effort"]["builds"][0]
    assert state(copy, "build.json")["native"]["installed"]["effort"]["builds"][0] == nothing
    assert {wheel: wheel.stat().st_mtime_ns for wheel in wheels} == wheels


def test_a_build_that_fails_is_a_row_and_the_rest_is_measured(place, measured, tmp_path):
    failing = place.copy(tmp_path / "failing")
    done = failing.ffi_bench(
        "build", *STUDY_FILE, "--install-only", "--only", "unbuildable", "--only", "split"
    )
    assert done.returncode == 1
    assert "build unbuildable: FAILED: " in done.stderr
    failed = state(failing, "build.json")["unbuildable"]["failed"]
    assert "the compiler of dreams" in failed["message"]
    assert "build split: " in done.stderr


def test_one_for_a_newer_python_is_left_out(measured):
    assert "left out: futuristic, because it is for Python 4.0 or later" in measured.build.stderr
    assert "futuristic" in record(measured.folder)["left_out"]
    assert "futuristic" not in record(measured.folder)["contenders"]


# ------------------------------------------------------------------------------ what is shipped


def test_what_is_shipped_is_what_is_in_the_wheel(place, measured):
    shipped = effort(measured, "native")["shipped"]
    (wheel,) = place.folder.glob("target/ffi-bench/words-effort-*/build/native/wheel/*.whl")
    assert wheel.stem.endswith(shipped["tag"])
    with zipfile.ZipFile(wheel) as archive:
        assert shipped["installed_bytes"] == sum(m.file_size for m in archive.infolist())
    assert shipped["exported"] == ["PyInit_words_native"]
    assert shipped["sections"]["code"] > 0
    assert "audits" not in shipped
    assert effort(measured, "loop")["shipped"]["audits"] == {"taster": "any"}


@pytest.mark.skipif(sys.platform != "linux", reason="readelf is for Linux")
def test_libraries_and_symbols_are_those_that_readelf_finds(place, measured, tmp_path):
    (wheel,) = place.folder.glob("target/ffi-bench/words-effort-*/build/native/wheel/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (extension,) = (name for name in archive.namelist() if name.endswith(".so"))
        archive.extract(extension, tmp_path)
    command = ["readelf", "--wide", "--dynamic", "--dyn-syms", tmp_path / extension]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    shipped = effort(measured, "native")["shipped"]
    assert shipped["libraries"] == sorted(re.findall(r"NEEDED.*\[(.*)\]", said))
    exported = re.findall(r"(?:GLOBAL|WEAK) +DEFAULT +[0-9]+ (\S+)", said)
    assert shipped["exported"] == sorted(exported)


def test_the_first_call_is_made_by_the_commands_that_are_shown(measured):
    found = effort(measured, "native")["first_call"]
    assert found["steps"] == ["test -f native/pyproject.toml", "python3 -c 'print(6 * 7)'"]
    assert len(found["seconds"]) == 2
    assert "failed" not in found
    assert found["missing"] == ["a-tool-of-dreams"]
    shown = {row["contender"]: row for row in table(measured.text, "### The way to a first call")}
    assert shown["in C"]["languages to know"] == "2: C, Python"
    assert shown["in C"]["commands"] == "2"


def test_without_network_a_download_is_a_row_with_its_reason(place, measured, tmp_path):
    """A package index that nobody answers for."""
    alone = place.copy(tmp_path / "alone")
    nobody = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PYTHONS": sys.executable}
    done = alone.ffi_bench("build", *STUDY_FILE, "--again", "--only", "native", **nobody)
    assert "downloads and first calls: measured" in done.stderr
    fetched = state(alone, "build.json")["native"]["installed"]["effort"]["fetched"]
    assert "setuptools" in fetched["failed"]["message"]


# ------------------------------------------------------------------------------ interpreters


def test_each_contender_is_tried_on_each_interpreter(measured):
    (interpreter,) = measured.around["interpreters"]
    name = interpreter["name"]
    assert name.endswith(interpreter["version"])
    assert "path" not in interpreter
    assert effort(measured, "native")["fits"][name] == {"outcome": "serves", "words": "2 words"}
    split = effort(measured, "split")["fits"][name]
    assert split["outcome"] == "fails"
    assert "it never agrees" in split["words"]
    shown = {row["contender"]: row[name] for row in table(measured.text, "### Portability")}
    serves = "one wheel serves"
    assert shown == {"a loop": serves, "in C": serves, "str.split": "**fails**"}


def test_an_interpreter_that_is_not_there_is_said(measured):
    assert "an interpreter that does not work: /no/such/python" in measured.build.stderr


# ------------------------------------------------------------------------------ mistakes


def test_mistakes_are_built_and_run_as_often_as_the_profile_says(measured):
    ledger = measured.around["ledger"]
    assert ledger["lost"]["loop"]["plain"] == [{"seen": {"wrong-answer": "None"}, "times": 3}]
    assert ledger["lost"]["native"]["plain"] == [{"seen": {"crash": "SIGABRT"}, "times": 3}]
    assert ledger["lost"]["native"]["linted"] == "error: a statement without effect"
    assert ledger["lost"]["native"]["notes"] == ["AddressSanitizer: there is no sanitizer for it"]
    assert ledger["lost"]["split"]["plain"] == [{"seen": "hang", "times": 3}]
    assert ledger["loud"]["native"] == {"cannot": "It has no exceptions."}
    refused = ledger["loud"]["loop"]
    assert refused["refused"].endswith("error: an exception is not a value")
    assert str(measured.folder) not in refused["refused"]
    assert ledger["hidden"]["loop"] == {
        "plain": [{"seen": "unnoticed", "times": 3}],
        "sanitized": [{"seen": {"report": "heap-use-after-free"}, "times": 3}],
    }
    # Beside a twin that is wrong, too, a mistake says nothing.
    assert ledger["hidden"]["native"] == {"notes": ['the correct twin is wrong: WrongAnswer("41")']}
    assert ledger["loud"]["split"] == {"notes": ["nobody has written it"]}


def test_a_variant_is_no_way_of_its_own(measured):
    assert set(measured.around["ledger"]["lost"]) == {"loop", "native", "split"}


def test_mistakes_in_tables_and_charts(measured):
    shown = {row["mistake"]: row for row in table(measured.text, "### When it goes wrong")}
    assert shown["An answer lost"]["a loop"] == "**silently wrong**"
    assert shown["An answer lost"]["in C"] == "caught by the linter; **crash** (SIGABRT)"
    assert shown["An answer refused"]["in C"] == "cannot be written"
    assert shown["An answer refused"]["a loop"] == "refused by the compiler"
    assert shown["A mistake that hides"]["in C"] == "not tried"
    assert shown["A mistake that hides"]["a loop"] == "goes unnoticed; ASan: heap-use-after-free"
    for chart in ["builds", "portability", "mistakes"]:
        svg = (measured.folder / "charts" / f"{chart}.svg").read_text(encoding="utf-8")
        assert "in C" in svg


# ------------------------------------------------------------------------------ records


def test_the_record_has_it_all(measured):
    assert measured.run.returncode == 0, measured.run
    found = record(measured.folder)
    assert found["surroundings"] == measured.around
    for name in ["loop", "native", "split"]:
        assert found["contenders"][name]["effort"] == effort(measured, name)


def test_the_study_is_refused_where_it_does_not_fit(place, measured, tmp_path):
    for old, new, message in [
        ('contenders = ["native"]', 'contenders = ["nobody"]', "toolchain slow names 'nobody'"),
        ("cannot = { native", "cannot = { nobody", "mistake loud names 'nobody'"),
        ('name = "lost"', 'name = "loud"', "mistakes: the name 'loud' is used twice"),
        ("effort_repeats = 2", "effort_repeats = 0", "`effort_repeats` is at least 1"),
    ]:
        spoilt = place.copy(tmp_path / message[:8].replace(" ", "-"))
        spoilt.edit("effort.toml", old, new)
        assert message in spoilt.refused("list", *STUDY_FILE)
