"""The suite itself: each kind of wrong contender is caught by the check for it.

The wrong contenders are the reference with one function exchanged.
"""

from __future__ import annotations

import ctypes
import importlib
import time
from array import array
from types import SimpleNamespace

import pytest

from . import interrupts, test_arguments, test_buffers, test_errors, test_threads, test_values
from .contenders import NAMES, REFERENCE
from .leaks import check_leaks
from .mistakes import MISTAKES, SIGNATURES
from .oracle import check_pair, check_search, check_words

pure = importlib.import_module(REFERENCE)

# Calls through it keep the GIL and look for no signals, as a careless
# extension would.
library_with_the_gil = ctypes.PyDLL(None)


def wrong(**functions) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(pure, name) for name in NAMES} | functions)


def dictionary_with(**methods) -> type:
    """The reference's class, which is final, wrapped, with a method exchanged."""

    class Dictionary:
        def __init__(self, words=(), /, *_args, **_kwargs):
            if not hasattr(self, "inner"):
                self.inner = pure.Dictionary(words)

        def __len__(self):
            return len(self.inner)

        def nearest(self, query, limit, /):
            return self.inner.nearest(query, limit)

        def distances_into(self, query, out, /):
            self.inner.distances_into(query, out)

    for name, method in methods.items():
        setattr(Dictionary, name, method)
    return Dictionary


def off_by_one_at(length):
    return lambda a, b: pure.distance(a, b) + (len(a) == length)


@pytest.mark.parametrize("function", ["distance", "distance_myers"])
@pytest.mark.parametrize("length", [0, 64, 129])
def test_wrong_at_one_length(function, length):
    lev = wrong(**{function: off_by_one_at(length)})
    with pytest.raises(AssertionError, match=function):
        check_pair(lev, "a" * length, "ab")
    with pytest.raises(AssertionError, match=function):
        test_values.test_borders_of_blocks(lev, True, length)


@pytest.mark.parametrize(
    "function", ["pair_length", "distance_repeated", "distance_myers_repeated"]
)
def test_wrong_by_one(function):
    lev = wrong(**{function: lambda *args: getattr(pure, function)(*args) + 1})
    with pytest.raises(AssertionError, match=function):
        check_pair(lev, "a", "b")


def test_wrong_word():
    lev = wrong(distances=lambda query, words: pure.distances(query, words[::-1]))
    check_words(lev, "a", ["b", "a", "b"])
    with pytest.raises(AssertionError, match="distances"):
        check_words(lev, "a", ["b", "a"])


@pytest.mark.parametrize("bits", [8, 16])
def test_code_points_cut_short(bits):
    def cut(text):
        return "".join(chr(ord(c) % 2**bits) for c in text)

    lev = wrong(distance=lambda a, b: pure.distance(cut(a), cut(b)))
    with pytest.raises(AssertionError, match="distance"):
        test_values.test_every_alphabet_against_every_other(lev, True)


def test_strings_that_end_at_a_nul():
    lev = wrong(distance_myers=lambda a, b: pure.distance(a.split("\0")[0], b.split("\0")[0]))
    with pytest.raises(AssertionError, match="distance_myers"):
        test_values.test_every_alphabet_against_every_other(lev, False)


def test_ties_in_the_wrong_order():
    def nearest(self, query, limit, /):
        return sorted(self.inner.nearest(query, 10**9), key=lambda p: (p[0], -p[1]))[:limit]

    with pytest.raises(AssertionError, match="nearest"):
        check_words(wrong(Dictionary=dictionary_with(nearest=nearest)), "a", ["b", "c"])


def test_a_subclass_that_is_believed():
    lev = wrong(pair_length=lambda a, b: len(a) + len(b))
    for kind in (test_arguments.Impostor, test_arguments.LongImpostor):
        with pytest.raises(AssertionError):
            test_arguments.test_subclass_of_str_counts_as_its_text(lev, kind, "sitting")


