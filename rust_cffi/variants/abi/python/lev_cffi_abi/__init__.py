"""Levenshtein distance in a native library behind a C interface, called through cffi.

Implements docs/contract.md. The modules here check and convert arguments; the
work is done behind lev.h.

A string is its sequence of code points. Every function may raise ``TypeError``
for an argument of the wrong type and ``MemoryError`` when memory is out or a
string has more than 2**32 - 2 code points. All arguments are positional, but
for those of ``sum_named``.
"""

from ._binding import INFO, ffi, lib
from ._crossings import (
    buffer_sum,
    echo,
    fail,
    noop,
    number,
    packed_length,
    panic,  # noqa: F401  Outside of the contract.
    range_bytes,
    range_into,
    range_list,
    range_pairs,
    sum_five,
    sum_named,
    total_length,
)
from ._pairs import (
    distance,
    distance_myers,
    distance_myers_repeated,
    distance_repeated,
    pair_length,
)
from ._searches import Dictionary, distances

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


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding`` among others."""
    return {
        "compiler": ffi.string(lib.lev_compiler()).decode(),
        "flags": ffi.string(lib.lev_flags()).decode(),
        **INFO,
    }
