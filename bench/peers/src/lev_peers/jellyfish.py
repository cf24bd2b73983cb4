"""jellyfish: pairs only, of graphemes rather than code points."""

from jellyfish import levenshtein_distance as distance

from ._dictionary import PairDictionary

__all__ = ["Dictionary", "distance"]


class Dictionary(PairDictionary):
    """Words that are searched one pair at a time."""

    distance = staticmethod(distance)
