"""Ends the process, beside another."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: os._exit(5), in_company=True)
