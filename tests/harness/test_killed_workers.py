"""A worker that is killed from outside is asked again, once in each place, in every verb."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import STUDY, Workplace, record, slices
from .conftest import environment
from .test_regimes import with_malloc_debug

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")

again = pytest.mark.thorough("kills a worker in one more step")

# Long enough to be found in.
WAIT = "import time; time.sleep(0.2)"

TEXT = f"""
[study]
name = "words"
title = "Counting words"
prelude = "prelude.py"
reference = "loop"
baseline = "loop"
seed = 7

[profile.default]
blocks = 3
rounds = 2

[[case]]
name = "call/noop"
about = "Cross and come back"
call = "noop()"

[[case]]
name = "call/late"
about = "The same after a while"
setup = "{WAIT}"
call = "noop()"
memory = true

[[check]]
name = "texts"
about = "texts of every length to 80 characters"
inputs = "texts(seed, count)"
count = 400
names = ["text"]
calls = ["count(text)"]

[[outcome]]
name = "late"
about = "A value after a while"
setup = "{WAIT}"
call = "count('a b c')"
"""

CONTENDER = """
[[contender]]
name = "{0}"
title = "{0}"
folder = "{0}"
module = "words_{0}"
build = ["{{python}}", "wheel.py", "{{folder}}", "{{wheels}}"]
"""


@pytest.fixture(scope="module")
def place(binary, home) -> Workplace:
    # An environment of its own: other tests have another `split` in theirs.
    python = environment(home / "environment-killed")
    folder = home / "killed"
    shutil.copytree(STUDY, folder)
    contenders = "".join(map(CONTENDER.format, ["loop", "split"]))
    (folder / "study.toml").write_text(TEXT + contenders)
    module = folder / "split" / "words_split.py"
    module.write_text(f"{WAIT}\n{module.read_text()}")
    place = Workplace(folder, binary, python, home)
    for verb in ["build", "verify"]:
        done = place.ffi_bench(verb)
        assert done.returncode == 0, done
    return place


@pytest.fixture(scope="module")
def measured(place) -> Path:
    folder = place.folder / "results" / "measured"
    done = place.ffi_bench("run", "--record", folder)
    assert done.returncode == 0, done
    return folder


def children_of(parent: int) -> list[int]:
    """The children of a process that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, of, *_ = path.read_text().rpartition(")")[2].split()
            if int(of) == parent and state != "Z":
                found.append(int(path.parent.name))
    return found


def worker_at(place: Workplace, case: str):
    """Whether a worker has announced that `split` has its turn at a case."""

    def wanted(child: int) -> bool:
        announced = f'{{"case": "{case}", "contender": "split"}}'.encode()
        boxes = place.state.glob("worker/announcements-*")
        return any(announced in box.read_bytes() for box in boxes)

    return wanted


def import_of_split(child: int) -> bool:
    """Whether a process measures what it takes to import `split`."""
    command = Path(f"/proc/{child}/cmdline").read_bytes()
    return b"import_probe.py\0words_split" in command


def killed(place: Workplace, times: int, wanted, *arguments) -> subprocess.CompletedProcess:
    """Runs a command, and kills as many of its children as are said, when `wanted` is true."""
    process = place.begin(*arguments, stderr=subprocess.PIPE)
    victims: set[int] = set()
    while process.poll() is None and len(victims) < times:
        for child in children_of(process.pid):
            with contextlib.suppress(OSError):
                if child not in victims and wanted(child):
                    os.kill(child, signal.SIGKILL)
                    victims.add(child)
    _, said = process.communicate(timeout=120)
    assert len(victims) == times
    return subprocess.CompletedProcess(arguments, process.returncode, stderr=said.decode())


def verdict(place: Workplace) -> dict:
    return json.loads((place.state / "verify.json").read_text())["split"]


@pytest.mark.parametrize("case", ["", "call/late"])
def test_verify_asks_again_and_then_believes_it(place, case):
    before = verdict(place)
    done = killed(place, 1, worker_at(place, case), "verify")
    assert done.returncode == 0, done
    assert verdict(place) == before
    done = killed(place, 2, worker_at(place, case), "verify")
    assert done.returncode == 1, done
    if case:
        assert verdict(place)["failed_cases"][case].startswith("killed by signal 9")
        assert "call/noop" in verdict(place)["digests"]
    else:
        assert verdict(place)["refused"].startswith("killed by signal 9")
    assert place.ffi_bench("verify").returncode == 0


@pytest.mark.parametrize("in_blocks", [False, pytest.param(True, marks=again)])
def test_run_asks_again_and_then_believes_it(place, measured, tmp_path, in_blocks):
    def run(times: int) -> tuple[int, dict, Path]:
        folder = tmp_path / f"killed-{times}"
        at = worker_at(place, "call/late")

        def wanted(child: int) -> bool:
            return (folder / "blocks").exists() == in_blocks and at(child)

        done = killed(place, times, wanted, "run", "--record", folder)
        return done.returncode, record(folder), folder

    code, found, folder = run(1)
    assert (code, found["failures"]) == (0, [])
    rows = [(r["block"], r["case"], r["contender"], r["leg"]) for r in slices(folder)]
    usual = [(r["block"], r["case"], r["contender"], r["leg"]) for r in slices(measured)]
    assert sorted(rows) == sorted(usual)
    code, found, _ = run(2)
    (failure,) = found["failures"]
    assert code == 1
    assert (failure["contender"], failure["case"]) == ("split", "call/late")
    assert failure["stage"] == ("run, together" if in_blocks else "run, alone")
    assert failure["message"].startswith("killed by signal 9")


@pytest.fixture
def observe(place, measured, tmp_path):
    """Observes while so many processes are killed, and gives what the record says then."""

    def make(times: int, wanted) -> dict:
        folder = shutil.copytree(measured, tmp_path / f"killed-{times}")
        done = killed(place, times, wanted, "observe", "--record", folder)
        assert done.returncode == 0, done
        return record(folder)["observed"]

    return make


@again
def test_observe_imports_again_and_then_notes_it(observe):
    found = observe(1, import_of_split)
    assert found["notes"] == []
    assert len(found["imports"]["split"]) == len(found["imports"]["loop"])
    found = observe(2, import_of_split)
    (note,) = found["notes"]
    assert note.startswith("the import of split: ")
    assert "signal: 9" in note
    assert "split" not in found["imports"]


@again
@with_malloc_debug
def test_observe_looks_again_at_what_a_call_allocates_and_then_notes_it(place, observe):
    found = observe(1, worker_at(place, "call/late"))
    assert found["notes"] == []
    assert set(found["allocations"]["call/late"]) == {"loop", "split"}
    found = observe(2, worker_at(place, "call/late"))
    (note,) = found["notes"]
    assert note.startswith("what split allocates in call/late: killed by signal 9")
    assert set(found["allocations"]["call/late"]) == {"loop"}


@again
def test_observe_looks_again_at_an_outcome_and_then_shows_it(place, observe):
    assert observe(1, worker_at(place, "late"))["outcomes"]["late"]["split"] == {"value": "3"}
    death = observe(2, worker_at(place, "late"))["outcomes"]["late"]["split"]["death"]
    assert death.startswith("killed by signal 9")
