/* Counts how often each byte occurs. */

#include <Python.h>

static unsigned long long counts[256];

static PyObject *
add(PyObject *Py_UNUSED(module), PyObject *bytes)
{
    char *data;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(bytes, &data, &length) < 0) {
        return NULL;
    }
    /* The GIL is what keeps two threads from doing this at the same time. */
    for (Py_ssize_t i = 0; i < length; i++) {
        counts[(unsigned char)data[i]]++;
    }
    Py_RETURN_NONE;
}

static PyObject *
count(PyObject *Py_UNUSED(module), PyObject *args)
{
    unsigned char byte;
    if (!PyArg_ParseTuple(args, "b", &byte)) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(counts[byte]);
}

static PyMethodDef methods[] = {
    {"add", add, METH_O, NULL},
    {"count", count, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
