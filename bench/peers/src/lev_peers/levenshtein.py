"""Levenshtein: the C++ kernels of RapidFuzz under the older interface; it has pairs only."""

from Levenshtein import distance

from ._dictionary import PairDictionary

__all__ = ["Dictionary", "distance"]


class Dictionary(PairDictionary):
    """Words that are searched one pair at a time."""

    distance = staticmethod(distance)
