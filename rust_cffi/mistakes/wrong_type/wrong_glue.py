"""Points, and how far they are apart."""

from _mistake import ffi, lib


def point(x, y):
    return ffi.gc(lib.point_new(x, y), lib.point_free)


def distance(a, b):
    # cffi compares the types of pointers, but a `void *` may be any of them, or bytes.
    return lib.point_distance(a, b)
