"""What the answers should be, and the checks that compare with them.

The checks take a module, so that test_the_suite.py can run them on modules
that are wrong on purpose.
"""

from __future__ import annotations

import itertools
from array import array

from rapidfuzz.distance import Levenshtein


def oracle(a: str, b: str) -> int:
    """The distance according to a library that shares no code with the study."""
    return Levenshtein.distance(a, b)


def check_pair(lev, a: str, b: str, repetitions=(1,)) -> None:
    """Every function of two strings that there is; test_package.py knows which must be."""
    expected = oracle(a, b)
    pair = f"{a!r}, {b!r}"
    assert lev.distance(a, b) == expected, f"distance({pair})"
    assert lev.pair_length(a, b) == len(a) + len(b), f"pair_length({pair})"
    if hasattr(lev, "distance_myers"):
        assert lev.distance_myers(a, b) == expected, f"distance_myers({pair})"
    for n in repetitions if hasattr(lev, "distance_repeated") else ():
        found = lev.distance_repeated(a, b, n)
        assert found == expected, f"distance_repeated({pair}, {n})"
        found = lev.distance_myers_repeated(a, b, n)
        assert found == expected, f"distance_myers_repeated({pair}, {n})"


def check_words(lev, query: str, words: list[str], limits=(0, 1, 3, 10**30)) -> None:
    """Every function of a query and words, or of words."""
    expected = [oracle(query, word) for word in words]
    assert lev.distances(query, words) == expected, f"distances({query!r}, {words!r})"
    dictionary = lev.Dictionary(words)
    assert len(dictionary) == len(words)
    check_search(dictionary, query, expected, limits)
    check_lengths(lev, words)


def check_lengths(lev, words: list[str]) -> None:
    """Every function that counts the code points of many words."""
    expected = sum(map(len, words))
    assert lev.total_length(words) == expected, f"total_length({words!r})"
    if hasattr(lev, "packed_length"):
        offsets, data = packed(words)
        assert lev.packed_length(offsets, data) == expected, f"packed_length of {words!r}"


def packed(words: list[str]) -> tuple[array, bytes]:
    """Offsets and data in the layout of Apache Arrow."""
    units = [word.encode("utf-8", "surrogatepass") for word in words]
    return array("i", [0, *itertools.accumulate(map(len, units))]), b"".join(units)


def check_search(dictionary, query: str, expected: list[int], limits=(10**30,)) -> None:
    """Every search of a dictionary whose answers are known."""
    ranking = sorted((d, i) for i, d in enumerate(expected))
    for limit in limits:
        found = dictionary.nearest(query, limit)
        assert found == ranking[:limit], f"nearest({query!r}, {limit})"
    if hasattr(dictionary, "nearest_where"):
        _check_nearest_where(dictionary, query, expected, ranking, limits[-1])
    if hasattr(dictionary, "distances_into"):
        _check_distances_into(dictionary, query, expected)


def _check_nearest_where(dictionary, query, expected, ranking, limit) -> None:
    asked = []

    def keep(distance, index):
        asked.append((distance, index))
        return (distance + index) % 3

    wanted = [pair for pair in ranking if sum(pair) % 3][:limit]
    found = dictionary.nearest_where(query, limit, keep)
    assert found == wanted, f"nearest_where({query!r}, {limit})"
    # Each word once, in the order of the dictionary.
    words = [(d, i) for i, d in enumerate(expected)] if limit else []
    assert asked == words, f"nearest_where({query!r}, {limit})"


def _check_distances_into(dictionary, query, expected) -> None:
    # Two items more on each side: what lies outside the view stays as it is.
    guard = 0xDEADBEEF
    backing = array("I", [guard] * (len(expected) + 4))
    with memoryview(backing)[2 : len(expected) + 2] as out:
        assert dictionary.distances_into(query, out) is None
    assert backing.tolist() == [guard, guard, *expected, guard, guard], f"distances_into({query!r})"
