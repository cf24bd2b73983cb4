"""Levenshtein distance in pure Python: the reference of the study.

This module is the executable form of docs/contract.md. It takes Python's
objects apart, checks them and hands plain strings to ``_kernel.py``.

A string is its sequence of code points. Every function may raise
``TypeError`` for an argument of the wrong type and ``MemoryError`` for a
string of more than 2**32 - 2 code points. All arguments are positional.
"""

from __future__ import annotations

import heapq
import operator
import platform
import struct
import sys
import sysconfig
from typing import TYPE_CHECKING, SupportsIndex, final

from ._kernel import myers, pattern_table, wagner_fischer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Buffer

__all__ = [
    "Dictionary",
    "build_info",
    "distance",
    "distance_myers",
    "distance_myers_repeated",
    "distance_repeated",
    "distances",
    "noop",
    "pair_length",
]

# Distances, lengths and indices are unsigned 32-bit numbers in the native
# contenders, and a row of Wagner-Fischer has one cell more than the string.
_MAX_LENGTH = 2**32 - 2

_NATIVE_BYTE_ORDER = "<" if sys.byteorder == "little" else ">"


def noop() -> None:
    """Do nothing."""


def pair_length(a: str, b: str, /) -> int:
    """Return ``len(a) + len(b)`` in code points."""
    return len(_text(a)) + len(_text(b))


def distance(a: str, b: str, /) -> int:
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    In the native contenders a call is not interruptible.
    """
    return wagner_fischer(_text(a), _text(b))


def distance_myers(a: str, b: str, /) -> int:
    """Return the Levenshtein distance, by Myers' bit-vectors.

    In the native contenders a call is not interruptible.
    """
    a = _text(a)
    b = _text(b)
    return myers(pattern_table(a), len(a), b)


def distance_repeated(a: str, b: str, n: SupportsIndex, /) -> int:
    """Run the kernel of :func:`distance` ``n`` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer.
    """
    a = _text(a)
    b = _text(b)
    result = 0
    for _ in range(_repetitions(n)):
        result = wagner_fischer(a, b)
    return result


def distance_myers_repeated(a: str, b: str, n: SupportsIndex, /) -> int:
    """Run the kernel of :func:`distance_myers` ``n`` times; return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer.
    """
    a = _text(a)
    b = _text(b)
    result = 0
    for _ in range(_repetitions(n)):
        result = myers(pattern_table(a), len(a), b)
    return result


def distances(query: str, words: list[str], /) -> list[int]:
    """Return the distance from ``query`` to each word, by Myers' bit-vectors.

    ``words`` must be a list. What happens to it during the call does not
    change the answer.
    """
    query = _text(query)
    # This refuses what is not a list and does not call an overridden copy.
    snapshot = list.copy(words)
    table = pattern_table(query)
    m = len(query)
    return [myers(table, m, _text(word)) for word in snapshot]


@final
class Dictionary:
    """Words that are prepared once and searched many times.

    An object is complete when ``__new__`` returns and never changes. The
    class defines no ``__init__``: the one of ``object`` ignores its arguments
    when ``__new__`` has taken them.
    """

    __slots__ = ("_words",)
    _words: tuple[str, ...]

    def __new__(cls, words: Iterable[str], /) -> Dictionary:
        """Copy the words of any iterable.

        Raises ``MemoryError`` for more than 2**32 - 2 words; what the
        iterator raises arrives unchanged.
        """
        self = super().__new__(cls)
        self._words = tuple([_text(word) for word in words])
        if len(self._words) > _MAX_LENGTH:
            raise MemoryError
        return self

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, query: str, limit: SupportsIndex, /) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one.
        """
        query = _text(query)
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        found = self._distances(query)
        return heapq.nsmallest(limit, zip(found, range(len(found))))

    def distances_into(self, query: str, out: Buffer, /) -> None:
        """Write the distance from ``query`` to each word into ``out``.

        ``out`` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Its content is undefined if the call is interrupted.
        """
        query = _text(query)
        count = len(self._words)
        with memoryview(out) as view:
            _check_buffer(view, count)
            found = self._distances(query)
            if count:
                struct.pack_into(f"={count}I", view, 0, *found)

    def _distances(self, query: str) -> list[int]:
        table = pattern_table(query)
        m = len(query)
        return [myers(table, m, word) for word in self._words]


def build_info() -> dict[str, str]:
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": platform.python_compiler(),
        "flags": sysconfig.get_config_var("CFLAGS") or "",
        "binding": f"none, {platform.python_implementation()} {platform.python_version()}",
    }


def _text(value: str) -> str:
    # The method of str itself refuses what is not a str and turns an object
    # of a subclass into its plain text, whatever the subclass overrides.
    text = str.__str__(value)
    if len(text) > _MAX_LENGTH:
        raise MemoryError
    return text


def _repetitions(n: SupportsIndex) -> int:
    n = operator.index(n)
    if not -(2**63) <= n < 2**63:
        raise OverflowError("n does not fit into a signed 64-bit integer")
    if n < 1:
        raise ValueError("n must be at least 1")
    return n


def _check_buffer(view: memoryview, count: int) -> None:
    if view.readonly:
        raise BufferError("out is read-only")
    # A memoryview calls an empty slice with a step not contiguous, but no
    # item of it is out of place.
    if not view.c_contiguous and view.nbytes != 0:
        raise BufferError("out is not C-contiguous")
    if view.ndim != 1:
        raise ValueError(f"out has {view.ndim} dimensions, expected 1")
    item = view.format
    if item[:1] in ("@", "=", _NATIVE_BYTE_ORDER):
        item = item[1:]
    if item not in ("I", "L") or view.itemsize != 4:
        raise ValueError(
            f"out has items of format {view.format!r} and {view.itemsize} bytes, "
            "expected unsigned 32-bit integers in native byte order"
        )
    if len(view) != count:
        raise ValueError(f"out has {len(view)} items, expected {count}")
