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


@pytest.mark.parametrize("name", ["nearest", "nearest_where", "distances_into"])
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
DEADLOCK = 20.0  # Seconds, for what takes microseconds.
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


def test_callbacks_in_many_threads(lev):
    # Each search asks its own predicate, in its own thread, and is stopped by its own exception.
    words = [word * 3 for word in Changing.fresh("a")]
    dictionary = lev.Dictionary(words)
    expected = [oracle(QUERY, word) for word in words]

    def search(number):
        for _ in range(10):
            for _ in range(3):
                _search_to_the_end(dictionary, expected, number)
            _search_and_raise(dictionary, number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(search, range(4)))


def _search_to_the_end(dictionary, expected, number):
    here = threading.get_ident()
    asked = []

    def keep(distance, index):
        asked.append((distance, index, threading.get_ident()))
        return index % 4 == number

    wanted = sorted((d, i) for i, d in enumerate(expected) if i % 4 == number)
    assert dictionary.nearest_where(QUERY, 5, keep) == wanted[:5]
    assert asked == [(d, i, here) for i, d in enumerate(expected)]


def _search_and_raise(dictionary, number):
    error = ValueError(number)
    asked = []

    def keep(_distance, index):
        asked.append(index)
        if index == 20 + number:
            raise error

    with pytest.raises(ValueError) as caught:
        dictionary.nearest_where(QUERY, 5, keep)
    assert caught.value is error
    assert asked == list(range(21 + number))


def test_another_thread_searches_while_keep_waits_for_it(lev):
    words = Changing.fresh("a")
    dictionary = lev.Dictionary(words)

    found = []

    def search():
        found.append(dictionary.nearest_where(words[7], 1, lambda *_: True))

    def keep(_distance, index):
        if index == 3:
            thread = threading.Thread(target=search, daemon=True)
            thread.start()
            # Whoever holds a lock while it calls keep would wait for ever.
            thread.join(timeout=DEADLOCK)
        return True

    assert dictionary.nearest_where(words[5], 1, keep) == [(0, 5)]
    assert found == [[(0, 7)]]


def test_offsets_that_change_while_they_are_read(lev):
    # cffi gives the GIL away during the call. Whatever is seen in that time, nothing outside of
    # data may be read.
    count = 2_000
    right = array("i", range(count + 1))
    wrong = array("i", [0, *[2**31 - 1] * count])
    offsets = array("i", right)
    data = b"a" * count
    done = threading.Event()

    def change():
        with memoryview(offsets) as view, memoryview(right) as good, memoryview(wrong) as bad:
            while not done.is_set():
                view[:] = bad
                view[:] = good

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(500):
            try:
                assert lev.packed_length(offsets, data) <= count
            except ValueError:
                continue
    finally:
        done.set()
        thread.join()
    assert lev.packed_length(offsets, data) == count


def test_two_threads_write_into_one_buffer(lev):
    words = Changing.fresh("a") * 20
    dictionary = lev.Dictionary(words)
    out = array("I", bytes(4 * len(words)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: dictionary.distances_into(QUERY, out), range(40)))
    assert out.tolist() == STATES[0] * 20
