"""What crosses the boundary without a kernel: call shapes, collections in, results out."""

from __future__ import annotations

import itertools
import operator
from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .callbacks import nothing_is_printed
from .mistakes import MAX_RANGE
from .oracle import check_lengths, packed
from .test_arguments import Index
from .texts import ALPHABETS, SURROGATE_ALPHABETS, alphabets, any_text, text

LOW, HIGH = -(2**63), 2**63 - 1
BORDERS_OF_NUMBERS = [
    0,
    *(
        sign * 2**bits + step
        for bits in (8, 30, 31, 32, 60, 62)
        for sign in (1, -1)
        for step in (-1, 0, 1)
    ),
    *(LOW, LOW + 1, HIGH - 1, HIGH),
]
INT64 = st.one_of(st.sampled_from(BORDERS_OF_NUMBERS), st.integers(LOW, HIGH))

# Python keeps the numbers up to 256 ready; those from 2**15 and 2**16 on need one byte more.
LENGTHS = (0, 1, 2, 7, 256, 257, 258, 1_000, 2**15 + 1, 2**16 + 1)


class Number(int):
    """An int whose own methods all lie: only its value must count."""

    def _lie(self, *_args):
        raise AssertionError("a method of a subclass of int was called")

    __int__ = __index__ = __add__ = __radd__ = __float__ = __trunc__ = __bool__ = _lie


# ---------------------------------------------------------------------- call shapes


@pytest.mark.needs("noop")
def test_noop(lev):
    assert lev.noop() is None


@pytest.mark.needs("number")
def test_number(lev):
    assert (lev.number(), type(lev.number())) == (7, int)


@pytest.mark.needs("echo")
def test_echo(lev):
    for n in BORDERS_OF_NUMBERS:
        for argument in (n, Index(n), Number(n)):
            found = lev.echo(argument)
            assert (found, type(found)) == (n, int)
    for argument in (True, False, np.int64(LOW), np.uint64(HIGH), np.int8(-1)):
        found = lev.echo(argument)
        assert (found, type(found)) == (int(argument), int)


@pytest.mark.needs("fail")
def test_fail(lev):
    raised = []
    for _ in range(3):
        with pytest.raises(ValueError) as caught:
            lev.fail()
        assert caught.type is ValueError
        assert str(caught.value)
        raised.append(caught.value)
    # Not one object that is raised again and again, and collects tracebacks.
    assert len({id(error) for error in raised}) == 3


def sums(lev):
    def named(*numbers):
        return lev.sum_named(**dict(zip("abcde", numbers)))

    return lev.sum_five, named


@settings(max_examples=100)
@given(numbers=st.lists(INT64, min_size=5, max_size=5))
def test_sums(lev, numbers):
    expected = sum(numbers)
    for function in sums(lev):
        if LOW <= expected <= HIGH:
            assert function(*numbers) == expected
        else:
            with pytest.raises(OverflowError):
                function(*numbers)


def test_only_the_whole_sum_counts(lev):
    for numbers, expected in (
        ((HIGH, HIGH, LOW, LOW, 2), 0),
        ((HIGH, 1, -1, 0, 0), HIGH),
        ((LOW, LOW, HIGH, HIGH, 1), -1),
        ((LOW, -1, 1, 0, 0), LOW),
        ((HIGH, HIGH, HIGH, LOW, LOW), HIGH - 2),
        ((1, 2, 4, 8, 16), 31),
    ):
        for order in itertools.permutations(numbers):
            for function in sums(lev):
                found = function(*order)
                assert (found, type(found)) == (expected, int)


def test_numbers_of_the_sums(lev):
    for function in sums(lev):
        assert function(Index(1), True, Number(4), np.int32(8), Index(HIGH - 14)) == HIGH
        for kind in (Index, Number):
            assert function(*map(kind, (1, 20, 300, 4_000, 50_000))) == 54_321


def test_the_keywords_of_sum_named_may_come_in_any_order(lev):
    numbers = dict(zip("abcde", (1, 20, 300, 4_000, HIGH - 10_000)))
    for order in itertools.permutations("abcde"):
        assert lev.sum_named(**{name: numbers[name] for name in order}) == HIGH - 5_679
    # None is left out.
    for name in "abcde":
        with pytest.raises(OverflowError):
            lev.sum_named(**{**dict.fromkeys("abcde", -1), name: 2**63})


