"""pyspellchecker: all strings within one edit of a word, then within two, that are words."""

from collections.abc import Iterable
from itertools import pairwise

from spellchecker import SpellChecker

__all__ = ["Dictionary"]


class Dictionary:
    """Words in a SpellChecker. It finds those of the least number of edits, two at most.

    Its ``candidates`` have no distance with them, and two letters in the wrong order are one edit
    to it, so the distances of the few that it finds are worked out here.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._ranks = {word: rank for rank, word in enumerate(words)}
        self._checker = SpellChecker(language=None, distance=2)
        self._checker.word_frequency.load_words(self._ranks)

    def __len__(self) -> int:
        return len(self._ranks)

    def nearest(self, query: str, limit: int) -> list[tuple[int, int]]:
        """Return up to ``limit`` candidates as (distance, index), ascending."""
        # A word that it does not check is its own candidate.
        found = (self._checker.candidates(query) or set()) & self._ranks.keys()
        return sorted((distance(query, word), self._ranks[word]) for word in found)[:limit]


def distance(a: str, b: str) -> int:
    """Return the Levenshtein distance of two words, by Wagner-Fischer."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        below = [i]
        for y, (diagonal, above) in zip(b, pairwise(row)):
            below.append(min(diagonal + (x != y), above + 1, below[-1] + 1))
        row = below
    return row[-1]
