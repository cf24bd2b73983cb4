"""A copy of a text that can be closed before its time."""

from _mistake import ffi, lib


class Buffer:
    def __init__(self, text):
        self.pointer = ffi.gc(lib.buffer_new(text.encode()), lib.buffer_free)


def close(buffer):
    if buffer.pointer is not None:
        ffi.release(buffer.pointer)
        buffer.pointer = None


def length(buffer):
    if buffer.pointer is None:
        raise ValueError("the buffer is closed")
    return lib.buffer_length(buffer.pointer)
