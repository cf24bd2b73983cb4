"""edlib: pairs only, of at most 256 different characters."""

from edlib import align

from ._dictionary import PairDictionary

__all__ = ["Dictionary", "distance"]


def distance(a: str, b: str) -> int:
    """Return the distance of a global alignment.

    What edlib gives is a dictionary about an alignment, so this function of Python is part of
    every call; whoever uses edlib has to write the same.
    """
    length: int = align(a, b, task="distance")["editDistance"]
    return length


class Dictionary(PairDictionary):
    """Words that are searched one pair at a time."""

    distance = staticmethod(distance)
