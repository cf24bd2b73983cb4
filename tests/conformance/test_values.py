"""The answers: against an outside oracle, against the reference, as a metric."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .oracle import check_pair, check_search, check_words, oracle
from .texts import ALPHABETS, BORDERS, alphabets, any_text, edited, text

OF_PAIRS = pytest.mark.needs("distance", "pair_length")
OF_WORDS = pytest.mark.needs("distances", "Dictionary", "Dictionary.nearest", "total_length")

KITTEN = [
    ("", "", 0),
    ("", "abc", 3),
    ("abc", "", 3),
    ("a", "a", 0),
    ("a", "b", 1),
    ("kitten", "sitting", 3),
    ("intention", "execution", 5),
    ("a\0b", "a\0c", 1),
    ("\0", "", 1),
    ("\0\0", "\0", 1),
    ("na\xefve", "naive", 1),
    ("e\u0301", "\xe9", 2),  # Code points are compared, not what a reader sees.
    ("\U0001f468\u200d\U0001f469", "\U0001f469", 2),
    ("a", "\u0161", 1),
    ("\u0161", "\U00010161", 1),
    ("\u4e2d\u6587", "\u4e2d\u56fd", 1),
]


@OF_PAIRS
@pytest.mark.parametrize(("a", "b", "expected"), KITTEN)
def test_known_distances(lev, a, b, expected):
    assert oracle(a, b) == expected
    check_pair(lev, a, b, repetitions=(1, 2, 7))


@OF_WORDS
def test_known_distances_of_words(lev):
    for a, b, _ in KITTEN:
        check_words(lev, a, [b, a, b])


def test_numbers_are_plain_ints(lev):
    dictionary = lev.Dictionary(["a"])
    pair = dictionary.nearest("b", 1)[0]
    numbers = [lev.distance("a", "b"), lev.distance_myers("a", "b"), len(dictionary)]
    numbers += [lev.pair_length("a", "b"), *lev.distances("a", ["b"]), *pair]
    numbers += dictionary.nearest_where("b", 1, lambda *_: True)[0]
    assert {type(n) for n in numbers} == {int}
    assert type(pair) is tuple
    assert type(dictionary.nearest_where("b", 1, lambda *_: True)[0]) is tuple
    assert dictionary.noop() is None


@OF_PAIRS
def test_every_alphabet_against_every_other(lev, surrogates):
    letters = alphabets(surrogates).values()
    for first, second in itertools.product(letters, repeat=2):
        a, b = text(first, 21), text(second, 34, seed=1)
        # Each text also with characters of the other inside.
        check_pair(lev, a + b[:5], b + a[:5], repetitions=(1, 2, 7))
        check_pair(lev, a, b)


@OF_PAIRS
@pytest.mark.parametrize("m", BORDERS)
def test_borders_of_blocks(lev, surrogates, m):
    for n in BORDERS:
        for letters in alphabets(surrogates).values():
            check_pair(lev, text(letters, m), text(letters, n, seed=1), repetitions=())


@OF_PAIRS
def test_few_edits(lev, surrogates):
    # Unlike random texts, these keep the distance small and the runs of equal
    # characters long, so carries travel through whole blocks.
    for letters in alphabets(surrogates).values():
        for length in (60, 130, 300):
            a = text(letters, length)
            check_pair(lev, a, edited(a, letters, 6, seed=length))
            check_pair(lev, a, a)
            check_pair(lev, letters[0] * length, letters[0] * (length - 1))


def test_long_texts(lev):
    for letters in ALPHABETS.values():
        a = text(letters, 1_000)
        b = edited(a, letters, 150)
        assert lev.distance_myers(a, b) == oracle(a, b)
        assert lev.distances(a, [b, b[:70], ""]) == [oracle(a, b), oracle(a, b[:70]), 1_000]
    assert lev.distance(a, b) == oracle(a, b)
    mixed = text("".join(ALPHABETS.values()), 5_000)
    assert lev.distance_myers(a, mixed) == lev.distance_myers(mixed, a) == oracle(a, mixed)


def test_a_cut_in_the_middle_of_a_word(lev, surrogates):
    # 2**28 cells are one chunk: at 300 blocks of 64 rows a cut falls after
    # every 13,981 code points, so inside most of these words.
    for letters in list(alphabets(surrogates).values())[:4]:
        query = text(letters, 300 * 64 - 3)
        words = [text(letters, n, seed=n) for n in (9_000, 20_000, 1, 7_000)]
        check_words(lev, query, words, limits=(2,))


@given(data=st.data())
def test_random_pairs(lev, reference, surrogates, data):
    a = data.draw(any_text(surrogates))
    b = data.draw(any_text(surrogates))
    check_pair(lev, a, b, repetitions=(1, 2))
    assert lev.distance(a, b) == reference.distance(a, b)
    assert lev.distance_myers(a, b) == reference.distance_myers(a, b)


@OF_PAIRS
@given(data=st.data())
def test_random_pairs_of_many_lengths(lev, surrogates, data):
    lengths = st.integers(0, 300)
    letters = st.sampled_from(sorted(alphabets(surrogates).values()))
    seeds = st.integers(0, 99)
    a = text(data.draw(letters), data.draw(lengths), data.draw(seeds))
    b = text(data.draw(letters), data.draw(lengths), data.draw(seeds))
    check_pair(lev, a, b)


@OF_WORDS
@given(data=st.data())
def test_random_words(lev, reference, surrogates, data):
    query = data.draw(any_text(surrogates))
    words = data.draw(st.lists(any_text(surrogates, max_size=30), max_size=12))
    limit = data.draw(st.integers(0, 14))
    check_words(lev, query, words, limits=(limit,))
    expected = reference.Dictionary(words).nearest(query, limit)
    assert lev.Dictionary(words).nearest(query, limit) == expected
    assert lev.distances(query, words) == reference.distances(query, words)


@given(data=st.data())
def test_it_is_a_metric(lev, surrogates, data):
    short = any_text(surrogates, max_size=70)
    a, b, c = data.draw(short), data.draw(short), data.draw(short)
    for distance in (lev.distance, lev.distance_myers):
        assert distance(a, a) == 0
        assert distance(a, b) == distance(b, a)
        assert (distance(a, b) == 0) == (a == b)
        assert distance(a, c) <= distance(a, b) + distance(b, c)


def test_query_of_every_border_against_words_of_every_border(lev, surrogates):
    for letters in alphabets(surrogates).values():
        words = [text(letters, n, seed=2) for n in BORDERS]
        for m in BORDERS:
            check_words(lev, text(letters, m), words)


@OF_WORDS
def test_words_of_mixed_widths_and_duplicates(lev, surrogates):
    words = [text(s, n) for s in alphabets(surrogates).values() for n in (0, 3, 40)]
    words += words[::-1]
    for query in (words[4], words[-1], "", text("ab\u0161", 70)):
        check_words(lev, query, words, limits=(0, 1, 5, len(words), len(words) + 1))


def test_ten_thousand_words(lev):
    letters = list(ALPHABETS.values())
    words = [text(letters[i % len(letters)], i % 13, seed=i) for i in range(10_000)]
    query = text("abc", 9)
    expected = [oracle(query, word) for word in words]
    assert lev.distances(query, words) == expected
    dictionary = lev.Dictionary(words)
    assert len(dictionary) == 10_000
    check_search(dictionary, query, expected, limits=(1, 10, 9_999, 10_000, 10**30))
    # Thousands of ties: the index decides.
    dictionary = lev.Dictionary(["same"] * 10_000)
    check_search(dictionary, "some", [1] * 10_000, limits=(1, 10, 9_999, 10_000))
