"""One query against many words."""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

import operator
import struct
import sys
import time

from ._arguments import check_out, error, joined
from ._arguments import length as _len
from ._arguments import text as _text
from ._binding import alive, as_lev_keep, ffi, lib

_PAIR = struct.Struct("=2I")


def distances(query, words, /):
    """Return the distance from ``query`` to each word, by Myers' bit-vectors.

    ``words`` must be a list. What happens to it during the call does not
    change the answer.
    """
    place = _copied(list.copy(words))
    search = _started(lib.lev_search_distances, query, _len(query), place.dictionary)
    found = _finished(search, place.dictionary)
    return ffi.unpack(found.numbers, found.count)


class Dictionary:
    """Words that are copied into native memory once and searched many times.

    An object is complete when ``__new__`` returns and never changes.
    """

    __slots__ = ("_dictionary", "_len", "_place", "_tag")

    def __new__(cls, words, tag=None, /):
        """Copy the words of any iterable, and keep ``tag``, any object.

        Raises ``MemoryError`` for more than 2**32 - 2 words; what the
        iterator raises arrives unchanged.
        """
        self = super().__new__(cls)
        words = _collected(words)
        self._place = _copied(words)
        self._dictionary = self._place.dictionary
        self._len = len(words)
        self._tag = tag
        return self

    def __len__(self):
        return self._len

    def __reduce__(self):
        """Refuse to be pickled or copied: to send the words is the caller's choice."""
        raise TypeError("a Dictionary cannot be pickled; make it anew from its words")

    @property
    def tag(self):
        """The object that was handed in with the words."""
        return self._tag

    def noop(self):
        """Do nothing."""
        _dictionary_noop(self._dictionary)

    def nearest(self, query, limit, /):
        """Return the ``limit`` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one.
        """
        length = _len(query)
        limit = self._clipped(limit)
        if limit == 0:
            return []
        search = _started(lib.lev_search_nearest, query, length, limit)
        return _pairs(_finished(search, self._dictionary))

    def nearest_where(self, query, limit, keep, /):
        """Return the ``limit`` nearest of the words that ``keep`` wants.

        ``keep(distance, index)`` is called once for each word, in the order of
        the dictionary, after all distances have been computed; with a limit
        of 0 it is not called at all. What it raises ends the search and
        arrives unchanged. It may use the dictionary. Raises ``TypeError`` if
        it cannot be called, ``ValueError`` for a negative limit.
        """
        length = _len(query)
        limit = self._clipped(limit)
        if not callable(keep):
            raise TypeError(f"keep must be callable, not {type(keep).__name__}")
        if limit == 0:
            return []
        search = _started(lib.lev_search_distances, query, length, self._dictionary)
        found = _finished(search, self._dictionary)
        asked = _Asked(keep)
        handle = ffi.new_handle(asked)  # It lives as long as C has the pointer.
        _asking.add(asked)
        try:
            status = lib.lev_search_nearest_where(search[0], limit, _keep, handle, alive, found)
        finally:
            _asking.discard(asked)
        if status == lib.LEV_STATUS_STOPPED:
            asked.reraise()
        if status:
            raise error(status)
        return _pairs(found)

    def distances_into(self, query, out, /):
        """Write the distance from ``query`` to each word into ``out``.

        ``out`` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Its content is undefined if the call is interrupted.
        """
        length = _len(query)
        with memoryview(out) as view:
            check_out(view)
            if len(view) != self._len:
                raise ValueError(f"out has {len(view)} items, expected {self._len}")
            search = _started(lib.lev_search_distances, query, length, self._dictionary)
            found = _finished(search, self._dictionary)
            if found.count:
                ffi.memmove(view, found.numbers, view.nbytes)

    def _clipped(self, limit):
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        return min(limit, self._len)


_dictionary_noop = lib.lev_dictionary_noop


