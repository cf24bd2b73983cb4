# cython: language_level=3
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
# cython: boundscheck=False, wraparound=False, cdivision=True, auto_pickle=False

"""What carries the kernel across to Python: types, limits, buffers, errors.

A string is its sequence of code points. Every function may raise
``TypeError`` for an argument of the wrong type and ``MemoryError`` when
memory is short or a string has more than 2**32 - 2 code points. All
arguments are positional.
"""

cimport cython
from cpython.buffer cimport (
    PyBUF_FULL_RO,
    PyBuffer_IsContiguous,
    PyBuffer_Release,
    PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals
from cpython.list cimport PyList_AsTuple, PyList_Check
from cpython.long cimport PyLong_AsLongLong
from cpython.number cimport PyNumber_Index
from cpython.ref cimport PyObject
from cpython.unicode cimport (
    PyUnicode_Check,
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
)
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from . cimport _kernel as kernel
from ._kernel cimport Search, Text

import platform
import sys


cdef extern from "Python.h":
    # Declared here because Cython's own declaration has no place for the NULL
    # that asks for clipping instead of an OverflowError.
    Py_ssize_t PyNumber_AsSsize_t(object o, PyObject *exc) except? -1


cdef extern from *:
    """
    #ifdef __clang__
    #define LEV_COMPILER __VERSION__
    #else
    #define LEV_COMPILER "GCC " __VERSION__
    #endif

    /* Before 3.12 an old C API could create strings without their storage. */
    #if PY_VERSION_HEX < 0x030C0000
    #define LEV_READY(string) PyUnicode_READY(string)
    #else
    #define LEV_READY(string) 0
    #endif
    """
    int LEV_READY(object string) except -1
    const char *LEV_COMPILER
    const char *LEV_FLAGS
    const char *LEV_CYTHON_VERSION


def noop():
    """Do nothing."""


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
    return run(kernel.wagner_fischer, &text_a, &text_b, 1)


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return run(kernel.myers, &text_a, &text_b, 1)


def distance_repeated(a, b, n, /):
    """Run the kernel of `distance` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return run(kernel.wagner_fischer, &text_a, &text_b, repetitions(n))


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of `distance_myers` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return run(kernel.myers, &text_a, &text_b, repetitions(n))


def distances(query, words, /):
    """Return the distance from `query` to each word, by Myers' bit-vectors.

    `words` must be a list. What happens to it during the call does not change
    the answer. Ctrl-C is noticed.
    """
    cdef Text text
    cdef Search search
    cdef Text *texts = NULL
    cdef uint32_t *found = NULL
    cdef size_t count, i
    cdef int status

    view(query, &text)
    if not PyList_Check(words):
        raise TypeError(f"words must be a list, not {type(words).__name__}")
    # The texts point into the strings, so something must own these, whatever
    # a signal handler does to the list.
    cdef tuple snapshot = PyList_AsTuple(words)
    count = len(snapshot)
    try:
        texts = view_all(snapshot)
        found = <uint32_t *>allocate(count, sizeof(uint32_t))
        known(kernel.search_begin(&search, &text))
        try:
            status = kernel.distances_chunk(&search, texts, count, found)
            while status == kernel.UNFINISHED:
                PyErr_CheckSignals()
                status = kernel.distances_chunk(&search, texts, count, found)
            known(status)
        finally:
            kernel.search_end(&search)
        return [found[i] for i in range(count)]
    finally:
        free(found)
        free(texts)


@cython.final
cdef class Dictionary:
    """Words that are prepared once and searched many times.

    ``words`` is any iterable of strings; what it raises arrives unchanged. An
    object is complete when ``__new__`` returns and never changes. Many
    threads may search it at once: both searches release the GIL.
    """

    # Cython fills it with zeros before __cinit__ runs.
    cdef kernel.Words words

    def __cinit__(self, words, /):
        cdef Text *texts
        cdef size_t count

        # A loop rather than tuple(words), which would ask the iterable for a
        # length that can be a lie.
        cdef tuple snapshot = tuple([word for word in words])
        count = len(snapshot)
        if count > kernel.MAX_LENGTH:
            raise MemoryError
        texts = view_all(snapshot)
        try:
            known(kernel.words_copy(&self.words, texts, count))
        finally:
            free(texts)

    def __dealloc__(self):
        kernel.words_free(&self.words)

    def __len__(self):
        return <Py_ssize_t>self.words.count

    def nearest(self, query, limit, /):
        """Return the `limit` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one. Ctrl-C is
        noticed.
        """
        cdef Text text
        cdef Search search
        cdef kernel.Nearest nearest
        cdef const Text *texts = self.words.texts
        cdef size_t count = self.words.count
        cdef Py_ssize_t clipped
        cdef size_t i
        cdef int status

        view(query, &text)
        clipped = PyNumber_AsSsize_t(limit, NULL)
        if clipped < 0:
            raise ValueError("limit must not be negative")
        nearest.limit = min(<size_t>clipped, count)
        nearest.count = nearest.heap_count = 0
        nearest.keys = <uint64_t *>allocate(nearest.limit, sizeof(uint64_t))
        try:
            with nogil:
                status = kernel.search_begin(&search, &text)
                if status == 0:
                    status = kernel.nearest_chunk(&search, texts, count, &nearest)
            try:
                while status == kernel.UNFINISHED:
                    PyErr_CheckSignals()
                    with nogil:
                        status = kernel.nearest_chunk(&search, texts, count, &nearest)
                known(status)
            finally:
                kernel.search_end(&search)
            return [
                (nearest.keys[i] >> 32, <uint32_t>nearest.keys[i])
                for i in range(nearest.count)
            ]
        finally:
            free(nearest.keys)

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
        cdef const Text *texts = self.words.texts
        cdef size_t count = self.words.count
        cdef uint32_t *found = NULL
        cdef int status

        view(query, &text)
        PyObject_GetBuffer(out, &buffer, PyBUF_FULL_RO)
        try:
            check_buffer(&buffer, count)
            found = <uint32_t *>allocate(count, sizeof(uint32_t))
            with nogil:
                status = kernel.search_begin(&search, &text)
                if status == 0:
                    status = kernel.distances_chunk(&search, texts, count, found)
            try:
                while status == kernel.UNFINISHED:
                    PyErr_CheckSignals()
                    with nogil:
                        status = kernel.distances_chunk(&search, texts, count, found)
                known(status)
            finally:
                kernel.search_end(&search)
            memcpy(buffer.buf, found, count * sizeof(uint32_t))
        finally:
            free(found)
            PyBuffer_Release(&buffer)


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": LEV_COMPILER.decode(),
        "flags": LEV_FLAGS.decode(),
        "binding": (
            f"Cython {LEV_CYTHON_VERSION.decode()}, "
            f"{platform.python_implementation()} {platform.python_version()}"
        ),
    }


cdef inline int view(object value, Text *text) except -1:
    """Let `text` point into a string, which must outlive it.

    Nothing is copied, and nothing that a subclass of str overrides is called.
    """
    if not PyUnicode_Check(value):
        raise TypeError(f"expected str, not {type(value).__name__}")
    LEV_READY(value)
    if <size_t>PyUnicode_GET_LENGTH(value) > kernel.MAX_LENGTH:
        raise MemoryError
    text.units = PyUnicode_DATA(value)
    text.length = <uint32_t>PyUnicode_GET_LENGTH(value)
    text.width = PyUnicode_KIND(value)      # The kind is the width in bytes.
    return 0


cdef Text *view_all(tuple strings) except NULL:
    """Return one text for each string, to be freed."""
    cdef Text *texts = <Text *>allocate(len(strings), sizeof(Text))
    cdef Py_ssize_t i

    try:
        for i in range(len(strings)):
            # A million words take as long as a chunk of the search.
            if i % 1_000_000 == 999_999:
                PyErr_CheckSignals()
            view(strings[i], &texts[i])
    except:
        free(texts)
        raise
    return texts


cdef int64_t run(
    kernel.pair_function function, const Text *a, const Text *b, int64_t times,
) except -1:
    # The compiler must read a volatile pointer again for each call and cannot
    # know where it leads, so it has to make all the calls; and one run is the
    # same machine code as many.
    cdef volatile kernel.pair_function opaque = function
    cdef int64_t distance = 0
    cdef int64_t i

    for i in range(times):
        distance = opaque(a, b)
    return known(distance)


cdef inline int64_t known(int64_t answer) except -1:
    """Pass on what the kernel answered, or raise what it could not do."""
    if answer == kernel.NO_MEMORY:
        raise MemoryError
    return answer


cdef void *allocate(uint64_t count, size_t size) except NULL:
    cdef void *memory = kernel.allocate(count, size)

    if memory is NULL:
        raise MemoryError
    return memory


cdef int64_t repetitions(object n) except -1:
    cdef int64_t count = PyLong_AsLongLong(PyNumber_Index(n))

    if count < 1:
        raise ValueError("n must be at least 1")
    return count


cdef int check_buffer(Py_buffer *buffer, size_t count) except -1:
    # A typed memoryview would make these checks with other exceptions, in
    # another order, and would take a buffer in the other byte order.
    cdef bytes layout = b"B" if buffer.format is NULL else buffer.format
    cdef bytes item = layout
    cdef size_t length

    if buffer.readonly:
        raise BufferError("out is read-only")
    if not PyBuffer_IsContiguous(buffer, b"C"):
        raise BufferError("out is not C-contiguous")
    if buffer.ndim != 1:
        raise ValueError(f"out has {buffer.ndim} dimensions, expected 1")
    if item[:1] in (b"@", b"=", b"<" if sys.byteorder == "little" else b">"):
        item = item[1:]
    if item not in (b"I", b"L") or buffer.itemsize != 4:
        raise ValueError(
            f"out has items of format {layout.decode(errors='replace')!r} and "
            f"{buffer.itemsize} bytes, expected unsigned 32-bit integers in "
            "native byte order"
        )
    length = <size_t>buffer.len // 4
    if length != count:
        raise ValueError(f"out has {length} items, expected {count}")
    return 0
