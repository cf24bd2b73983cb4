"""Never comes back, beside another."""

import time

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: time.sleep(10_000), in_company=True)
