/* Reads a number. */

#include <Python.h>

static PyObject *
number(PyObject *Py_UNUSED(module), PyObject *text)
{
    const char *start = PyUnicode_AsUTF8(text);
    if (start == NULL) {
        return NULL;
    }
    double value = PyOS_string_to_double(start, NULL, NULL);
    /* After a failure this is -1.0, and there is an exception. */
    return PyFloat_FromDouble(value);
}

static PyMethodDef methods[] = {
    {"number", number, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
