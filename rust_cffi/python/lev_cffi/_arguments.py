"""Takes arguments apart and checks them, and turns a status into an exception."""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

import operator
import sys
from array import array

from ._binding import ffi, lib

MAX_RANGE = 2**24

_NATIVE_ORDERS = ("", "@", "=", "<>"[sys.byteorder == "big"])
UINT32 = frozenset(order + code for order in _NATIVE_ORDERS for code in "IL")
INT32 = frozenset(order + code for order in _NATIVE_ORDERS for code in "il")
BYTE = frozenset(order + code for order in _NATIVE_ORDERS for code in "Bbc")

# These refuse what is not a str, and do not call what a subclass overrides. A
# length that a subclass made up would let the library read outside of it.
encode = str.encode
length = str.__len__
text = str.__str__

# A global name is found faster than an attribute of ``ffi`` or ``lib``.
_from_buffer = ffi.from_buffer
_UINT64S = ffi.typeof("uint64_t[]")
_OUT_OF_MEMORY = lib.LEV_STATUS_OUT_OF_MEMORY
_OVERFLOW = lib.LEV_STATUS_OVERFLOW
_INVALID_ARGUMENT = lib.LEV_STATUS_INVALID_ARGUMENT
_index = operator.index


def repetitions(n):
    """Return a number of repetitions, at least 1."""
    n = _index(n)
    if 1 <= n < 2**63:
        return n
    raise _refused(n, "n must be at least 1")


def range_length(n):
    """Return how many numbers to hand out."""
    n = _index(n)
    if 0 <= n <= MAX_RANGE:
        return n
    raise _refused(n, "n must be between 0 and 2**24")


def _refused(n, message):
    if -(2**63) <= n < 2**63:
        return ValueError(message)
    return OverflowError("n does not fit into a signed 64-bit integer")


def joined(words):
    """Return the text of all words and an array of their lengths."""
    return "".join(words), _from_buffer(_UINT64S, array("Q", map(length, words)))


def check_items(name, view, formats, itemsize):
    """Check that a memoryview is C-contiguous, one-dimensional and of such items."""
    # A memoryview calls an empty slice with a step not contiguous, but no item
    # of it is out of place.
    if not view.c_contiguous and view.nbytes != 0:
        raise BufferError(f"{name} is not C-contiguous")
    if view.ndim != 1:
        raise ValueError(f"{name} has {view.ndim} dimensions, expected 1")
    if view.format not in formats or view.itemsize != itemsize:
        raise ValueError(
            f"{name} has items of format {view.format!r} and {view.itemsize} bytes, "
            f"expected {itemsize} bytes of one of {', '.join(sorted(formats))}"
        )


def check_out(view):
    """Check that a memoryview can be filled with unsigned 32-bit integers."""
    if view.readonly:
        raise BufferError("out is read-only")
    check_items("out", view, UINT32, 4)


def error(status):
    """Return the exception that a negative status stands for."""
    if status == _OUT_OF_MEMORY:
        return MemoryError()
    if status == _OVERFLOW:
        return OverflowError("the result does not fit into a signed 64-bit integer")
    if status == _INVALID_ARGUMENT:
        return ValueError("lev_capi was given an invalid argument")
    # What else can fail is a bug, here or in the library.
    return RuntimeError(f"lev_capi panicked (status {status}); standard error says where")
