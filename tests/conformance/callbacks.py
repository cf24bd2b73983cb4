"""Searches whose predicate does more than answer: shared by the tests and by stress.py."""

from __future__ import annotations

import contextlib
import io
import sys
from array import array
from collections.abc import Callable, Iterator

from .oracle import oracle

WORDS = ["kitten", "", "sitting", "na\xefve", "\u4e2d\u6587", "\U0001f600", "mitten", "kitten"]
QUERY = "mitten"
EXPECTED = [oracle(QUERY, word) for word in WORDS]
PAIRS = [(d, i) for i, d in enumerate(EXPECTED)]
RANKING = sorted(PAIRS)


class OwnError(BaseException):
    """No Exception, so nobody may catch it by chance."""


def errors() -> list[BaseException]:
    """One of each kind that somebody on the way might take for something else."""
    return [
        ValueError("mine"),
        TypeError("mine"),
        LookupError("mine"),
        MemoryError("mine"),
        RecursionError("mine"),
        OverflowError("mine"),
        SystemError("mine"),
        StopIteration("mine"),
        StopAsyncIteration("mine"),
        UnicodeDecodeError("utf-8", b"mine", 0, 1, "mine"),
        OwnError("mine"),
        KeyboardInterrupt("mine"),
        SystemExit("mine"),
        GeneratorExit("mine"),
    ]


def raised_by(call: Callable[[], object]) -> BaseException:
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


@contextlib.contextmanager
def nothing_is_printed() -> Iterator[None]:
    """Whoever cannot pass an exception on prints it instead."""
    unraisable = []
    hook = sys.unraisablehook
    sys.unraisablehook = lambda args: unraisable.append(args.exc_value)
    try:
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            yield
    finally:
        sys.unraisablehook = hook
    assert unraisable == []
    assert printed.getvalue() == ""


def search_within_searches(lev, depth: int = 3) -> None:
    """In each call of ``keep``, the dictionary is used in every way, ``depth`` levels deep."""
    dictionary = lev.Dictionary(WORDS)
    out = array("I", bytes(4 * len(WORDS)))

    def search(level):
        asked = []

        def keep(distance, index):
            asked.append((distance, index))
            if index == level:
                dictionary.distances_into(QUERY, out)
                assert out.tolist() == EXPECTED
                assert dictionary.nearest(QUERY, 3) == RANKING[:3]
                assert lev.distances(QUERY, WORDS) == EXPECTED
                assert len(dictionary) == len(WORDS)
                if level < depth:
                    search(level + 1)
            return index != level

        found = dictionary.nearest_where(QUERY, 4, keep)
        assert found == [pair for pair in RANKING if pair[1] != level][:4]
        assert asked == PAIRS

    search(0)


def errors_within_searches(lev) -> None:
    """What an inner search raises, and the outer one catches, concerns nobody else."""
    dictionary = lev.Dictionary(WORDS)
    seen = []

    def keep(_distance, index):
        def inner(_distance, other):
            if other == index:
                raise OwnError(index)

        error = raised_by(lambda: dictionary.nearest_where(QUERY, 1, inner))
        assert type(error) is OwnError
        assert error.args == (index,)
        seen.append(index)
        if index == len(WORDS) - 1:
            raise last
        return True

    last = LookupError("the outer one")
    assert raised_by(lambda: dictionary.nearest_where(QUERY, 3, keep)) is last
    assert seen == [*range(len(WORDS))]
    # The same, but for the exception of the outer one.
    seen.clear()
    seen_again = []
    found = dictionary.nearest_where(
        QUERY, 3, lambda d, i: keep(d, 0) and seen_again.append(i) is None
    )
    assert found == RANKING[:3]
    assert seen_again == [*range(len(WORDS))]


class Truth:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def exceptions(lev) -> None:
    """Each kind of exception, from ``keep`` and from the truth of what it returns."""
    dictionary = lev.Dictionary(WORDS)
    for error in errors():
        for stop in (0, 3, len(WORDS) - 1):
            asked = []

            def keep(_distance, index, error=error, stop=stop, asked=asked):
                asked.append(index)
                if index == stop:
                    raise error
                return True

            def untrue(_distance, index, error=error, stop=stop, asked=asked):
                asked.append(index)
                return Truth(error if index == stop else True)

            for predicate in (keep, untrue):
                asked.clear()
                with nothing_is_printed():
                    found = raised_by(
                        lambda keep=predicate: dictionary.nearest_where(QUERY, 9, keep)
                    )
                assert found is error
                # At once: nobody was asked after that.
                assert asked == [*range(stop + 1)]
                assert sys.exc_info() == (None, None, None)
    assert dictionary.nearest_where(QUERY, 9, lambda *_: True) == RANKING


def at_the_limit_of_recursion(lev) -> None:
    """With hardly any recursion left there is an answer or a RecursionError, and no third thing."""
    dictionary = lev.Dictionary(WORDS)

    def keep(_distance, index):
        return index % 2

    expected = [pair for pair in RANKING if pair[1] % 2]
    outcomes = set()

    def descend(levels):
        if levels:
            return descend(levels - 1)
        return dictionary.nearest_where(QUERY, 9, keep)

    depth = sys.getrecursionlimit()
    with nothing_is_printed():
        # The depth at which it begins to fail, and all those around it.
        for levels in range(depth - 200, depth):
            try:
                assert descend(levels) == expected
                outcomes.add("answer")
            except RecursionError:
                outcomes.add("RecursionError")
    assert outcomes == {"answer", "RecursionError"}
    assert dictionary.nearest_where(QUERY, 9, keep) == expected


def without_end(lev) -> None:
    """A search that searches for ever."""
    dictionary = lev.Dictionary(WORDS)

    def keep(_distance, _index):
        return dictionary.nearest_where(QUERY, 1, keep)

    with nothing_is_printed():
        error = raised_by(lambda: dictionary.nearest_where(QUERY, 1, keep))
    assert type(error) is RecursionError
    assert dictionary.nearest_where(QUERY, 9, lambda *_: True) == RANKING
