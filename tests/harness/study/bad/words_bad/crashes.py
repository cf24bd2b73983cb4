"""A segmentation fault."""

import ctypes

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: ctypes.string_at(0))
