"""Nothing is left behind by 1,000 calls, good or wrong."""

from __future__ import annotations

import gc
import weakref
from array import array

import pytest

from .interrupts import LONG_CALLS, stop
from .leaks import check_leaks
from .mistakes import MISTAKES, SIGNATURES, good_call
from .texts import ALPHABETS, text

# One text of each width, longer than a block, so that every arena, table and
# row is allocated.
TEXTS = [text(letters, 70 + i) for i, letters in enumerate(ALPHABETS.values())]


@pytest.fixture(scope="module", autouse=True)
def _only_new_objects_are_collected():
    # pytest, hypothesis and NumPy are a lot to look through, some 600 times.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("call", [c for c, _ in MISTAKES.values()], ids=MISTAKES)
def test_wrong_calls(lev, call):
    check_leaks(lambda: call(lev))


@pytest.mark.parametrize("function", SIGNATURES)
def test_good_calls(lev, function):
    check_leaks(lambda: good_call(function)(lev))


@pytest.mark.parametrize("function", [f for f, kinds in SIGNATURES.items() if len(kinds) >= 2])
def test_arguments_are_given_back(lev, function):
    # Not the calls of the table, whose arguments are new each time: here the
    # same objects are passed in again and again, and counted.
    wide, plain = "\u4e2d\u6587" * 2, "plain text"
    words = [wide, plain, "\U0001f600"]
    buffer = array("I", bytes(12))
    arguments = {"string": (plain, wide), "number": (2,), "list": (words,), "out": (buffer,)}
    dictionary = lev.Dictionary(words)
    method = getattr(lev, function, None) or getattr(dictionary, function)
    kinds = SIGNATURES[function]
    chosen = [arguments[kind][i % len(arguments[kind])] for i, kind in enumerate(kinds)]
    watched = [wide, plain, words, buffer, dictionary, lev.Dictionary]
    check_leaks(lambda: method(*chosen), watched)
    # And when the last argument is wrong.
    check_leaks(lambda: method(*chosen[:-1], object()), watched)


def test_words_are_given_back_when_one_is_wrong(lev):
    words = ["first" * 20, "\u4e2d\u6587" * 30, None, "last" * 20]
    watched = [*words, words]
    check_leaks(lambda: lev.distances("query", words), watched)
    check_leaks(lambda: lev.Dictionary(words), watched)
    check_leaks(lambda: lev.Dictionary(iter(words)), watched)


def test_dictionaries_are_freed(lev):
    for words in ([], ["a"], TEXTS * 3, ["short"] * 300):
        check_leaks(lambda words=words: lev.Dictionary(words), [words, *words[:1]])

    def init_again():
        dictionary = lev.Dictionary(TEXTS)
        dictionary.__init__(TEXTS)
        dictionary.__init__()

    check_leaks(init_again)


def test_long_calls(lev):
    dictionary = lev.Dictionary(TEXTS)
    out = array("I", bytes(4 * len(TEXTS)))
    a, b = TEXTS[0], TEXTS[3]
    check_leaks(lambda: lev.distance_myers(a, b), [a, b])
    check_leaks(lambda: lev.distance_myers_repeated(b, a, 2), [a, b])
    check_leaks(lambda: lev.distances(a, TEXTS), [a, *TEXTS])
    check_leaks(lambda: dictionary.nearest(a, 10**30), [a, dictionary])
    check_leaks(lambda: dictionary.distances_into(b, out), [b, out, dictionary])
    out.append(0)


@pytest.mark.parametrize("name", LONG_CALLS)
def test_a_call_that_a_signal_stops(lev, name):
    call, watched = LONG_CALLS[name](lev)
    # Fewer calls, because each lasts for some milliseconds; but each also
    # allocates much more.
    check_leaks(lambda: stop(call, after=0.001), watched, calls=20, warm_up=4)


def test_words_are_not_kept_alive(lev):
    class Word(str):
        """A str that can be weakly referenced."""

    word = Word("word")
    alive = weakref.ref(word)
    dictionary = lev.Dictionary([word])
    lev.distance(word, word)
    lev.distances(word, [word])
    dictionary.nearest(word, 1)
    del word
    assert alive() is None
    assert dictionary.nearest("word", 1) == [(0, 0)]
