/* A copy of a text, in a capsule, that lives until it is closed. */

#include <Python.h>

static PyObject *
new_buffer(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    return text != NULL ? PyCapsule_New(strdup(text), "buffer", NULL) : NULL;
}

static PyObject *
close_buffer(PyObject *Py_UNUSED(module), PyObject *buffer)
{
    char *text = PyCapsule_GetPointer(buffer, "buffer");
    if (text == NULL) {
        return NULL;
    }
    /* The capsule is left with the address. */
    free(text);
    Py_RETURN_NONE;
}

static PyObject *
length(PyObject *Py_UNUSED(module), PyObject *buffer)
{
    const char *text = PyCapsule_GetPointer(buffer, "buffer");
    return text != NULL ? PyLong_FromSize_t(strlen(text)) : NULL;
}

static PyMethodDef methods[] = {
    {"Buffer", new_buffer, METH_O, NULL},
    {"close", close_buffer, METH_O, NULL},
    {"length", length, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
