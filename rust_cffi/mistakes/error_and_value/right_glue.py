"""Reads a number."""

from _mistake import ffi, lib


def number(text):
    data = text.encode()
    value = ffi.new("double *")
    if lib.number(data, len(data), value) < 0:
        raise ValueError(f"no number: {text!r}")
    return value[0]
