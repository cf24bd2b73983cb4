/* The mean of whole numbers, rounded. */

#include <Python.h>

static PyObject *
mean(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *numbers;
    if (!PyArg_ParseTuple(args, "O!:mean", &PyList_Type, &numbers)) {
        return NULL;
    }
    Py_ssize_t sum = 0, count = PyList_GET_SIZE(numbers);
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t number = PyLong_AsSsize_t(PyList_GET_ITEM(numbers, i));
        if (number == -1 && PyErr_Occurred()) {
            return NULL;
        }
        sum += number;
    }
    /* Nothing is promised of a division by zero: the process may end, or the
     * compiler, which counts on there being none, leaves it out. */
    return PyLong_FromSsize_t(sum / count);
}

static PyMethodDef methods[] = {
    {"mean", mean, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyModule_Create(&definition);
}
