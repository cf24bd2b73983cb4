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

from .contenders import takes_surrogates
from .mistakes import MISTAKES, SIGNATURES, good_call
from .oracle import check_pair, check_words
from .test_buffers import ACCEPTED, COUNT, EXPECTED, QUERY, REFUSED, WORDS, values
from .test_threads import test_a_list_that_is_emptied as change_a_list
from .test_threads import test_four_threads_search_one_dictionary as search_in_threads
from .texts import BORDERS, alphabets, text


def stress(lev, surrogates: bool) -> None:
    for _ in range(10):
        for call, exception in MISTAKES.values():
            with contextlib.suppress(exception):
                call(lev)
        for function in SIGNATURES:
            good_call(function)(lev)
        dictionary = lev.Dictionary(WORDS)
        for make, exception in REFUSED.values():
            with contextlib.suppress(exception):
                dictionary.distances_into(QUERY, make(COUNT))
        for make in ACCEPTED.values():
            dictionary.distances_into(QUERY, out := make(COUNT))
            assert values(out) == EXPECTED
        gc.collect()
    for letters in alphabets(surrogates).values():
        words = [text(letters, n, seed=n) for n in BORDERS]
        check_words(lev, words[-1], words)
        for word in words:
            check_pair(lev, word, words[-2])
    sys.setswitchinterval(1e-6)
    change_a_list(lev)
    search_in_threads(lev)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        stress(importlib.import_module(name), takes_surrogates(name))
