"""What ``lev_fast`` has beyond the contract, and the contract on every path of its kernels."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .interrupts import Load, check_that_what_is_raised_arrives
from .texts import any_text

lev_fast = pytest.importorskip("lev_fast")
lev_pure = pytest.importorskip("lev_pure")

TESTS = Path(__file__).parent.parent
PATHS = ("portable", "avx2", "avx512", "neon")
busy = pytest.mark.thorough("keeps all processors busy; depends on chance")

ALPHABETS = ("abc", "abcdefghijklmnopqrstuvwxyz", "aé中\U0001f600\ud800\0")


def python(*arguments: str, path: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=TESTS,
        env={**os.environ, "LEV_FAST_PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )


def available() -> list[str]:
    """The paths that this machine has, as the refusal of one that nobody has names them."""
    refused = python("-c", "import lev_fast", path="none")
    assert refused.returncode == 1
    assert "ImportError: LEV_FAST_PATH is none, but this machine has " in refused.stderr
    names = refused.stderr.strip().rsplit("has ", 1)[1].split(", ")
    assert names[0] == "portable"
    return names


def word(rng: random.Random, longest: int) -> str:
    return "".join(rng.choices(rng.choice(ALPHABETS), k=rng.randrange(longest)))


def test_the_best_path_is_taken():
    found = python("-c", "import lev_fast; print(lev_fast.build_info()['path'])")
    assert found.stdout.strip() == max(available(), key=PATHS.index)


@pytest.mark.thorough("repeats the tests of the answers on paths that the Rust tests cover")
def test_every_path_keeps_the_contract():
    # The one that is taken anyhow is under test in all the rest of this suite.
    for path in available():
        if path == lev_fast.build_info()["path"]:
            continue
        done = python(
            *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--contender", "lev_fast"),
            *("conformance/test_values.py", "conformance/test_state.py"),
            path=path,
        )
        assert done.returncode == 0, f"{path}: {done.stdout[-3000:]}"


@given(any_text(True), any_text(True), st.integers(0, 40))
def test_score_cutoff(a, b, cutoff):
    distance = lev_pure.distance(a, b)
    expected = distance if distance <= cutoff else cutoff + 1
    assert lev_fast.distance(a, b, cutoff) == expected
    assert lev_fast.distance(a, b, score_cutoff=cutoff) == expected
    assert lev_fast.distance(a, b, None) == distance
    assert lev_fast.distance(a, b, score_cutoff=10**30) == distance


def test_score_cutoff_of_long_texts():
    rng = random.Random(5)
    a = "".join(rng.choices("abcd", k=3000))
    b = a[:500] + "x" + a[500:1500] + a[1520:] + "yz"
    distance = lev_pure.distance_myers(a, b)
    for cutoff in (0, 1, distance - 1, distance, distance + 1, 5000):
        assert lev_fast.distance(a, b, cutoff) == min(distance, cutoff + 1)


def test_wrong_cutoffs():
    with pytest.raises(ValueError, match="score_cutoff must not be negative"):
        lev_fast.distance("a", "b", -1)
    with pytest.raises(TypeError):
        lev_fast.distance("a", "b", 1.5)
    with pytest.raises(TypeError):
        lev_fast.distance("a", "b", cutoff=1)


@pytest.mark.parametrize("threads", [1, 2, None])
def test_many_queries(threads):
    rng = random.Random(1)
    words = [word(rng, 80) for _ in range(500)]
    queries = [word(rng, 100) for _ in range(60)]
    dictionary = lev_fast.Dictionary(words)
    found = dictionary.nearest_many(queries, 4, threads=threads)
    assert found == [dictionary.nearest(query, 4) for query in queries]
    assert found == [dictionary.nearest_of_all(query, 4) for query in queries]
    expected = [lev_pure.distances(query, words) for query in queries]
    for code in "BHI":
        out = array(code, bytes(array(code).itemsize * len(words) * len(queries)))
        dictionary.cdist(queries, out, threads=threads)
        assert out.tolist() == [d for row in expected for d in row]
        lev_fast.cdist(queries, iter(words), memoryview(out).cast("B").cast(code, (60, 500)))
        assert out.tolist() == [d for row in expected for d in row]


def test_nothing_is_a_matrix_too():
    dictionary = lev_fast.Dictionary(["a", "b"])
    assert dictionary.nearest_many([], 3) == []
    dictionary.cdist([], array("B"))
    lev_fast.cdist(["a", "b"], [], array("B"))
    # A distance that is not written cannot be too large.
    lev_fast.cdist([], ["b" * 300], array("B"))
    lev_fast.cdist(["b" * 300], [], array("B"))


def test_wrong_matrices():
    dictionary = lev_fast.Dictionary(["a", "b" * 300])
    queries = ["x", "y", "z"]
    with pytest.raises(OverflowError, match="more than 255"):
        dictionary.cdist(queries, array("B", bytes(6)))
    with pytest.raises(BufferError, match="read-only"):
        dictionary.cdist(queries, bytes(12))
    with pytest.raises(BufferError, match="C-contiguous"):
        dictionary.cdist(queries, memoryview(array("H", bytes(24)))[::2])
    for wrong in (array("h", bytes(12)), array("d", bytes(48)), array("Q", bytes(48))):
        with pytest.raises(ValueError, match="unsigned integers"):
            dictionary.cdist(queries, wrong)
    for shape in ((2, 3), (6, 1), (1, 3, 2)):
        with pytest.raises(ValueError, match="shape"):
            dictionary.cdist(queries, memoryview(array("H", bytes(12))).cast("B").cast("H", shape))
    with pytest.raises(ValueError, match="shape"):
        dictionary.cdist(queries, array("H", bytes(10)))
    for not_a_list in ("abc", ("a", "b"), None):
        with pytest.raises(TypeError):
            dictionary.cdist(not_a_list, array("H"))
        with pytest.raises(TypeError):
            dictionary.nearest_many(not_a_list, 1)
    with pytest.raises(TypeError):
        dictionary.nearest_many(["a", b"b"], 1)
    for threads in (0, -1):
        with pytest.raises(ValueError, match="at least 1"):
            dictionary.nearest_many(["a"], 1, threads=threads)
    with pytest.raises(ValueError, match="limit must not be negative"):
        dictionary.nearest_many(["a"], -1)


def interrupted(call) -> float:
    """Seconds from a signal to the exception that its handler raises."""

    def handler(*_):
        raise KeyboardInterrupt

    # A timer of the system's: a thread could not send anything while a call holds the GIL.
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    start = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            call()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return time.monotonic() - start - 0.3


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_stops_many_queries(threads):
    rng = random.Random(2)
    dictionary = lev_fast.Dictionary([word(rng, 40) for _ in range(100_000)])
    queries = ["".join(rng.choices("abc", k=50)) for _ in range(100_000)]
    # Seconds are no gate here: without the signal it would take minutes.
    assert interrupted(lambda: dictionary.nearest_many(queries, 3, threads=threads)) < 60


def _many(threads: int | None):
    """Calls of some 50 milliseconds, by name. A large limit has a second phase, and sorts."""
    rng = random.Random(4)
    words = ["".join(rng.choices("abcdefgh", k=rng.randrange(40))) for _ in range(20_000)]
    queries = ["".join(rng.choices("abcdefgh", k=60)) for _ in range(60)]
    dictionary = lev_fast.Dictionary(words)
    out = array("B", bytes(len(words) * len(queries)))
    some = queries[:8]
    return {
        "nearest_many": lambda: dictionary.nearest_many(queries, 3, threads=threads),
        "all of nearest_many": lambda: dictionary.nearest_many(some, 10**6, threads=threads),
        "cdist of a dictionary": lambda: dictionary.cdist(queries, out, threads=threads),
        "cdist": lambda: lev_fast.cdist(queries, words, out, threads=threads),
    }


@busy
@pytest.mark.parametrize("threads", [1, 2, None])
@pytest.mark.parametrize("name", _many(1))
def test_whatever_a_handler_raises_arrives(name, threads, tries):
    with Load():
        check_that_what_is_raised_arrives(_many(threads)[name], tries)


@busy
@pytest.mark.parametrize("call", [lev_fast.distance, lev_fast.distance_myers])
def test_whatever_a_handler_raises_in_a_long_pair_arrives(call, tries):
    a, b = "ab" * 50_000, "cd" * 50_000
    with Load():
        check_that_what_is_raised_arrives(lambda: call(a, b), tries)


def test_ctrl_c_stops_one_long_pair():
    a, b = "ab" * 2_000_000, "cd" * 2_000_000
    assert interrupted(lambda: lev_fast.distance(a, b)) < 60


# In a process of its own: how much room is left for threads, and a search in as many as wanted.
WITH_LITTLE_ROOM = """
import resource, sys
import lev_fast
room, threads = int(sys.argv[1]), int(sys.argv[2])
dictionary = lev_fast.Dictionary([f"word{i}" for i in range(20_000)])
queries = [f"wodr{i}" for i in range(64)]
expected = [dictionary.nearest(query, 3) for query in queries]
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + room, used + room))
assert dictionary.nearest_many(queries, 3, threads=threads) == expected
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
@pytest.mark.parametrize("threads", [2, 10**6])
@pytest.mark.parametrize("room", [1, 2, 3, 4, 5, 6, 8, 12])
def test_threads_that_cannot_be_started_are_done_without(room, threads):
    # The stack of a thread has two megabytes.
    done = python("-c", WITH_LITTLE_ROOM, str(room << 20), str(threads))
    assert (done.returncode, done.stderr) == (0, "")


