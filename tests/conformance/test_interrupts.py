"""Ctrl-C stops what lasts, and what a handler does in between harms nothing."""

from __future__ import annotations

import functools
import gc
import itertools
import os
import signal
import subprocess
import sys
import time
from array import array

import pytest

from .interrupts import (
    LONG_CALLS,
    QUERY,
    SHORTEST,
    WORDS,
    Load,
    StoppedError,
    check_stops,
    check_that_what_is_raised_arrives,
    short_calls,
    stop,
    timer,
)
from .oracle import check_search, oracle

# Finite work of a good quarter of a second for a native kernel, and of 40 milliseconds for
# lev_fast: 4 words of 200,000 code points and 94 blocks. Many chunks, and cuts inside words.
SHORT_QUERY = QUERY[:6_000]
FEW_WORDS = [WORDS[0][i:] for i in range(4)]


@pytest.fixture(scope="module")
def expected():
    return [oracle(SHORT_QUERY, word) for word in FEW_WORDS]


@pytest.mark.parametrize("name", LONG_CALLS)
def test_a_handler_that_raises_stops_the_call(lev, name):
    call, arguments = LONG_CALLS[name](lev)
    check_stops(call)
    check_stops(call)  # And once more, with the same objects.
    dictionary = arguments[-1]
    if name != "distances":
        assert len(dictionary) == len(WORDS)
        assert dictionary.nearest("", 2) == [(200_000, 0), (200_000, 1)]
    if name == "distances_into":
        arguments[1].append(0)  # The buffer has been released.
    assert lev.distance("kitten", "sitting") == 3


@pytest.mark.parametrize("name", LONG_CALLS)
def test_ctrl_c(lev, name):
    call, _ = LONG_CALLS[name](lev)
    # A real SIGINT from another process, and Python's own handler.
    code = f"import os, time; time.sleep(0.2); os.kill({os.getpid()}, 2)"
    with subprocess.Popen([sys.executable, "-S", "-E", "-c", code]):
        start = time.process_time()
        with pytest.raises(KeyboardInterrupt):
            call()
    # When the other process got round to its signal is not known here, but
    # the call cannot have come to its end by itself.
    assert time.process_time() - start < SHORTEST
    assert lev.distance_myers("kitten", "sitting") == 3


def test_a_handler_that_raises_stops_total_length(lev):
    # An iterator that runs no Python, so nobody but the function can look for signals.
    check_stops(lambda: lev.total_length(itertools.repeat("word", 2 * 10**9)))
    assert lev.total_length(["word"]) == 4


def test_a_handler_that_raises_stops_callbacks_without_python(lev):
    # The largest of 5,000 numbers, by a built-in function: nobody but the search can look for
    # signals. At five nanoseconds a number, which no interpreter comes near, the predicates
    # alone would last for ten seconds.
    keep = functools.partial(max, *range(5_000))
    dictionary = lev.Dictionary(["word"] * 400_000)
    check_stops(lambda: dictionary.nearest_where("word", 1, keep))
    assert dictionary.nearest("word", 1) == [(0, 0)]


def test_a_handler_that_empties_the_list_of_total_length(lev):
    words = []
    previous = signal.signal(signal.SIGALRM, lambda _number, _frame: words.clear())
    total = 0
    try:
        # On a busy machine the signal may come before the call: then once more.
        for _ in range(10):
            # Strings that die when the list is emptied, and a list that ends there.
            words[:] = ["".join(["a"] * 40)] * (5 * 2**20)
            # Long before the first 2**20 words are done.
            signal.setitimer(signal.ITIMER_REAL, 1e-4)
            total = lev.total_length(words)
            if total > 0:
                break
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert words == []
    assert total % 40 == 0
    assert 0 < total < 40 * 5 * 2**20


def test_a_handler_that_returns_changes_nothing(lev, expected):
    dictionary = lev.Dictionary(FEW_WORDS)
    count = 0

    def handler():
        nonlocal count
        count += 1
        # The same objects are used again while the outer call is under way.
        assert lev.distances("abc", ["acb"]) == [2]
        assert dictionary.nearest("", 1) == [(len(FEW_WORDS[-1]), 3)]

    with timer(handler, 0.01, 0.01):
        assert lev.distances(SHORT_QUERY, FEW_WORDS) == expected
        check_search(dictionary, SHORT_QUERY, expected, limits=(3,))
    assert count >= 6


def test_a_handler_that_empties_the_list(lev, expected):
    # Not the shared strings: these die when the list is emptied.
    words = [word[:-1] + "d" for word in FEW_WORDS]
    emptied = False

    def handler():
        nonlocal emptied
        words.clear()
        words.extend([None] * 2)
        gc.collect()
        emptied = True

    with timer(handler, 0.01):
        assert lev.distances(SHORT_QUERY, words) == expected
    assert emptied


@pytest.mark.parametrize("resize", [lambda out: out.append(0), lambda out: out.pop()])
def test_the_buffer_is_held_during_the_call(lev, resize):
    dictionary = lev.Dictionary(WORDS)
    out = array("I", bytes(4 * len(WORDS)))
    refused = None

    def handler():
        nonlocal refused
        try:
            resize(out)
            refused = False
        except BufferError:
            refused = True
        raise StoppedError

    with pytest.raises(StoppedError), timer(handler, 0.05):
        dictionary.distances_into(QUERY, out)
    assert refused
    resize(out)


def test_the_exception_of_the_handler_arrives(lev):
    error = LookupError("mine")

    def handler():
        raise error

    for make in LONG_CALLS.values():
        call, _ = make(lev)
        with pytest.raises(LookupError) as caught, timer(handler, 0.02):
            call()
        assert caught.value is error


@pytest.mark.thorough("repeats what other tests stop, and checks more answers")
def test_answers_are_right_after_a_stop(lev, expected):
    dictionary = lev.Dictionary(FEW_WORDS)
    for _ in range(3):
        out = array("I", bytes(4 * len(FEW_WORDS)))
        stop(lambda out=out: [dictionary.distances_into(SHORT_QUERY, out)] * 1, after=0.02)
    check_search(dictionary, SHORT_QUERY, expected, limits=(2,))


@pytest.mark.thorough("keeps all processors busy; depends on chance")
@pytest.mark.parametrize("name", LONG_CALLS)
def test_whatever_a_handler_raises_arrives(lev, name, tries):
    with Load():
        check_that_what_is_raised_arrives(short_calls(lev)[name], tries)
