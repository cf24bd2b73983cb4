"""Counts how often each value from 0 to 9 occurs."""

cdef unsigned int counts[10]


def count(Py_ssize_t value):
    # By default Cython checks the index of a list or a memoryview, never of a C array.
    counts[value] += 1
    return counts[value]
