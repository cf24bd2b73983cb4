"""Counts how often each value from 0 to 9 occurs."""

_counts = [0] * 10


def count(value: int) -> int:
    # Without this, -1 would count in the last bucket.
    if value < 0:
        raise IndexError(value)
    _counts[value] += 1
    return _counts[value]
