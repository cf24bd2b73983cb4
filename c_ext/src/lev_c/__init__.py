"""Levenshtein distance in C, called through the C API of CPython."""

from lev_c._native import (
    Dictionary,
    build_info,
    distance,
    distance_myers,
    distance_myers_repeated,
    distance_repeated,
    distances,
    noop,
    pair_length,
)

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
