"""A checksum of a text."""

from _mistake import ffi, lib


def checksum(text):
    data = text.encode()
    # As in the header, which was not generated again when the checksum got 64 bits. cffi
    # and the C compiler compare with the header; with the library nobody does.
    total = ffi.new("uint32_t *")
    lib.checksum(data, len(data), total)
    return total[0]