def test_there_are_no_more_threads_than_processors():
    code = """
import os, threading, lev_fast
dictionary = lev_fast.Dictionary([f"word{i}" * 5 for i in range(200_000)])
queries = [f"wodr{i}" * 5 for i in range(512)]
most, done = 0, False
def watch():
    global most
    while not done:
        most = max(most, len(os.listdir("/proc/self/task")))
watcher = threading.Thread(target=watch)
watcher.start()
dictionary.nearest_many(queries, 3, threads=10**6)
done = True
watcher.join()
print(most - 2, len(os.sched_getaffinity(0)))
"""
    alone = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
    for command in (code, alone + code):
        most, allowed = map(int, python("-c", command).stdout.split())
        assert most <= allowed


def test_threads_are_gone_and_a_fork_can_search():
    rng = random.Random(3)
    dictionary = lev_fast.Dictionary([word(rng, 30) for _ in range(20_000)])
    queries = [word(rng, 30) for _ in range(50)]
    before = len(os.listdir("/proc/self/task")) if Path("/proc/self/task").exists() else 0
    found = dictionary.nearest_many(queries, 3, threads=2)
    if before:
        dictionary.nearest_many(queries, 3, threads=2)
        # They have done their last work, but the kernel may still be clearing up after them.
        end = time.monotonic() + 60
        while len(os.listdir("/proc/self/task")) > before and time.monotonic() < end:
            time.sleep(0.001)
        assert len(os.listdir("/proc/self/task")) <= before
    child = os.fork()
    if child == 0:
        same = dictionary.nearest_many(queries, 3, threads=2) == found
        os._exit(0 if same else 1)
    assert os.waitpid(child, 0)[1] == 0
