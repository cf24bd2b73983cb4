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


# Without `not None`, None would count as a Point.
def distance(Point a not None, Point b not None):
    return hypot(a.x - b.x, a.y - b.y)