def test_keywords_are_compared_as_text(lev):
    class Name(str):
        """Equal to a string, and never the same object."""

        __slots__ = ()

    assert lev.sum_named(**{Name(name): 2 for name in "abcde"}) == 10
    with pytest.raises(TypeError):
        lev.sum_named(**{Name(name): 2 for name in "abcdf"})


# ------------------------------------------------------------------- collections in


WORDS = ["kitten", "", "na\xefve", "\u4e2d\u6587", "\U0001f600", "a\0b", "kitten"]
TOTAL = sum(map(len, WORDS))


@settings(max_examples=40)
@given(data=st.data())
def test_random_lengths(lev, surrogates, data):
    check_lengths(lev, data.draw(st.lists(any_text(surrogates, max_size=20), max_size=12)))


@pytest.mark.needs("total_length")
def test_total_length_of_every_alphabet(lev, surrogates):
    for letters in alphabets(surrogates).values():
        words = [text(letters, n) for n in (0, 1, 64, 300)]
        assert lev.total_length(words) == lev.total_length(iter(words)) == 365


@pytest.mark.needs("total_length")
@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        iter,
        lambda words: (word for word in words),
        lambda words: dict(enumerate(words)).values(),
        lambda words: map(str, words),
        lambda words: np.array(words, object),
    ],
    ids=["list", "tuple", "iterator", "generator", "view", "map", "numpy"],
)
def test_total_length_of_any_iterable(lev, make):
    found = lev.total_length(make(WORDS))
    assert (found, type(found)) == (TOTAL, int)
    assert lev.total_length(make([])) == 0


@pytest.mark.needs("total_length")
def test_total_length_of_set_dict_and_str(lev):
    assert lev.total_length({"ab", "cd", "\u0161"}) == 5
    assert lev.total_length(frozenset({"ab", ""})) == 2
    assert lev.total_length({"ab": 1, "\U0001f600": [2]}) == 3
    assert lev.total_length("na\xefve \u4e2d\U0001f600") == 8


@pytest.mark.needs("total_length")
def test_total_length_asks_a_subclass_for_its_iterator(lev):
    def kind(base):
        return type("Other", (base,), {"__iter__": lambda _self: iter(["other", "words"])})

    for base in (list, tuple, str, set, dict):
        assert lev.total_length(kind(base)(["a"]) if base is not dict else kind(base)()) == 10


@pytest.mark.needs("total_length")
def test_total_length_does_not_believe_a_length_hint(lev):
    for hint in (0, 1, 100_000, 2**60, LookupError("no hint")):

        class Iterator:
            left = 5

            def __iter__(self):
                return self

            def __next__(self):
                self.left -= 1
                if self.left < 0:
                    raise StopIteration
                return "word"

            def __length_hint__(self, hint=hint):
                if isinstance(hint, Exception):
                    raise hint
                return hint

        with nothing_is_printed():
            assert lev.total_length(Iterator()) == 20


@pytest.mark.needs("total_length")
def test_total_length_reads_a_list_that_grows_as_for_would(lev):
    source = ["one", "two", "three"]

    class Growing(list):
        def __iter__(self):
            for i, word in enumerate(source):
                if i < 5:
                    source.append(word * 2)
                yield word

    assert lev.total_length(Growing()) == sum(map(len, source)) == 11 + 22 + 12 + 12
    source = ["one"] * 10
    assert lev.total_length(source.pop() for _ in range(5)) == 15


@pytest.mark.needs("total_length", "checks")
def test_total_length_does_not_ask_for_all_words_at_once(lev):
    # It may read them in pieces, as long as those between which it looks for signals.
    for bad in (None, 7, b"bytes"):
        rest = itertools.repeat("word", 2**21)
        with pytest.raises(TypeError):
            lev.total_length(itertools.chain(["good", bad], rest))
        assert operator.length_hint(rest) >= 2**20


def test_total_length_where_it_looks_for_signals(lev):
    for count in (2**20 - 1, 2**20, 2**20 + 1):
        assert lev.total_length(["ab"] * count) == 2 * count
    assert lev.total_length(itertools.repeat("\u4e2d", 2**21 + 1)) == 2**21 + 1


@settings(max_examples=100)
@given(
    data=st.binary(max_size=300),
    cuts=st.lists(st.integers(0, 300), min_size=1, max_size=8),
)
def test_packed_length_of_any_bytes(lev, reference, data, cuts):
    # What is valid UTF-8 has been compared with len() in check_lengths().
    offsets = array("i", sorted(min(cut, len(data)) for cut in cuts))
    expected = sum(not 0x80 <= unit < 0xC0 for unit in data[offsets[0] : offsets[-1]])
    assert reference.packed_length(offsets, data) == expected
    found = lev.packed_length(offsets, data)
    assert (found, type(found)) == (expected, int)