# ``ffi.gc`` would free a dictionary as soon as the collector finds it in a cycle, where the
# finaliser of another object may still use it, or bring it back to life. The memory inside
# of a struct is freed when the last reference to the struct is gone, and not before.
_new_place = ffi.new_allocator(
    alloc=lambda _size: ffi.new("lev_dictionary **"), free=lib.lev_dictionary_free
)


def _collected(words):
    """Return a list of the strings of any iterable."""
    if type(words) in (list, tuple):
        return list(words)
    # Of anything else ``list`` would ask the length, and believe the answer or fail with it. A
    # ``map`` has none to ask for, and the first object that is no string ends this one.
    return list(map(_text, words))


def _copied(words):
    """Copy a list of words in one crossing. Returns the place of a dictionary."""
    text, lengths = joined(words)
    # Watched before it is filled: Ctrl-C can strike as soon as the call returns.
    place = _new_place("lev_place *")
    dictionary = ffi.addressof(place, "dictionary")
    try:
        latin1 = text.encode("latin-1")
    except UnicodeEncodeError:
        status = lib.lev_dictionary_new_ucs4(text, len(text), lengths, len(words), dictionary)
    else:
        status = lib.lev_dictionary_new_latin1(latin1, len(latin1), lengths, len(words), dictionary)
    if status:
        raise error(status)
    return place


def _started(start, query, length, argument):
    """Return the owner of a new search, which ``start`` makes."""
    # Watched before it is filled. Only this call uses it, so it is part of no cycle.
    search = ffi.gc(ffi.new("lev_search **"), lib.lev_search_free)
    status = start(query, length, argument, search)
    if status:
        raise error(status)
    return search


def _finished(search, dictionary):
    """Return what the search finds. It lives only as long as the search."""
    found = ffi.new("lev_found *")
    # Between two steps the interpreter looks for signals.
    while not found.numbers:
        status = lib.lev_search_step(search[0], dictionary, found)
        if status:
            raise error(status)
    return found


def _pairs(found):
    return list(_PAIR.iter_unpack(ffi.buffer(found.numbers, 4 * found.count)))


# ------------------------------------------------------------------- predicates


class _Asked:
    """A predicate, and the exception that has ended its search."""

    __slots__ = ("exception", "keep")

    def __init__(self, keep):
        self.exception = None
        self.keep = keep

    def reraise(self):
        if self.exception is None:
            # Something was raised in _store too, or kept cffi from calling it: by the handler
            # of a signal, or for want of stack or of memory. Or this is a second interpreter:
            # cffi calls back in the first one, which may not know the function, nor this frame.
            raise RuntimeError(
                "keep could not be called, or what it raised is lost; standard error has it"
            )
        try:
            raise self.exception
        finally:
            # The traceback leads to this frame: without this it would be a cycle.
            del self.exception


_asking = set()  # What is being asked, by all threads.


class _Last:
    """Dies with this module, when the interpreter has begun to end.

    A thread that has just found the interpreter alive is about to call back. It gets the time to
    do so while there is an interpreter to refuse it; afterwards the process would crash.
    """

    __slots__ = ()

    def __del__(self, asking=_asking, sleep=time.sleep):
        if asking:
            sleep(0.05)


_last = _Last()
_from_handle = ffi.from_handle


def _call_keep(context, distance, index):
    # 0 is what cffi returns by default: in a second interpreter, for instance, where it may
    # find no function to call. It must not be an answer.
    return 1 if _from_handle(context).keep(distance, index) else 2


def _store(_, exception, traceback):
    # Here arrives what _call_keep raises, also when Ctrl-C strikes before its first line, and
    # what keeps cffi from calling it. What it was called with may be unknown, but this frame
    # was called from that of the search. The exception is taken as it is, whatever its class
    # overrides.
    asked = sys._getframe(1).f_locals["asked"]
    asked.exception = BaseException.with_traceback(exception, traceback)


_keep = as_lev_keep(_call_keep, onerror=_store)
