"""nearest_where(): what it asks, how it takes the answer, and what comes out when keep raises."""

from __future__ import annotations

import functools
import gc
import operator
import random
import signal
import sys
import traceback
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from . import callbacks
from .callbacks import (
    EXPECTED,
    PAIRS,
    QUERY,
    RANKING,
    WORDS,
    OwnError,
    Truth,
    nothing_is_printed,
    raised_by,
)
from .interrupts import StoppedError
from .oracle import oracle
from .texts import any_text

pytestmark = pytest.mark.usefixtures("only_new_objects_are_collected")


def kept(predicate):
    return [pair for pair in RANKING if predicate(*pair)]


def test_what_keep_is_called_with(lev):
    asked = []

    def keep(*args, **kwargs):
        asked.append((args, kwargs))

    assert lev.Dictionary(WORDS).nearest_where(QUERY, 5, keep) == []
    # All the way: neither a word that is near enough nor a full heap is left out.
    assert asked == [(pair, {}) for pair in PAIRS]
    assert {type(n) for args, _ in asked for n in args} == {int}


def test_without_words_nobody_is_asked(lev):
    assert lev.Dictionary([]).nearest_where(QUERY, 5, callbacks.raised_by) == []


def test_with_a_limit_of_zero_nobody_is_asked(lev):
    def keep(_distance, _index):
        raise AssertionError("asked for nothing")

    dictionary = lev.Dictionary(WORDS)
    for limit in (0, False):
        found = dictionary.nearest_where(QUERY, limit, keep)
        assert found == []
        found.append("mine")
    # A kernel that would have lasted for hours.
    assert lev.Dictionary(["a" * 200_000] * 20).nearest_where("b" * 200_000, 0, keep) == []


@settings(max_examples=40)
@given(data=st.data())
def test_random_predicates(lev, reference, surrogates, data):
    query = data.draw(any_text(surrogates, max_size=20))
    words = data.draw(st.lists(any_text(surrogates, max_size=20), max_size=20))
    answers = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    limit = data.draw(st.integers(0, 22))
    expected = sorted((oracle(query, w), i) for i, w in enumerate(words) if answers[i])[:limit]
    for module in (lev, reference):
        dictionary = module.Dictionary(words)
        assert dictionary.nearest_where(query, limit, lambda _, i: answers[i]) == expected


class Predicate:
    def __call__(self, distance, index):
        return distance > index

    def method(self, distance, index):
        return distance > index

    @staticmethod
    def static(distance, index):
        return distance > index


class Pair:
    """A class is called too; what it makes is true by its length."""

    def __init__(self, distance, index):
        self.size = max(0, distance - index)

    def __len__(self):
        return self.size


CALLABLES = {
    "lambda": lambda distance, index: distance > index,
    "function with defaults": lambda distance, index, more=0: distance > index + more,
    "instance": Predicate(),
    "method": Predicate().method,
    "method of the class": functools.partial(Predicate.method, None),
    "static method": Predicate.__dict__["static"],
    "partial": functools.partial(lambda much, distance, index: distance > index, 1),
    "class": Pair,
    "built-in function": operator.gt,
    "built-in function of any arguments": max,
    "built-in class": complex,
    "wrapper of a slot": int.__gt__,
    "method of a built-in object": [5, 3].__class__.__call__,
    "format": "{0}{1}".format,
    "cached": functools.lru_cache(operator.gt),
}


@pytest.mark.parametrize("keep", CALLABLES.values(), ids=CALLABLES)
def test_anything_that_can_be_called(lev, keep):
    dictionary = lev.Dictionary(WORDS)
    try:
        expected = kept(keep)
    except TypeError:
        with pytest.raises(TypeError):
            dictionary.nearest_where(QUERY, 10, keep)
    else:
        assert dictionary.nearest_where(QUERY, 10, keep) == expected