def test_packed_length_of_every_byte(lev):
    units = bytes(range(256))
    assert lev.packed_length(array("i", [0, 256]), units) == 192
    assert lev.packed_length(array("i", range(257)), units) == 192
    for i in range(256):
        expected = int(not 0x80 <= i < 0xC0)
        assert lev.packed_length(array("i", [i, i + 1]), units) == expected


def test_packed_length_of_long_data(lev):
    # Longer than any number of 8 or 16 bits counts, and from every place of a vector.
    units = "na\xefve \u4e2d\u6587 \U0001f600".encode() * 20_000
    bits = np.frombuffer(units, "u1")
    starts = (bits < 0x80) | (bits > 0xBF)
    for start in (*range(70), 65_535, 99_999):
        end = len(units) - start % 7
        expected = int(starts[start:end].sum())
        assert lev.packed_length(array("i", [start, end]), units) == expected
    offsets, units = packed([text("a\xe9\u4e2d\U0001f600", n % 40, n) for n in range(3_000)])
    assert lev.packed_length(offsets, units) == sum(n % 40 for n in range(3_000))
    only_continued = array("i", [0, 100_000])
    assert lev.packed_length(only_continued, b"\x80" * 100_000) == 0
    assert lev.packed_length(only_continued, b"\xff" * 100_000) == 100_000


def test_packed_length_of_nothing(lev):
    for offsets in ([0], [0, 0], [3], [3, 3, 3], [1]):
        assert lev.packed_length(array("i", offsets), b"abc") == 0
    assert lev.packed_length(array("i", [0, 0, 0]), b"") == 0


@settings(max_examples=40)
@given(numbers=st.lists(st.one_of(st.integers(0, 2**32 - 1), st.just(2**32 - 1)), max_size=70))
def test_buffer_sum(lev, numbers):
    found = lev.buffer_sum(array("I", numbers))
    assert (found, type(found)) == (sum(numbers), int)


def test_buffer_sum_of_many(lev):
    numbers = np.arange(2**32 - 100_000, 2**32, dtype="u4")
    for start in range(20):
        part = numbers[start:]
        assert lev.buffer_sum(part) == int(part.sum(dtype="u8"))


# ---------------------------------------------------------------------- results out


@pytest.mark.needs("range_list")
@pytest.mark.parametrize("n", LENGTHS)
def test_range_list(lev, n):
    for argument in (n, Index(n), Number(n)) if n < 1_000 else (n,):
        found = lev.range_list(argument)
        assert type(found) is list
        assert found == [*range(n)]
        assert {type(i) for i in found} <= {int}
        found.append("mine")
    assert lev.range_list(True) == [0]


@pytest.mark.parametrize("n", LENGTHS)
def test_ranges(lev, n):
    for argument in (n, Index(n), Number(n)) if n < 1_000 else (n,):
        found = lev.range_bytes(argument)
        assert type(found) is bytes
        assert found == array("I", range(n)).tobytes()
        pairs = lev.range_pairs(argument)
        assert type(pairs) is list
        assert pairs == [(i, i) for i in range(n)]
        assert {type(pair) for pair in pairs} <= {tuple}
        assert {type(i) for pair in pairs for i in pair} <= {int}
        pairs.append("mine")
    out = array("I", [0xDEADBEEF] * n)
    assert lev.range_into(out) is None
    assert out.tolist() == [*range(n)]
    assert lev.range_bytes(False) == b""
    assert lev.range_pairs(True) == [(0, 0)]


def test_the_longest_ranges(lev):
    # Of lists as long, which take a gigabyte, starved.py sees that they are begun.
    expected = np.arange(MAX_RANGE, dtype="u4")
    assert lev.range_bytes(MAX_RANGE) == expected.tobytes()
    out = np.zeros(MAX_RANGE, "u4")
    lev.range_into(out)
    assert (out == expected).all()


def test_lone_surrogates_are_counted(lev, surrogates):
    # In data they are bytes like any others, whatever a binding thinks of text.
    words = [text(letters, 9) for letters in SURROGATE_ALPHABETS.values()]
    assert lev.packed_length(*packed(words)) == 18
    if surrogates:
        assert lev.total_length(words) == 18
    assert lev.total_length(ALPHABETS["emoji"]) == 5
