"""Repeats a block of bytes."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.string cimport memcpy


def repeat(bytes block, unsigned int count):
    cdef Py_ssize_t length = len(block)
    # Numbers of Python do not overflow. What does not fit into the variable is an error.
    cdef Py_ssize_t size = <object>length * count
    cdef bytes result = PyBytes_FromStringAndSize(NULL, size)
    cdef char *out = PyBytes_AS_STRING(result)
    cdef unsigned int i
    for i in range(count):
        memcpy(out + i * length, <const char *>block, length)
    return result
