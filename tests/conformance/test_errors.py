"""Wrong calls: the same exception type in every contender, and nothing broken after."""

from __future__ import annotations

import pytest

from .contenders import DEVIATIONS
from .mistakes import (
    GOOD,
    MISTAKES,
    SIGNATURES,
    WORDS,
    Unindexable,
    bound,
    good_call,
    invoke,
)
from .oracle import check_pair, check_words


def functions(names):
    """Parameters, each for those who have the function."""
    return [pytest.param(name, marks=pytest.mark.needs(name)) for name in names]


@pytest.mark.needs("distance", "checks")
@pytest.mark.parametrize(
    ("call", "exception"),
    [
        pytest.param(m.call, m.exception, id=name, marks=pytest.mark.needs(*m.needs))
        for name, m in MISTAKES.items()
    ],
)
def test_mistake(lev, call, exception):
    with pytest.raises(exception) as caught:
        call(lev)
    # Exactly: UnicodeEncodeError, say, is a ValueError too.
    assert caught.type is exception
    # Nothing is left behind that the next call would trip over.
    assert lev.distance("kitten", "sitting") == 3


@pytest.mark.needs
@pytest.mark.parametrize("function", functions(SIGNATURES))
def test_the_good_call_of_the_table_is_good(lev, function):
    good_call(function)(lev)


def test_an_exception_of_an_iterator_arrives_unchanged(lev):
    for error in (ValueError("mine"), KeyboardInterrupt("mine"), MemoryError("mine")):

        def words(error=error):
            yield "a"
            raise error

        for take in (lev.Dictionary, lev.total_length):
            with pytest.raises(type(error)) as caught:
                take(words())
            assert caught.value is error


def test_an_exception_of_index_arrives_unchanged(lev):
    error = RuntimeError("mine")

    class Number:
        def __index__(self):
            raise error

    calls = [lambda: lev.Dictionary(WORDS).nearest("a", Number())]
    calls += [lambda: lev.distance_repeated("a", "b", Number())]
    calls += [lambda: lev.distance_myers_repeated("a", "b", Number())]
    calls += [lambda: lev.Dictionary(WORDS).nearest_where("a", Number(), lambda *_: True)]
    for function in (lev.echo, lev.range_list, lev.range_bytes, lev.range_pairs):
        calls.append(lambda function=function: function(Number()))
    for i in range(5):
        numbers = [*range(i), Number(), *range(4 - i)]
        calls.append(lambda numbers=numbers: lev.sum_five(*numbers))
        calls.append(lambda numbers=numbers: lev.sum_named(**dict(zip("abcde", numbers))))
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
        lambda: dictionary.nearest_where("a", 1, None),
        lambda: dictionary.nearest_where("a", 1, lambda: None),
    ):
        with pytest.raises((TypeError, ValueError)):
            call()
    assert dictionary.nearest("kitten", 1) == [(0, 0)]
    check_words(lev, "kitten", WORDS)


def test_methods_check_self(lev):
    # A method called with some other object in the place of a dictionary.
    for method, arguments in (
        ("nearest", ["a", 1]),
        ("nearest_where", ["a", 1, lambda *_: True]),
        ("distances_into", ["a", 1]),
        ("__len__", []),
    ):
        # But for noop(), which need not look at anything.
        for other in (None, "text", [], object()):
            with pytest.raises((TypeError, AttributeError)):
                getattr(lev.Dictionary, method)(other, *arguments)


def test_the_arguments_of_nearest_where_are_checked_in_order(lev):
    dictionary = lev.Dictionary(WORDS)
    for query, limit, keep, exception in (
        (None, Unindexable(), None, TypeError),
        ("a", Unindexable(), None, LookupError),
        (None, -1, lambda *_: True, TypeError),
        ("a", -1, None, ValueError),
        ("a", 0, None, TypeError),
        ("a", 10**30, None, TypeError),
    ):
        with pytest.raises(exception) as caught:
            dictionary.nearest_where(query, limit, keep)
        assert caught.type is exception, (query, limit, keep)


SURROGATE = "a\ud800b"


@pytest.mark.needs
@pytest.mark.parametrize("function", functions(f for f, kinds in SIGNATURES.items() if kinds))
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
            invoke(bound(lev, function), function, arguments)
        else:
            with pytest.raises(deviation.exception) as caught:
                invoke(bound(lev, function), function, arguments)
            assert caught.type is deviation.exception, deviation.why


def test_no_answer_is_lost_after_every_mistake(lev):
    for mistake in MISTAKES.values():
        with pytest.raises(mistake.exception):
            mistake.call(lev)
    check_pair(lev, "na\xefve", "\U0001f600naive")
    check_words(lev, "kitten", WORDS)
