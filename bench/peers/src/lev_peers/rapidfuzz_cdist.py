"""RapidFuzz, where one query is a matrix of one row, and NumPy finds the nearest in it."""

from collections.abc import Iterable

import numpy
from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.process import cdist

__all__ = ["Dictionary"]


class Dictionary:
    """Words that ``process.cdist`` is handed at each search."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as (distance, index), ascending, ties by index."""
        limit = min(limit, len(self._words))
        if limit == 0:
            return []
        (row,) = cdist([query], self._words, scorer=distance, dtype=numpy.int32, workers=1)
        farthest = numpy.partition(row, limit - 1)[limit - 1]
        # A partition keeps no order among equals: all that are near enough, then sorted.
        near = numpy.flatnonzero(row <= farthest)
        order = near[numpy.argsort(row[near], kind="stable")][:limit]
        return list(zip(row[order].tolist(), order.tolist()))
