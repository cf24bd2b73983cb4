"""Functions of two strings."""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

from ._arguments import encode as _encode
from ._arguments import error, repetitions
from ._arguments import length as _len
from ._binding import lib

# A global name is found faster than an attribute of ``lib``.
_pair_length_latin1 = lib.lev_pair_length_latin1
_pair_length_ucs4 = lib.lev_pair_length_ucs4
_distance_latin1 = lib.lev_distance_latin1
_distance_ucs4 = lib.lev_distance_ucs4
_distance_myers_latin1 = lib.lev_distance_myers_latin1
_distance_myers_ucs4 = lib.lev_distance_myers_ucs4
_distance_repeated_latin1 = lib.lev_distance_repeated_latin1
_distance_repeated_ucs4 = lib.lev_distance_repeated_ucs4
_distance_myers_repeated_latin1 = lib.lev_distance_myers_repeated_latin1
_distance_myers_repeated_ucs4 = lib.lev_distance_myers_repeated_ucs4


def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _pair_length_ucs4(a, _len(a), b, _len(b))
    else:
        result = _pair_length_latin1(x, len(x), y, len(y))
    if result < 0:
        raise error(result)
    return result


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    The call is not interruptible.
    """
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_ucs4(a, _len(a), b, _len(b))
    else:
        result = _distance_latin1(x, len(x), y, len(y))
    if result < 0:
        raise error(result)
    return result


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    The call is not interruptible.
    """
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_myers_ucs4(a, _len(a), b, _len(b))
    else:
        result = _distance_myers_latin1(x, len(x), y, len(y))
    if result < 0:
        raise error(result)
    return result


def distance_repeated(a, b, n, /):
    """Run the kernel of :func:`distance` ``n`` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. The call is not interruptible.
    """
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_repeated_ucs4(a, _len(a), b, _len(b), repetitions(n))
    else:
        result = _distance_repeated_latin1(x, len(x), y, len(y), repetitions(n))
    if result < 0:
        raise error(result)
    return result


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of :func:`distance_myers` ``n`` times; return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. The call is not interruptible.
    """
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_myers_repeated_ucs4(a, _len(a), b, _len(b), repetitions(n))
    else:
        result = _distance_myers_repeated_latin1(x, len(x), y, len(y), repetitions(n))
    if result < 0:
        raise error(result)
    return result
