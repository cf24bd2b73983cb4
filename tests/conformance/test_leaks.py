"""Nothing is left behind by 1,000 calls, good or wrong."""

from __future__ import annotations

import contextlib
import gc
import weakref
from array import array

import pytest

from .callbacks import QUERY, WORDS, OwnError, Truth, raised_by
from .interrupts import LONG_CALLS, stop
from .leaks import check_leaks
from .mistakes import MISTAKES, SIGNATURES, good_call, invoke
from .test_errors import functions
from .test_state import CYCLES
from .texts import ALPHABETS, text

# One text of each width, longer than a block, so that every arena, table and
# row is allocated.
TEXTS = [text(letters, 70 + i) for i, letters in enumerate(ALPHABETS.values())]


# There are some hundreds of collections here.
pytestmark = pytest.mark.usefixtures("only_new_objects_are_collected")


@pytest.mark.thorough("repeats several hundred wrong calls a thousand times each")
@pytest.mark.needs("checks")
@pytest.mark.parametrize(
    "call",
    [
        pytest.param(m.call, id=name, marks=pytest.mark.needs(*m.needs))
        for name, m in MISTAKES.items()
    ],
)
def test_wrong_calls(lev, call):
    check_leaks(lambda: call(lev))


@pytest.mark.needs
@pytest.mark.parametrize("function", functions(SIGNATURES))
def test_good_calls(lev, function):
    check_leaks(lambda: good_call(function)(lev))


@pytest.mark.needs
@pytest.mark.parametrize("function", functions(f for f, kinds in SIGNATURES.items() if kinds))
def test_arguments_are_given_back(lev, function):
    # Not the calls of the table, whose arguments are new each time: here the
    # same objects are passed in again and again, and counted.
    wide, plain, long = "\u4e2d\u6587" * 2, "plain text", 10**15
    words = [wide, plain, "\U0001f600"]
    buffer, offsets, data, tag = array("I", bytes(12)), array("i", [0, 3]), bytearray(b"abc"), []

    def keep(_distance, index):
        return index == 1

    arguments = {
        **{"string": (plain, wide), "list": (words,), "iterable": (words,), "tag": (tag,)},
        **{"limit": (long,), "times": (2,), "count": (Index300(),), "int64": (long,)},
        **{"one more int64": (long + 1, -long), "keep": (keep,)},
        **{"out": (buffer,), "fill": (buffer,), "numbers": (buffer,)},
        **{"offsets": (offsets,), "data": (data,)},
    }
    owner, _, name = function.rpartition(".")
    kinds = SIGNATURES[function]
    chosen = [arguments[kind][i % len(arguments[kind])] for i, kind in enumerate(kinds)]
    watched = [wide, plain, long, words, buffer, offsets, data, tag, keep, *chosen]
    if hasattr(lev, "Dictionary"):
        dictionary = lev.Dictionary(words)
        watched += [dictionary, lev.Dictionary]
    if name == "__new__":
        chosen.insert(0, lev.Dictionary)
    method = getattr(lev.Dictionary if name == "__new__" else dictionary, name) if owner else None
    call = method or getattr(lev, name)
    check_leaks(lambda: invoke(call, function, chosen), watched)
    # And when the last argument is wrong.
    if kinds[-1] != "tag":
        check_leaks(lambda: invoke(call, function, [*chosen[:-1], object()]), watched)
    for held in (buffer, offsets, data):
        held.append(0)


class Index300:
    def __index__(self):
        return 300


def test_words_are_given_back_when_one_is_wrong(lev):
    words = ["first" * 20, "\u4e2d\u6587" * 30, None, "last" * 20]
    watched = [*words, words]
    check_leaks(lambda: lev.distances("query", words), watched)
    check_leaks(lambda: lev.Dictionary(words), watched)
    check_leaks(lambda: lev.Dictionary(iter(words)), watched)
    check_leaks(lambda: lev.Dictionary(words, watched), watched)
    check_leaks(lambda: lev.total_length(words), watched)
    check_leaks(lambda: lev.total_length(iter(words)), watched)


def test_dictionaries_are_freed(lev):
    for words in ([], ["a"], TEXTS * 3, ["short"] * 300):
        check_leaks(lambda words=words: lev.Dictionary(words), [words, *words[:1]])

    def init_again():
        dictionary = lev.Dictionary(TEXTS)
        dictionary.__init__(TEXTS)
        dictionary.__init__()

    check_leaks(init_again)


@pytest.mark.parametrize("make", CYCLES)
def test_cycles_are_freed(lev, make):
    # The collector runs by itself too rarely for so few objects.
    check_leaks(lambda: (make(lev), gc.collect(0)), calls=200, warm_up=50)


def test_tags_are_given_back(lev):
    tag = ["a tag"]
    dictionary = lev.Dictionary(WORDS, tag)
    check_leaks(lambda: dictionary.tag, [tag, dictionary])
    check_leaks(lambda: lev.Dictionary(WORDS, tag).tag, [tag])
    check_leaks(lambda: lev.Dictionary(WORDS, lev.Dictionary([], tag)), [tag])
    check_leaks(lambda: delattr(dictionary, "tag"), [tag, dictionary])
    check_leaks(lambda: setattr(dictionary, "tag", WORDS), [tag, dictionary, WORDS])


def test_callbacks(lev):
    words = WORDS[:4]
    dictionary = lev.Dictionary(words)
    answer, error = Truth(True), LookupError("mine")

    def ending_at(end, truth, raised):
        def keep(_distance, index):
            if index == end:
                raise raised("mine")
            return truth

        return keep

    def inner(distance, index):
        return dictionary.nearest_where(QUERY, distance, fine) and dictionary.nearest(QUERY, index)

    def inner_error(_distance, _index):
        return raised_by(lambda: dictionary.nearest_where(QUERY, 3, fails))

    def searches_and_fails(_distance, _index):
        return dictionary.nearest_where(QUERY, 3, fails)

    fine, fails = ending_at(-1, answer, ValueError), ending_at(3, answer, ValueError)
    untrue = ending_at(-1, Truth(error), ValueError)
    no_exception = ending_at(2, answer, OwnError)
    watched = [dictionary, answer, error, words, fine, fails, untrue, inner, QUERY]
    for keep in (fine, fails, untrue, inner, inner_error, searches_and_fails):

        def search(keep=keep):
            with contextlib.suppress(Exception):
                dictionary.nearest_where(QUERY, 3, keep)
            # An exception that is raised again and again collects what it passed through.
            error.__traceback__ = None

        check_leaks(search, watched)
    check_leaks(lambda: raised_by(lambda: dictionary.nearest_where(QUERY, 3, no_exception)))
    # Many numbers, none of which Python keeps ready.
    long = lev.Dictionary(["a" * (300 + i) for i in range(20)] * 20)
    check_leaks(lambda: long.nearest_where("", 300, fine), [long, fine], calls=100, warm_up=20)
    check_leaks(lambda: long.nearest_where("", 300, fails), [long, fails], calls=100, warm_up=20)


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
    check_leaks(lambda: lev.total_length(TEXTS), TEXTS)
    check_leaks(lambda: lev.range_list(3_000), calls=200, warm_up=50)
    check_leaks(lambda: lev.range_bytes(30_000), calls=200, warm_up=50)
    check_leaks(lambda: lev.range_pairs(3_000), calls=200, warm_up=50)


@pytest.mark.thorough("stops long calls many times")
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
    dictionary.nearest_where(word, 1, lambda *_: True)
    lev.total_length([word])
    del word
    assert alive() is None
    assert dictionary.nearest("word", 1) == [(0, 0)]
