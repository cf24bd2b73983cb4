"""Counts how often each value from 0 to 9 occurs."""

cdef unsigned int counts[10]


def count(Py_ssize_t value):
    if not 0 <= value < 10:
        raise IndexError(value)
    counts[value] += 1
    return counts[value]
