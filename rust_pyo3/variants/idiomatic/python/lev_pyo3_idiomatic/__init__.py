"""Levenshtein distance in Rust, bound the way the PyO3 guide teaches first.

Strings cross as UTF-8, so one with a lone surrogate raises
``UnicodeEncodeError``.

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
