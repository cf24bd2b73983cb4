"""Every wrong call of the contract and its exception, in one table.

An entry has a function of a module that makes the call, and the exact type of
the exception. Everything the call needs is made afresh inside it, so the same
table serves the tests of errors and of leaks.
"""

from __future__ import annotations

import copy
import itertools
import pickle
from array import array
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .contenders import METHODS

Call = Callable[[Any], object]

WORDS = ["kitten", "na\xefve", "\u4e2d\u6587", "\U0001f600"]
UTF8 = [word.encode() for word in WORDS]
ENDS = [0, *itertools.accumulate(map(len, UTF8))]
MAX_RANGE = 2**24

# The kinds of parameters.
STRING, LIST, ITERABLE, TAG, KEEP = "string", "list", "iterable", "tag", "keep"
#: Numbers: with ``__index__`` and not negative; how often; how many; 64 bits.
LIMIT, TIMES, COUNT, INT64 = "limit", "times", "count", "int64"
#: As the one before, where it stands next to others that are tried in every way.
ONE_MORE = "one more int64"
#: Buffers: as long as the dictionary; of any length; to be read.
OUT, FILL, NUMBERS, OFFSETS, DATA = "out", "fill", "numbers", "offsets", "data"

#: Good arguments, by the kinds of the parameters.
GOOD: dict[str, Callable[[], object]] = {
    STRING: lambda: "sitting",
    LIST: lambda: list(WORDS),
    ITERABLE: lambda: iter(WORDS),
    TAG: lambda: ["a tag"],
    KEEP: lambda: lambda _distance, index: index % 2,
    LIMIT: lambda: 3,
    TIMES: lambda: 3,
    COUNT: lambda: 300,
    INT64: lambda: -(2**40),
    ONE_MORE: lambda: 5,
    OUT: lambda: array("I", bytes(4 * len(WORDS))),
    FILL: lambda: array("I", bytes(4 * len(WORDS))),
    NUMBERS: lambda: array("I", [2**32 - 1, 7, 0]),
    OFFSETS: lambda: array("i", ENDS),
    DATA: lambda: b"".join(UTF8),
}
SIGNATURES = {
    "noop": (),
    "number": (),
    "echo": (INT64,),
    "sum_five": (INT64, *[ONE_MORE] * 4),
    "sum_named": (INT64, *[ONE_MORE] * 4),
    "total_length": (ITERABLE,),
    "packed_length": (OFFSETS, DATA),
    "buffer_sum": (NUMBERS,),
    "range_list": (COUNT,),
    "range_bytes": (COUNT,),
    "range_into": (FILL,),
    "range_pairs": (COUNT,),
    "pair_length": (STRING, STRING),
    "distance": (STRING, STRING),
    "distance_myers": (STRING, STRING),
    "distance_repeated": (STRING, STRING, TIMES),
    "distance_myers_repeated": (STRING, STRING, TIMES),
    "distances": (STRING, LIST),
    "Dictionary": (ITERABLE,),
    "Dictionary.__new__": (ITERABLE, TAG),
    "Dictionary.__len__": (),
    "Dictionary.noop": (),
    "Dictionary.nearest": (STRING, LIMIT),
    "Dictionary.nearest_where": (STRING, LIMIT, KEEP),
    "Dictionary.distances_into": (STRING, OUT),
    "build_info": (),
}
#: Parameters that may be left out.
OPTIONAL = {"Dictionary.__new__": 1}
#: The names of arguments that are passed by keyword, in their order.
KEYWORDS = {"sum_named": "abcde"}


class Unindexable:
    """A number whose ``__index__`` fails in its own way."""

    def __index__(self):
        raise LookupError("no index")


class WrongIndex:
    def __index__(self):
        return 1.0


class NotAString:
    """Has what a string has, but is none."""

    def __str__(self):
        return "sitting"

    def __len__(self):
        return 7

    def encode(self, *_args):
        return b"sitting"


def _broken_iterator(after: int):
    yield from WORDS[:after]
    raise LookupError("the iterator broke")


class _BrokenIterable:
    def __iter__(self):
        raise LookupError("no iterator")


def _broken_keep(_distance, _index):
    raise LookupError("no opinion")


class _BrokenTruth:
    def __bool__(self):
        raise LookupError("neither true nor false")


class _WrongTruth:
    def __bool__(self):
        return "true"


def _no_buffer(make) -> dict:
    return {
        "None": (lambda: None, TypeError),
        "int": (lambda: 7, TypeError),
        "str": (lambda: "words", TypeError),
        "list": (lambda: list(make()), TypeError),
    }


