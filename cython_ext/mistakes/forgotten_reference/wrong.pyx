"""A stack of objects in a C array."""

# An array of C cannot have `object` as its items, so they are bare pointers, and Cython
# counts no references to these.
from cpython.object cimport PyObject

cdef PyObject *items[100]
cdef int count = 0


def push(item):
    global count
    if count == 100:
        raise OverflowError("the stack is full")
    items[count] = <PyObject *>item
    count += 1


def top():
    if count == 0:
        raise IndexError("the stack is empty")
    return <object>items[count - 1]
