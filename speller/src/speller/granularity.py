"""Four ways to divide one search between Python and the contender.

Each step changes one thing: ``pair`` asks for every distance in a call of its own;
``pair-myers`` does the same with the faster algorithm; ``list`` asks for all
distances in one call; ``dictionary`` also leaves the words and the selection of the
nearest on the other side. The answers are the same.

A dictionary that can search for many words in one call, as that of ``lev_fast`` can, does so in
as many threads as are of use.
"""

from collections.abc import Callable
from heapq import nsmallest
from typing import NamedTuple

from speller.contenders import Contender

# The nearest words as (distance, index), ascending, ties by index.
Nearest = list[tuple[int, int]]


class Search(NamedTuple):
    """From a query to the nearest words; ``many``, if the contender has it, from many."""

    one: Callable[[str], Nearest]
    many: Callable[[list[str]], list[Nearest]] | None = None


def pair(contender: Contender, words: list[str], limit: int) -> Search:
    """Call ``distance`` once for each word: how every application starts."""
    distance = contender.distance
    return Search(lambda query: _nearest([distance(query, word) for word in words], limit))


def pair_myers(contender: Contender, words: list[str], limit: int) -> Search:
    """Call ``distance_myers`` once for each word."""
    distance = contender.distance_myers
    return Search(lambda query: _nearest([distance(query, word) for word in words], limit))


def whole_list(contender: Contender, words: list[str], limit: int) -> Search:
    """Call ``distances`` once for each query, with all words."""
    return Search(lambda query: _nearest(contender.distances(query, words), limit))


def dictionary(contender: Contender, words: list[str], limit: int) -> Search:
    """Hand over the words once; call ``nearest`` once for each query, or ``nearest_many``."""
    native = contender.Dictionary(words)
    many = getattr(native, "nearest_many", None)
    return Search(
        lambda query: native.nearest(query, limit),
        many and (lambda queries: many(queries, limit, threads=None)),
    )


GRANULARITIES: dict[str, Callable[[Contender, list[str], int], Search]] = {
    "pair": pair,
    "pair-myers": pair_myers,
    "list": whole_list,
    "dictionary": dictionary,
}


def _nearest(distances: list[int], limit: int) -> Nearest:
    # nsmallest is stable, as sorted is: equal distances stay in the order of the index.
    # With the index as the item no tuple is made for a word that is not near.
    indices = nsmallest(limit, range(len(distances)), key=distances.__getitem__)
    return [(distances[index], index) for index in indices]
