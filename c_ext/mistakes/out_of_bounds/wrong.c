/* Counts how often each value from 0 to 9 occurs. */

#include <Python.h>

static unsigned int counts[10];

static PyObject *
count(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t value = PyLong_AsSsize_t(arg);
    if (value == -1 && PyErr_Occurred()) {
        return NULL;
    }
    /* An int is checked to be one, not to be in range. */
    counts[value]++;
    return PyLong_FromUnsignedLong(counts[value]);
}

static PyMethodDef methods[] = {
    {"count", count, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
