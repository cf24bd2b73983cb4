"""A run that was killed loses at most the block it was in."""

import shutil
import signal
import time

import pytest

from .commands import record, slices, tables

# Short enough to end, long enough to be killed in the middle.
LONG = ["run", "--study", "good.toml", "--profile", "long", "--filter", "^call/|^count/10$"]


def kill_after(process, folder, blocks):
    """Waits for this many blocks and kills the process in whatever it is doing then."""
    deadline = time.monotonic() + 60
    while len(finished(folder)) < blocks:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
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
    assert [row for row in found if int(row["block"]) < len(more)] == by_then


def test_half_a_record_can_be_looked_at(words, folder):
    done = words.ffi_bench("report", folder)
    assert done.returncode == 0, done
    assert "not finished" in tables(folder)


def test_a_block_that_was_being_written_is_measured_again(words, folder):
    number = len(finished(folder))
    (folder / "blocks" / f"{number:04}.csv.partial").write_bytes(b"half of")
    assert words.ffi_bench(*LONG, "--resume", folder).returncode == 0
    assert {int(row["block"]) for row in slices(folder)} == set(range(40))


def test_a_damaged_block_is_named(words, folder):
    block = folder / "blocks" / "0000.csv.gz"
    block.write_bytes(block.read_bytes()[:-20])
    for command in [[*LONG, "--resume", folder], ["report", folder]]:
        error = words.refused(*command)
        assert "0000.csv.gz is damaged" in error
    # The record is as it was: without the damaged block it can be resumed.
    block.unlink()
    assert words.ffi_bench(*LONG, "--resume", folder).returncode == 0


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
    assert "without --only and --filter" in words.refused("run", "--resume", folder, *less)


def test_a_finished_record_is_not_resumed(words, measured):
    assert "nothing to resume" in words.refused("run", "--resume", measured.good)


def test_no_record_is_not_resumed(words, tmp_path):
    assert "is no record" in words.refused("run", "--resume", tmp_path)


def test_a_record_of_another_study_is_not_resumed(spoilt, folder):
    spoilt.edit("good.toml", "seed = 7", "seed = 8")
    assert "the study has changed" in spoilt.refused(*LONG, "--resume", folder)


def test_a_record_of_other_artefacts_is_not_resumed(spoilt, folder):
    spoilt.edit("split/words_split.py", "return None", "return  None")
    assert "the sources of split have changed" in spoilt.refused(*LONG, "--resume", folder)
