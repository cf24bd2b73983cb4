# cython: language_level=3
# cython: binding=False, always_allow_keywords=False
# cython: embedsignature=True, embedsignature.format=clinic
# cython: boundscheck=False, wraparound=False, cdivision=True, auto_pickle=False

"""The glue of `lev_cython` for the stable ABI: what differs is how a string is read.

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
from cpython.list cimport PyList_AsTuple, PyList_Check, PyList_New, PyList_SetItem
from cpython.long cimport PyLong_AsLongLong
from cpython.mem cimport PyMem_Free
from cpython.ref cimport Py_INCREF, PyObject
from cpython.unicode cimport PyUnicode_Check, PyUnicode_GetLength
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy, strchr

from . cimport _kernel as kernel
from ._kernel cimport Search, Text, Words

cdef extern from "Python.h":
    # Declared here because Cython's own declaration has no place for the NULL
    # that asks for clipping instead of an OverflowError.
    Py_ssize_t PyNumber_AsSsize_t(object o, PyObject *exc) except? -1

    # The C function of a method that takes no arguments.
    ctypedef object (*PyCFunction)(object self, void *ignored)
    int METH_NOARGS
    int PyCFunction_GetFlags(object method) except -1
    PyCFunction PyCFunction_GetFunction(object method) except NULL

    const char *PyUnicode_AsUTF8AndSize(object string, Py_ssize_t *size) except NULL
    Py_UCS4 *PyUnicode_AsUCS4(
        object string, Py_UCS4 *buffer, Py_ssize_t size, bint copy_null,
    ) except NULL
    Py_UCS4 *PyUnicode_AsUCS4Copy(object string) except NULL


cdef extern from *:
    """
    #if PY_LITTLE_ENDIAN
    #define LEV_NATIVE_BYTE_ORDER '<'
    #else
    #define LEV_NATIVE_BYTE_ORDER '>'
    #endif
    """
    const char LEV_NATIVE_BYTE_ORDER
    const char *LEV_CYTHON_VERSION


# ---------------------------------------------------------------------------
# Strings
# ---------------------------------------------------------------------------

# The stable ABI does not show where a string keeps its code points. But the
# UTF-8 of an ASCII string is the string itself, so that one can be read in
# place. Of any other PyUnicode_AsUTF8AndSize would make a copy that stays with
# the object for good, and fail at a lone surrogate: so the question whether a
# string is ASCII comes first. Its answer is a bit of the object, for which the
# stable ABI has no function, but Python has a method. Its C function is the
# same in all interpreters.
cdef PyCFunction is_ascii = PyCFunction_GetFunction("".isascii)

if PyCFunction_GetFlags("".isascii) != METH_NOARGS:
    raise SystemError("str.isascii takes arguments")


cdef enum:
    ROOM = 64       # code points that are copied to the stack


cdef int read(object value, Py_UCS4 *room, Text *text) except -1:
    """Let `text` be the text of a string, which must outlive it.

    ASCII is read in place. Anything else is copied to four bytes per code
    point: into `room` if that is not NULL and large enough. To be given to
    `release`, with the same room.
    """
    cdef Py_ssize_t length

    if not PyUnicode_Check(value):
        raise TypeError(f"expected str, not {type(value).__name__}")
    if is_ascii(value, NULL) is True:
        text.units = PyUnicode_AsUTF8AndSize(value, &length)
        text.width = 1
    else:
        length = PyUnicode_GetLength(value)
        if room is not NULL and length <= ROOM:
            text.units = PyUnicode_AsUCS4(value, room, ROOM, False)
        else:
            text.units = PyUnicode_AsUCS4Copy(value)
        text.width = 4
    if <size_t>length > kernel.MAX_LENGTH:
        release(text, room)
        raise MemoryError
    text.length = <uint32_t>length
    return 0


cdef inline void release(const Text *text, const Py_UCS4 *room) noexcept:
    if text.width == 4 and text.units != room:
        PyMem_Free(<void *>text.units)


cdef struct Pair:
    Text a, b
    Py_UCS4 room_a[ROOM]
    Py_UCS4 room_b[ROOM]


cdef int read_pair(object a, object b, Pair *pair) except -1:
    """Read two strings. Whatever this raises, `release_pair` is to follow."""
    # Nothing to release yet. An `except` here would take longer than both
    # strings, because Cython then saves what is being handled.
    pair.a.width = pair.b.width = 1
    read(a, pair.room_a, &pair.a)
    read(b, pair.room_b, &pair.b)
    return 0


cdef inline void release_pair(const Pair *pair) noexcept:
    release(&pair.a, pair.room_a)
    release(&pair.b, pair.room_b)


cdef Text *read_all(tuple strings) except NULL:
    """Return one text for each string, to be given to `release_all`."""
    cdef Text *texts = <Text *>kernel.allocate(len(strings), sizeof(Text))
    cdef Py_ssize_t i = 0

    if texts is NULL:
        raise MemoryError
    try:
        while i < len(strings):
            # A million words take as long as a chunk of the search.
            if i % 1_000_000 == 999_999:
                PyErr_CheckSignals()
            read(strings[i], NULL, &texts[i])
            i += 1
    except:
        release_all(texts, i)
        raise
    return texts


cdef void release_all(Text *texts, size_t count) noexcept:
    cdef size_t i

    for i in range(count):
        release(&texts[i], NULL)
    free(texts)


# ---------------------------------------------------------------------------
# Pairs
# ---------------------------------------------------------------------------

def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    cdef Pair pair

    try:
        read_pair(a, b, &pair)
        return <uint64_t>pair.a.length + pair.b.length
    finally:
        release_pair(&pair)


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    A call is not interruptible.
    """
    cdef Pair pair

    try:
        read_pair(a, b, &pair)
        return known(kernel.distance(&pair.a, &pair.b))
    finally:
        release_pair(&pair)


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    A call is not interruptible.
    """
    cdef Pair pair

    try:
        read_pair(a, b, &pair)
        return known(kernel.distance_myers(&pair.a, &pair.b))
    finally:
        release_pair(&pair)


def distance_repeated(a, b, n, /):
    """Run the kernel of `distance` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Pair pair

    try:
        read_pair(a, b, &pair)
        return known(kernel.distance_repeated(&pair.a, &pair.b, repetitions(n)))
    finally:
        release_pair(&pair)


