"""Ends the process without asking."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def leave(words):
    os.write(2, b"these are my last words\n")
    os._exit(5)


count = count_that(leave)
