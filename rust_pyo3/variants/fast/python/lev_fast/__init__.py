"""Levenshtein distance as fast as the machine allows, in Rust, bound to Python by PyO3.

>>> import lev_fast
>>> lev_fast.distance("kitten", "sitting")
3
>>> lev_fast.distance("kitten", "sitting", score_cutoff=1)
2
>>> words = lev_fast.Dictionary(["sitting", "kitchen", "mitten"])
>>> words.nearest("kitten", 2)
[(1, 2), (2, 1)]
>>> words.nearest_many(["kitten", "sit"], 1, threads=None)
[[(1, 2)], [(4, 0)]]
>>> from array import array
>>> out = array("B", bytes(2 * len(words)))
>>> words.cdist(["kitten", "sit"], out)
>>> out
array('B', [3, 2, 1, 4, 5, 5])

The functions are those of the native module itself: a call passes through no Python code.
Which vectors the kernels use is chosen for the processor when the module is imported;
``build_info()["path"]`` says which, and the environment variable ``LEV_FAST_PATH`` chooses
another: ``portable``, ``avx2``, ``avx512`` or ``neon``.
"""

from ._native import (
    Dictionary,
    buffer_sum,
    build_info,
    cdist,
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
    range_bytes,
    range_into,
    range_list,
    range_pairs,
    sum_five,
    sum_named,
    total_length,
)

# Outside of the contract, to show what becomes of a panic.
from ._native import panic as panic

__all__ = [
    "Dictionary",
    "buffer_sum",
    "build_info",
    "cdist",
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
