"""`ab`: two revisions of the sources, timed in the same blocks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from .commands import Workplace, record

# Most of the time of a call goes into a loop, whose length is planted.
STEPS = 1000
LOOP = "    for _ in range({}):\n        pass\n    return len(text.split())"
FILE = "split/words_split.py"
ONLY = ["--study", "good.toml", "--only", "split", "--only", "native", "--filter", "^count/100$"]
ONLY += ["--profile", "pairs"]
PROFILE = "\n[profile.pairs]\nblocks = 20\nrounds = 10\nwidth = 0.01\ncase_seconds = 15\n"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def plant(place: Workplace, steps: float) -> None:
    path = place.folder / FILE
    text = re.sub(
        r"(def count\(text\):\n).*?\n\n",
        lambda found: found[1] + LOOP.format(round(steps)) + "\n\n",
        path.read_text(),
        flags=re.DOTALL,
    )
    path.write_text(text)


def commit(place: Workplace, name: str) -> None:
    git(place.folder, "add", "--all")
    git(place.folder, "commit", "--allow-empty", "--message", name)
    git(place.folder, "tag", name)


@pytest.fixture(scope="module")
def place(words, measured, tmp_path_factory) -> Workplace:
    """A repository with a tag for each planted change, in percent."""
    place = words.copy(tmp_path_factory.mktemp("revisions") / "project")
    with (place.folder / "good.toml").open("a") as study:
        study.write(PROFILE)
    (place.folder / ".gitignore").write_text("target/\nresults/\n")
    git(place.folder, "init", "--quiet")
    plant(place, STEPS)
    commit(place, "base")
    for percent in [3, 10]:
        plant(place, STEPS * (1 + percent / 100))
        commit(place, f"slower-by-{percent}")
    plant(place, STEPS)
    commit(place, "as-before")
    path = place.folder / FILE
    path.write_text(path.read_text().replace("return len(text.split())", "return -1"))
    commit(place, "wrong")
    git(place.folder, "checkout", "--quiet", "as-before")
    return place


def verdicts(text: str) -> dict[str, str]:
    """The last column of the summary, by contender."""
    rows = re.findall(r"^\| (\w+) \| count/100 \|.*\| (\w+) \|$", text, re.MULTILINE)
    return dict(rows)


def test_a_planted_change_is_found_and_named_for_a_pull_request(place, tmp_path):
    summary = tmp_path / "summary.md"
    options = [*ONLY, "--results", tmp_path, "--summary", summary, "--fail-on-regression"]
    done = place.ffi_bench("ab", "base", "slower-by-10", *options)
    assert done.returncode == 3, done
    text = summary.read_text()
    assert verdicts(text)["split"] == "SLOWER"
    assert re.search(r"^# \w{9} against \w{9}$", text, re.MULTILINE)
    assert "Of 2 rows 1 is slower" in text
    assert "these rows show the noise: native." in text
    (row,) = [line for line in text.splitlines() if line.startswith("| split")]
    low, high = map(float, re.search(r"% \[\+([\d.]+), \+([\d.]+)\]", row).groups())
    assert low < 10 < high + 3
    # It is a record like any other, of both, without the reference.
    (folder,) = [path.parent for path in tmp_path.glob("*/record.json")]
    kept = record(folder)
    assert set(kept["calibrations"]["count/100"]) == {
        f"{side}/{name}" for side in ["before", "after"] for name in ["split", "native"]
    }
    assert "loop" in kept["contenders"]
    # What is installed for everybody else stays as it was.
    source = "import inspect, words_split; print(inspect.getsource(words_split.count))"
    installed = subprocess.check_output([place.python, "-c", source], encoding="utf-8")
    assert "for" not in installed


@pytest.mark.thorough("measures a whole study again")
def test_three_percent_is_told_from_nothing(place, tmp_path):
    for after, found in [("slower-by-3", {"SLOWER"}), ("as-before", {"same", "unresolved"})]:
        summary = tmp_path / f"{after}.md"
        done = place.ffi_bench("ab", "base", after, *ONLY, "--no-count", "--summary", summary)
        assert done.returncode == 0, done
        assert verdicts(summary.read_text())["split"] in found, summary.read_text()


def test_what_answers_wrongly_is_a_failed_row(place, tmp_path):
    summary = tmp_path / "summary.md"
    done = place.ffi_bench("ab", "base", "wrong", *ONLY, "--no-count", "--summary", summary)
    assert done.returncode == 1, done
    assert verdicts(summary.read_text())["split"] == "failed"


def test_what_is_no_revision_is_named(place, tmp_path):
    assert "there is no revision no-such-tag" in place.refused("ab", "no-such-tag", *ONLY)
    error = place.refused("ab", "base", *ONLY, "--margin=-1")
    assert "it must not be negative" in error
    error = place.refused("ab", "base", "--study", "good.toml", "--only", "nobody")
    assert "--only nobody: the study has no such contender" in error
