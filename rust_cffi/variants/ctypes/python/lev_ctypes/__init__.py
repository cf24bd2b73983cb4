"""Levenshtein distance in Rust behind a C interface, called through ctypes.

A part of docs/contract.md: the functions that show what a call through ctypes costs.
ctypes is in the standard library and needs no build step. What it knows of a function is
what is declared here; nothing checks that against the library. It releases the GIL around
each call.

A string is its sequence of code points. All arguments are positional.
"""

import operator
import platform
from ctypes import CDLL, c_char_p, c_int, c_int64, c_size_t, c_wchar, c_wchar_p, sizeof
from pathlib import Path

__all__ = ["build_info", "distance", "echo", "fail", "noop", "number", "pair_length"]

# For strings beyond Latin-1, wchar_t has to hold any code point. It does on Unix.
assert sizeof(c_wchar) == 4

_library = CDLL(str(next(Path(__file__).parent.glob("liblev_capi.*"))))


def _declared(name, result, *arguments):
    function = getattr(_library, name)
    # Without argtypes, ctypes would guess from the argument: an int would be a C int.
    function.argtypes = arguments
    function.restype = result
    return function


_LATIN1 = (c_char_p, c_size_t, c_char_p, c_size_t)
_UCS4 = (c_wchar_p, c_size_t, c_wchar_p, c_size_t)

_noop = _declared("lev_noop", None)
_number = _declared("lev_number", c_int64)
_echo = _declared("lev_echo", c_int64, c_int64)
_fail = _declared("lev_fail", c_int)
_pair_length_latin1 = _declared("lev_pair_length_latin1", c_int64, *_LATIN1)
_pair_length_ucs4 = _declared("lev_pair_length_ucs4", c_int64, *_UCS4)
_distance_latin1 = _declared("lev_distance_latin1", c_int64, *_LATIN1)
_distance_ucs4 = _declared("lev_distance_ucs4", c_int64, *_UCS4)
_compiler = _declared("lev_compiler", c_char_p)
_flags = _declared("lev_flags", c_char_p)

# These refuse what is not a str, and do not call what a subclass overrides. A
# length that a subclass made up would let Rust read outside of the string.
_encode = str.encode
_len = str.__len__
_index = operator.index


# A function of ctypes takes any further arguments as well, and drops keywords. So each
# has a function of Python around it, even where there is nothing to convert.
def noop():
    """Do nothing."""
    _noop()


def number():
    """Return 7."""
    return _number()


def echo(n, /):
    """Return ``n`` by way of a signed 64-bit integer.

    Raises ``OverflowError`` if it does not fit.
    """
    n = _index(n)
    # ctypes would silently drop the bits above 64.
    if not -(2**63) <= n < 2**63:
        raise OverflowError("the number does not fit into a signed 64-bit integer")
    return _echo(n)


def fail():
    """Raise ``ValueError``."""
    raise _error(_fail())


def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        # ctypes copies a str into an array of wchar_t, which it frees after the call.
        result = _pair_length_ucs4(a, _len(a), b, _len(b))
    else:
        result = _pair_length_latin1(x, len(x), y, len(y))
    if result < 0:
        raise _error(result)
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
        raise _error(result)
    return result


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": _compiler().decode(),
        "flags": _flags().decode(),
        "binding": f"ctypes of {platform.python_implementation()} {platform.python_version()}",
    }


def _error(status):
    """Return the exception that a negative status of lev.h stands for."""
    if status == -1:  # LEV_STATUS_OUT_OF_MEMORY
        return MemoryError()
    if status == -2:  # LEV_STATUS_INVALID_ARGUMENT
        return ValueError("lev_capi was given an invalid argument")
    return RuntimeError(f"lev_capi panicked (status {status}); standard error says where")
