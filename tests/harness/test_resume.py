"""A run that was killed loses at most the block it was in."""

import contextlib
import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .commands import record, slices, tables

to_its_end = pytest.mark.thorough("resumes another interrupted run to its end")

# Short enough to end, long enough to be killed in the middle.
LONG = ["run", "--study", "good.toml", "--profile", "long", "--filter", "^call/|^count/10$"]


def wait_for_blocks(process, folder, blocks):
    """Waits until this many blocks are finished."""
    deadline = time.monotonic() + 60
    while len(finished(folder)) < blocks:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill_after(process, folder, blocks):
    """Waits for this many blocks and kills the process in whatever it is doing then."""
    wait_for_blocks(process, folder, blocks)
    process.send_signal(signal.SIGKILL)
    process.wait()


def finished(folder):
    """The files of the finished blocks, and their bytes."""
    files = (folder / "blocks").glob("*.csv.gz")
    return {path.name: path.read_bytes() for path in sorted(files)}


@pytest.fixture(scope="module")
def interrupted(words, measured, tmp_path_factory):
    """A record whose run was killed, as it was left."""
    folder = tmp_path_factory.mktemp("interrupted") / "record"
    kill_after(words.begin(*LONG, "--record", folder), folder, 2)
    return folder


@pytest.fixture
def folder(interrupted, tmp_path):
    return shutil.copytree(interrupted, tmp_path / "record")


def test_what_was_finished_is_kept_and_the_rest_is_measured(words, folder):
    before = finished(folder)
    assert len(before) < 40
    assert record(folder)["finished"] is None

    # Killed a second time: what was there is there, byte for byte, and there is more.
    kill_after(words.begin(*LONG, "--resume", folder), folder, len(before) + 2)
    more = finished(folder)
    assert {name: more[name] for name in before} == before
    assert len(before) < len(more) < 40
    by_then = [row for name in more for row in slices(folder / "blocks", name)]

    done = words.ffi_bench(*LONG, "--resume", folder)
    assert done.returncode == 0, done
    assert record(folder)["finished"] is not None
    assert not (folder / "blocks").exists()
    found = slices(folder)
    assert {int(row["block"]) for row in found} == set(range(40))
    kept = [row for row in found if int(row["block"]) < len(more)]
    assert kept == sorted(by_then, key=lambda row: row["case"])


def test_half_a_record_can_be_looked_at(words, folder):
    done = words.ffi_bench("report", folder)
    assert done.returncode == 0, done
    assert "not finished" in tables(folder)


@to_its_end
def test_a_block_that_was_being_written_is_measured_again(words, folder):
    number = len(finished(folder))
    (folder / "blocks" / f"{number:04}.csv.partial").write_bytes(b"half of")
    done = words.ffi_bench(*LONG, "--resume", folder)
    assert done.returncode == 0
    assert f"{number:04}.csv.partial is half written" in done.stderr
    assert {int(row["block"]) for row in slices(folder)} == set(range(40))


@to_its_end
def test_a_half_written_block_is_dropped_with_a_note_and_measured_again(words, folder):
    block = folder / "blocks" / "0000.csv.gz"
    block.write_bytes(block.read_bytes()[:-20])
    assert "0000.csv.gz is damaged" in words.refused("report", folder)
    others = {name: data for name, data in finished(folder).items() if name != block.name}
    done = words.ffi_bench(*LONG, "--resume", folder)
    assert done.returncode == 0, done
    assert "blocks/0000.csv.gz is half written: it is dropped" in done.stderr
    found = slices(folder)
    assert {int(row["block"]) for row in found} == set(range(40))
    kept = gzip.decompress(next(iter(others.values()))).decode().splitlines()[1:]
    assert kept
    with gzip.open(folder / "slices.csv.gz", "rt") as file:
        assert set(kept) <= set(file.read().splitlines())


