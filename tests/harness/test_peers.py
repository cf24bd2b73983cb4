"""Libraries that others install: measured where they are there, and compared among peers only."""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from .commands import STUDY, Workplace, record, rows, slices, table, tables

pytestmark = pytest.mark.thorough("builds, verifies and measures a study of its own")

PEERS = ["--study", "peers.toml"]
ALL = [*PEERS, "--profile", "all"]
MARK = "(not equal work)"


@pytest.fixture(scope="module")
def place(binary, python, home) -> Workplace:
    folder = home / "peers"
    shutil.copytree(STUDY, folder)
    return Workplace(folder, binary, python, home)


@pytest.fixture(scope="module")
def measured(place) -> SimpleNamespace:
    """Every verb once: as usual, and with all that is optional."""
    results = place.folder / "results"
    outcome = SimpleNamespace(usual=results / "usual", all=results / "all")
    outcome.build = place.ffi_bench("build", *ALL)
    outcome.usual_verify = place.ffi_bench("verify", *PEERS)
    outcome.usual_run = place.ffi_bench("run", *PEERS, "--record", outcome.usual)
    outcome.verify = place.ffi_bench("verify", *ALL)
    outcome.run = place.ffi_bench("run", *ALL, "--record", outcome.all)
    outcome.observe = place.ffi_bench("observe", *ALL, "--record", outcome.all)
    outcome.report = place.ffi_bench("report", *PEERS, outcome.all)
    return outcome


def installed(place: Workplace, module: str) -> Path:
    where = f"import {module}; print({module}.__file__)"
    return Path(subprocess.check_output([place.python, "-c", where], encoding="utf-8").strip())


def test_nothing_is_built_of_a_peer(measured):
    assert measured.build.returncode == 0, measured.build.stderr
    for name in ["library", "hasty", "absent"]:
        assert name not in measured.build.stderr
        assert name not in measured.build.stdout


def test_a_peer_is_rare(measured):
    assert measured.usual_verify.returncode == measured.usual_run.returncode == 0
    found = record(measured.usual)
    assert list(found["contenders"]) == ["loop", "split", "tenfold"]
    # Nobody asked for a peer, so nobody is told that one is missing.
    assert found["left_out"] == {}
    assert "absent" not in measured.usual_verify.stderr


def test_a_peer_that_is_not_installed_is_left_out_with_the_reason(measured):
    reason = "words-absent is not installed: `make peers` installs it"
    for done in [measured.verify, measured.run]:
        assert f"left out: absent, because {reason}" in done.stderr
    found = record(measured.all)
    assert found["left_out"] == {"absent": reason}
    assert "absent" not in found["contenders"]
    assert {failure["contender"] for failure in found["failures"]} == {"hasty"}


def test_a_peer_that_is_wrong_is_a_row_with_what_it_gave(measured):
    assert measured.verify.returncode == measured.run.returncode == 1
    assert "beside/1000: gives 100, not what the reference gives" in measured.verify.stdout
    (failure,) = record(measured.all)["failures"]
    assert (failure["case"], failure["stage"]) == ("beside/1000", "verify")
    shown = rows(tables(measured.all), "### beside/1000")
    assert shown[f"in a hurry {MARK}"]["time"].startswith("failed (verify)")


def test_the_identity_of_a_peer_is_what_is_installed(measured):
    peer = record(measured.all)["contenders"]["library"]
    assert peer["sources"] == "words-library 1.2.0"
    assert peer["build_info"] == {"words-library": "1.2.0"}
    assert len(peer["artefact"]) == 16
    assert peer["effort"] is None
    assert peer["verified_inputs"] == 100


def test_peers_and_contenders_share_their_processes(measured):
    found = slices(measured.all)
    took = {
        case: {row["contender"] for row in found if row["case"] == case}
        for case in ["count/10", "beside/10", "beside/1000"]
    }
    assert took["count/10"] == {"loop", "split"}
    assert took["beside/10"] == {"loop", "split", "tenfold", "library", "hasty"}
    assert took["beside/1000"] == {"loop", "split", "tenfold", "library"}
    assert {row["block"] for row in found if row["contender"] == "library"} == set("0123")


def test_what_does_other_work_is_compared_among_peers_only(measured):
    text = tables(measured.all)
    columns = list(table(text, "### Beside others, in times")[0])
    assert columns == [
        "case",
        "a loop",
        "str.split",
        *(f"{title} {MARK}" for title in ["ten times the work", "a library", "in a hurry"]),
    ]
    assert list(table(text, "### Counting, in times")[0]) == ["case", "a loop", "str.split"]
    ranked = rows(text, "## Ranking")
    assert f"a library {MARK}" in ranked["beside/10"]["ranking"]
    assert MARK not in ranked["count/10"]["ranking"]
    assert set(rows(text, "## In short")) == {"a loop", "str.split"}
    words = text.split("## By regime, in words")[1].split("\n## ")[0]
    beside = next(line for line in words.splitlines() if line.startswith("- **Beside others.**"))
    assert f"**a library {MARK}**" in beside
    assert "*Not equal work*:" in beside


