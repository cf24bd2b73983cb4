"""Reads a number."""

cdef extern from "Python.h":
    double PyOS_string_to_double(const char *, char **, PyObject *overflow) except? -1.0
    ctypedef struct PyObject


def number(str text):
    return PyOS_string_to_double(text.encode(), NULL, NULL)
