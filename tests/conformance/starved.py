"""What happens when there is no memory: run in a process of its own.

``python -m conformance.starved lev_c`` prints one line for each case: its name
and the exception that came. test_memory.py reads them.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import resource
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

from .contenders import METHODS, PANICS_WITHOUT_MEMORY, has
from .mistakes import MAX_RANGE

MB = 1_000_000
LONG = 200 * MB
MANY = 10 * MB


#: A name that begins with the function, the megabytes that the call may still take, the call.
Case = tuple[str, int, Callable[[], object]]


def long_ranges(lev, _native: bool) -> Iterator[Case]:
    # The longest that may be asked for; 4 bytes for each number are the least.
    yield "range_list", 50, lambda: lev.range_list(MAX_RANGE)
    yield "range_bytes", 50, lambda: lev.range_bytes(MAX_RANGE)
    yield "range_pairs", 50, lambda: lev.range_pairs(MAX_RANGE)


def long_text(lev, native: bool) -> Iterator[Case]:
    # One byte a character, so the string itself needs 200 MB, and a contender
    # that copies it as much again. The two rows need 4 bytes a cell, or 8 in
    # a list: at least 800 MB each.
    text = "a" * LONG
    yield "distance", 600, lambda: lev.distance("ab", text)
    yield "distance_repeated", 600, lambda: lev.distance_repeated("ab", text, 2)
    if not native:
        # The rest is no case for pure Python: its one big integer needs no
        # array as long as the text, and its dictionary keeps the caller's
        # string.
        return
    # A pattern of two blocks: one byte for each character of the text.
    query = "ab" * 40
    yield "distance_myers", 150, lambda: lev.distance_myers(query, text)
    yield "distance_myers_repeated", 150, lambda: lev.distance_myers_repeated(query, text, 2)
    yield "distances of a long word", 150, lambda: lev.distances(query, [text])
    yield "Dictionary of a long word", 150, lambda: lev.Dictionary([text])
    dictionary = lev.Dictionary([text])
    out = array("I", bytes(4))
    yield "nearest to a long word", 150, lambda: dictionary.nearest(query, 1)
    yield "distances_into of a long word", 150, lambda: dictionary.distances_into(query, out)


def many_words(lev, _native: bool) -> Iterator[Case]:
    # The smallest thing to allocate is one 32-bit number for each, 40 MB.
    words = ["a"] * MANY
    yield "distances of many words", 16, lambda: lev.distances("ab", words)
    yield "Dictionary of many words", 16, lambda: lev.Dictionary(words)
    dictionary = lev.Dictionary(words)
    out = array("I", bytes(4 * MANY))
    yield "nearest of many words", 16, lambda: dictionary.nearest("ab", 10**30)
    # It is memory that ends this search, before keep is called with what it does not take.
    yield "nearest_where of many words", 16, lambda: dictionary.nearest_where("ab", 1, bool)
    yield "distances_into of many words", 16, lambda: dictionary.distances_into("ab", out)


def long_answers(lev, _native: bool) -> Iterator[Case]:
    # Here the kernel has enough, and the objects of the answer do not: a tuple
    # for each word, more than 200 MB; an int for each word, more than 100: one
    # above 1,024, because Python keeps smaller ones ready, from 3.15 on.
    words = ["a"] * (4 * MB)
    dictionary = lev.Dictionary(words)
    yield "nearest with a long answer", 100, lambda: dictionary.nearest("ab", 10**30)
    yield "distances with a long answer", 150, lambda: lev.distances("a" * 1100, words)


@contextlib.contextmanager
def room(megabytes: int) -> Iterator[None]:
    """Let this process grow by so much and no more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + megabytes * MB
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def main(contender: str, reference: str) -> None:
    lev = importlib.import_module(contender)
    native = contender != reference
    left_out = PANICS_WITHOUT_MEMORY.get(contender, frozenset())
    # What some leave behind on the heap is room for others, so the smallest come first.
    kinds = (long_ranges, long_text, many_words, long_answers)
    for name, megabytes, call in itertools.chain.from_iterable(kind(lev, native) for kind in kinds):
        function = name.split()[0]
        needed = f"Dictionary.{function}" if function in METHODS else function
        if name in left_out or not has(contender, {needed}):
            continue
        outcome = "no exception"
        with room(megabytes):
            try:
                call()
            # PyO3's PanicException is none of the exceptions of the contract,
            # and no Exception either.
            except BaseException as error:
                outcome = type(error).__name__
            # Still starved, the interpreter and the contender go on.
            assert lev.distance("kitten", "sitting") == 3
            assert lev.distances("kitten", ["sitting"]) == [3]
        print(f"{name}: {outcome}", flush=True)
    assert lev.Dictionary(["sitting"]).nearest("kitten", 1) == [(3, 0)]


if __name__ == "__main__":
    main(*sys.argv[1:])
