"""Reads a number."""

from _mistake import ffi, lib


def number(text):
    data = text.encode()
    value = ffi.new("double *")
    # The status is a number like any other, and nobody has to look at it.
    lib.number(data, len(data), value)
    return value[0]
