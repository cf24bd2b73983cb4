"""Counts how often each byte occurs."""

from threading import Lock

_counts: dict[int, int] = {}
_lock = Lock()


def add(data: bytes) -> None:
    with _lock:
        for byte in data:
            _counts[byte] = _counts.get(byte, 0) + 1


def count(byte: int) -> int:
    return _counts.get(byte, 0)
