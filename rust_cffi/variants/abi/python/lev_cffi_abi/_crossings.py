"""What crosses the boundary without a kernel behind it: each function one way of crossing."""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

import operator
import struct
from itertools import islice

from ._arguments import (
    BYTE,
    INT32,
    MAX_RANGE,
    UINT32,
    check_items,
    check_out,
    error,
    joined,
    range_length,
)
from ._binding import ffi, lib

# A global name is found faster than an attribute of ``lib``.
noop = lib.lev_noop
number = lib.lev_number
_echo = lib.lev_echo
_sum_five = lib.lev_sum_five
_fail = lib.lev_fail
_total_length_latin1 = lib.lev_total_length_latin1
_total_length_ucs4 = lib.lev_total_length_ucs4
_packed_length = lib.lev_packed_length
_buffer_sum = lib.lev_buffer_sum
_range_into = lib.lev_range_into
_range_pairs_into = lib.lev_range_pairs_into

_index = operator.index
_from_buffer = ffi.from_buffer
_NULL = ffi.NULL
# What the library fills need not be cleared before.
_new_uncleared = ffi.new_allocator(should_clear_after_alloc=False)
_unpack = ffi.unpack
_buffer = ffi.buffer
_pairs = struct.Struct("=2I").iter_unpack
_UINT32S = ffi.typeof("uint32_t[]")
_CHARS = ffi.typeof("char[]")
_PIECE = 2**20  # Words that cross at once.

# ------------------------------------------------------------------ call shapes


def echo(n, /):
    """Return ``n`` by way of a signed 64-bit integer.

    Raises ``OverflowError`` if it does not fit.
    """
    # cffi by itself would take what has an __int__, such as Decimal.
    return _echo(_index(n))


def sum_five(a, b, c, d, e, /):
    """Return the sum of five signed 64-bit integers.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    result = _sum_five(_index(a), _index(b), _index(c), _index(d), _index(e))
    if result.status:
        raise error(result.status)
    return result.sum


def sum_named(*, a, b, c, d, e):
    """Return the sum of five signed 64-bit integers, given by name.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    result = _sum_five(_index(a), _index(b), _index(c), _index(d), _index(e))
    if result.status:
        raise error(result.status)
    return result.sum


def fail():
    """Raise ``ValueError``."""
    raise error(_fail())


def panic():
    """Panic in Rust, to show what becomes of it: ``RuntimeError``, as after any bug."""
    raise error(lib.lev_panic())


# --------------------------------------------------------------- collections in
#
# A buffer that is empty need not be contiguous, and cffi refuses what is not. What is
# exported is released on every way out: the traceback of an exception would keep it.
# ``with`` does the same, and costs a sixth of a small crossing. The GIL is released while
# Rust uses a buffer: that no other thread writes to it then is left to the caller.


def total_length(words, /):
    """Return the sum of the lengths of the strings of any iterable, in code points.

    What the iterator raises arrives unchanged.
    """
    words = iter(words)
    total = 0
    goes_on = True
    # In pieces, between which the interpreter can look for signals. A short piece is the
    # last one: an iterator that has come to its end is not asked again.
    while goes_on:
        piece = list(islice(words, _PIECE))
        goes_on = len(piece) == _PIECE
        text, lengths = joined(piece)
        try:
            latin1 = text.encode("latin-1")
        except UnicodeEncodeError:
            result = _total_length_ucs4(text, len(text), lengths, len(piece))
        else:
            result = _total_length_latin1(latin1, len(latin1), lengths, len(piece))
        if result < 0:
            raise error(result)
        total += result
    return total


def packed_length(offsets, data, /):
    """Return the number of code points in strings that are packed as Arrow does it.

    ``offsets`` is a C-contiguous, one-dimensional buffer of n + 1 signed
    32-bit integers in native byte order, ``data`` one of bytes. String i is
    the UTF-8 in ``data[offsets[i]:offsets[i + 1]]``. Every byte counts that
    does not continue a code point, also where the bytes are no UTF-8. Raises
    ``ValueError`` if there is no offset, or if the offsets descend or lead
    out of ``data``.
    """
    ends = memoryview(offsets)
    try:
        check_items("offsets", ends, INT32, 4)
        units = memoryview(data)
        try:
            check_items("data", units, BYTE, 1)
            result = _packed_length(
                _from_buffer(ends) if len(ends) else _NULL,
                len(ends),
                _from_buffer(units) if len(units) else _NULL,
                len(units),
            )
        finally:
            units.release()
    finally:
        ends.release()
    if result < 0:
        raise ValueError("offsets are none, or descend, or lead out of data")
    return result


def buffer_sum(numbers, /):
    """Return the sum of a buffer of unsigned 32-bit integers.

    ``numbers`` is C-contiguous, one-dimensional and in native byte order; it
    may be read-only.
    """
    view = memoryview(numbers)
    try:
        check_items("numbers", view, UINT32, 4)
        count = len(view)
        result = _buffer_sum(_from_buffer(view) if count else _NULL, count)
    finally:
        view.release()
    if result < 0:
        raise error(result)
    return result


# ------------------------------------------------------------------ results out


def range_list(n, /):
    """Return the numbers 0, 1, ..., n - 1 as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    n = range_length(n)
    numbers = _new_uncleared(_UINT32S, n)
    _range_into(numbers, n)
    return _unpack(numbers, n)


def range_bytes(n, /):
    """Return the numbers 0, 1, ..., n - 1 as native unsigned 32-bit integers.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    n = range_length(n)
    numbers = _new_uncleared(_CHARS, 4 * n)
    _range_into(numbers, n)
    return _unpack(numbers, 4 * n)


def range_into(out, /):
    """Write the numbers 0, 1, ... into a buffer of unsigned 32-bit integers.

    ``out`` is what ``Dictionary.distances_into`` takes, of any length up to
    2**24. Raises ``ValueError`` for a longer one.
    """
    view = memoryview(out)
    try:
        check_out(view)
        count = len(view)
        if count > MAX_RANGE:
            raise ValueError(f"out has {count} items, expected at most 2**24")
        _range_into(_from_buffer(view) if count else _NULL, count)
    finally:
        view.release()


def range_pairs(n, /):
    """Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    n = range_length(n)
    numbers = _new_uncleared(_UINT32S, 2 * n)
    _range_pairs_into(numbers, n)
    return list(_pairs(_buffer(numbers)))
