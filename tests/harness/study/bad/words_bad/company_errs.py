"""Wrong, beside another."""

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

count = count_that(lambda words: words + 1, in_company=True)