_NOT_AN_INDEX = {
    "None": (lambda: None, TypeError),
    "float": (lambda: 2.0, TypeError),
    "str": (lambda: "2", TypeError),
    "list": (lambda: [2], TypeError),
    "__index__ of float": (WrongIndex, TypeError),
    "__index__ that raises": (Unindexable, LookupError),
}
_NOT_64_BITS = {
    str(n): (lambda n=n: n, OverflowError) for n in (2**63, 2**64, 10**30, -(2**63) - 1)
}
_NEGATIVE = {str(n): (lambda n=n: n, ValueError) for n in (-1, -(2**31), -(2**63))}
_NOT_TO_BE_WRITTEN = {
    **_no_buffer(GOOD[OUT]),
    "bytes": (lambda: bytes(4 * len(WORDS)), BufferError),
    "step": (lambda: memoryview(array("I", bytes(32)))[::2], BufferError),
    "floats": (lambda: array("f", bytes(16)), ValueError),
    "bytearray": (lambda: bytearray(16), ValueError),
}

# What may not stand where the good argument stands, and the exception.
BAD: dict[str, dict[str, tuple[Callable[[], object], type[Exception]]]] = {
    STRING: {
        "None": (lambda: None, TypeError),
        "int": (lambda: 7, TypeError),
        "float": (lambda: 1.5, TypeError),
        "bytes": (lambda: b"sitting", TypeError),
        "bytearray": (lambda: bytearray(b"sitting"), TypeError),
        "list": (lambda: list("sitting"), TypeError),
        "class str": (lambda: str, TypeError),
        "lookalike": (NotAString, TypeError),
    },
    LIST: {
        "None": (lambda: None, TypeError),
        "int": (lambda: 7, TypeError),
        "str": (lambda: "words", TypeError),
        "tuple": (lambda: tuple(WORDS), TypeError),
        "set": (lambda: set(WORDS), TypeError),
        "dict": (lambda: dict.fromkeys(WORDS), TypeError),
        "iterator": (lambda: iter(WORDS), TypeError),
        "bytes": (lambda: b"words", TypeError),
    },
    ITERABLE: {
        "None": (lambda: None, TypeError),
        "int": (lambda: 7, TypeError),
        "object": (object, TypeError),
        "class list": (lambda: list, TypeError),
        "bytes": (lambda: b"words", TypeError),
        "iterator broken at once": (lambda: _broken_iterator(0), LookupError),
        "iterator broken later": (lambda: _broken_iterator(3), LookupError),
        "__iter__ that raises": (_BrokenIterable, LookupError),
    },
    TAG: {},
    KEEP: {
        "None": (lambda: None, TypeError),
        "int": (lambda: 7, TypeError),
        "str": (lambda: "keep", TypeError),
        "list": (lambda: [bool], TypeError),
        "object": (object, TypeError),
        "of no argument": (lambda: lambda: True, TypeError),
        "of one argument": (lambda: lambda _distance: True, TypeError),
        "of three arguments": (lambda: lambda _distance, _index, _word: True, TypeError),
        "that raises": (lambda: _broken_keep, LookupError),
        "truth that raises": (lambda: lambda *_: _BrokenTruth(), LookupError),
        "truth that is none": (lambda: lambda *_: _WrongTruth(), TypeError),
    },
    LIMIT: {
        **_NOT_AN_INDEX,
        **_NEGATIVE,
        "-(10**30)": (lambda: -(10**30), ValueError),
    },
    TIMES: {**_NOT_AN_INDEX, **_NOT_64_BITS, **_NEGATIVE, "0": (lambda: 0, ValueError)},
    COUNT: {
        **_NOT_AN_INDEX,
        **_NOT_64_BITS,
        **_NEGATIVE,
        "2**24 + 1": (lambda: MAX_RANGE + 1, ValueError),
        "2**32": (lambda: 2**32, ValueError),
        "2**63 - 1": (lambda: 2**63 - 1, ValueError),
    },
    INT64: {**_NOT_AN_INDEX, **_NOT_64_BITS},
    ONE_MORE: {
        "float": (lambda: 2.0, TypeError),
        "2**63": (lambda: 2**63, OverflowError),
    },
    OUT: {
        **_NOT_TO_BE_WRITTEN,
        "short": (lambda: array("I", bytes(12)), ValueError),
        "long": (lambda: array("I", bytes(20)), ValueError),
    },
    FILL: {
        **_NOT_TO_BE_WRITTEN,
        # Memory that is not touched costs nothing.
        "long": (lambda: np.zeros(MAX_RANGE + 1, "u4"), ValueError),
    },
    NUMBERS: {
        **_no_buffer(GOOD[NUMBERS]),
        "step": (lambda: memoryview(array("I", bytes(32)))[::2], BufferError),
        "signed": (lambda: array("i", bytes(16)), ValueError),
        "bytes": (lambda: bytes(16), ValueError),
        "two dimensions": (lambda: np.zeros((2, 2), "u4"), ValueError),
    },
    OFFSETS: {
        **_no_buffer(GOOD[OFFSETS]),
        "step": (lambda: memoryview(array("i", bytes(32)))[::2], BufferError),
        "unsigned": (lambda: array("I", bytes(16)), ValueError),
        "bytes": (lambda: bytes(16), ValueError),
        "two dimensions": (lambda: np.zeros((2, 2), "i4"), ValueError),
        "empty": (lambda: array("i"), ValueError),
        "negative": (lambda: array("i", [-1, *ENDS]), ValueError),
        "only one, negative": (lambda: array("i", [-1]), ValueError),
        "descending": (lambda: array("i", [0, 6, 5, 7]), ValueError),
        "descending at the end": (lambda: array("i", [*ENDS, 0]), ValueError),
        "descending below zero": (lambda: array("i", [0, -(2**31), 3]), ValueError),
        "too far": (lambda: array("i", [*ENDS, ENDS[-1] + 1]), ValueError),
        "much too far": (lambda: array("i", [0, 2**31 - 1]), ValueError),
        "too far from the start": (lambda: array("i", [2**31 - 1]), ValueError),
        "too far and back": (lambda: array("i", [0, 2**31 - 1, 3]), ValueError),
    },
    DATA: {
        **_no_buffer(GOOD[DATA]),
        "step": (lambda: memoryview(bytes(64))[::2], BufferError),
        "units of 2 bytes": (lambda: array("H", bytes(64)), ValueError),
        "truth values": (lambda: memoryview(bytes(64)).cast("?"), ValueError),
        "two dimensions": (lambda: np.zeros((8, 8), "u1"), ValueError),
        "short": (lambda: b"".join(UTF8)[:-1], ValueError),
        "empty": (lambda: b"", ValueError),
    },
}
# A word that is no string, first, in the middle and last.
for _at in (0, 2, 4):
    for _name in ("None", "int", "bytes", "list"):
        _bad, _ = BAD[STRING][_name]
        for _kind in (LIST, ITERABLE):
            BAD[_kind][f"{_name} as word {_at}"] = (
                lambda at=_at, bad=_bad: [*WORDS[:at], bad(), *WORDS[at:]],
                TypeError,
            )


