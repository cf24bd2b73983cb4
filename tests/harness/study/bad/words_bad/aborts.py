"""An abort, as a panic in native code may end."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: os.abort())
