"""Prints megabytes, in one line and in many."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def print_much(words):
    for _ in range(64):
        os.write(1, b"x" * 65_536)
        os.write(2, b"y\n" * 32_768)


count = count_that(print_much)