@to_its_end
def test_a_run_is_resumed_with_the_cases_it_was_begun_with(words, folder):
    """Whoever resumes need not remember what --only and --filter were."""
    done = words.ffi_bench("run", "--resume", folder)
    assert done.returncode == 0, done
    assert {row["case"] for row in slices(folder)} == {"call/noop", "count/10"}
    contenders = {row["contender"] for row in slices(folder)}
    assert contenders == {"loop", "split", "native", "tenfold"}
    assert len({row["block"] for row in slices(folder)}) == 40


@pytest.mark.parametrize("less", [["--only", "native"], ["--filter", "^call/"]])
def test_a_run_is_not_resumed_with_less_than_it_was_begun_with(words, folder, less):
    assert "leave --only and --filter out" in words.refused("run", "--resume", folder, *less)


def test_a_finished_record_is_not_resumed(words, measured):
    assert "nothing to resume" in words.refused("run", "--resume", measured.good)


def test_no_record_is_not_resumed(words, tmp_path):
    assert "is not a record" in words.refused("run", "--resume", tmp_path)


def test_a_record_of_another_study_is_not_resumed(spoilt, folder):
    spoilt.edit("good.toml", "seed = 7", "seed = 8")
    assert "the study has changed" in spoilt.refused(*LONG, "--resume", folder)


def test_a_record_of_other_artefacts_is_not_resumed(spoilt, folder):
    spoilt.edit("split/words_split.py", "return None", "return  None")
    assert "the sources of split have changed" in spoilt.refused(*LONG, "--resume", folder)


STOPS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@pytest.mark.parametrize(
    "name", [name if name == "SIGINT" else pytest.param(name, marks=to_its_end) for name in STOPS]
)
def test_an_interrupted_run_says_how_to_go_on_and_does(words, measured, tmp_path, name):
    folder = tmp_path / "record"
    process = words.begin(*LONG, "--record", folder, stderr=subprocess.PIPE)
    wait_for_blocks(process, folder, 1)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=10)
    assert process.returncode == STOPS[name]
    assert f"ffi-bench run --resume {folder}" in said.decode()
    assert children_of(process.pid) == []
    before = finished(folder)
    assert 0 < len(before) < 40
    # Interrupted again, at once: nothing is lost by trying.
    again = words.begin(*LONG, "--resume", folder)
    time.sleep(0.2)
    again.send_signal(getattr(signal, name))
    again.wait(10)
    assert finished(folder).items() >= before.items()
    assert words.ffi_bench(*LONG, "--resume", folder).returncode == 0
    assert {int(row["block"]) for row in slices(folder)} == set(range(40))


def ignore_hang_ups():
    """What `nohup` does."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@to_its_end
def test_a_run_that_was_told_to_ignore_a_signal_does(words, measured, tmp_path):
    folder = tmp_path / "record"
    process = subprocess.Popen(
        words.command(*LONG, "--record", folder),
        cwd=words.folder,
        env=words.environment(),
        preexec_fn=ignore_hang_ups,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for_blocks(process, folder, 1)
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 0
    assert record(folder)["finished"]


def children_of(parent):
    """Processes whose parent, or whose parent that was, has this number."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(path.parent.name)
    return found


