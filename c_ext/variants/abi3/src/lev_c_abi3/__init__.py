"""Levenshtein distance in C, called through the stable ABI of CPython."""

from lev_c_abi3._native import (
    Dictionary,
    build_info,
    distance,
    distance_myers,
    distance_myers_repeated,
    distance_repeated,
    distances,
    noop,
    number,
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
    "number",
    "pair_length",
]