def test_writing_beside_the_buffer():
    def distances_into(self, query, out, /):
        self.inner.distances_into(query, out)
        whole = out.obj  # The array behind the view.
        whole[len(out) + 2] = 0

    with pytest.raises(AssertionError, match="distances_into"):
        check_search(dictionary_with(distances_into=distances_into)(["a"]), "b", [1])


def test_a_buffer_that_is_kept():
    kept = []

    def distances_into(self, query, out, /):
        kept.append(memoryview(out))
        self.inner.distances_into(query, out)

    lev = wrong(Dictionary=dictionary_with(distances_into=distances_into))
    with pytest.raises(BufferError):
        test_buffers.test_released_after_success(lev)
    with pytest.raises(BufferError):
        test_buffers.test_released_after_an_error(lev, lambda: array("I"))


def test_a_buffer_of_another_byte_order_that_is_taken():
    def distances_into(self, query, out, /):
        out[:] = self.inner._distances(query)

    lev = wrong(Dictionary=dictionary_with(distances_into=distances_into))
    make, exception = test_buffers.REFUSED["other byte order"]
    with pytest.raises(pytest.fail.Exception):
        test_buffers.test_refused(lev, make, exception)


def test_the_wrong_exception():
    def nearest(self, query, limit, /):
        try:
            return self.inner.nearest(query, limit)
        except ValueError as error:
            raise UnicodeError(error) from error  # Which is a ValueError.

    lev = wrong(Dictionary=dictionary_with(nearest=nearest))
    with pytest.raises(AssertionError):
        test_errors.test_mistake(lev, *MISTAKES["nearest: argument 1 negative"])


def test_a_mistake_that_is_accepted():
    lev = wrong(distance=lambda a, b, *_more: pure.distance(a, b))
    with pytest.raises(pytest.fail.Exception):
        test_errors.test_mistake(lev, *MISTAKES["distance: one argument more"])


def test_the_table_of_mistakes_has_all_functions():
    functions = {name.split(":")[0] for name in MISTAKES}
    assert functions == set(SIGNATURES)
    assert {f for f in functions if "." not in f and hasattr(pure, f)} == NAMES


LEAKS = {
    "reference": lambda thing, kept: kept.append(thing),
    "object": lambda _thing, kept: kept.append(object()),
    "malloc": lambda _thing, _kept: library_with_the_gil.malloc(40),
    "large malloc": lambda _thing, _kept: library_with_the_gil.malloc(10_000),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_leaks(leak):
    kept, thing = [], "some text" * 2
    with pytest.raises(AssertionError, match="three times"):
        check_leaks(lambda: leak(thing, kept), [thing])

    def fails():
        leak(thing, kept)
        raise ValueError

    with pytest.raises(AssertionError, match="three times"):
        check_leaks(fails, [thing])
    # No leak, no alarm.
    check_leaks(lambda: [thing] * 100, [thing])


def test_a_reference_given_back_twice():
    thing = [object() for _ in range(10)]
    references = [thing] * 10_000

    with pytest.raises(AssertionError, match="three times"):
        check_leaks(references.pop, [thing], calls=100, warm_up=10)


def deaf(seconds):
    """A call that uses the processor and neither releases the GIL nor looks for signals."""
    part = "aaaaaaaab" * 3
    start = time.process_time()
    ("a" * 4_000_000).count(part)
    once = time.process_time() - start
    text = "a" * int(4_000_000 * seconds / max(once, 0.001))
    return lambda: text.count(part)


def test_a_call_that_signals_do_not_stop():
    call = deaf(1.0)
    with pytest.raises(AssertionError):
        interrupts.check_stops(call, latest=0.3)


def test_a_call_that_keeps_the_gil():
    with pytest.raises(AssertionError, match=r"to its end|counted to"):
        interrupts.check_gil_is_released(lambda: library_with_the_gil.usleep(500_000))


def test_a_list_that_is_read_while_it_changes():
    def distances(query, words, /):
        half = len(words) // 2
        first = [pure.distance_myers(query, word) for word in words[:half]]
        return first + [pure.distance_myers(query, word) for word in words[half:]]

    with pytest.raises(AssertionError):
        test_threads.test_distances_works_on_a_snapshot(wrong(distances=distances))
