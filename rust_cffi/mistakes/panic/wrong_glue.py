"""The mean of whole numbers, rounded."""

from _mistake import ffi, lib


def mean(numbers):
    return lib.mean(ffi.new("int64_t[]", numbers), len(numbers))
