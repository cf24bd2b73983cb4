"""The suite itself: each kind of wrong contender is caught by the check for it.

The wrong contenders are the reference with one function exchanged.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import importlib
import itertools
import operator
import sys
import time
from array import array
from types import SimpleNamespace

import numpy as np
import pytest
from speller.contenders import NICKNAMES

from . import (
    callbacks,
    interrupts,
    test_arguments,
    test_buffers,
    test_callbacks,
    test_crossings,
    test_errors,
    test_interrupts,
    test_leaks,
    test_panics,
    test_state,
    test_threads,
    test_values,
)
from .contenders import CONTENDERS, METHODS, NAMES, NICKNAME, PARTS, REFERENCE, USUAL, has
from .leaks import check_leaks
from .mistakes import CALLABLES, MISTAKES
from .oracle import check_lengths, check_pair, check_search, check_words

pure = importlib.import_module(REFERENCE)

pytestmark = pytest.mark.usefixtures("only_new_objects_are_collected")

# Calls through it keep the GIL and look for no signals, as a careless
# extension would.
library_with_the_gil = ctypes.PyDLL(None)


def wrong(**functions) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(pure, name) for name in NAMES} | functions)


def dictionary_with(**methods) -> type:
    """The reference's class, which is final, wrapped, with a method exchanged."""

    class Dictionary:
        def __init__(self, words=(), tag=None, /, *_args, **_kwargs):
            if not hasattr(self, "inner"):
                self.inner = pure.Dictionary(words, tag)

        def __len__(self):
            return len(self.inner)

        def __reduce__(self):
            raise TypeError

        @property
        def tag(self):
            return self.inner.tag

        def noop(self):
            self.inner.noop()

        def nearest(self, query, limit, /):
            return self.inner.nearest(query, limit)

        def nearest_where(self, query, limit, keep, /):
            return self.inner.nearest_where(query, limit, keep)

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
    port = test_buffers.PORTS["distances_into"]
    with pytest.raises(BufferError):
        test_buffers.test_released_after_success(lev, port)
    with pytest.raises(BufferError):
        test_buffers.test_released_after_an_error(lev, port, lambda: array("f"))


def test_a_buffer_of_another_byte_order_that_is_taken():
    def distances_into(self, query, out, /):
        out[:] = self.inner._distances(query)

    lev = wrong(Dictionary=dictionary_with(distances_into=distances_into))
    name = f"distances_into-numpy {test_buffers.OTHER_ORDER}u4"
    with pytest.raises(pytest.fail.Exception):
        test_buffers.test_refused(lev, *test_buffers.REFUSED[name])


def test_the_wrong_exception():
    def nearest(self, query, limit, /):
        try:
            return self.inner.nearest(query, limit)
        except ValueError as error:
            raise UnicodeError(error) from error  # Which is a ValueError.

    lev = wrong(Dictionary=dictionary_with(nearest=nearest))
    with pytest.raises(AssertionError):
        test_errors.test_mistake(lev, *MISTAKES["Dictionary.nearest: argument 1 -1"][:2])


def test_a_mistake_that_is_accepted():
    lev = wrong(distance=lambda a, b, *_more: pure.distance(a, b))
    with pytest.raises(pytest.fail.Exception):
        test_errors.test_mistake(lev, *MISTAKES["distance: one argument more"][:2])


def test_the_table_of_mistakes_has_all_functions():
    assert {name.split(":")[0] for name in MISTAKES} == CALLABLES
    methods = {f"Dictionary.{name}" for name in METHODS | {"__new__", "__len__"}}
    assert NAMES | methods == CALLABLES


def test_those_that_a_user_would_import_are_those_that_the_speller_offers():
    # A new one need not be listed: the speller finds it by the name of its module.
    assert set(USUAL) >= {module for module, _ in NICKNAMES.values()}
    assert all(name == "lev_" + NICKNAME[name].replace("-", "_") for name in USUAL)


def test_parts_are_tested_with_what_they_have():
    names = {name for mistake in MISTAKES.values() for name in mistake.needs}
    for variant, part in PARTS.items():
        assert variant not in CONTENDERS
        assert part <= names
        assert has(variant, {"distance", "pair_length"})
        assert not has(variant, {"distance", "range_pairs"})
        assert not has(variant, {"Dictionary", "Dictionary.tag"})


