"""Right on every text but those of exactly 64 characters."""

import words_split
from words_split import noop  # noqa: F401


def count(text):
    return words_split.count(text) + (len(text) == 64)


def count_repeated(text, n):
    return words_split.count_repeated(text, n)
