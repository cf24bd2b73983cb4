"""Opens a file and forgets it."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def leak(words):
    os.open(os.devnull, os.O_RDONLY)


count = count_that(leak)
