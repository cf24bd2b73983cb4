"""Does the work of `split` ten times. It also prints, which must not disturb the protocol."""

from words_split import Counter, noop  # noqa: F401

print("tenfold says hello")


def count(text):
    for _ in range(10):
        words = len(text.split())
    return words


def count_repeated(text, n):
    for _ in range(n):
        words = count(text)
    return words
