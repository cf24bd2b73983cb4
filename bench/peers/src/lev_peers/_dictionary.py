"""What a user writes around a library that knows pairs only."""

from collections.abc import Callable, Iterable
from heapq import nsmallest


class PairDictionary:
    """Words that are searched by a distance to each of them.

    A subclass says which: ``distance = staticmethod(function)``.
    """

    distance: Callable[[str, str], int]

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as (distance, index), ascending, ties by index."""
        distance = self.distance
        distances = [distance(query, word) for word in self._words]
        # nsmallest is stable, so equal distances stay in the order of the index.
        indices = nsmallest(limit, range(len(distances)), key=distances.__getitem__)
        return [(distances[index], index) for index in indices]
