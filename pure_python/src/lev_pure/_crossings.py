"""What crosses the boundary without a kernel behind it.

In the native contenders these functions cost next to nothing but their
crossing, so each of them measures one way of crossing.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NoReturn, SupportsIndex

from ._arguments import (
    BYTE,
    INT32,
    UINT32,
    buffer_of,
    int64_of,
    range_length,
    text_of,
    uint32_buffer_to_fill,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Buffer

# Bytes that continue a code point of UTF-8.
_CONTINUATION = bytes(range(0x80, 0xC0))


def _uint32s(view: memoryview) -> memoryview:
    # A memoryview cannot read items in the formats of ctypes and NumPy, and
    # casts no empty slice with a step.
    return view.cast("B").cast("I") if len(view) else memoryview(array("I"))


# ------------------------------------------------------------------ call shapes


def noop() -> None:
    """Do nothing."""


def number() -> int:
    """Return 7."""
    return 7


def echo(n: SupportsIndex, /) -> int:
    """Return ``n`` by way of a signed 64-bit integer.

    Raises ``OverflowError`` if it does not fit.
    """
    return int64_of(n)


def sum_five(
    a: SupportsIndex,
    b: SupportsIndex,
    c: SupportsIndex,
    d: SupportsIndex,
    e: SupportsIndex,
    /,
) -> int:
    """Return the sum of five signed 64-bit integers.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    return int64_of(int64_of(a) + int64_of(b) + int64_of(c) + int64_of(d) + int64_of(e))


def sum_named(
    *,
    a: SupportsIndex,
    b: SupportsIndex,
    c: SupportsIndex,
    d: SupportsIndex,
    e: SupportsIndex,
) -> int:
    """Return the sum of five signed 64-bit integers, given by name.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    return int64_of(int64_of(a) + int64_of(b) + int64_of(c) + int64_of(d) + int64_of(e))


def fail() -> NoReturn:
    """Raise ``ValueError``."""
    raise ValueError("failed on purpose")


# --------------------------------------------------------------- collections in


def total_length(words: Iterable[str], /) -> int:
    """Return the sum of the lengths of the strings of any iterable, in code points.

    What the iterator raises arrives unchanged.
    """
    total = 0
    for word in words:
        total += len(text_of(word))
    return total


def packed_length(offsets: Buffer, data: Buffer, /) -> int:
    """Return the number of code points in strings that are packed as Arrow does it.

    ``offsets`` is a C-contiguous, one-dimensional buffer of n + 1 signed
    32-bit integers in native byte order, ``data`` one of bytes. String i is
    the UTF-8 in ``data[offsets[i]:offsets[i + 1]]``. Every byte counts that
    does not continue a code point, also where the bytes are no UTF-8. Raises
    ``ValueError`` if there is no offset, or if the offsets descend or lead
    out of ``data``.
    """
    with buffer_of("offsets", offsets, INT32) as ends, buffer_of("data", data, BYTE) as units:
        if len(ends) == 0:
            raise ValueError("offsets is empty, expected one more than there are strings")
        bounds = ends.cast("B").cast("i").tolist()
        # As bytes, because slices of a view would outlive it in a traceback.
        octets = units.tobytes()
        start = bounds[0]
        if start < 0:
            raise ValueError("offsets must not be negative")
        total = 0
        for end in bounds[1:]:
            if end < start:
                raise ValueError("offsets must not descend")
            if end > len(octets):
                raise ValueError("offsets lead out of data")
            total += len(octets[start:end].translate(None, _CONTINUATION))
            start = end
        if start > len(octets):
            raise ValueError("offsets lead out of data")
        return total


def buffer_sum(numbers: Buffer, /) -> int:
    """Return the sum of a buffer of unsigned 32-bit integers.

    ``numbers`` is C-contiguous, one-dimensional and in native byte order; it
    may be read-only.
    """
    with buffer_of("numbers", numbers, UINT32) as view:
        return sum(_uint32s(view))


# ------------------------------------------------------------------ results out


def range_list(n: SupportsIndex, /) -> list[int]:
    """Return the numbers 0, 1, ..., n - 1 as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    return list(range(range_length(n)))


def range_bytes(n: SupportsIndex, /) -> bytes:
    """Return the numbers 0, 1, ..., n - 1 as native unsigned 32-bit integers.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    return array("I", range(range_length(n))).tobytes()


def range_into(out: Buffer, /) -> None:
    """Write the numbers 0, 1, ... into a buffer of unsigned 32-bit integers.

    ``out`` is what ``Dictionary.distances_into`` takes, of any length up to
    2**24. Raises ``ValueError`` for a longer one.
    """
    with uint32_buffer_to_fill(out) as view:
        _uint32s(view)[:] = array("I", range(range_length(len(view))))


def range_pairs(n: SupportsIndex, /) -> list[tuple[int, int]]:
    """Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    return [(i, i) for i in range(range_length(n))]
