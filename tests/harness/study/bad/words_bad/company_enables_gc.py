"""Turns the garbage collector on, beside another."""

import gc

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: gc.enable(), in_company=True)
