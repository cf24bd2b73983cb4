"""Repeats a block of bytes."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.string cimport memcpy


def repeat(bytes block, unsigned int count):
    cdef Py_ssize_t length = len(block)
    # `overflowcheck` is off by default, and would not see what the assignment cuts off.
    cdef unsigned int size = length * count
    cdef bytes result = PyBytes_FromStringAndSize(NULL, size)
    cdef char *out = PyBytes_AS_STRING(result)
    cdef unsigned int i
    for i in range(count):
        memcpy(out + i * length, <const char *>block, length)
    return result