@to_its_end
def test_killed_at_any_moment_it_can_be_resumed(words, measured, tmp_path):
    """At once, in the blocks, and at moments spread over a whole run, again and again."""
    folder = tmp_path / "record"
    rng = random.Random(3)
    resumed = ["run", "--study", "good.toml", "--profile", "long", "--resume", folder]
    short = [*resumed[:-2], "--filter", "^call/", "--record", folder]
    began = time.monotonic()
    assert words.ffi_bench(*short[:-1], tmp_path / "whole").returncode == 0
    whole = time.monotonic() - began
    seen = set()
    for attempt in range(12):
        begun = (folder / "record.json").exists()
        finished_before = begun and record(folder)["finished"]
        if finished_before:
            shutil.rmtree(folder)
            begun = False
        before = finished(folder)
        process = words.begin(*(resumed if begun else short))
        # However busy the machine is, one kill comes before the record and one in the blocks.
        if attempt == 1:
            wait_for_blocks(process, folder, len(before) + 1)
        elif attempt > 1:
            time.sleep(rng.uniform(0.2, 0.8 if begun else 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if not (folder / "record.json").exists():
            seen.add("before the record")
            shutil.rmtree(folder, ignore_errors=True)
        elif not (folder / "slices.csv.gz").exists():
            assert finished(folder).items() >= before.items()
            seen.add("in the blocks" if finished(folder) else "before the blocks")
    assert seen >= {"before the record", "in the blocks"}
    if not (folder / "record.json").exists():
        assert words.ffi_bench(*short).returncode == 0
    elif not record(folder)["finished"]:
        done = words.ffi_bench(*resumed)
        assert done.returncode == 0, done
    assert record(folder)["finished"]
    assert {int(row["block"]) for row in slices(folder)} == set(range(40))
    assert words.ffi_bench("report", folder).returncode == 0


def test_killed_after_its_blocks_were_joined_it_measures_nothing_again(words, measured, tmp_path):
    folder = shutil.copytree(measured.good, tmp_path / "record")
    (folder / "record.json").write_text(json.dumps({**record(folder), "finished": None}))
    (folder / "blocks").mkdir()
    before = (folder / "slices.csv.gz").read_bytes()
    done = words.ffi_bench("run", "--study", "good.toml", "--resume", folder)
    assert done.returncode == 0, done
    assert (folder / "slices.csv.gz").read_bytes() == before
    assert not (folder / "blocks").exists()
    assert record(folder)["finished"]


def test_a_worker_does_not_outlive_a_harness_that_is_killed(words, measured, tmp_path):
    process = words.begin(*LONG, "--record", tmp_path / "record")
    workers = []
    while not workers:
        assert process.poll() is None
        workers = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while any(Path("/proc", worker, "cmdline").exists() for worker in workers):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.01)


def test_a_results_folder_that_cannot_be_written_is_refused_before_anything_runs(words, measured):
    """A folder of the kernel's own, which even the superuser cannot write to."""
    error = words.refused("run", "--study", "good.toml", "--results", "/proc/results")
    assert "/proc/results" in error


def limit_file_size():
    """Files of a megabyte and no more: what a full disk says, without one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))


def test_a_full_disk_is_found_before_anything_runs(words, measured, tmp_path):
    began = time.monotonic()
    done = subprocess.run(
        words.command(*LONG, "--record", tmp_path / "record"),
        cwd=words.folder,
        env=words.environment(),
        preexec_fn=limit_file_size,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2, done
    assert "make room" in done.stderr
    assert "each contender alone" not in done.stderr
    assert time.monotonic() - began < 60
    assert not list((tmp_path / "record").iterdir())


def open_without_a_name(process, folder):
    """Whether a process has a file open in a folder that does not list it."""
    fds = Path(f"/proc/{process.pid}/fd")
    with contextlib.suppress(OSError):
        links = [os.readlink(fd) for fd in fds.iterdir()]
        return any(link.startswith(f"{folder}/") and link.endswith("(deleted)") for link in links)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which files are open")
def test_killed_while_it_looks_for_room_it_leaves_nothing(words, measured, tmp_path):
    folder = tmp_path / "record"
    process = words.begin(*LONG, "--record", folder)
    while not open_without_a_name(process, folder):
        assert process.poll() is None, "it was never seen looking for room"
    process.kill()
    process.wait(timeout=60)
    assert not list(folder.iterdir())


@to_its_end
def test_a_disk_that_fills_up_later_loses_nothing(words, measured, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.xfail("only the superuser of a real machine may mount a small disk")
    try:
        folder, filler = disk / "record", disk / "filler"
        process = words.begin(*LONG, "--record", folder, stderr=subprocess.PIPE)
        wait_for_blocks(process, folder, 1)
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2, said
        assert b"No space left" in said
        before = finished(folder)
        assert before
        filler.unlink()
        assert words.ffi_bench(*LONG, "--resume", folder).returncode == 0
        assert {int(row["block"]) for row in slices(folder)} == set(range(40))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
