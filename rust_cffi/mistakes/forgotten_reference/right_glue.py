"""A stack of objects, of which Rust has the handles."""

from _mistake import ffi, lib

_handles = []


def push(item):
    # Rust gets an address. The handle has to live as long as it is used.
    _handles.append(ffi.new_handle(item))
    lib.stack_push(_handles[-1])


def top():
    handle = lib.stack_top()
    if handle == ffi.NULL:
        raise IndexError("the stack is empty")
    return ffi.from_handle(handle)
