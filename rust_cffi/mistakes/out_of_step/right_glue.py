"""A checksum of a text."""

from _mistake import ffi, lib


def checksum(text):
    data = text.encode()
    total = ffi.new("uint64_t *")
    lib.checksum(data, len(data), total)
    return total[0]
