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
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from . cimport _kernel as kernel

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
    """
    const char *LEV_COMPILER
    const char *LEV_FLAGS
    const char *LEV_CYTHON_VERSION


def noop():
    """Do nothing."""


def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    cdef kernel.Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return text_a.length + text_b.length


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    A call is not interruptible.
    """
    cdef kernel.Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.wagner_fischer(&text_a, &text_b))


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    A call is not interruptible.
    """
    cdef kernel.Text text_a, text_b

    view(a, &text_a)
    view(b, &text_b)
    return known(kernel.myers(&text_a, &text_b))


def distance_repeated(a, b, n, /):
    """Run the kernel of `distance` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef kernel.Text text_a, text_b
    cdef int64_t result = 0
    cdef int64_t i

    view(a, &text_a)
    view(b, &text_b)
    for i in range(repetitions(n)):
        result = known(kernel.wagner_fischer(&text_a, &text_b))
    return result


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of `distance_myers` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef kernel.Text text_a, text_b
    cdef int64_t result = 0
    cdef int64_t i

    view(a, &text_a)
    view(b, &text_b)
    for i in range(repetitions(n)):
        result = known(kernel.myers(&text_a, &text_b))
    return result


def distances(query, words, /):
    """Return the distance from `query` to each word, by Myers' bit-vectors.

    `words` must be a list. What happens to it during the call does not change
    the answer. Ctrl-C is noticed.
    """
    cdef kernel.Text text
    cdef kernel.Search of_query
    cdef int64_t steps = kernel.CHUNK_STEPS
    cdef int64_t found
    cdef tuple snapshot
    cdef list result = []

    view(query, &text)
    if not PyList_Check(words):
        raise TypeError(f"words must be a list, not {type(words).__name__}")
    snapshot = PyList_AsTuple(words)
    try:
        if kernel.search_begin(&of_query, &text) != 0:
            raise MemoryError
        for word in snapshot:
            view(word, &text)
            found = kernel.search_text(&of_query, &text, &steps)
            while found == kernel.UNFINISHED:
                PyErr_CheckSignals()
                steps = kernel.CHUNK_STEPS
                found = kernel.search_text(&of_query, &text, &steps)
            result.append(known(found))
    finally:
        kernel.search_end(&of_query)
    return result


@cython.final
cdef class Dictionary:
    """Words that are prepared once and searched many times.

    ``words`` is any iterable of strings; what it raises arrives unchanged. An
    object is complete when ``__new__`` returns and never changes. Many
    threads may search it at once: both searches release the GIL.
    """

    # Cython clears the fields before __cinit__ runs.
    cdef kernel.Words words

    def __cinit__(self, words, /):
        cdef list texts = []
        cdef kernel.Text text
        cdef size_t units1 = 0, units2 = 0, units4 = 0
        cdef size_t *units
        cdef kernel.Word *word
        cdef size_t i

        # First the iterator, which may run any code, then the arenas, which
        # then have their final size from the beginning.
        for item in words:
            view(item, &text)
            texts.append(item)
        self.words.count = len(texts)
        if self.words.count > kernel.MAX_LENGTH:
            raise MemoryError
        self.words.words = <kernel.Word *>allocate(self.words.count, sizeof(kernel.Word))
        for i in range(self.words.count):
            view(texts[i], &text)
            units = &units1 if text.width == 1 else &units2 if text.width == 2 else &units4
            word = &self.words.words[i]
            word.start = units[0]
            word.length = <uint32_t>text.length
            word.width = <uint8_t>text.width
            units[0] += text.length
            if units[0] < text.length:      # The sum has wrapped around.
                raise MemoryError
        self.words.arena1 = <uint8_t *>allocate(units1, 1)
        self.words.arena2 = <uint16_t *>allocate(units2, 2)
        self.words.arena4 = <uint32_t *>allocate(units4, 4)
        for i in range(self.words.count):
            view(texts[i], &text)
            memcpy(
                <void *>kernel.text_of(&self.words, i).units,
                text.units,
                text.length * <size_t>text.width,
            )

    def __dealloc__(self):
        free(self.words.words)
        free(self.words.arena1)
        free(self.words.arena2)
        free(self.words.arena4)

    def __len__(self):
        return <Py_ssize_t>self.words.count

    def nearest(self, query, limit, /):
        """Return the `limit` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one. Ctrl-C is
        noticed.
        """
        cdef kernel.Text text
        cdef kernel.Search of_query
        cdef kernel.Nearest nearest
        cdef Py_ssize_t clipped
        cdef size_t i
        cdef int status
        cdef list result = []

        view(query, &text)
        clipped = PyNumber_AsSsize_t(limit, NULL)
        if clipped < 0:
            raise ValueError("limit must not be negative")
        nearest.limit = min(<size_t>clipped, self.words.count)
        nearest.count = 0
        nearest.keys = <uint64_t *>allocate(nearest.limit, sizeof(uint64_t))
        try:
            with nogil:
                status = kernel.search_begin(&of_query, &text)
                if status == 0:
                    status = kernel.nearest_chunk(&of_query, &self.words, &nearest)
            while status == kernel.UNFINISHED:
                PyErr_CheckSignals()
                with nogil:
                    status = kernel.nearest_chunk(&of_query, &self.words, &nearest)
            known(status)
            with nogil:
                kernel.sort_nearest(&nearest)
            for i in range(nearest.count):
                result.append((nearest.keys[i] >> 32, nearest.keys[i] & 0xFFFFFFFF))
        finally:
            kernel.search_end(&of_query)
            free(nearest.keys)
        return result

    def distances_into(self, query, out, /):
        """Write the distance from `query` to each word into `out`.

        `out` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Ctrl-C is noticed; the content of `out` is undefined after it.
        """
        cdef kernel.Text text
        cdef kernel.Search of_query
        cdef Py_buffer buffer
        cdef uint32_t *found = NULL
        cdef int status

        view(query, &text)
        PyObject_GetBuffer(out, &buffer, PyBUF_FULL_RO)
        try:
            check_buffer(&buffer, self.words.count)
            found = <uint32_t *>allocate(self.words.count, sizeof(uint32_t))
            try:
                with nogil:
                    status = kernel.search_begin(&of_query, &text)
                    if status == 0:
                        status = kernel.distances_chunk(&of_query, &self.words, found)
                while status == kernel.UNFINISHED:
                    PyErr_CheckSignals()
                    with nogil:
                        status = kernel.distances_chunk(&of_query, &self.words, found)
                known(status)
                memcpy(buffer.buf, found, self.words.count * sizeof(uint32_t))
            finally:
                kernel.search_end(&of_query)
                free(found)
        finally:
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


cdef int view(object value, kernel.Text *text) except -1:
    """Let `text` point into a string, which must outlive it.

    Nothing is copied, and nothing that a subclass of str overrides is called.
    """
    if not PyUnicode_Check(value):
        raise TypeError(f"expected str, not {type(value).__name__}")
    text.units = PyUnicode_DATA(value)
    text.length = <size_t>PyUnicode_GET_LENGTH(value)
    text.width = <int>PyUnicode_KIND(value)
    if text.length > kernel.MAX_LENGTH:
        raise MemoryError
    return 0


cdef int64_t known(int64_t answer) except -1:
    """Pass on what the kernel answered, or raise what it could not do."""
    if answer == kernel.NO_MEMORY:
        raise MemoryError
    return answer


cdef void *allocate(size_t count, size_t size) except NULL:
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
