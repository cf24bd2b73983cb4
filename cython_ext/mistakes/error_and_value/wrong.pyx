"""Reads a number."""

cdef extern from "Python.h":
    # A function of C counts as one that raises nothing, unless its declaration says how
    # one can tell.
    double PyOS_string_to_double(const char *, char **, PyObject *overflow)
    ctypedef struct PyObject


def number(str text):
    return PyOS_string_to_double(text.encode(), NULL, NULL)
