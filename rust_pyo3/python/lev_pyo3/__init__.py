"""Levenshtein distance in Rust, bound to Python by PyO3.

The functions are those of the native module itself: a call passes through no
Python code.
"""

from ._native import (
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