def bound(lev, function: str):
    """The function, or the method of a dictionary of ``WORDS``."""
    if function == "Dictionary.__new__":
        return lambda *args, **kwargs: lev.Dictionary.__new__(lev.Dictionary, *args, **kwargs)
    owner, _, method = function.rpartition(".")
    if owner:
        return getattr(lev.Dictionary(WORDS), method)
    return getattr(lev, function)


def invoke(callable_, function: str, arguments) -> object:
    """Pass the arguments in the way that the function wants them."""
    if function in KEYWORDS:
        return callable_(**dict(zip(KEYWORDS[function], arguments)))
    return callable_(*arguments)


def good_call(function: str) -> Call:
    kinds = SIGNATURES[function]
    return lambda lev: invoke(bound(lev, function), function, [GOOD[kind]() for kind in kinds])


class Mistake(NamedTuple):
    call: Call
    exception: type[Exception]
    #: The names of the contract that it takes to make it.
    needs: tuple[str, ...]


def _mistakes() -> dict[str, Mistake]:
    table: dict[str, Mistake] = {}

    def add(name, function, arguments, exception, keywords=dict):
        def call(lev):
            return bound(lev, function)(*(make() for make in arguments), **keywords())

        assert f"{function}: {name}" not in table
        table[f"{function}: {name}"] = Mistake(call, exception, (function,))

    for function, kinds in SIGNATURES.items():
        good = [GOOD[kind] for kind in kinds]
        most = [*good, GOOD[TAG]] if function == "Dictionary" else good
        named = _named(KEYWORDS[function], good) if function in KEYWORDS else dict
        add("one argument more", function, [*most, lambda: "x"], TypeError)
        add("ten arguments more", function, [*most, *[lambda: "x"] * 10], TypeError)
        if function in KEYWORDS:
            _add_keyword_mistakes(add, function, good, named)
        else:
            add("unknown keyword", function, good, TypeError, lambda: {"colour": "red"})
            for keep in range(len(kinds) - OPTIONAL.get(function, 0)):
                add(f"only {keep} arguments", function, good[:keep], TypeError)
        if kinds and function not in KEYWORDS:
            add("keyword for the last", function, good[:-1], TypeError, _last(function, good[-1]))
        for i, kind in enumerate(kinds):
            for name, (bad, exception) in BAD[kind].items():
                arguments = [*good[:i], bad, *good[i + 1 :]]
                if function in KEYWORDS:
                    keywords = _named(KEYWORDS[function], arguments)
                    add(f"argument {i} {name}", function, [], exception, keywords)
                else:
                    add(f"argument {i} {name}", function, arguments, exception)
    add("good", "fail", [], ValueError)
    add("one argument more", "fail", [GOOD[INT64]], TypeError)
    add("unknown keyword", "fail", [], TypeError, lambda: {"colour": "red"})
    add("keyword tag", "Dictionary", [GOOD[ITERABLE]], TypeError, lambda: {"tag": 1})
    for name, numbers in {
        "above": (2**63 - 1, 0, 1, 0, 0),
        "below": (0, -(2**63), 0, 0, -1),
        "far above": (2**63 - 1,) * 5,
        "far below": (-(2**63),) * 5,
    }.items():
        arguments = [lambda n=n: n for n in numbers]
        add(f"sum {name}", "sum_five", arguments, OverflowError)
        add(f"sum {name}", "sum_named", [], OverflowError, _named("abcde", arguments))
    table.update(_mistakes_with_objects())
    return table


