"""Ends the interpreter while daemon threads are at work in a contender.

Run by test_ending.py as ``python -m conformance.ending lev_c predicates``. Until CPython 3.13 a
thread that asks for the GIL of an interpreter that ends is unwound by ``pthread_exit``, through
whatever has called Python. From 3.14 on it sleeps until the process is gone.
"""

from __future__ import annotations

import importlib
import itertools
import os
import sys
import threading
import time
from array import array

WORDS = [f"word{number}" for number in range(200)]


def _loop():
    # Long enough to be interrupted by another thread, which then has the GIL.
    for _ in range(200):
        pass
    return True


class Number:
    """An integer that is worked out by Python."""

    def __index__(self):
        _loop()
        return 3


class Truth:
    """A truth value that is worked out by Python."""

    def __bool__(self):
        return _loop()


def _predicates(lev):
    dictionary = lev.Dictionary(WORDS)
    return lambda: dictionary.nearest_where("word", 3, lambda _distance, _index: _loop())


def _predicates_that_write(lev):
    # To write takes the GIL away and back, as to sleep does.
    dictionary = lev.Dictionary(WORDS)
    file = open(os.devnull, "wb", buffering=0)  # noqa: SIM115  It is open at the end.
    return lambda: dictionary.nearest_where("word", 3, lambda *_: file.write(b"word"))


def _truths(lev):
    dictionary = lev.Dictionary(WORDS)
    return lambda: dictionary.nearest_where("word", 3, lambda *_: Truth())


class Closed:
    """A true value with a finaliser in Python."""

    def __del__(self, loop=_loop):
        loop()


def _finalisers(lev):
    dictionary = lev.Dictionary(WORDS)
    return lambda: dictionary.nearest_where("word", 3, lambda *_: Closed())


def _words(lev):
    return lambda: lev.Dictionary(word for word in WORDS if _loop())


def _lengths(lev):
    return lambda: lev.total_length(word for word in WORDS if _loop())


def _numbers(lev):
    dictionary = lev.Dictionary(WORDS)
    return lambda: dictionary.nearest("word", Number())


def _repetitions(lev):
    return lambda: lev.distance_repeated("a", "b", Number())


def _sums(lev):
    return lambda: lev.sum_five(1, 2, 3, 4, Number())


def _ranges(lev):
    return lambda: lev.range_list(Number())


def _searches(lev):
    # Each computes without the GIL for some milliseconds, and looks for signals.
    dictionary = lev.Dictionary(["abcde" * 200] * 300)
    return lambda: dictionary.nearest("acbed" * 100, 3)


def _buffers(lev):
    dictionary = lev.Dictionary(["abcde" * 200] * 300)
    out = array("I", bytes(4 * 300))
    return lambda: dictionary.distances_into("acbed" * 100, out)


#: From a module to a call that may be under way when the interpreter ends; and how many threads.
CALLS = {
    "predicates": (_predicates, 8),
    "predicates-that-write": (_predicates_that_write, 1),
    "truths": (_truths, 8),
    "finalisers": (_finalisers, 8),
    "words": (_words, 8),
    "lengths": (_lengths, 8),
    "numbers": (_numbers, 8),
    "repetitions": (_repetitions, 8),
    "sums": (_sums, 8),
    "ranges": (_ranges, 8),
    "searches": (_searches, 4),
    "buffers": (_buffers, 4),
}


class Last:
    """What takes its time to be closed: threads get their turn meanwhile."""

    def __del__(self, sleep=time.sleep):
        sleep(0.05)


def end(contender: str, name: str) -> None:
    make, threads = CALLS[name]
    call = make(importlib.import_module(contender))
    sys.setswitchinterval(1e-4)
    started = threading.Barrier(threads + 1)

    def work():
        started.wait()
        for _ in itertools.count():
            call()

    for _ in range(threads):
        threading.Thread(target=work, daemon=True).start()
    started.wait()
    time.sleep(0.01)
    # It dies with its module, when the interpreter has begun to end.
    sys.modules["__main__"].last = Last()


if __name__ == "__main__":
    end(*sys.argv[1:])
