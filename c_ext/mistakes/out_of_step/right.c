/* A checksum of a text: FNV-1a. */

#include <Python.h>

/* This had 32 bits once. */
static unsigned long long
fnv(const char *text, Py_ssize_t length)
{
    unsigned long long sum = 0xcbf29ce484222325;
    for (Py_ssize_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)text[i]) * 0x100000001b3;
    }
    return sum;
}

static PyObject *
checksum(PyObject *Py_UNUSED(module), PyObject *text)
{
    Py_ssize_t length;
    const char *start = PyUnicode_AsUTF8AndSize(text, &length);
    if (start == NULL) {
        return NULL;
    }
    return Py_BuildValue("K", fnv(start, length));
}

static PyMethodDef methods[] = {
    {"checksum", checksum, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
