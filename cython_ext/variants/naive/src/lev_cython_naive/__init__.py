"""Levenshtein distance in Cython as a beginner would write it first."""

from ._native import (
    Dictionary,
    build_info,
    distance,
    distance_myers,
    distances,
    noop,
    pair_length,
    range_list,
    total_length,
)

__all__ = [
    "Dictionary",
    "build_info",
    "distance",
    "distance_myers",
    "distances",
    "noop",
    "pair_length",
    "range_list",
    "total_length",
]