def test_a_chart_of_peers_cases_shows_whoever_took_part_and_no_other_does(measured):
    def drawn(name: str) -> str:
        return (measured.all / "charts" / f"{name}.svg").read_text(encoding="utf-8")

    for title in ["a library", "in a hurry", "ten times the work"]:
        assert title in drawn("beside")
        assert title not in drawn("everything")


def medians(folder: Path, case: str, contender: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for row in slices(folder):
        if (row["case"], row["contender"], row["leg"]) == (case, contender, "call"):
            time = int(row["nanoseconds"]) / int(row["iterations"])
            values.setdefault(row["block"], []).append(time)
    return {block: statistics.median(of) for block, of in values.items()}


def faster(folder: Path, slow: tuple[str, str], fast: tuple[str, str]) -> float:
    """How many times as fast, within the same processes."""
    slow_in, fast_in = medians(folder, *slow), medians(folder, *fast)
    logs = [math.log(slow_in[block] / fast_in[block]) for block in slow_in if block in fast_in]
    return math.exp(statistics.fmean(logs))


def figure(text: str) -> float:
    return float(text.split(" [")[0])


def test_a_goal_is_compared_with_the_best_that_took_part(measured):
    shown = table(tables(measured.all), "## Goals")
    assert [row["work"] for row in shown] == ["little", "everything", "everything"]
    best, *others = shown
    times = {peer: medians(measured.all, "beside/10", peer) for peer in ["library", "hasty"]}
    fastest = min(times, key=lambda peer: statistics.fmean(map(math.log, times[peer].values())))
    title = {"library": "a library", "hasty": "in a hurry"}[fastest]
    assert best["beside"] == f"{title} {MARK}"
    wanted = faster(measured.all, ("beside/10", fastest), ("beside/10", "split"))
    assert figure(best["times as fast"]) == pytest.approx(wanted, rel=0.01)
    assert best["verdict"] == "met"
    assert {row["verdict"] for row in others} == {"missed"}
    assert {row["beside"] for row in others} == {"a loop"}


def test_a_goal_stands_where_a_document_has_a_place_for_it(place, measured):
    document = place.folder / "goals.md"
    document.write_text("<!-- ffi-bench: goals -->\n<!-- ffi-bench: end -->\n")
    done = place.ffi_bench("report", *PEERS, measured.all, "--splice", document)
    assert done.returncode == 0, done.stderr
    assert "| little | `beside/10` |" in document.read_text()


def test_a_ladder_goes_across_cases(measured):
    shown = rows(tables(measured.all), "### Step by step")
    before, first = "times as fast as the step before", "times as fast as the first"
    start = ("beside/1000", "loop")
    assert shown["much, slowly"][before] == ""
    for step, of in [("much", ("beside/1000", "split")), ("little", ("count/10", "split"))]:
        wanted = faster(measured.all, start, of)
        assert figure(shown[step][first]) == pytest.approx(wanted, rel=0.01)
        assert figure(shown[step][before]) == pytest.approx(wanted, rel=0.01)
    assert shown["little"][before].endswith("over *much, slowly*")
    svg = (measured.all / "charts" / "ladder.svg").read_text(encoding="utf-8")
    for text in ["1. much, slowly", "3. little", "less to do", "step 1"]:
        assert text in svg


def test_a_peer_that_is_named_takes_part_in_any_profile(place, measured):
    folder = place.folder / "results" / "named"
    only = [*PEERS, "--only", "library", "--filter", "^beside/10$"]
    assert place.ffi_bench("run", *only, "--record", folder).returncode == 0
    assert list(record(folder)["contenders"]) == ["library", "loop", "split"]


def test_what_is_installed_must_be_what_was_verified(place, measured):
    run = ["run", *ALL, "--record", place.folder / "results" / "changed"]
    for module in ["words_library", "words_adapters"]:
        file = installed(place, module)
        text = file.read_text()
        file.write_text(text + "\n# edited where it is installed\n")
        try:
            error = place.refused(*run)
        finally:
            file.write_text(text)
        assert "what is installed as words_adapters.library is not what was verified" in error
        assert "run `ffi-bench verify` first" in error
    assert not (place.folder / "results" / "changed").exists()