def test_the_answer_counts_by_its_truth(lev):
    class Sized:
        def __init__(self, size):
            self.size = size

        def __len__(self):
            return self.size

    answers = [0, 1, -1, 2**64, 0.0, -0.0, 0.5, float("nan"), "", "no", b"", [], [0], {}, None]
    answers += [True, False, object(), Truth(False), Truth(True), Sized(0), Sized(3)]
    answers += [np.bool_(False), np.bool_(True), np.zeros(1), np.ones(1), ValueError("not raised")]
    dictionary = lev.Dictionary(["a"] * len(answers))
    found = dictionary.nearest_where("b", 100, lambda _, index: answers[index])
    assert found == [(1, index) for index, answer in enumerate(answers) if answer]


def test_an_answer_that_has_no_truth(lev):
    class Sized:
        def __len__(self):
            return -1

    class Odd:
        def __bool__(self):
            return 1

    for answer, exception in ((Sized(), ValueError), (Odd(), TypeError), (np.ones(2), ValueError)):
        error = raised_by(
            lambda answer=answer: lev.Dictionary(WORDS).nearest_where(QUERY, 9, lambda *_: answer)
        )
        assert type(error) is exception


def test_an_answer_is_dropped_before_the_next_call(lev):
    class Answer:
        pass

    last = []

    def keep(_distance, _index):
        assert [ref() for ref in last] == [None] * len(last)
        answer = Answer()
        last[:] = [weakref.ref(answer)]
        return answer

    assert lev.Dictionary(WORDS).nearest_where(QUERY, 9, keep) == RANKING
    assert last[0]() is None


def test_exceptions_arrive_as_the_same_object_and_at_once(lev):
    callbacks.exceptions(lev)


def test_the_traceback_is_intact(lev):
    dictionary = lev.Dictionary(WORDS)

    def where_it_happens():
        raise OwnError

    def keep(_distance, index):
        if index == 2:
            where_it_happens()

    error = raised_by(lambda: dictionary.nearest_where(QUERY, 3, keep))
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names[0] == "raised_by"
    assert names[-2:] == ["keep", "where_it_happens"]
    assert (error.__cause__, error.__context__) == (None, None)
    assert not error.__suppress_context__


def test_causes_and_contexts_are_intact(lev):
    dictionary = lev.Dictionary(WORDS)
    error, cause, context = OwnError("error"), LookupError("cause"), LookupError("context")

    def keep(_distance, _index):
        try:
            raise context
        except LookupError:
            raise error from cause

    assert raised_by(lambda: dictionary.nearest_where(QUERY, 3, keep)) is error
    assert error.__cause__ is cause
    assert error.__context__ is context
    # What is being handled around the call is seen in it.
    outer, inner, seen = LookupError("outer"), OwnError("inner"), []

    def keep_and_look(_distance, _index):
        seen.append(sys.exc_info()[1])
        raise inner

    try:
        raise outer
    except LookupError:
        assert raised_by(lambda: dictionary.nearest_where(QUERY, 3, keep_and_look)) is inner
        assert sys.exc_info()[1] is outer
    assert seen == [outer]
    assert inner.__context__ is outer


def test_an_exception_that_comes_again_and_again(lev):
    dictionary = lev.Dictionary(WORDS)
    error = OwnError("one object for all")

    def keep(_distance, _index):
        raise error

    for _ in range(5):
        assert raised_by(lambda: dictionary.nearest_where(QUERY, 3, keep)) is error
        assert len(traceback.extract_tb(error.__traceback__)) < 10
        error.__traceback__ = None


def test_searches_within_searches(lev):
    callbacks.search_within_searches(lev)
    callbacks.errors_within_searches(lev)


def test_at_the_limit_of_recursion(lev):
    callbacks.at_the_limit_of_recursion(lev)


def test_a_search_without_end(lev):
    callbacks.without_end(lev)


