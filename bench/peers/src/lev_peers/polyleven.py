"""polyleven: pairs only."""

from polyleven import levenshtein as distance

from ._dictionary import PairDictionary

__all__ = ["Dictionary", "distance"]


class Dictionary(PairDictionary):
    """Words that are searched one pair at a time."""

    distance = staticmethod(distance)