def distance_myers_repeated(a, b, n, /):
    """Run the kernel of `distance_myers` `n` times and return the distance.

    Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not
    fit into a signed 64-bit integer. A call is not interruptible.
    """
    cdef Pair pair

    try:
        read_pair(a, b, &pair)
        return known(kernel.distance_myers_repeated(&pair.a, &pair.b, repetitions(n)))
    finally:
        release_pair(&pair)


cdef int64_t repetitions(object n) except -1:
    cdef int64_t count = PyLong_AsLongLong(n)

    if count < 1:
        raise ValueError("n must be at least 1")
    return count


# ---------------------------------------------------------------------------
# Many words
# ---------------------------------------------------------------------------

def distances(query, words, /):
    """Return the distance from `query` to each word, by Myers' bit-vectors.

    `words` must be a list. What happens to it during the call does not change
    the answer. Ctrl-C is noticed.
    """
    cdef Py_UCS4 room[ROOM]
    cdef Text text

    read(query, room, &text)
    try:
        if not PyList_Check(words):
            raise TypeError(f"words must be a list, not {type(words).__name__}")
        # The texts point into the strings, so something must own these,
        # whatever a signal handler does to the list.
        return distances_to(&text, PyList_AsTuple(words))
    finally:
        release(&text, room)


cdef list distances_to(const Text *query, tuple snapshot):
    cdef Search search
    cdef const uint32_t *found
    cdef list answer
    cdef Py_ssize_t i
    cdef Py_ssize_t count = len(snapshot)
    cdef Text *texts = read_all(snapshot)
    cdef int status

    try:
        known(kernel.search_distances(&search, query, count))
        status = kernel.search_step(&search, kernel.words_of(texts, count))
        while status == kernel.UNFINISHED:
            PyErr_CheckSignals()
            status = kernel.search_step(&search, kernel.words_of(texts, count))
        known(status)
        found = search.distances
        answer = PyList_New(count)
        for i in range(count):
            put(answer, i, found[i])
        return answer
    finally:
        kernel.search_free(&search)
        release_all(texts, count)


@cython.final
cdef class Dictionary:
    """Words that are prepared once and searched many times.

    ``words`` is any iterable of strings; what it raises arrives unchanged. An
    object is complete when ``__new__`` returns and never changes. Many
    threads may search it at once: every search releases the GIL.
    """

    # Cython fills it with zeros before __cinit__ runs.
    cdef kernel.Copies copies

    def __cinit__(self, words, /):
        cdef Text *texts
        cdef size_t count
        cdef tuple snapshot = collected(words)

        count = len(snapshot)
        if count > kernel.MAX_LENGTH:
            raise MemoryError
        texts = read_all(snapshot)
        try:
            known(kernel.copies_make(&self.copies, texts, count))
        finally:
            release_all(texts, count)

    def __dealloc__(self):
        kernel.copies_free(&self.copies)

    def __len__(self):
        return <Py_ssize_t>self.copies.words.count

    def __reduce__(self):
        """Refuse to be pickled or copied: to send the words is the caller's choice."""
        raise TypeError("a Dictionary cannot be pickled; make it anew from its words")

    def nearest(self, query, limit, /):
        """Return the `limit` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one. Ctrl-C is
        noticed.
        """
        cdef Py_UCS4 room[ROOM]
        cdef Text text

        read(query, room, &text)
        try:
            return nearest_of(&text, self.copies.words, clipped(limit, self.copies.words.count))
        finally:
            release(&text, room)

    def distances_into(self, query, out, /):
        """Write the distance from `query` to each word into `out`.

        `out` is a writable, C-contiguous, one-dimensional buffer of
        ``len(self)`` unsigned 32-bit integers in native byte order. Raises
        ``TypeError`` if it offers no buffer, ``BufferError`` if it is
        read-only or not contiguous, ``ValueError`` if it is anything else.
        Ctrl-C is noticed; the content of `out` is undefined after it.
        """
        cdef Py_UCS4 room[ROOM]
        cdef Text text

        read(query, room, &text)
        try:
            fill(&text, self.copies.words, out)
        finally:
            release(&text, room)


