"""Levenshtein distance in Rust behind a C interface, called through cffi.

Implements docs/contract.md. This module checks and converts arguments; ``lib``
holds the functions of lev.h, and releases the GIL around each call.

A string is its sequence of code points. Every function may raise ``TypeError``
for an argument of the wrong type and ``MemoryError`` when memory is out or a
string has more than 2**32 - 2 code points. All arguments are positional.
"""

import operator
import sys
from array import array

import cffi

from ._api import ffi, lib

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

_FORMATS = {order + code for order in ("", "@", "=", "<>"[sys.byteorder == "big"]) for code in "IL"}

# These refuse what is not a str, and do not call what a subclass overrides. A
# length that a subclass made up would let Rust read outside of the string.
_encode = str.encode
_len = str.__len__

# A global name is found faster than an attribute of ``lib``.
noop = lib.lev_noop
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
    return result if result >= 0 else _fail(result)


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
    return result if result >= 0 else _fail(result)


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
    return result if result >= 0 else _fail(result)


def distance_repeated(a, b, n, /):
    """Run the kernel of :func:`distance` ``n`` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. The call is not interruptible.
    """
    n = _repetitions(n)
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_repeated_ucs4(a, _len(a), b, _len(b), n)
    else:
        result = _distance_repeated_latin1(x, len(x), y, len(y), n)
    return result if result >= 0 else _fail(result)


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of :func:`distance_myers` ``n`` times; return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. The call is not interruptible.
    """
    n = _repetitions(n)
    try:
        x, y = _encode(a, "latin-1"), _encode(b, "latin-1")
    except UnicodeEncodeError:
        result = _distance_myers_repeated_ucs4(a, _len(a), b, _len(b), n)
    else:
        result = _distance_myers_repeated_latin1(x, len(x), y, len(y), n)
    return result if result >= 0 else _fail(result)


def distances(query, words, /):
    """Return the distance from ``query`` to each word, by Myers' bit-vectors.

    ``words`` must be a list. What happens to it during the call does not
    change the answer.
    """
    dictionary = _copied(list.copy(words))
    search = _started(lib.lev_search_distances, query, dictionary[0])
    found = _finished(search, dictionary)
    return ffi.unpack(found.numbers, found.count)


class Dictionary:
    """Words that are copied into Rust once and searched many times.

    An object is complete when ``__new__`` returns and never changes.
    """

    __slots__ = ("_dictionary", "_len")

    def __new__(cls, words, /):
        """Copy the words of any iterable.

        Raises ``MemoryError`` for more than 2**32 - 2 words; what the
        iterator raises arrives unchanged.
        """
        self = super().__new__(cls)
        words = list(words)
        self._dictionary = _copied(words)
        self._len = len(words)
        return self

    def __len__(self):
        return self._len

    def nearest(self, query, limit, /):
        """Return the ``limit`` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one.
        """
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        search = _started(lib.lev_search_nearest, query, min(limit, self._len))
        found = _finished(search, self._dictionary)
        numbers = ffi.unpack(found.numbers, found.count)
        return list(zip(numbers[::2], numbers[1::2]))

    def distances_into(self, query, out, /):
        """Write the distance from ``query`` to each word into ``out``.

        ``out`` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Its content is undefined if the call is interrupted.
        """
        with memoryview(out) as view:
            _check_buffer(view, self._len)
            search = _started(lib.lev_search_distances, query, self._dictionary[0])
            found = _finished(search, self._dictionary)
            if found.count:
                ffi.memmove(view, found.numbers, view.nbytes)


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding`` among others."""
    return {
        "compiler": ffi.string(lib.lev_compiler()).decode(),
        "flags": ffi.string(lib.lev_flags()).decode(),
        "binding": f"cffi {cffi.__version__}, API mode",
        "c_compiler": ffi.string(lib.LEV_C_COMPILER).decode(),
    }


def _repetitions(n):
    n = operator.index(n)
    if not -(2**63) <= n < 2**63:
        raise OverflowError("n does not fit into a signed 64-bit integer")
    if n < 1:
        raise ValueError("n must be at least 1")
    return n


def _copied(words):
    """Copy a list of words into Rust in one crossing."""
    text = "".join(words)
    lengths = ffi.from_buffer("uint64_t[]", array("Q", map(_len, words)))
    # Watched before it is filled: Ctrl-C can strike as soon as the call returns.
    dictionary = ffi.gc(ffi.new("lev_dictionary **"), lib.lev_dictionary_free)
    try:
        latin1 = text.encode("latin-1")
    except UnicodeEncodeError:
        status = lib.lev_dictionary_new_ucs4(text, len(text), lengths, len(words), dictionary)
    else:
        status = lib.lev_dictionary_new_latin1(latin1, len(latin1), lengths, len(words), dictionary)
    if status:
        _fail(status)
    return dictionary


def _started(start, query, argument):
    """Return a new search, which ``start`` makes."""
    # Watched before it is filled, as the dictionary.
    search = ffi.gc(ffi.new("lev_search **"), lib.lev_search_free)
    status = start(query, _len(query), argument, search)
    if status:
        _fail(status)
    return search


def _finished(search, dictionary):
    """Return what the search finds. It lives only as long as the search."""
    found = ffi.new("lev_found *")
    # Between two steps the interpreter looks for signals.
    while not found.numbers:
        status = lib.lev_search_step(search[0], dictionary[0], found)
        if status:
            _fail(status)
    return found


def _fail(status):
    if status == lib.LEV_STATUS_OUT_OF_MEMORY:
        raise MemoryError
    # What else can fail is a bug, here or in Rust.
    raise RuntimeError(f"lev_capi failed with status {status}")


def _check_buffer(view, count):
    if view.readonly:
        raise BufferError("out is read-only")
    # A memoryview calls an empty slice with a step not contiguous, but no item
    # of it is out of place.
    if not view.c_contiguous and view.nbytes != 0:
        raise BufferError("out is not C-contiguous")
    if view.ndim != 1:
        raise ValueError(f"out has {view.ndim} dimensions, expected 1")
    if view.format not in _FORMATS or view.itemsize != 4:
        raise ValueError(
            f"out has items of format {view.format!r} and {view.itemsize} bytes, "
            "expected unsigned 32-bit integers in native byte order"
        )
    if len(view) != count:
        raise ValueError(f"out has {len(view)} items, expected {count}")
