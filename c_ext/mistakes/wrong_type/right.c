/* Points, and how far they are apart. */

#include <Python.h>
#include <math.h>

typedef struct {
    PyObject_HEAD
    double x, y;
} Point;

static PyTypeObject PointType = {.ob_base = {PyObject_HEAD_INIT(NULL) 0},
                                 .tp_name = "mistake.Point",
                                 .tp_basicsize = sizeof(Point)};

static PyObject *
point(PyObject *Py_UNUSED(module), PyObject *args)
{
    Point *self = PyObject_New(Point, &PointType);
    if (self != NULL && !PyArg_ParseTuple(args, "dd", &self->x, &self->y)) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static PyObject *
distance(PyObject *Py_UNUSED(module), PyObject *args)
{
    Point *a, *b;
    if (!PyArg_ParseTuple(args, "O!O!", &PointType, &a, &PointType, &b)) {
        return NULL;
    }
    return PyFloat_FromDouble(hypot(a->x - b->x, a->y - b->y));
}

static PyMethodDef methods[] = {
    {"point", point, METH_VARARGS, NULL},
    {"distance", distance, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "mistake",
                                 .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_mistake(void)
{
    return PyType_Ready(&PointType) < 0 ? NULL : PyModule_Create(&definition);
}
