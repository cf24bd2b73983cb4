"""Counts how often each byte occurs."""

_counts: dict[int, int] = {}


def add(data: bytes) -> None:
    # The GIL makes each step whole, but not the two of them together: another thread
    # may run after get.
    for byte in data:
        _counts[byte] = _counts.get(byte, 0) + 1


def count(byte: int) -> int:
    return _counts.get(byte, 0)
