"""`bench`: a whole measurement, from a look at the machine to the report."""

import re
import shutil
import signal
import subprocess
import time

import pytest

from .commands import record, slices
from .conftest import environment
from .test_resume import finished, wait_for_blocks

STEPS = ["doctor", "build", "verify", "run", "build", "count", "observe", "report", "report"]

# As little as a measurement can be of.
LITTLE = ["--only", "native", "--filter", "^call/noop$"]
GOOD = ["bench", "--study", "good.toml", *LITTLE]

again = pytest.mark.thorough("measures a whole study again")


def steps(done):
    """The commands that were announced on standard output."""
    return re.findall(r"^== ffi-bench (.*)$", done.stdout, re.MULTILINE)


def only_record(results):
    """The folder of the one record that there is."""
    (folder,) = [path.parent for path in results.glob("*/record.json")]
    return folder


def is_whole(folder):
    """Whether all steps have left their result in a record."""
    kept = record(folder)
    native = kept["contenders"]["native"]
    return (
        kept["finished"] is not None
        and native["effort"] is not None
        and kept["counts"] is not None
        and kept["observed"] is not None
        and (folder / "report.html").exists()
    )


@pytest.fixture(scope="module")
def place(words, measured, tmp_path_factory):
    """A copy, because `verify` of less than all leaves less for others to measure."""
    return words.copy(tmp_path_factory.mktemp("measurement") / "project")


@pytest.fixture(scope="module")
def whole(place, tmp_path_factory):
    """A measurement that all went well in, and the folder of its record."""
    results = tmp_path_factory.mktemp("results")
    done = place.ffi_bench(*GOOD, "--profile", "default", "--results", results)
    assert done.returncode == 0, done
    return done, only_record(results)


def test_all_steps_are_done_in_their_order_with_what_each_knows(whole):
    done, folder = whole
    profile, only, cases = "--profile default", "--only native", "--filter '^call/noop$'"
    assert steps(done) == [
        f"doctor {only}",
        f"build {profile} --install-only {only}",
        f"verify {profile} {only} {cases}",
        f"run {profile} --results {folder.parent} {only} {cases}",
        f"build {profile} --record {folder} {only}",
        f"count --record {folder} {only} {cases}",
        f"observe --record {folder} {only} {cases}",
        f"report {folder}",
        f"report --terminal {folder}",
    ]
    assert is_whole(folder)
    assert {row["case"] for row in slices(folder)} == {"call/noop"}
    assert "tenfold" not in record(folder)["contenders"]
    # The last that is seen is the results.
    assert f"The whole report: {folder}/report.html" in done.stdout.splitlines()[-1]


@again
def test_a_contender_that_fails_does_not_end_it(place, tmp_path):
    done = place.ffi_bench("bench", "--filter", "^call/noop$", "--results", tmp_path)
    assert done.returncode == 1, done
    assert [step.split()[0] for step in steps(done)] == STEPS
    assert is_whole(only_record(tmp_path))
    assert re.search(r"some contenders failed in: build verify run\b", done.stderr)


def test_a_step_that_cannot_work_ends_it(place):
    done = place.ffi_bench(*GOOD, "--results", "/proc/results")
    assert done.returncode == 2
    assert [step.split()[0] for step in steps(done)] == STEPS[:4]
    assert "/proc/results" in done.stderr


@again
def test_without_valgrind_only_the_count_is_missing(place, tmp_path):
    """A path with all programs that are needed but valgrind."""
    path = tmp_path / "bin"
    path.mkdir()
    for folder in ["/bin", "/usr/bin", "/usr/local/bin"]:
        for program in ["sh", "cc", "gcc", "as", "ld", "ar", "env"]:
            found = shutil.which(program, path=folder)
            if found and not (path / program).exists():
                (path / program).symlink_to(found)
    for program in ["cargo", "rustc"]:
        (path / program).symlink_to(shutil.which(program))
    results = tmp_path / "results"
    done = place.ffi_bench(*GOOD, "--results", results, PATH=str(path))
    assert done.returncode == 0, done
    assert "not counted: there is no valgrind" in done.stdout
    assert is_whole(only_record(results))


@again
def test_an_interruption_says_how_to_go_on(place, tmp_path):
    arguments = [*GOOD, "--profile", "long", "--results", tmp_path]
    process = place.begin(*arguments, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*/record.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    folder = only_record(tmp_path)
    wait_for_blocks(process, folder, 1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    before = finished(folder)
    assert 0 < len(before) < 40

    # What it says can be typed as it stands.
    (command,) = re.findall("continue with `(.*)`", said.decode())
    done = subprocess.run(
        command,
        shell=True,
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done
    assert [step.split()[0] for step in steps(done)] == STEPS[3:]
    assert is_whole(folder)
    assert {int(row["block"]) for row in slices(folder)} == set(range(40))


@again
def test_a_finished_record_gets_the_later_steps_only(place, whole, tmp_path):
    folder = shutil.copytree(whole[1], tmp_path / "record")
    before = (folder / "slices.csv.gz").read_bytes()
    (folder / "report.html").unlink()
    done = place.ffi_bench(*GOOD, "--resume", folder)
    assert done.returncode == 0, done
    assert [step.split()[0] for step in steps(done)] == STEPS[4:]
    assert is_whole(folder)
    assert (folder / "slices.csv.gz").read_bytes() == before


@again
def test_the_records_of_several_interpreters_are_compared(place, home, tmp_path):
    other = environment(home / "another-environment")
    pythons = ["--python", place.python, "--python", other, "--python", "/no/such/python"]
    done = place.ffi_bench(*GOOD, "--results", tmp_path, *pythons)
    # One interpreter failed, and the rest was done.
    assert done.returncode == 1, done
    assert "there is no Python at /no/such/python" in done.stderr
    assert "there is no record of /no/such/python; the reason is above" in done.stderr
    folders = [path.parent for path in tmp_path.glob("*/record.json")]
    assert len(folders) == 2
    (comparison,) = tmp_path.glob("compare-*")
    assert "# " in (comparison / "comparison.md").read_text()
    assert "<html" in (comparison / "comparison.html").read_text()
    assert f"{comparison}/comparison.html" in done.stdout.splitlines()[-1]


@again
def test_one_record_of_several_interpreters_is_no_comparison(place, tmp_path):
    pythons = ["--python", place.python, "--python", "/no/such/python"]
    done = place.ffi_bench(*GOOD, "--results", tmp_path, *pythons)
    assert done.returncode == 1, done
    assert is_whole(only_record(tmp_path))
    assert "only 1 of 2 interpreters left a record" in done.stderr


def test_several_interpreters_without_a_record_are_nothing_done(place):
    pythons = ["--python", "/no/such/python", "--python", "/nor/this"]
    assert "none of 2 interpreters left a record" in place.refused("bench", *pythons)
    error = place.refused("bench", *pythons, "--resume", "results/x")
    assert "--resume continues the record of one interpreter" in error
