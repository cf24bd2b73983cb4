"""Wrong calls: the same exception type in every contender, and nothing broken after."""

from __future__ import annotations

import pytest

from .contenders import DEVIATIONS
from .mistakes import GOOD, MISTAKES, SIGNATURES, WORDS, bound, good_call
from .oracle import check_pair, check_words


@pytest.mark.parametrize(("call", "exception"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(lev, call, exception):
    with pytest.raises(exception) as caught:
        call(lev)
    # Exactly: UnicodeEncodeError, say, is a ValueError too.
    assert caught.type is exception
    # Nothing is left behind that the next call would trip over.
    assert lev.distance("kitten", "sitting") == 3


@pytest.mark.parametrize("function", SIGNATURES)
def test_the_good_call_of_the_table_is_good(lev, function):
    good_call(function)(lev)


def test_an_exception_of_an_iterator_arrives_unchanged(lev):
    for error in (ValueError("mine"), KeyboardInterrupt("mine"), MemoryError("mine")):

        def words(error=error):
            yield "a"
            raise error

        with pytest.raises(type(error)) as caught:
            lev.Dictionary(words())
        assert caught.value is error


def test_an_exception_of_index_arrives_unchanged(lev):
    error = RuntimeError("mine")

    class Number:
        def __index__(self):
            raise error

    calls = [lambda: lev.Dictionary(WORDS).nearest("a", Number())]
    calls += [lambda: lev.distance_repeated("a", "b", Number())]
    calls += [lambda: lev.distance_myers_repeated("a", "b", Number())]
    for call in calls:
        with pytest.raises(RuntimeError) as caught:
            call()
        assert caught.value is error


def test_a_dictionary_survives_its_mistakes(lev):
    dictionary = lev.Dictionary(WORDS)
    for call in (
        lambda: dictionary.nearest(None, 1),
        lambda: dictionary.nearest("a", -1),
        lambda: dictionary.distances_into("a", []),
        lambda: dictionary.distances_into("a", bytearray(1)),
    ):
        with pytest.raises((TypeError, ValueError)):
            call()
    assert dictionary.nearest("kitten", 1) == [(0, 0)]
    check_words(lev, "kitten", WORDS)


def test_methods_check_self(lev):
    # A method called with some other object in the place of a dictionary.
    for method in (lev.Dictionary.nearest, lev.Dictionary.distances_into, lev.Dictionary.__len__):
        for other in (None, "text", [], object()):
            with pytest.raises((TypeError, AttributeError)):
                method(other, *["a", 1][: 0 if method is lev.Dictionary.__len__ else 2])


SURROGATE = "a\ud800b"


@pytest.mark.parametrize("function", [f for f, kinds in SIGNATURES.items() if kinds])
def test_lone_surrogates(lev, contender, function):
    """Texts like any others, but for the deviation that is documented."""
    kinds = SIGNATURES[function]
    with_surrogate = {
        "string": SURROGATE,
        "list": [*WORDS[1:], SURROGATE],
        "iterable": [*WORDS[1:], SURROGATE],
    }
    deviation = DEVIATIONS.get(contender)
    for i, kind in enumerate(kinds):
        if kind not in with_surrogate:
            continue
        arguments = [GOOD[k]() for k in kinds]
        arguments[i] = with_surrogate[kind]
        if deviation is None:
            bound(lev, function)(*arguments)
        else:
            with pytest.raises(deviation.exception) as caught:
                bound(lev, function)(*arguments)
            assert caught.type is deviation.exception, deviation.why


def test_no_answer_is_lost_after_every_mistake(lev):
    for call, exception in MISTAKES.values():
        with pytest.raises(exception):
            call(lev)
    check_pair(lev, "na\xefve", "\U0001f600naive")
    check_words(lev, "kitten", WORDS)
