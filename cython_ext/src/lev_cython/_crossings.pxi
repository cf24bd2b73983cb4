"""What crosses the boundary without a kernel behind it; included by _native.pyx.

These functions cost next to nothing but their crossing, so each of them
measures one way of crossing.
"""

# ---------------------------------------------------------------------------
# Call shapes
# ---------------------------------------------------------------------------

def noop():
    """Do nothing."""


def number():
    """Return 7."""
    return 7


def echo(n, /):
    """Return `n` by way of a signed 64-bit integer.

    Raises ``OverflowError`` if it does not fit.
    """
    return int64_of(n)


def sum_five(a, b, c, d, e, /):
    """Return the sum of five signed 64-bit integers.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    return narrowed(<int128>int64_of(a) + int64_of(b) + int64_of(c) + int64_of(d) + int64_of(e))


def sum_named(*, a, b, c, d, e):
    """Return the sum of five signed 64-bit integers, given by name.

    Raises ``OverflowError`` if one of them, or the sum, does not fit.
    """
    return narrowed(<int128>int64_of(a) + int64_of(b) + int64_of(c) + int64_of(d) + int64_of(e))


def fail():
    """Raise ``ValueError``."""
    raise ValueError("failed on purpose")


cdef inline int64_t narrowed(int128 total) except? -1:
    if total != <int64_t>total:
        raise OverflowError("the sum does not fit into a signed 64-bit integer")
    return <int64_t>total


# ---------------------------------------------------------------------------
# Collections in
# ---------------------------------------------------------------------------

def total_length(words, /):
    """Return the sum of the lengths of the strings of any iterable, in code points.

    What the iterator raises arrives unchanged. Ctrl-C is noticed.
    """
    cdef Text text
    cdef uint64_t count = 0
    cdef uint64_t total = 0

    for word in words:
        view(word, &text)
        total += text.length
        count += 1
        if count % (1 << 20) == 0:
            PyErr_CheckSignals()
    return total


def packed_length(offsets, data, /):
    """Return the number of code points in strings that are packed as Arrow does it.

    `offsets` is a C-contiguous, one-dimensional buffer of n + 1 signed 32-bit
    integers in native byte order, `data` one of bytes. String i is the UTF-8
    in ``data[offsets[i]:offsets[i + 1]]``. Every byte counts that does not
    continue a code point, also where the bytes are no UTF-8. Raises
    ``ValueError`` if there is no offset, or if the offsets descend or lead
    out of `data`.
    """
    cdef Py_buffer ends, units

    open_row(offsets, &ends, "offsets", b"il", 4)
    try:
        open_row(data, &units, "data", b"Bbc", 1)
        try:
            return count_packed(&ends, &units)
        finally:
            PyBuffer_Release(&units)
    finally:
        PyBuffer_Release(&ends)


def buffer_sum(numbers, /):
    """Return the sum of a buffer of unsigned 32-bit integers.

    `numbers` is C-contiguous, one-dimensional and in native byte order; it
    may be read-only.
    """
    cdef Py_buffer buffer
    cdef uint32_t number
    cdef uint64_t total = 0
    cdef Py_ssize_t i

    open_row(numbers, &buffer, "numbers", b"IL", 4)
    for i in range(buffer.len // 4):
        memcpy(&number, <const char *>buffer.buf + 4 * i, 4)
        total += number
    PyBuffer_Release(&buffer)
    return total


cdef int64_t count_packed(const Py_buffer *ends, const Py_buffer *units) except -1:
    cdef Py_ssize_t count = ends.len // 4
    cdef const signed char *byte = <const signed char *>units.buf
    cdef int64_t total = 0
    cdef Py_ssize_t i, j
    cdef int32_t start, end
    cdef uint32_t length

    if count == 0:
        raise ValueError("offsets is empty, expected one more than there are strings")
    memcpy(&start, ends.buf, 4)
    if start < 0:
        raise ValueError("offsets must not be negative")
    if start > units.len:
        raise ValueError("offsets lead out of data")
    for i in range(1, count):
        # An offset is read once: another thread may change it after the check.
        memcpy(&end, <const char *>ends.buf + 4 * i, 4)
        if end < start:
            raise ValueError("offsets must not descend")
        if end > units.len:
            raise ValueError("offsets lead out of data")
        # In 32 bits, because more of these fit into one vector instruction.
        length = 0
        for j in range(start, end):
            # Bytes from 0x80 to 0xBF, which are those below -64, continue a code point.
            length += byte[j] >= -64
        total += length
        start = end
    return total


# ---------------------------------------------------------------------------
# Results out
# ---------------------------------------------------------------------------

def range_list(n, /):
    """Return the numbers 0, 1, ..., n - 1 as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    cdef Py_ssize_t count = range_length(n)
    cdef list numbers = [None] * count
    cdef int64_t i

    for i in range(count):
        numbers[i] = i
    return numbers


def range_bytes(n, /):
    """Return the numbers 0, 1, ..., n - 1 as native unsigned 32-bit integers.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    cdef int64_t count = range_length(n)
    cdef bytes numbers = PyBytes_FromStringAndSize(NULL, 4 * count)

    # Nobody else has seen this object, so it may still be written to.
    fill_range(PyBytes_AS_STRING(numbers), count)
    return numbers


def range_into(out, /):
    """Write the numbers 0, 1, ... into a buffer of unsigned 32-bit integers.

    `out` is what ``Dictionary.distances_into`` takes, of any length up to
    2**24. Raises ``ValueError`` for a longer one.
    """
    cdef Py_buffer buffer

    open_uint32_to_fill(out, &buffer)
    try:
        fill_range(<char *>buffer.buf, range_length(buffer.len // 4))
    finally:
        PyBuffer_Release(&buffer)


def range_pairs(n, /):
    """Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    cdef Py_ssize_t count = range_length(n)
    cdef list pairs = [None] * count
    cdef int64_t i

    for i in range(count):
        pairs[i] = (i, i)
    return pairs


cdef inline void fill_range(char *out, int64_t count) noexcept:
    cdef uint32_t number = 0
    cdef int64_t i

    for i in range(count):
        # A buffer need not be aligned. The compiler makes this a plain store.
        memcpy(out + 4 * i, &number, 4)
        number += 1