def _add_keyword_mistakes(add, function, good, named):
    names = KEYWORDS[function]
    add("by position", function, good, TypeError)
    add("the first by position", function, good[:1], TypeError, _named(names[1:], good[1:]))
    add("the first by position too", function, good[:1], TypeError, named)
    for i, name in enumerate(names):
        rest = [*good[:i], *good[i + 1 :]]
        others = names.replace(name, "")
        add(f"without {name}", function, [], TypeError, _named(others, rest))
    # A lone surrogate is what no binding can print.
    for other in ("f", "A", "", "aa", "\xe4", "a\0", "\ud800"):
        wrong = (*names[:-1], other)
        add(f"{other!a} for the last", function, [], TypeError, _named(wrong, good))
        more = _named((*names, other), [*good, good[0]])
        add(f"{other!a} too", function, [], TypeError, more)


def _mistakes_with_objects() -> dict[str, Mistake]:
    """What a dictionary as an object refuses."""
    calls: dict[str, tuple[Call, type[Exception]]] = {
        "tag set": (lambda lev: setattr(lev.Dictionary(WORDS, []), "tag", 1), AttributeError),
        "tag deleted": (lambda lev: delattr(lev.Dictionary(WORDS, []), "tag"), AttributeError),
        "copied": (lambda lev: copy.copy(lev.Dictionary(WORDS, [])), TypeError),
        "copied with its tag": (lambda lev: copy.deepcopy(lev.Dictionary(WORDS, [])), TypeError),
    }
    for n in range(pickle.HIGHEST_PROTOCOL + 1):
        calls[f"pickled by protocol {n}"] = (
            lambda lev, n=n: pickle.dumps(lev.Dictionary(WORDS, []), n),
            TypeError,
        )
    needs = ("Dictionary", "Dictionary.tag")
    return {f"Dictionary: {name}": Mistake(*entry, needs) for name, entry in calls.items()}


def _named(names, makers):
    return lambda: {name: make() for name, make in zip(names, makers)}


def _last(function: str, good):
    names = {
        "echo": "n",
        "sum_five": "e",
        "total_length": "words",
        "packed_length": "data",
        "buffer_sum": "numbers",
        "range_list": "n",
        "range_bytes": "n",
        "range_into": "out",
        "range_pairs": "n",
        "pair_length": "b",
        "distance": "b",
        "distance_myers": "b",
        "distance_repeated": "n",
        "distance_myers_repeated": "n",
        "distances": "words",
        "Dictionary": "words",
        "Dictionary.__new__": "tag",
        "Dictionary.nearest": "limit",
        "Dictionary.nearest_where": "keep",
        "Dictionary.distances_into": "out",
    }
    return lambda: {names[function]: good()}


MISTAKES = _mistakes()

#: Everything that can be called: the functions and, as ``Dictionary.nearest``, the methods.
CALLABLES = {*SIGNATURES, "fail"}
assert {f"Dictionary.{method}" for method in METHODS} <= CALLABLES
