"""Takes Python's objects apart and checks them; what comes out is plain C.

Included by _native.pyx, because a .pyx file of its own would be a module of
its own. Every function raises what docs/contract.md says.

Types are checked here, by hand: a parameter declared `str` would refuse
subclasses and take None, one declared `int64_t` would cut off the fraction of
a float and refuse what has only an `__index__`, and a typed memoryview would
make other checks, in another order, with other exceptions.
"""


cdef extern from *:
    """
    /* Before 3.12 an old C API could create strings without their storage. */
    #if PY_VERSION_HEX < 0x030C0000
    #define LEV_READY(string) PyUnicode_READY(string)
    #else
    #define LEV_READY(string) 0
    #endif

    #if PY_LITTLE_ENDIAN
    #define LEV_NATIVE_BYTE_ORDER '<'
    #else
    #define LEV_NATIVE_BYTE_ORDER '>'
    #endif
    """
    int LEV_READY(object string) except -1
    const char LEV_NATIVE_BYTE_ORDER


cdef enum:
    # More numbers than this, range_* do not hand out: enough to measure, and
    # little enough that nobody has to wait for Ctrl-C.
    MAX_RANGE = 1 << 24


# ---------------------------------------------------------------------------
# Strings
# ---------------------------------------------------------------------------

cdef inline int view(object value, Text *text) except -1:
    """Let `text` point into a string, which must outlive it.

    Nothing is copied, and nothing that a subclass of str overrides is called.
    """
    if not PyUnicode_Check(value):
        refuse(value)
    LEV_READY(value)
    if <size_t>PyUnicode_GET_LENGTH(value) > kernel.MAX_LENGTH:
        raise MemoryError
    text.units = PyUnicode_DATA(value)
    text.length = <uint32_t>PyUnicode_GET_LENGTH(value)
    text.width = PyUnicode_KIND(value)      # The kind is the width in bytes.
    return 0


cdef int refuse(object value) except -1:
    # Apart from `view`, so that this stays short enough to be inlined.
    raise TypeError(f"expected str, not {type(value).__name__}")


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


cdef void *allocate(uint64_t count, size_t size) except NULL:
    cdef void *memory = kernel.allocate(count, size)

    if memory is NULL:
        raise MemoryError
    return memory


# ---------------------------------------------------------------------------
# Numbers
# ---------------------------------------------------------------------------

cdef inline int64_t int64_of(object n) except? -1:
    """Return a number that fits, of anything with `__index__`."""
    # Cython's own conversion reads the digits of an int in place, but takes
    # what has an `__int__` where it should ask for `__index__`.
    if PyLong_CheckExact(n):
        return <int64_t>n
    return PyLong_AsLongLong(n)


cdef int64_t repetitions(object n) except -1:
    cdef int64_t count = int64_of(n)

    if count < 1:
        raise ValueError("n must be at least 1")
    return count


cdef int64_t range_length(object n) except -1:
    cdef int64_t count = int64_of(n)

    if not 0 <= count <= MAX_RANGE:
        raise ValueError("n must be between 0 and 2**24")
    return count


# ---------------------------------------------------------------------------
# Buffers
# ---------------------------------------------------------------------------

cdef int open_uint32_to_fill(object out, Py_buffer *buffer) except -1:
    """Export a writable row of unsigned 32-bit integers, to be released."""
    PyObject_GetBuffer(out, buffer, PyBUF_FULL_RO)
    try:
        if buffer.readonly:
            raise BufferError("out is read-only")
        check_row(buffer, "out", b"IL", 4)
    except:
        PyBuffer_Release(buffer)
        raise
    return 0


cdef int open_row(
    object value, Py_buffer *buffer, str name, const char *formats, Py_ssize_t itemsize,
) except -1:
    """Export a row of items in one of the formats, to be released."""
    PyObject_GetBuffer(value, buffer, PyBUF_FULL_RO)
    try:
        check_row(buffer, name, formats, itemsize)
    except:
        PyBuffer_Release(buffer)
        raise
    return 0


cdef int check_row(
    Py_buffer *buffer, str name, const char *formats, Py_ssize_t itemsize,
) except -1:
    """Refuse all but a contiguous row of items in native byte order."""
    cdef const char *layout = buffer.format
    cdef const char *item

    if layout is NULL:
        layout = b"B"
    item = layout
    if not PyBuffer_IsContiguous(buffer, b"C"):
        raise BufferError(f"{name} is not C-contiguous")
    if buffer.ndim != 1:
        raise ValueError(f"{name} has {buffer.ndim} dimensions, expected 1")
    if item[0] == c"@" or item[0] == c"=" or item[0] == LEV_NATIVE_BYTE_ORDER:
        item += 1
    # Also the zero that ends a string is found in every other.
    if (
        item[0] == 0 or strchr(formats, item[0]) is NULL or item[1] != 0
        or buffer.itemsize != itemsize
    ):
        raise ValueError(
            f"{name} has items of format {layout.decode(errors='replace')!r} and "
            f"{buffer.itemsize} bytes, expected {itemsize} bytes of format "
            f"{(<bytes>formats[:1]).decode()!r} in native byte order"
        )
    return 0
