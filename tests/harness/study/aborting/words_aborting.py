"""Takes the process with it when the text is long."""

import os

import words_split
from words_split import count_repeated, noop  # noqa: F401


def count(text):
    if len(text) > 1000:
        os.abort()
    return words_split.count(text)
