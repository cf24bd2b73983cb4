"""Points, and how far they are apart."""

from libc.math cimport hypot


cdef class Point:
    cdef double x
    cdef double y


def point(double x, double y):
    cdef Point self = Point()
    self.x = x
    self.y = y
    return self


# Cython checks the types, but None counts as a Point unless one says otherwise, and by
# default (`nonecheck=False`) nobody looks before a field of it is read.
def distance(Point a, Point b):
    return hypot(a.x - b.x, a.y - b.y)