LEAKS = {
    "reference": lambda thing, kept: kept.append(thing),
    "object": lambda _thing, kept: kept.append(object()),
    "malloc": lambda _thing, _kept: library_with_the_gil.malloc(40),
    "large malloc": lambda _thing, _kept: library_with_the_gil.malloc(10_000),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_each_kind_of_leak(leak):
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


# ------------------------------------------------- what has no kernel, and callbacks


def packed_length(count):
    """Counts in some way the bytes of each string."""

    def function(offsets, data, /):
        pure.packed_length(offsets, data)
        strings = itertools.pairwise(offsets)
        return sum(count(bytes(memoryview(data)[start:end])) for start, end in strings)

    return function


def starts(units):
    return sum(not 0x80 <= unit < 0xC0 for unit in units)


def cut_to(bits, number):
    return (number + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)


def sum_step_by_step(a, b, c, d, e, /):
    total = 0
    for number in (a, b, c, d, e):
        total = pure.echo(total + pure.echo(number))
    return total


def searching(search):
    """The reference with another ``nearest_where``, from dictionary, query, limit and keep."""
    return wrong(Dictionary=dictionary_with(nearest_where=search))


def lazy(self, query, limit, keep, /):
    found = []
    for distance, index in self.inner.nearest(query, 10**9):
        if len(found) == limit:
            break
        if keep(distance, index):
            found.append((distance, index))
    return found


def twice(self, query, limit, keep, /):
    return self.inner.nearest_where(query, limit, lambda d, i: keep(d, i) and keep(d, i))


def by_name(self, query, limit, keep, /):
    return self.inner.nearest_where(query, limit, lambda d, i: keep(d, index=i))


def even_for_nothing(self, query, limit, keep, /):
    return self.inner.nearest_where(query, limit or 1, keep)[:limit]


def true_is_one(self, query, limit, keep, /):
    return self.inner.nearest_where(query, limit, lambda d, i: keep(d, i) == 1)


def doubted(self, query, limit, keep, /):
    def ask(distance, index):
        try:
            return keep(distance, index)
        except Exception:
            return False

    return self.inner.nearest_where(query, limit, ask)


def printed(self, query, limit, keep, /):
    def ask(distance, index):
        try:
            return keep(distance, index)
        except BaseException as error:
            print(error, file=sys.stderr)
            raise

    return self.inner.nearest_where(query, limit, ask)


def translated(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except Exception as error:
        raise type(error)("mine") from error


def without_traceback(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except BaseException as error:
        raise error.with_traceback(None)  # noqa: B904


def without_context(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except BaseException as error:
        caught = error
    raise caught from None


def to_the_end(self, query, limit, keep, /):
    first = []

    def ask(distance, index):
        try:
            return keep(distance, index)
        except BaseException as error:
            first.append(error)

    found = self.inner.nearest_where(query, limit, ask)
    if first:
        raise first[0]
    return found


last_error = []


def error_kept_for_all(self, query, limit, keep, /):
    def ask(distance, index):
        try:
            return not last_error and keep(distance, index)
        except BaseException as error:
            last_error.append(error)

    found = self.inner.nearest_where(query, limit, ask)
    if last_error:
        raise last_error[0]
    return found


def answers_kept(self, query, limit, keep, /):
    answers = []

    def ask(distance, index):
        answers.append(keep(distance, index))
        return answers[-1]

    return self.inner.nearest_where(query, limit, ask)


def keep_checked_first(self, query, limit, keep, /):
    if not callable(keep):
        raise TypeError
    return self.inner.nearest_where(query, limit, keep)


def keep_not_checked_for_nothing(self, query, limit, keep, /):
    return self.inner.nearest_where(query, limit, keep) if limit != 0 else []


last_keep = []


def keep_kept_for_all(self, query, limit, keep, /):
    last_keep[:] = [keep]
    return self.inner.nearest_where(query, limit, lambda d, i: last_keep[0](d, i))


def signals_lost(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except interrupts.StoppedError:
        return self.inner.nearest_where(query, limit, keep)


def errors_owned_twice(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except LookupError as error:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(error))
        raise


def answers_owned_twice(self, query, limit, keep, /):
    def ask(distance, index):
        answer = keep(distance, index)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(answer))
        return answer

    return self.inner.nearest_where(query, limit, ask)


class Captured:
    """What Rust prints of a panic."""

    def readouterr(self):
        return SimpleNamespace(err="thread panicked at")


def panics_as(error):
    def panic():
        raise error("on purpose")

    return wrong(panic=panic)


def recursion_is_nothing(self, query, limit, keep, /):
    try:
        return self.inner.nearest_where(query, limit, keep)
    except RecursionError:
        return []


class Settable:
    tag = None

    def __init__(self, words, tag=None, /):
        self.tag = tag
        self.inner = pure.Dictionary(words)


class HiddenTag(dictionary_with()):
    """Owns its tag where the garbage collector does not look."""

    def __init__(self, words, tag=None, /):
        self.inner = pure.Dictionary(words)
        self.place = id(tag)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(tag))

    @property
    def tag(self):
        return ctypes.cast(self.place, ctypes.py_object).value

    def __del__(self):
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(self.tag))


def copied_tag(words, tag=None, /):
    return pure.Dictionary(words, copy.copy(tag))


def tag_owned_twice(words, tag=None, /):
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(tag))
    return pure.Dictionary(words, tag)


def tag_lost_with_an_error(words, tag=None, /):
    try:
        return pure.Dictionary(words, tag)
    except BaseException:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(tag))
        raise


