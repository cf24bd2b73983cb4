"""A copy of a text that can be closed before its time."""

from libc.stdlib cimport free
from libc.string cimport strdup, strlen


cdef class Buffer:
    cdef char *text
    cdef bint closed

    def __cinit__(self, str text):
        self.text = strdup(text.encode())
        if self.text is NULL:
            raise MemoryError

    def __dealloc__(self):
        if not self.closed:
            free(self.text)


def close(Buffer buffer not None):
    if not buffer.closed:
        free(buffer.text)
        buffer.closed = True


def length(Buffer buffer not None):
    if buffer.closed:
        raise ValueError("the buffer is closed")
    return strlen(buffer.text)
