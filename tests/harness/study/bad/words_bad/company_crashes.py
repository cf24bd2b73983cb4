"""A segmentation fault, beside another."""

import ctypes

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: ctypes.string_at(0), in_company=True)