def test_the_last_reference_outside_may_be_deleted(lev):
    class Tag:
        pass

    for fails in (False, True):
        tag = Tag()
        alive = weakref.ref(tag)
        holder = {"dictionary": lev.Dictionary(["x" + word for word in WORDS], tag)}
        del tag

        def keep(_distance, index, holder=holder, fails=fails):
            holder.clear()
            gc.collect()
            if fails and index == 5:
                raise OwnError
            return True

        holder["keep"] = keep
        holder["query"] = "".join(["x", QUERY])
        del keep
        search = lambda h=holder: h["dictionary"].nearest_where(h["query"], 9, h["keep"])  # noqa: E731
        if fails:
            assert type(raised_by(search)) is OwnError
        else:
            assert search() == RANKING
        del search
        gc.collect()
        assert alive() is None


def test_keep_may_use_what_it_was_given_later(lev):
    arguments = []
    # Numbers beyond those that Python keeps ready.
    words = ["a" * (300 + i) for i in range(300)]
    dictionary = lev.Dictionary(words)
    dictionary.nearest_where("", 1, lambda *args: arguments.append(args))
    del dictionary
    gc.collect()
    assert arguments == [(300 + i, i) for i in range(300)]


def test_keep_may_make_and_drop_dictionaries(lev):
    dictionary = lev.Dictionary(WORDS)

    def keep(distance, index):
        other = lev.Dictionary([WORDS[index]] * 50, dictionary)
        assert other.nearest(QUERY, 1) == [(distance, 0)]
        dictionary.__init__(["other"])
        return other

    assert dictionary.nearest_where(QUERY, 9, keep) == RANKING
    # What was returned is true by its length: one word, and none.
    empty, one = lev.Dictionary([]), lev.Dictionary(["word"])
    found = dictionary.nearest_where(QUERY, 9, lambda _, index: one if index % 2 else empty)
    assert found == kept(lambda _, index: index % 2)


def test_ctrl_c_in_keep(lev):
    dictionary = lev.Dictionary(WORDS)
    asked = []

    def keep(_distance, index):
        asked.append(index)
        if index == 3:
            signal.raise_signal(signal.SIGINT)
        return True

    error = raised_by(lambda: dictionary.nearest_where(QUERY, 9, keep))
    assert type(error) is KeyboardInterrupt
    assert asked == [0, 1, 2, 3]


def test_a_signal_at_any_moment_of_the_callbacks(lev):
    # It may strike in keep, before it, after it, or in what a binding has around it: there is
    # an exception or an answer, and none is lost.
    dictionary = lev.Dictionary(WORDS * 40)
    expected = sorted((d, 8 * n + i) for d, i in PAIRS for n in range(40))
    rng = random.Random(0)
    fired = False

    def on_signal(_number, _frame):
        nonlocal fired
        fired = True
        raise StoppedError

    def search():
        signal.setitimer(signal.ITIMER_REAL, rng.uniform(2e-6, 200e-6))
        found = dictionary.nearest_where(QUERY, 1_000, lambda *_: True)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return found

    stopped = 0
    previous = signal.signal(signal.SIGALRM, on_signal)
    try:
        with nothing_is_printed():
            for _ in range(300):
                fired = False
                try:
                    assert search() == expected
                    assert not fired
                except StoppedError:
                    stopped += 1
                    assert fired
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert stopped > 5


def test_the_distances_are_those_of_the_whole_dictionary(lev):
    # keep is asked after all distances are known: what it does to time and memory in between
    # changes nothing, and neither does a handler of signals.
    words = [f"{word}{n}" for n in range(50) for word in WORDS]
    dictionary = lev.Dictionary(words)
    expected = [(oracle(QUERY, word), i) for i, word in enumerate(words)]
    asked = []

    def keep(distance, index):
        asked.append((distance, index))
        assert len(lev.Dictionary(words[index:])) == len(words) - index
        return False

    assert dictionary.nearest_where(QUERY, 3, keep) == []
    assert asked == expected
    assert [d for d, _ in PAIRS] == EXPECTED
