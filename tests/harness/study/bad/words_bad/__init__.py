"""Contenders that do everything a contender must not do, each in a module of its own.

They answer rightly when they are verified, where each case is called once. They go wrong on
their third call of a long text; those of `company`, when another contender is there as well.
"""

import sys

import words_split


def count_that(goes_wrong, in_company=False):
    """A function that counts words, and on its third call of a long text does something else."""
    calls = 0

    def count(text):
        nonlocal calls
        words = words_split.count(text)
        if len(text) <= 1000 or (in_company and "words_loop" not in sys.modules):
            return words
        calls += 1
        if calls < 3:
            return words
        given = goes_wrong(words)
        return words if given is None else given

    return count
