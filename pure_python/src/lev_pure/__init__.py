"""Levenshtein distance in pure Python: the reference of the study.

This module is the executable form of docs/contract.md. It takes Python's
objects apart with ``_arguments.py`` and hands plain strings to ``_kernel.py``.
What has no kernel, because it only measures a crossing, is in ``_crossings.py``.

A string is its sequence of code points. Every function may raise
``TypeError`` for an argument of the wrong type and ``MemoryError`` for a
string of more than 2**32 - 2 code points. All arguments are positional but
those of :func:`sum_named`.
"""

from __future__ import annotations

import heapq
import operator
import struct
from typing import TYPE_CHECKING, NoReturn, SupportsIndex, final

from ._arguments import MAX_LENGTH, repetitions, text_of, uint32_buffer_to_fill
from ._crossings import (
    buffer_sum,
    echo,
    fail,
    noop,
    number,
    packed_length,
    range_bytes,
    range_into,
    range_list,
    range_pairs,
    sum_five,
    sum_named,
    total_length,
)
from ._kernel import myers, pattern_table, wagner_fischer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Buffer

__all__ = [
    "Dictionary",
    "buffer_sum",
    "build_info",
    "distance",
    "distance_myers",
    "distance_myers_repeated",
    "distance_repeated",
    "distances",
    "echo",
    "fail",
    "noop",
    "number",
    "packed_length",
    "pair_length",
    "range_bytes",
    "range_into",
    "range_list",
    "range_pairs",
    "sum_five",
    "sum_named",
    "total_length",
]


def pair_length(a: str, b: str, /) -> int:
    """Return ``len(a) + len(b)`` in code points."""
    return len(text_of(a)) + len(text_of(b))


def distance(a: str, b: str, /) -> int:
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    In the native contenders a call is not interruptible.
    """
    return wagner_fischer(text_of(a), text_of(b))


def distance_myers(a: str, b: str, /) -> int:
    """Return the Levenshtein distance, by Myers' bit-vectors.

    In the native contenders a call is not interruptible.
    """
    a = text_of(a)
    b = text_of(b)
    return myers(pattern_table(a), len(a), b)


def distance_repeated(a: str, b: str, n: SupportsIndex, /) -> int:
    """Run the kernel of :func:`distance` ``n`` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer.
    """
    a = text_of(a)
    b = text_of(b)
    result = 0
    for _ in range(repetitions(n)):
        result = wagner_fischer(a, b)
    return result


def distance_myers_repeated(a: str, b: str, n: SupportsIndex, /) -> int:
    """Run the kernel of :func:`distance_myers` ``n`` times; return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer.
    """
    a = text_of(a)
    b = text_of(b)
    result = 0
    for _ in range(repetitions(n)):
        result = myers(pattern_table(a), len(a), b)
    return result


def distances(query: str, words: list[str], /) -> list[int]:
    """Return the distance from ``query`` to each word, by Myers' bit-vectors.

    ``words`` must be a list. What happens to it during the call does not
    change the answer.
    """
    query = text_of(query)
    # This refuses what is not a list and does not call an overridden copy.
    snapshot = list.copy(words)
    table = pattern_table(query)
    m = len(query)
    return [myers(table, m, text_of(word)) for word in snapshot]


@final
class Dictionary:
    """Words that are prepared once and searched many times.

    An object is complete when ``__new__`` returns and never changes. The
    class defines no ``__init__``: the one of ``object`` ignores its arguments
    when ``__new__`` has taken them.
    """

    __slots__ = ("_tag", "_words")
    _tag: object
    _words: tuple[str, ...]

    def __new__(cls, words: Iterable[str], tag: object = None, /) -> Dictionary:
        """Copy the words of any iterable, and keep ``tag``, any object.

        Raises ``MemoryError`` for more than 2**32 - 2 words; what the
        iterator raises arrives unchanged.
        """
        self = super().__new__(cls)
        self._tag = tag
        self._words = tuple([text_of(word) for word in words])
        if len(self._words) > MAX_LENGTH:
            raise MemoryError
        return self

    def __len__(self) -> int:
        return len(self._words)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied: to send the words is the caller's choice."""
        raise TypeError("a Dictionary cannot be pickled; make it anew from its words")

    @property
    def tag(self) -> object:
        """The object that was handed in with the words."""
        return self._tag

    def noop(self) -> None:
        """Do nothing."""

    def nearest(self, query: str, limit: SupportsIndex, /) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one.
        """
        query = text_of(query)
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        if limit == 0:
            return []
        found = self._distances(query)
        return heapq.nsmallest(limit, zip(found, range(len(found))))

    def nearest_where(
        self, query: str, limit: SupportsIndex, keep: Callable[[int, int], object], /
    ) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest of the words that ``keep`` wants.

        ``keep(distance, index)`` is called once for each word, in the order of
        the dictionary, after all distances have been computed; with a limit
        of 0 it is not called at all. What it raises ends the search and
        arrives unchanged. It may use the dictionary. Raises ``TypeError`` if
        it cannot be called, ``ValueError`` for a negative limit.
        """
        query = text_of(query)
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        if not callable(keep):
            raise TypeError(f"keep must be callable, not {type(keep).__name__}")
        if limit == 0:
            return []
        found = enumerate(self._distances(query))
        kept = [(distance, index) for index, distance in found if keep(distance, index)]
        return heapq.nsmallest(limit, kept)

    def distances_into(self, query: str, out: Buffer, /) -> None:
        """Write the distance from ``query`` to each word into ``out``.

        ``out`` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Its content is undefined if the call is interrupted.
        """
        query = text_of(query)
        count = len(self._words)
        with uint32_buffer_to_fill(out) as view:
            if len(view) != count:
                raise ValueError(f"out has {len(view)} items, expected {count}")
            found = self._distances(query)
            if count:
                struct.pack_into(f"={count}I", view, 0, *found)

    def _distances(self, query: str) -> list[int]:
        table = pattern_table(query)
        m = len(query)
        return [myers(table, m, word) for word in self._words]


def build_info() -> dict[str, str]:
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    # These two take ten times as long to import as all the rest.
    import platform
    import sysconfig

    return {
        "compiler": platform.python_compiler(),
        "flags": sysconfig.get_config_var("CFLAGS") or "",
        "binding": f"none, {platform.python_implementation()} {platform.python_version()}",
    }
