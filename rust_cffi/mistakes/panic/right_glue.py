"""The mean of whole numbers, rounded."""

from _mistake import ffi, lib


def mean(numbers):
    result = ffi.new("int64_t *")
    if lib.mean(ffi.new("int64_t[]", numbers), len(numbers), result) < 0:
        raise ValueError("the mean of nothing")
    return result[0]
