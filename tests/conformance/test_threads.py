"""Many threads, one dictionary; other threads that change what is read."""

from __future__ import annotations

import random
import sys
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor

import pytest

from .interrupts import LONG_CALLS, check_gil_is_released
from .oracle import check_search, oracle
from .texts import ALPHABETS, text


@pytest.fixture(autouse=True)
def _frequent_switches():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.parametrize("name", ["nearest", "distances_into"])
def test_the_gil_is_released(lev, name):
    call, _ = LONG_CALLS[name](lev)
    check_gil_is_released(call)


def test_four_threads_search_one_dictionary(lev):
    letters = list(ALPHABETS.values())
    words = [text(letters[i % 10], i % 90, seed=i) for i in range(200)]
    queries = [text(letters[i % 10], 5 * i, seed=i) for i in range(24)]
    expected = {query: [oracle(query, word) for word in words] for query in queries}
    dictionary = lev.Dictionary(words)
    done = threading.Event()

    def search(seed):
        for query in random.Random(seed).sample(queries, len(queries)):
            check_search(dictionary, query, expected[query], limits=(7,))

    def init_again():
        # The object is complete: these do nothing, also in the middle.
        while not done.is_set():
            dictionary.__init__(["other words"] * 1000)
            dictionary.__init__()

    with ThreadPoolExecutor(5) as pool:
        disturber = pool.submit(init_again)
        searches = [pool.submit(search, seed) for seed in range(4)]
        try:
            for future in searches:
                future.result()
        finally:
            done.set()
        disturber.result()


class Changing:
    """A list that another thread keeps switching between two states.

    The strings are made afresh each time, so the old ones die while somebody
    may be reading them.
    """

    def __init__(self):
        self.words = self.fresh("a")
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._change)

    @staticmethod
    def fresh(letter):
        return [letter * 40 + str(i) for i in range(30)]

    def _change(self):
        while not self._done.is_set():
            self.words[:] = self.fresh("b")
            self.words[:] = self.fresh("a")

    def __enter__(self):
        self._thread.start()
        return self.words

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


QUERY = "aaab" * 9
STATES = [[oracle(QUERY, word) for word in Changing.fresh(letter)] for letter in "ab"]


def test_distances_works_on_a_snapshot(lev):
    with Changing() as words:
        for _ in range(300):
            # All from one state of the list or all from the other.
            assert lev.distances(QUERY, words) in STATES


def test_dictionary_of_a_list_that_changes(lev):
    allowed = list(zip(*STATES))
    with Changing() as words:
        for _ in range(300):
            # An iterator, unlike a snapshot, may see both states.
            dictionary = lev.Dictionary(words)
            found = {i: d for d, i in dictionary.nearest(QUERY, 1000)}
            assert all(found[i] in pair for i, pair in enumerate(allowed))
            assert len(found) == len(dictionary) == len(allowed)


def test_a_list_that_is_emptied(lev):
    words = Changing.fresh("a")
    done = threading.Event()

    def empty_and_fill():
        while not done.is_set():
            words.clear()
            words.extend(Changing.fresh("b"))
            del words[5:]

    thread = threading.Thread(target=empty_and_fill)
    thread.start()
    try:
        for _ in range(300):
            size = len(lev.distances(QUERY, words))
            assert size <= 30
            assert len(lev.Dictionary(words)) <= 30
    finally:
        done.set()
        thread.join()


def test_two_threads_write_into_one_buffer(lev):
    words = Changing.fresh("a") * 20
    dictionary = lev.Dictionary(words)
    out = array("I", bytes(4 * len(words)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: dictionary.distances_into(QUERY, out), range(40)))
    assert out.tolist() == STATES[0] * 20
