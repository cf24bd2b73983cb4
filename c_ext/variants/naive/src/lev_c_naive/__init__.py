"""Levenshtein distance in C as a beginner writes it first."""

from lev_c_naive._native import (
    build_info,
    distance,
    noop,
    pair_length,
    range_list,
    total_length,
)

__all__ = [
    "build_info",
    "distance",
    "noop",
    "pair_length",
    "range_list",
    "total_length",
]
