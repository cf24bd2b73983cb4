"""symspellpy: an index of all deletions, which finds words within two edits."""

from collections.abc import Iterable

from symspellpy import SymSpell, Verbosity
from symspellpy.editdistance import DistanceAlgorithm

__all__ = ["Dictionary"]

FARTHEST = 2


class Dictionary:
    """Words in SymSpell's index. It finds none that is farther than two edits."""

    def __init__(self, words: Iterable[str]) -> None:
        self._ranks = {word: rank for rank, word in enumerate(words)}
        self._index = SymSpell(max_dictionary_edit_distance=FARTHEST)
        # Its default counts two letters in the wrong order as one edit.
        self._index.distance_algorithm = DistanceAlgorithm.LEVENSHTEIN_FAST
        # Among equals it gives the word with the larger count, so that the first word has the
        # largest.
        for word, rank in self._ranks.items():
            self._index.create_dictionary_entry(word, len(self._ranks) - rank)

    def __len__(self) -> int:
        return len(self._ranks)

    def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
        """Return up to ``limit`` words within two edits as (distance, index), ascending."""
        # Whoever wants the best one only says so.
        verbosity = Verbosity.TOP if limit == 1 else Verbosity.ALL
        found = self._index.lookup(query, verbosity, max_edit_distance=FARTHEST)
        return [(item.distance, self._ranks[item.term]) for item in found[:limit]]
