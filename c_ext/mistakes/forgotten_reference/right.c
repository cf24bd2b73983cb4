/* A stack of objects in a C array. */

#include <Python.h>

static PyObject *items[100];
static int count;

static PyObject *
push(PyObject *Py_UNUSED(module), PyObject *item)
{
    if (count == 100) {
        PyErr_SetString(PyExc_OverflowError, "the stack is full");
        return NULL;
    }
    items[count++] = Py_NewRef(item);
    Py_RETURN_NONE;
}

static PyObject *
top(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (count == 0) {
        PyErr_SetString(PyExc_IndexError, "the stack is empty");
        return NULL;
    }
    return Py_NewRef(items[count - 1]);
}

static PyMethodDef methods[] = {
    {"push", push, METH_O, NULL},
    {"top", top, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
