"""The numbers that a function of Python's wants."""

from _mistake import ffi, lib


def wanted(wants, end):
    numbers = []

    @ffi.callback("void(void *, uint64_t)")
    def call(_context, number):
        if wants(number):
            numbers.append(number)

    lib.each(call, ffi.NULL, end)
    return numbers
