"""An exception, after it has said something."""

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def fail(words):
    raise KeyError("no such word")


count = count_that(fail)
