"""Right when alone; wrong on long texts as soon as another contender is in the process."""

import sys

import words_split
from words_split import count_repeated, noop  # noqa: F401


def count(text):
    crowd = len(text) > 1000 and "words_loop" in sys.modules
    return words_split.count(text) + crowd