class OneError(ValueError):
    pass


the_one_error = ValueError("always the same")


def raise_the_one_error():
    raise the_one_error


def raise_a_subclass():
    raise OneError("mine")


def total_of_a_list(words, /):
    return pure.total_length(list.copy(words) if isinstance(words, list) else words)


def total_of_a_snapshot(words, /):
    # Which, unlike the list, is not emptied.
    return pure.total_length(words.copy() if type(words) is list else words)


def hinted(words, /):
    return pure.total_length(itertools.islice(words, operator.length_hint(words, 10**9)))


def deaf_total(words, /):
    while any(map(str.isnumeric, itertools.islice(words, 2**24))):
        pass
    return sum(map(len, words)) if isinstance(words, list) else 0


def data_first(offsets, data, /):
    memoryview(data).cast("B")
    return pure.packed_length(offsets, data)


def offsets_read_first(offsets, data, /):
    if len(offsets) == 0 or offsets[0] < 0:
        raise ValueError
    return pure.packed_length(offsets, data)


def into_and_beyond(out, /):
    pure.range_into(out)
    if isinstance(out, np.ndarray) and out.base is not None:
        out.base[-1] = 0


def into_a_copy(out, /):
    pure.range_into(array("I", memoryview(out).cast("B").tobytes()))


def only_writable(function):
    def checked(*buffers):
        if any(memoryview(buffer).readonly for buffer in buffers):
            raise BufferError
        return function(*buffers)

    return checked


def held(function):
    """Keeps every buffer that it was ever given."""
    kept = []

    def keeping(*buffers):
        kept.extend(map(memoryview, buffers))
        return function(*buffers)

    return keeping


PORTS, ACCEPTED, REFUSED = test_buffers.PORTS, test_buffers.ACCEPTED, test_buffers.REFUSED


def accepted(lev, name):
    for parameters in ACCEPTED:
        port, make = parameters.values
        if port is PORTS[name]:
            test_buffers.test_accepted(lev, port, make)


def refused(lev, name):
    for port, make, exception in REFUSED.values():
        if port is PORTS[name]:
            test_buffers.test_refused(lev, port, make, exception)


def cycles(lev):
    for make in test_state.CYCLES:
        test_state.test_a_cycle_through_the_tag_is_freed(lev, make)


def mistake(name):
    return lambda lev: test_errors.test_mistake(lev, *MISTAKES[name][:2])


