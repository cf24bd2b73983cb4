"""What the answers should be, and the checks that compare with them.

The checks take a module, so that test_the_suite.py can run them on modules
that are wrong on purpose.
"""

from __future__ import annotations

from array import array

from rapidfuzz.distance import Levenshtein


def oracle(a: str, b: str) -> int:
    """The distance according to a library that shares no code with the study."""
    return Levenshtein.distance(a, b)


def check_pair(lev, a: str, b: str, repetitions=(1,)) -> None:
    """Every function of two strings."""
    expected = oracle(a, b)
    pair = f"{a!r}, {b!r}"
    assert lev.distance(a, b) == expected, f"distance({pair})"
    assert lev.distance_myers(a, b) == expected, f"distance_myers({pair})"
    assert lev.pair_length(a, b) == len(a) + len(b), f"pair_length({pair})"
    for n in repetitions:
        found = lev.distance_repeated(a, b, n)
        assert found == expected, f"distance_repeated({pair}, {n})"
        found = lev.distance_myers_repeated(a, b, n)
        assert found == expected, f"distance_myers_repeated({pair}, {n})"


def check_words(lev, query: str, words: list[str], limits=(0, 1, 3, 10**30)) -> None:
    """Every function of a query and words."""
    expected = [oracle(query, word) for word in words]
    assert lev.distances(query, words) == expected, f"distances({query!r}, {words!r})"
    dictionary = lev.Dictionary(words)
    assert len(dictionary) == len(words)
    check_search(dictionary, query, expected, limits)


def check_search(dictionary, query: str, expected: list[int], limits=(10**30,)) -> None:
    """Both searches of a dictionary whose answers are known."""
    ranking = sorted((d, i) for i, d in enumerate(expected))
    for limit in limits:
        found = dictionary.nearest(query, limit)
        assert found == ranking[:limit], f"nearest({query!r}, {limit})"
    # Two items more on each side: what lies outside the view stays as it is.
    guard = 0xDEADBEEF
    backing = array("I", [guard] * (len(expected) + 4))
    with memoryview(backing)[2 : len(expected) + 2] as out:
        assert dictionary.distances_into(query, out) is None
    assert backing.tolist() == [guard, guard, *expected, guard, guard], f"distances_into({query!r})"
