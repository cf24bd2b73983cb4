"""RapidFuzz: pairs, the nearest by ``process.extract``, and a matrix by ``process.cdist``."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy
from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.process import cdist as rapidfuzz_cdist
from rapidfuzz.process import extract

__all__ = ["Dictionary", "cdist", "distance"]


class Dictionary:
    """Words that ``process.extract`` searches; RapidFuzz keeps nothing between two searches."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as (distance, index), ascending, ties by index."""
        # Its limit is a number of C; more than there are words makes no difference.
        limit = min(limit, len(self._words))
        found = extract(query, self._words, scorer=distance, limit=limit)
        return [(length, index) for _, length, index in found]


def cdist(queries: Sequence[str], words: Sequence[str]) -> Any:
    """Return the distance of each query to each word, a row for each query.

    No distance of these words is more than 255, and the manual recommends the smallest type
    that holds the results. All are measured on one processor.
    """
    return rapidfuzz_cdist(queries, words, scorer=distance, dtype=numpy.uint8, workers=1)
