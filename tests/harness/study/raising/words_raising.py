"""Raises on the empty text."""

import words_split
from words_split import noop  # noqa: F401


def count(text):
    if not text:
        raise LookupError("no words to look up")
    return words_split.count(text)


def count_repeated(text, n):
    return words_split.count_repeated(text, n)
