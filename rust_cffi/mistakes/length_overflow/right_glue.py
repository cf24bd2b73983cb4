"""Repeats a block of bytes."""

from _mistake import ffi, lib


def repeat(block, count):
    out = ffi.new("uint8_t[]", lib.repeated_size(len(block), count))
    lib.repeat_into(block, len(block), count, out)
    return bytes(ffi.buffer(out))
