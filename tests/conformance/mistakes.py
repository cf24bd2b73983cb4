"""Every wrong call of the contract and its exception, in one table.

An entry is a function of a module that makes the call, and the exact type of
the exception. Everything the call needs is made afresh inside it, so the same
table serves the tests of errors and of leaks.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

Call = Callable[[Any], object]

WORDS = ["kitten", "na\xefve", "\u4e2d\u6587", "\U0001f600"]

#: Good arguments of each function, by the kinds of its parameters.
STRING, NUMBER, LIST, ITERABLE, OUT = "string", "number", "list", "iterable", "out"
GOOD: dict[str, Callable[[], object]] = {
    STRING: lambda: "sitting",
    NUMBER: lambda: 3,
    LIST: lambda: list(WORDS),
    ITERABLE: lambda: iter(WORDS),
    OUT: lambda: array("I", bytes(4 * len(WORDS))),
}
SIGNATURES = {
    "noop": (),
    "pair_length": (STRING, STRING),
    "distance": (STRING, STRING),
    "distance_myers": (STRING, STRING),
    "distance_repeated": (STRING, STRING, NUMBER),
    "distance_myers_repeated": (STRING, STRING, NUMBER),
    "distances": (STRING, LIST),
    "Dictionary": (ITERABLE,),
    "Dictionary.__new__": (ITERABLE,),
    "nearest": (STRING, NUMBER),
    "distances_into": (STRING, OUT),
    "__len__": (),
    "build_info": (),
}
PARAMETERS = {"nearest": ("query", "limit"), "distances_into": ("query", "out")}


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
    NUMBER: {
        "None": (lambda: None, TypeError),
        "float": (lambda: 2.0, TypeError),
        "str": (lambda: "2", TypeError),
        "list": (lambda: [2], TypeError),
        "__index__ of float": (WrongIndex, TypeError),
        "__index__ that raises": (Unindexable, LookupError),
        "negative": (lambda: -1, ValueError),
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
    OUT: {
        "None": (lambda: None, TypeError),
        "list": (lambda: [0] * len(WORDS), TypeError),
        "bytes": (lambda: bytes(4 * len(WORDS)), BufferError),
        "step": (lambda: memoryview(array("I", bytes(32)))[::2], BufferError),
        "floats": (lambda: array("f", bytes(16)), ValueError),
        "short": (lambda: array("I", bytes(12)), ValueError),
        "long": (lambda: array("I", bytes(20)), ValueError),
        "bytearray": (lambda: bytearray(16), ValueError),
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
    if hasattr(lev, function):
        return getattr(lev, function)
    return getattr(lev.Dictionary(WORDS), function)


def good_call(function: str) -> Call:
    kinds = SIGNATURES[function]
    return lambda lev: bound(lev, function)(*(GOOD[kind]() for kind in kinds))


def _mistakes() -> dict[str, tuple[Call, type[Exception]]]:
    table: dict[str, tuple[Call, type[Exception]]] = {}

    def add(name, function, arguments, exception, keywords=dict):
        def call(lev):
            return bound(lev, function)(*(make() for make in arguments), **keywords())

        table[f"{function}: {name}"] = (call, exception)

    for function, kinds in SIGNATURES.items():
        good = [GOOD[kind] for kind in kinds]
        add("one argument more", function, [*good, lambda: "x"], TypeError)
        add("ten arguments more", function, [*good, *[lambda: "x"] * 10], TypeError)
        add("unknown keyword", function, good, TypeError, lambda: {"colour": "red"})
        for keep in range(len(kinds)):
            add(f"only {keep} arguments", function, good[:keep], TypeError)
        if kinds:
            add("keyword for the last", function, good[:-1], TypeError, _last(function, good[-1]))
        for i, kind in enumerate(kinds):
            for name, (bad, exception) in BAD[kind].items():
                arguments = [*good[:i], bad, *good[i + 1 :]]
                add(f"argument {i} {name}", function, arguments, exception)
    for function in ("distance_repeated", "distance_myers_repeated"):
        for n, exception in [
            (0, ValueError),
            (-(2**63), ValueError),
            (2**63, OverflowError),
            (2**64, OverflowError),
            (10**30, OverflowError),
            (-(2**63) - 1, OverflowError),
        ]:
            add(f"n = {n}", function, [*[GOOD[STRING]] * 2, lambda n=n: n], exception)
    for limit in (-(2**31), -(2**63), -(10**30)):
        add(f"limit = {limit}", "nearest", [GOOD[STRING], lambda n=limit: n], ValueError)
    return table


def _last(function: str, good):
    names = {
        "Dictionary": "words",
        "Dictionary.__new__": "words",
        "distances": "words",
        "distance_repeated": "n",
        "distance_myers_repeated": "n",
        "nearest": "limit",
        "distances_into": "out",
    }
    return lambda: {names.get(function, "b"): good()}


MISTAKES = _mistakes()
