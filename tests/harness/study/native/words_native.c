/* Counts the words of a text: as small as an extension can be, and real enough to be stripped. */
#include <Python.h>

static Py_ssize_t
words_of(int kind, const void *data, Py_ssize_t length)
{
    Py_ssize_t words = 0;
    int inside = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        int letter = PyUnicode_READ(kind, data, i) != ' ';
        words += letter && !inside;
        inside = letter;
    }
    return words;
}

static PyObject *
count_repeated(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *text;
    Py_ssize_t n = 1;
    if (!PyArg_ParseTuple(args, "U|n", &text, &n)) {
        return NULL;
    }
    Py_ssize_t words = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        words = words_of(PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
    }
    return PyLong_FromSsize_t(words);
}

static PyObject *
noop(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"count", count_repeated, METH_VARARGS, NULL},
    {"count_repeated", count_repeated, METH_VARARGS, NULL},
    {"noop", noop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "words_native",
    .m_methods = functions,
};

PyMODINIT_FUNC
PyInit_words_native(void)
{
    return PyModule_Create(&definition);
}
