"""Closes what is not its own: the pipe to the harness is among it."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: os.closerange(3, 256))
