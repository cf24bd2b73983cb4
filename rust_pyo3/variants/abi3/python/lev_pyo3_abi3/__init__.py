"""Levenshtein distance in Rust, bound to the stable ABI of Python by PyO3.

The functions are those of the native module itself: a call passes through no
Python code.
"""

from ._native import (
    Dictionary,
    buffer_sum,
    build_info,
    distance,
    distance_myers,
    distance_myers_repeated,
    distance_repeated,
    distances,
    echo,
    fail,
    noop,
    number,
    packed_length,
    pair_length,
    range_into,
    sum_five,
    sum_named,
)

# Outside of the contract, to show what becomes of a panic.
from ._native import panic as panic

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
    "range_into",
    "sum_five",
    "sum_named",
]
