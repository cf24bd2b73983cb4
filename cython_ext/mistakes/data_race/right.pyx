"""Counts how often each byte occurs."""

cdef unsigned long long counts[256]


def add(bytes data):
    cdef const unsigned char *bytes_of_data = data
    cdef Py_ssize_t i, length = len(data)
    # The GIL is what keeps two threads from doing this at the same time.
    for i in range(length):
        counts[bytes_of_data[i]] += 1


def count(unsigned char byte):
    return counts[byte]
