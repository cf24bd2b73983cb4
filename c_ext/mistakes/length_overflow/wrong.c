/* Repeats a block of bytes. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *
repeat(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *block;
    Py_ssize_t length;
    unsigned int count;
    if (!PyArg_ParseTuple(args, "y#I:repeat", &block, &length, &count)) {
        return NULL;
    }
    unsigned int size = length * count;
    PyObject *result = PyBytes_FromStringAndSize(NULL, size);
    if (result == NULL) {
        return NULL;
    }
    char *out = PyBytes_AS_STRING(result);
    for (unsigned int i = 0; i < count; i++) {
        memcpy(out, block, (size_t)length);
        out += length;
    }
    return result;
}

static PyMethodDef methods[] = {
    {"repeat", repeat, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
