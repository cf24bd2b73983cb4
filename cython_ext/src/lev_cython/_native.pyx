# cython: language_level=3
# cython: binding=False, always_allow_keywords=False
# cython: embedsignature=True, embedsignature.format=clinic
# cython: boundscheck=False, wraparound=False, cdivision=True, auto_pickle=False

"""What carries the kernel across to Python: types, limits, buffers, errors.

A string is its sequence of code points. Every function may raise
``TypeError`` for an argument of the wrong type and ``MemoryError`` when
memory is short or a string has more than 2**32 - 2 code points. All
arguments are positional but those of `sum_named`.
"""

cimport cython
from cpython.buffer cimport (
    PyBUF_FULL_RO,
    PyBuffer_IsContiguous,
    PyBuffer_Release,
    PyObject_GetBuffer,
)
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.exc cimport PyErr_CheckSignals
from cpython.list cimport PyList_AsTuple, PyList_Check
from cpython.long cimport PyLong_AsLongLong, PyLong_CheckExact
from cpython.ref cimport PyObject
from cpython.unicode cimport (
    PyUnicode_Check,
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
)
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy, strchr

from . cimport _kernel as kernel
from ._kernel cimport Search, Text, Words

cdef extern from "Python.h":
    # Declared here because Cython's own declaration has no place for the NULL
    # that asks for clipping instead of an OverflowError.
    Py_ssize_t PyNumber_AsSsize_t(object o, PyObject *exc) except? -1


cdef extern from *:
    """
    typedef __int128 lev_int128;
    """
    const char *LEV_CYTHON_VERSION
    # Cython need not know how wide it is, only that it is an integer.
    ctypedef long long int128 "lev_int128"


# No list is made by a comprehension, here or in what is included. Where the
# list has no memory to grow, the code that Cython 3.3.1 generates drops the
# reference to the new item twice, and the interpreter may crash.

include "_arguments.pxi"
include "_crossings.pxi"


# ---------------------------------------------------------------------------
# Pairs
# ---------------------------------------------------------------------------

def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return <uint64_t>text_a.length + text_b.length


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.distance(&text_a, &text_b))


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.distance_myers(&text_a, &text_b))


