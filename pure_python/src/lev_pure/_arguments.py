"""Takes arguments apart and checks them; what comes out is plain.

Every function raises what docs/contract.md says.
"""

from __future__ import annotations

import operator
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

# Distances, lengths and indices are unsigned 32-bit numbers in the native
# contenders, and a row of Wagner-Fischer has one cell more than the string.
MAX_LENGTH = 2**32 - 2

# More numbers than this, range_* do not hand out: enough to measure, and
# little enough that nobody has to wait for Ctrl-C.
MAX_RANGE = 2**24

UINT32 = ("I", "L")
INT32 = ("i", "l")
BYTE = ("B", "b", "c")

_NATIVE_BYTE_ORDER = "<" if sys.byteorder == "little" else ">"


def text_of(value: str) -> str:
    """Return the text of a string."""
    # The method of str itself refuses what is not a str and turns an object
    # of a subclass into its plain text, whatever the subclass overrides.
    text = str.__str__(value)
    if len(text) > MAX_LENGTH:
        raise MemoryError
    return text


def int64_of(n: SupportsIndex) -> int:
    """Return a number that fits into a signed 64-bit integer."""
    n = operator.index(n)
    if not -(2**63) <= n < 2**63:
        raise OverflowError("the number does not fit into a signed 64-bit integer")
    return n


def repetitions(n: SupportsIndex) -> int:
    """Return a number of repetitions, at least 1."""
    n = int64_of(n)
    if n < 1:
        raise ValueError("n must be at least 1")
    return n


def range_length(n: SupportsIndex) -> int:
    """Return how many numbers to hand out."""
    n = int64_of(n)
    if not 0 <= n <= MAX_RANGE:
        raise ValueError("n must be between 0 and 2**24")
    return n


@contextmanager
def buffer_of(name: str, value: Buffer, items: tuple[str, ...]) -> Iterator[memoryview]:
    """Export a C-contiguous, one-dimensional buffer of such items, native in byte order."""
    with memoryview(value) as view:
        # A memoryview calls an empty slice with a step not contiguous, but no
        # item of it is out of place.
        if not view.c_contiguous and view.nbytes != 0:
            raise BufferError(f"{name} is not C-contiguous")
        if view.ndim != 1:
            raise ValueError(f"{name} has {view.ndim} dimensions, expected 1")
        item = view.format
        if item[:1] in ("@", "=", _NATIVE_BYTE_ORDER):
            item = item[1:]
        size = 1 if items is BYTE else 4
        if item not in items or view.itemsize != size:
            raise ValueError(
                f"{name} has items of format {view.format!r} and {view.itemsize} bytes, "
                f"expected {size} bytes of format {items[0]!r} in native byte order"
            )
        yield view


@contextmanager
def uint32_buffer_to_fill(out: Buffer) -> Iterator[memoryview]:
    """Export a writable buffer of unsigned 32-bit integers."""
    with memoryview(out) as view:
        if view.readonly:
            raise BufferError("out is read-only")
        with buffer_of("out", view, UINT32) as checked:
            yield checked
