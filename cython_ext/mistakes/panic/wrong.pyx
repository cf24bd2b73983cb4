"""The mean of whole numbers, rounded."""


def mean(list numbers):
    cdef Py_ssize_t number, total = 0
    for number in numbers:
        total += number
    # By default (`cdivision=False`) a divisor of zero is an exception as in Python.
    return total // len(numbers)
