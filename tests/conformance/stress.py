"""Everything once more, quickly, for an interpreter that checks its memory.

Run by test_memory.py as ``python -X dev -m conformance.stress lev_c ...``. It
prints nothing and exits with 0, or ends with a traceback, or with a crash that
the debug hooks of the allocator have found.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys

from . import callbacks
from .contenders import CONTENDERS, has, takes_surrogates
from .leaks import check_leaks
from .mistakes import MISTAKES, SIGNATURES, good_call
from .oracle import check_pair, check_search, check_words, oracle
from .test_buffers import ACCEPTED, COUNT, REFUSED, fill, values
from .test_buffers import test_accepted_empty as accept_empty
from .test_state import CYCLES
from .test_state import test_a_dictionary_works_while_its_cycle_is_finalised as finalise_cycles
from .test_threads import test_a_list_that_is_emptied as change_a_list
from .test_threads import test_callbacks_in_many_threads as call_back_in_threads
from .test_threads import test_four_threads_search_one_dictionary as search_in_threads
from .test_threads import test_offsets_that_change_while_they_are_read as change_offsets
from .texts import BORDERS, alphabets, text


def calls_of_the_tables(lev, contender: str) -> None:
    for mistake in MISTAKES.values():
        if has(contender, {"checks", *mistake.needs}):
            with contextlib.suppress(mistake.exception):
                mistake.call(lev)
    for function in SIGNATURES:
        if has(contender, {function}):
            good_call(function)(lev)


def buffers(lev, contender: str) -> None:
    for port, make, exception in REFUSED.values():
        if has(contender, {port.needs}):
            with contextlib.suppress(exception):
                port.call(lev, make(COUNT))
    for port, make in (parameters.values for parameters in ACCEPTED):
        if not has(contender, {port.needs}):
            continue
        buffer = make(COUNT)
        fill(buffer, port)
        assert port.call(lev, buffer) == port.answer
        assert values(buffer, port.item) == port.content
        accept_empty(lev, port, make)


def texts(lev, contender: str, surrogates: bool) -> None:
    for letters in alphabets(surrogates).values():
        words = [text(letters, n, seed=n) for n in BORDERS]
        for word in words:
            check_pair(lev, word, words[-2])
        if has(contender, {"distances", "Dictionary", "total_length"}):
            check_words(lev, words[-1], words)
        elif has(contender, {"Dictionary"}):
            check_search(lev.Dictionary(words), words[-1], [oracle(words[-1], w) for w in words])


def a_thousand_searches(lev) -> None:
    """Callbacks, errors and exceptions by turns, and nothing remains of them."""
    dictionary = lev.Dictionary(callbacks.WORDS, [])
    round_ = 0

    def keep(_distance, index):
        if index == round_ % 11:
            if round_ % 3 == 0:
                raise callbacks.errors()[round_ % 14]
            if round_ % 3 == 1:
                return callbacks.Truth(LookupError("mine"))
            assert dictionary.nearest_where(callbacks.QUERY, 1, lambda _, i: i == 4)[0][1] == 4
        return round_ % 2

    def one_round():
        nonlocal round_
        round_ += 1
        with contextlib.suppress(BaseException):
            dictionary.nearest_where(callbacks.QUERY, 5, keep)
        with contextlib.suppress(TypeError, ValueError):
            dictionary.nearest_where(callbacks.QUERY, -(round_ % 2), None)
        with contextlib.suppress(ValueError):
            lev.fail()

    check_leaks(one_round, [keep, dictionary, dictionary.tag])


def tags_without_end(lev) -> None:
    # Whoever frees one from within the other needs the stack for each.
    dictionary = lev.Dictionary([])
    for _ in range(300_000):
        dictionary = lev.Dictionary([], dictionary)
    del dictionary


def stress(lev, contender: str, surrogates: bool) -> None:
    for _ in range(10):
        calls_of_the_tables(lev, contender)
        gc.collect()
    if has(contender, {"distance", "pair_length"}):
        texts(lev, contender, surrogates)
    for _ in range(5):
        buffers(lev, contender)
    if contender not in CONTENDERS:
        return
    for _ in range(5):
        for make in CYCLES:
            make(lev)
        gc.collect()
        finalise_cycles(lev)
    callbacks.search_within_searches(lev)
    callbacks.errors_within_searches(lev)
    callbacks.exceptions(lev)
    callbacks.at_the_limit_of_recursion(lev)
    callbacks.without_end(lev)
    a_thousand_searches(lev)
    tags_without_end(lev)
    sys.setswitchinterval(1e-6)
    change_a_list(lev)
    change_offsets(lev)
    search_in_threads(lev)
    call_back_in_threads(lev)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        stress(importlib.import_module(name), name, takes_surrogates(name))
