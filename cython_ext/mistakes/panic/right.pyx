"""The mean of whole numbers, rounded."""


def mean(list numbers):
    cdef Py_ssize_t number, total = 0
    if not numbers:
        raise ValueError("the mean of nothing")
    for number in numbers:
        total += number
    return total // len(numbers)