def distance_repeated(a, b, n, /):
    """Run the kernel of `distance` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.distance_repeated(&text_a, &text_b, repetitions(n)))


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of `distance_myers` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.distance_myers_repeated(&text_a, &text_b, repetitions(n)))


# ---------------------------------------------------------------------------
# Many words
# ---------------------------------------------------------------------------

def distances(query, words, /):
    """Return the distance from `query` to each word, by Myers' bit-vectors.

    `words` must be a list. What happens to it during the call does not change
    the answer. Ctrl-C is noticed.
    """
    cdef Text text
    cdef Search search
    cdef Text *texts
    cdef const uint32_t *found
    cdef list answer
    cdef Py_ssize_t count, i
    cdef int status

    view(query, &text)
    if not PyList_Check(words):
        raise TypeError(f"words must be a list, not {type(words).__name__}")
    # The texts point into the strings, so something must own these, whatever
    # a signal handler does to the list.
    cdef tuple snapshot = PyList_AsTuple(words)
    count = len(snapshot)
    texts = view_all(snapshot)
    try:
        known(kernel.search_distances(&search, &text, count))
        status = kernel.search_step(&search, kernel.words_of(texts, count))
        while status == kernel.UNFINISHED:
            PyErr_CheckSignals()
            status = kernel.search_step(&search, kernel.words_of(texts, count))
        known(status)
        found = search.distances
        answer = [None] * count
        for i in range(count):
            answer[i] = found[i]
        return answer
    finally:
        kernel.search_free(&search)
        free(texts)


@cython.final
@cython.no_gc_clear
@cython.trashcan(True)
cdef class Dictionary:
    """Words that are prepared once and searched many times.

    ``words`` is any iterable of strings; what it raises arrives unchanged.
    ``tag`` is any object, and can be read as an attribute. An object is
    complete when ``__new__`` returns and never changes. Many threads may
    search it at once: every search releases the GIL.
    """

    # The garbage collector follows the tag and never clears it, as it does
    # with a tuple's items: the tag is older than its dictionary, so a cycle
    # needs something that was changed later, and clearing that breaks it. So
    # nobody can see a dictionary without its tag. With the trash can, a long
    # chain of dictionaries that are tags of each other is freed without a
    # recursion as deep as the chain is long.
    cdef readonly object tag

    # Cython fills it with zeros before __cinit__ runs.
    cdef kernel.Copies copies

    def __cinit__(self, words, tag=None, /):
        cdef Text *texts
        cdef size_t count

        self.tag = tag
        cdef tuple snapshot = collected(words)
        count = len(snapshot)
        if count > kernel.MAX_LENGTH:
            raise MemoryError
        texts = view_all(snapshot)
        try:
            known(kernel.copies_make(&self.copies, texts, count))
        finally:
            free(texts)

    def __dealloc__(self):
        kernel.copies_free(&self.copies)

    def __len__(self):
        return <Py_ssize_t>self.copies.words.count

    def __reduce__(self):
        """Refuse to be pickled or copied: to send the words is the caller's choice."""
        raise TypeError("a Dictionary cannot be pickled; make it anew from its words")

    def noop(self):
        """Do nothing."""

    def nearest(self, query, limit, /):
        """Return the `limit` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one. Ctrl-C is
        noticed.
        """
        cdef Text text
        cdef Search search
        cdef Words words = self.copies.words
        cdef size_t kept
        cdef int status

        view(query, &text)
        kept = clipped(limit, words.count)
        if kept == 0:
            return []
        try:
            with nogil:
                status = kernel.search_nearest(&search, &text, kept)
                if status == 0:
                    status = kernel.search_step(&search, words)
            finish(&search, words, status)
            return nearest_found(&search)
        finally:
            kernel.search_free(&search)

    def nearest_where(self, query, limit, keep, /):
        """Return the `limit` nearest of the words that `keep` wants.

        ``keep(distance, index)`` is called once for each word, in the order
        of the dictionary, after all distances have been computed; with a
        limit of 0 it is not called at all. What it raises ends the search and
        arrives unchanged. It may use the dictionary. Raises ``TypeError`` if
        it cannot be called, ``ValueError`` for a negative limit. Ctrl-C is
        noticed.
        """
        cdef Text text
        cdef Search search
        cdef Words words = self.copies.words
        cdef size_t kept
        cdef int status

        view(query, &text)
        kept = clipped(limit, words.count)
        if not callable(keep):
            raise TypeError(f"keep must be callable, not {type(keep).__name__}")
        if kept == 0:
            return []
        try:
            with nogil:
                status = kernel.search_distances(&search, &text, words.count)
                if status == 0:
                    status = kernel.search_step(&search, words)
            finish(&search, words, status)
            known(kernel.search_where(&search, kept, <kernel.keep_function>wants, <void *>keep))
            with nogil:
                status = kernel.search_step(&search, words)
            finish(&search, words, status)
            return nearest_found(&search)
        finally:
            kernel.search_free(&search)

    def distances_into(self, query, out, /):
        """Write the distance from `query` to each word into `out`.

        `out` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Ctrl-C is noticed; the content of `out` is undefined after it.
        """
        cdef Text text
        cdef Search search
        cdef Py_buffer buffer
        cdef Words words = self.copies.words
        cdef int status

        view(query, &text)
        open_uint32_to_fill(out, &buffer)
        try:
            if <size_t>buffer.len != words.count * sizeof(uint32_t):
                raise ValueError(f"out has {buffer.len // 4} items, expected {words.count}")
            try:
                with nogil:
                    status = kernel.search_distances(&search, &text, words.count)
                    if status == 0:
                        status = kernel.search_step(&search, words)
                finish(&search, words, status)
                if buffer.len > 0:       # An empty buffer may be NULL, which memcpy does not take.
                    memcpy(buffer.buf, search.distances, buffer.len)
            finally:
                kernel.search_free(&search)
        finally:
            PyBuffer_Release(&buffer)


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    import platform     # It takes longer to import than this module.

    return {
        "compiler": kernel.COMPILER.decode(),
        "flags": kernel.FLAGS.decode(),
        "binding": (
            f"Cython {LEV_CYTHON_VERSION.decode()}, "
            f"{platform.python_implementation()} {platform.python_version()}"
        ),
    }


cdef tuple collected(object words):
    """Return the strings of any iterable."""
    cdef Text text
    cdef list strings = []

    if type(words) is list or type(words) is tuple:
        return tuple(words)
    # Anything else tuple() would ask for a length that can be a lie. Here only
    # the iterator counts, and the first object that is no string ends it.
    for word in words:
        view(word, &text)
        strings.append(word)
    return tuple(strings)


cdef size_t clipped(object limit, size_t count) except? 0:
    """Return how many words a limit means."""
    cdef Py_ssize_t wanted = PyNumber_AsSsize_t(limit, NULL)

    if wanted < 0:
        raise ValueError("limit must not be negative")
    return min(<size_t>wanted, count)


cdef int finish(Search *search, Words words, int status) except -1:
    """Go on with a search whose first step had this outcome."""
    while status == kernel.UNFINISHED:
        PyErr_CheckSignals()
        with nogil:
            status = kernel.search_step(search, words)
    known(status)
    return 0


cdef int32_t wants(void *keep, uint32_t distance, uint32_t index) except -1:
    """Ask a predicate about a word; the kernel takes -1 as a sign to stop."""
    # Code in Python looks for signals by itself, a built-in function does not.
    if index % 1024 == 1023:
        PyErr_CheckSignals()
    return 1 if (<object>keep)(distance, index) else 0


cdef list nearest_found(const Search *search):
    cdef Py_ssize_t count = kernel.nearest_count(search)
    cdef list answer = [None] * count
    cdef Py_ssize_t i

    for i in range(count):
        answer[i] = (kernel.nearest_distance(search, i), kernel.nearest_index(search, i))
    return answer


cdef inline int64_t known(int64_t answer) except -1:
    """Pass on what the kernel answered, or raise what it could not do."""
    if answer < 0:
        return failed(answer)
    return answer


cdef int failed(int64_t answer) except -1:
    if answer == kernel.NO_MEMORY:
        raise MemoryError
    if answer == kernel.STOPPED:
        return -1       # `wants` has set the exception.
    raise SystemError("a bug in the kernel")