#: A contender that is wrong in one way, the check that finds out, and how, if not by an assert.
WRONG = {
    "noop with an answer": (wrong(noop=lambda: 0), test_crossings.test_noop),
    "another number": (wrong(number=lambda: 8), test_crossings.test_number),
    "a number of another type": (wrong(number=lambda: 7.0), test_crossings.test_number),
    "echo of 32 bits": (wrong(echo=lambda n: cut_to(32, int(n))), test_crossings.test_echo),
    "echo of the object": (wrong(echo=lambda n: n), test_crossings.test_echo),
    "echo by __int__": (wrong(echo=int), test_crossings.test_echo),
    "echo of more than 64 bits": (
        wrong(echo=operator.index),
        mistake(f"echo: argument 0 {2**63}"),
    ),
    "no failure": (wrong(fail=lambda: None), test_crossings.test_fail),
    "another failure": (wrong(fail=raise_a_subclass), test_crossings.test_fail),
    "one failure for all": (wrong(fail=raise_the_one_error), test_crossings.test_fail),
    "a sum that wraps": (
        wrong(sum_five=lambda *numbers: cut_to(64, sum(map(operator.index, numbers)))),
        test_crossings.test_sums,
    ),
    "a sum that saturates": (
        wrong(sum_five=lambda *n: max(-(2**63), min(sum(map(operator.index, n)), 2**63 - 1))),
        mistake("sum_five: sum above"),
    ),
    "a sum that overflows on the way": (
        wrong(sum_five=sum_step_by_step),
        test_crossings.test_only_the_whole_sum_counts,
        OverflowError,
    ),
    "a sum in floating point": (
        wrong(sum_named=lambda **n: int(sum(map(float, n.values())))),
        test_crossings.test_only_the_whole_sum_counts,
    ),
    "a sum of only four": (
        wrong(sum_named=lambda *, a, b, c, d, e: pure.sum_five(a, b, c, d, 0)),
        test_crossings.test_the_keywords_of_sum_named_may_come_in_any_order,
    ),
    "a sum in the order of the call": (
        wrong(sum_named=lambda **numbers: pure.sum_five(*numbers.values())),
        mistake("sum_named: 'f' for the last"),
    ),
    "keywords compared as objects": (
        wrong(
            sum_named=lambda **numbers: pure.sum_five(
                *(n for k, n in numbers.items() if type(k) is str)
            )
        ),
        test_crossings.test_keywords_are_compared_as_text,
        TypeError,
    ),
    "a sum by position": (
        wrong(sum_named=lambda a, b, c, d, e: pure.sum_five(a, b, c, d, e)),
        mistake("sum_named: by position"),
    ),
    "a total of bytes": (
        wrong(total_length=lambda words: sum(len(word.encode()) for word in words)),
        lambda lev: check_lengths(lev, ["na\xefve"]),
    ),
    "a total of a liar": (
        wrong(total_length=lambda words: sum(map(len, words))),
        lambda lev: test_arguments.test_subclass_of_str_counts_as_its_text_in_total(
            lev, test_arguments.LongImpostor
        ),
    ),
    "a total by a hint": (
        wrong(total_length=hinted),
        test_crossings.test_total_length_does_not_believe_a_length_hint,
    ),
    "a total of the items of a subclass": (
        wrong(total_length=total_of_a_list),
        test_crossings.test_total_length_asks_a_subclass_for_its_iterator,
    ),
    "a total of a list as it was": (
        wrong(total_length=total_of_a_snapshot),
        test_interrupts.test_a_handler_that_empties_the_list_of_total_length,
    ),
    "a total that signals do not stop": (
        wrong(total_length=lambda words: deaf(1.0)()),
        test_interrupts.test_a_handler_that_raises_stops_total_length,
    ),
    "a total of all words that there are": (
        wrong(total_length=lambda words: pure.total_length(list(words))),
        test_crossings.test_total_length_does_not_ask_for_all_words_at_once,
    ),
    "packed bytes": (
        wrong(packed_length=packed_length(len)),
        lambda lev: check_lengths(lev, ["na\xefve"]),
    ),
    "packed ASCII": (
        wrong(packed_length=packed_length(lambda units: sum(u < 0x80 for u in units))),
        lambda lev: test_crossings.test_packed_length_of_any_bytes(lev, pure),
    ),
    "packed and decoded": (
        wrong(packed_length=packed_length(lambda units: len(units.decode(errors="ignore")))),
        test_crossings.test_packed_length_of_every_byte,
    ),
    "packed in 16 bits": (
        wrong(packed_length=packed_length(lambda units: starts(units) % 2**16)),
        test_crossings.test_packed_length_of_long_data,
    ),
    "packed from the start": (
        wrong(packed_length=lambda offsets, data: starts(data[: offsets[-1]])),
        lambda lev: test_crossings.test_packed_length_of_any_bytes(lev, pure),
    ),
    "packed and not looked at": (
        wrong(packed_length=lambda offsets, data: starts(data[offsets[0] : offsets[-1]])),
        mistake("packed_length: argument 0 too far and back"),
    ),
    "data checked first": (
        wrong(packed_length=data_first),
        test_buffers.test_offsets_are_checked_before_data_and_both_before_they_are_read,
        TypeError,
    ),
    "offsets read first": (
        wrong(packed_length=offsets_read_first),
        test_buffers.test_offsets_are_checked_before_data_and_both_before_they_are_read,
        ValueError,
    ),
    "offsets of any buffer": (
        wrong(
            packed_length=lambda o, d: pure.packed_length(array("i", memoryview(o).tobytes()), d)
        ),
        lambda lev: refused(lev, "offsets"),
    ),
    "data of any buffer": (
        wrong(packed_length=lambda o, d: pure.packed_length(o, memoryview(d).tobytes())),
        lambda lev: refused(lev, "data"),
    ),
    "offsets to be written": (
        wrong(packed_length=only_writable(pure.packed_length)),
        lambda lev: accepted(lev, "offsets"),
        BufferError,
    ),
    "offsets that are kept": (
        wrong(packed_length=held(pure.packed_length)),
        lambda lev: test_buffers.test_released_after_success(lev, PORTS["offsets"]),
        BufferError,
    ),
    "data that is kept": (
        wrong(packed_length=held(pure.packed_length)),
        lambda lev: test_buffers.test_released_after_success(lev, PORTS["data"]),
        BufferError,
    ),
    "data that is kept after an error": (
        wrong(packed_length=held(pure.packed_length)),
        test_buffers.test_released_after_the_other_argument_was_wrong,
        BufferError,
    ),
    "a sum of 32 bits": (
        wrong(buffer_sum=lambda numbers: sum(map(int, numbers)) % 2**32),
        test_crossings.test_buffer_sum_of_many,
    ),
    "a sum of signed numbers": (
        wrong(buffer_sum=lambda numbers: sum(cut_to(32, int(n)) for n in numbers)),
        test_crossings.test_buffer_sum,
    ),
    "numbers to be written": (
        wrong(buffer_sum=only_writable(pure.buffer_sum)),
        lambda lev: accepted(lev, "buffer_sum"),
        BufferError,
    ),
    "numbers of any buffer": (
        wrong(buffer_sum=lambda numbers: sum(memoryview(numbers).tobytes())),
        lambda lev: refused(lev, "buffer_sum"),
    ),
    "a list from 1": (
        wrong(range_list=lambda n: [*range(1, n + 1)]),
        lambda lev: test_crossings.test_range_list(lev, 2),
    ),
    "a range of any length": (
        wrong(range_list=lambda n: [*range(min(pure.echo(n), 10))]),
        mistake("range_list: argument 0 2**24 + 1"),
    ),
    "a list that is shared": (
        wrong(range_list=functools.lru_cache(lambda n: [*range(n)])),
        lambda lev: [test_crossings.test_range_list(lev, 2) for _ in range(2)],
    ),
    "bytes in another order": (
        wrong(range_bytes=lambda n: b"".join(i.to_bytes(4, "big") for i in range(n))),
        lambda lev: test_crossings.test_ranges(lev, 7),
    ),
    "an array instead of bytes": (
        wrong(range_bytes=lambda n: bytearray(pure.range_bytes(n))),
        lambda lev: test_crossings.test_ranges(lev, 7),
    ),
    "pairs of one": (
        wrong(range_pairs=lambda n: [[i, i] for i in range(n)]),
        lambda lev: test_crossings.test_ranges(lev, 7),
    ),
    "nothing written": (
        wrong(range_into=into_a_copy),
        lambda lev: accepted(lev, "range_into"),
    ),
    "written beside the buffer": (
        wrong(range_into=into_and_beyond),
        test_buffers.test_only_the_items_of_the_view_are_written,
    ),
    "written into any buffer": (
        wrong(range_into=lambda out: len(memoryview(out).tobytes())),
        lambda lev: refused(lev, "range_into"),
    ),
    "a lazy search": (searching(lazy), test_callbacks.test_what_keep_is_called_with),
    "each word twice": (searching(twice), lambda lev: check_words(lev, "a", ["b", "c"])),
    "a keyword for keep": (searching(by_name), test_callbacks.test_what_keep_is_called_with),
    "asked for nothing": (
        searching(even_for_nothing),
        test_callbacks.test_with_a_limit_of_zero_nobody_is_asked,
    ),
    "only 1 is true": (searching(true_is_one), test_callbacks.test_the_answer_counts_by_its_truth),
    "errors taken for false": (searching(doubted), callbacks.exceptions),
    "errors printed": (searching(printed), callbacks.exceptions),
    "errors of one's own": (searching(translated), callbacks.exceptions),
    "errors at the end": (searching(to_the_end), callbacks.exceptions),
    "errors kept for all": (searching(error_kept_for_all), callbacks.errors_within_searches),
    "a lost traceback": (
        searching(without_traceback),
        test_callbacks.test_the_traceback_is_intact,
    ),
    "a changed context": (
        searching(without_context),
        test_callbacks.test_causes_and_contexts_are_intact,
    ),
    "answers that are kept": (
        searching(answers_kept),
        test_callbacks.test_an_answer_is_dropped_before_the_next_call,
    ),
    "keep checked first": (
        searching(keep_checked_first),
        test_errors.test_the_arguments_of_nearest_where_are_checked_in_order,
        TypeError,
    ),
    "keep not checked for nothing": (
        searching(keep_not_checked_for_nothing),
        test_errors.test_the_arguments_of_nearest_where_are_checked_in_order,
    ),
    "no end of recursion": (
        searching(recursion_is_nothing),
        callbacks.at_the_limit_of_recursion,
    ),
    "one keep for all": (searching(keep_kept_for_all), callbacks.search_within_searches),
    "a lost signal": (
        searching(signals_lost),
        test_callbacks.test_a_signal_at_any_moment_of_the_callbacks,
    ),
    "errors owned twice": (searching(errors_owned_twice), test_leaks.test_callbacks),
    "answers owned twice": (searching(answers_owned_twice), test_leaks.test_callbacks),
    "a panic that is no panic": (
        panics_as(RuntimeError),
        lambda lev: test_panics.test_a_panic_is_an_exception(lev, "lev_pyo3", Captured()),
    ),
    "a panic like any other error": (
        panics_as(Exception),
        lambda lev: test_panics.test_a_panic_is_an_exception(lev, "lev_cffi", Captured()),
    ),
    "a tag that leaks": (wrong(Dictionary=tag_owned_twice), test_leaks.test_tags_are_given_back),
    "cycles that leak": (
        wrong(Dictionary=HiddenTag),
        lambda lev: test_leaks.test_cycles_are_freed(lev, test_state.CYCLES[0]),
    ),
    "a tag that can be set": (wrong(Dictionary=Settable), test_state.test_the_tag_is_read_only),
    "a copy of the tag": (wrong(Dictionary=copied_tag), test_state.test_the_tag_is_given_back),
    "a tag owned twice": (wrong(Dictionary=tag_owned_twice), test_state.test_the_tag_is_owned_once),
    "a tag that is kept alive": (
        wrong(Dictionary=tag_owned_twice),
        test_state.test_the_tag_lives_as_long_as_the_dictionary,
    ),
    "a tag that is lost": (
        wrong(Dictionary=tag_lost_with_an_error),
        test_state.test_the_tag_of_a_dictionary_that_was_not_made,
    ),
    "a tag that is hidden": (
        wrong(Dictionary=HiddenTag),
        test_state.test_the_garbage_collector_sees_the_tag,
    ),
    "a cycle that stays": (wrong(Dictionary=HiddenTag), cycles),
    "a copy": (
        wrong(Dictionary=Settable),
        lambda lev: test_state.test_it_is_neither_pickled_nor_copied(lev, None),
    ),
}


@pytest.mark.parametrize(
    ("lev", "check", "error"), [(*w, AssertionError)[:3] for w in WRONG.values()], ids=WRONG
)
def test_a_wrong_contender_is_found_out(lev, check, error):
    # By what the check asserts, unless the table says that it sees an exception itself.
    with pytest.raises((error, pytest.fail.Exception)):
        check(lev)
    last_error.clear()