cdef list nearest_of(const Text *query, Words words, size_t kept):
    cdef Search search
    cdef list answer
    cdef Py_ssize_t count, i
    cdef int status

    if kept == 0:
        return []
    try:
        with nogil:
            status = kernel.search_nearest(&search, query, kept)
            if status == 0:
                status = kernel.search_step(&search, words)
        finish(&search, words, status)
        count = kernel.nearest_count(&search)
        answer = PyList_New(count)
        for i in range(count):
            pair = (kernel.nearest_distance(&search, i), kernel.nearest_index(&search, i))
            put(answer, i, pair)
        return answer
    finally:
        kernel.search_free(&search)


cdef inline int put(list answer, Py_ssize_t i, object item) except -1:
    """Put an item into a new list.

    Why there is no comprehension, lev_cython says. An assignment would first
    look what kind of sequence this is, which the stable ABI does not show.
    """
    Py_INCREF(item)     # The list takes the reference over.
    return PyList_SetItem(answer, i, item)


cdef int fill(const Text *query, Words words, object out) except -1:
    cdef Search search
    cdef Py_buffer buffer
    cdef int status

    PyObject_GetBuffer(out, &buffer, PyBUF_FULL_RO)
    try:
        check(&buffer, words.count)
        try:
            with nogil:
                status = kernel.search_distances(&search, query, words.count)
                if status == 0:
                    status = kernel.search_step(&search, words)
            finish(&search, words, status)
            if buffer.len > 0:       # An empty buffer may be NULL, which memcpy does not take.
                memcpy(buffer.buf, search.distances, buffer.len)
        finally:
            kernel.search_free(&search)
    finally:
        PyBuffer_Release(&buffer)
    return 0


cdef int check(const Py_buffer *buffer, size_t count) except -1:
    """Refuse all but a contiguous row of `count` unsigned 32-bit integers."""
    cdef const char *layout = buffer.format
    cdef const char *item

    if buffer.readonly:
        raise BufferError("out is read-only")
    if layout is NULL:
        layout = b"B"
    item = layout
    if not PyBuffer_IsContiguous(buffer, b"C"):
        raise BufferError("out is not C-contiguous")
    if buffer.ndim != 1:
        raise ValueError(f"out has {buffer.ndim} dimensions, expected 1")
    if item[0] == c"@" or item[0] == c"=" or item[0] == LEV_NATIVE_BYTE_ORDER:
        item += 1
    # Also the zero that ends a string is found in every other.
    if item[0] == 0 or strchr(b"IL", item[0]) is NULL or item[1] != 0 or buffer.itemsize != 4:
        raise ValueError(
            f"out has items of format {layout.decode(errors='replace')!r} and "
            f"{buffer.itemsize} bytes, expected 4 bytes of format 'I' in native byte order"
        )
    if <size_t>buffer.len != count * sizeof(uint32_t):
        raise ValueError(f"out has {buffer.len // 4} items, expected {count}")
    return 0


cdef tuple collected(object words):
    """Return the strings of any iterable."""
    cdef list strings = []

    if type(words) is list or type(words) is tuple:
        return tuple(words)
    # Anything else tuple() would ask for a length that can be a lie. Here only
    # the iterator counts, and the first object that is no string ends it.
    for word in words:
        if not PyUnicode_Check(word):
            raise TypeError(f"expected str, not {type(word).__name__}")
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


cdef inline int64_t known(int64_t answer) except -1:
    """Pass on what the kernel answered, or raise what it could not do."""
    if answer < 0:
        raise MemoryError
    return answer


# ---------------------------------------------------------------------------
# Crossings without a kernel
# ---------------------------------------------------------------------------

def noop():
    """Do nothing."""


def number():
    """Return 7."""
    return 7


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": kernel.COMPILER.decode(),
        "flags": kernel.FLAGS.decode(),
        "binding": f"Cython {LEV_CYTHON_VERSION.decode()}, stable ABI of CPython 3.11",
    }
