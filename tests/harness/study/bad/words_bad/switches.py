"""Changes how often threads are switched."""

import sys

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: sys.setswitchinterval(0.5))
