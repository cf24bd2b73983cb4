"""Takes all the memory it gets."""

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

eaten = []


def eat(words):
    while True:
        eaten.append(bytearray(50_000_000))


count = count_that(eat)
