/* A first extension module, as one writes it after the tutorial.  It is
 * correct and leaks nothing, but the loop still works on Python's objects.
 * The comments marked "Expert:" say what c_ext does instead. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Writes a number into a list.  Returns 0, or -1 with an exception set. */
static int
set_number(PyObject *list, Py_ssize_t index, long number)
{
    PyObject *object = PyLong_FromLong(number);
    if (object == NULL) {
        return -1;
    }
    /* This takes over the reference, also when it fails. */
    return PyList_SetItem(list, index, object);
}

/* Returns the list [0, 1, ..., length - 1]. */
static PyObject *
new_range(Py_ssize_t length)
{
    /* Expert: PyList_New(length), then PyList_SET_ITEM, which needs no room
     * to grow and no reference given back. */
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < length; i++) {
        PyObject *number = PyLong_FromSsize_t(i);
        if (number == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        int status = PyList_Append(list, number);
        Py_DECREF(number);
        if (status < 0) {
            Py_DECREF(list);
            return NULL;
        }
    }
    return list;
}

/* Fills row i of the table from the row before it: the inner loop of the
 * version in Python. */
static int
fill_row(PyObject *previous, PyObject *current, long i, Py_UCS4 x, PyObject *b)
{
    long diagonal = i - 1;
    long left = i;
    if (set_number(current, 0, i) < 0) {
        return -1;
    }
    for (Py_ssize_t j = 1; j <= PyUnicode_GET_LENGTH(b); j++) {
        /* Expert: rows of uint32_t, so that nothing is allocated, converted
         * or checked for each cell. */
        long above = PyLong_AsLong(PyList_GetItem(previous, j));
        if (above == -1 && PyErr_Occurred()) {
            return -1;
        }
        /* Expert: a typed pointer to the string's storage; this macro asks
         * for the width of the storage each time. */
        long cell = diagonal + (x != PyUnicode_READ_CHAR(b, j - 1));
        if (above < left) {
            left = above;
        }
        if (left < cell) {
            cell = left + 1;
        }
        if (set_number(current, j, cell) < 0) {
            return -1;
        }
        left = cell;
        diagonal = above;
    }
    return 0;
}

/* Expert: METH_FASTCALL for all of these.  METH_VARARGS makes a tuple for each
 * call, and PyArg_ParseTuple reads its format each time. */

static PyObject *
distance(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *a, *b;
    if (!PyArg_ParseTuple(args, "UU:distance", &a, &b)) {
        return NULL;
    }
    PyObject *previous = new_range(PyUnicode_GET_LENGTH(b) + 1);
    PyObject *current = new_range(PyUnicode_GET_LENGTH(b) + 1);
    PyObject *result = NULL;
    if (previous == NULL || current == NULL) {
        goto done;
    }
    for (Py_ssize_t i = 1; i <= PyUnicode_GET_LENGTH(a); i++) {
        Py_UCS4 x = PyUnicode_READ_CHAR(a, i - 1);
        if (fill_row(previous, current, (long)i, x, b) < 0) {
            goto done;
        }
        PyObject *filled = current;
        current = previous;
        previous = filled;
    }
    result = PyList_GetItem(previous, PyUnicode_GET_LENGTH(b));
    Py_XINCREF(result);

done:
    Py_XDECREF(previous);
    Py_XDECREF(current);
    return result;
}

static PyObject *
noop(PyObject *Py_UNUSED(module), PyObject *args)
{
    /* Expert: METH_NOARGS, and there is nothing to parse. */
    if (!PyArg_ParseTuple(args, ":noop")) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
pair_length(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *a, *b;
    if (!PyArg_ParseTuple(args, "UU:pair_length", &a, &b)) {
        return NULL;
    }
    return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(a)
                              + PyUnicode_GET_LENGTH(b));
}

static PyObject *
range_list(PyObject *Py_UNUSED(module), PyObject *args)
{
    long long n;
    if (!PyArg_ParseTuple(args, "L:range_list", &n)) {
        return NULL;
    }
    if (n < 0 || n > 1 << 24) {
        PyErr_SetString(PyExc_ValueError, "n must be between 0 and 2**24");
        return NULL;
    }
    return new_range((Py_ssize_t)n);
}

static PyObject *
total_length(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *words;
    if (!PyArg_ParseTuple(args, "O:total_length", &words)) {
        return NULL;
    }
    PyObject *iterator = PyObject_GetIter(words);
    if (iterator == NULL) {
        return NULL;
    }
    /* Expert: read a list or a tuple without an iterator, and look for
     * signals now and then, so that Ctrl-C ends a long call. */
    Py_ssize_t total = 0;
    PyObject *word;
    while ((word = PyIter_Next(iterator)) != NULL) {
        Py_ssize_t length = -1;
        if (PyUnicode_Check(word)) {
            length = PyUnicode_GetLength(word);
        }
        else {
            PyErr_Format(PyExc_TypeError, "each word must be str, not %.200s",
                         Py_TYPE(word)->tp_name);
        }
        Py_DECREF(word);
        if (length < 0) {
            break;
        }
        total += length;
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred()) {
        return NULL;
    }
    return PyLong_FromSsize_t(total);
}

#ifdef __clang__
#    define COMPILER __VERSION__
#else
#    define COMPILER "GCC " __VERSION__
#endif

static PyObject *
build_info(PyObject *Py_UNUSED(module), PyObject *args)
{
    if (!PyArg_ParseTuple(args, ":build_info")) {
        return NULL;
    }
    return Py_BuildValue("{s:s,s:s,s:s}", "compiler", COMPILER, "flags",
                         LEV_C_FLAGS, "binding",
                         "C API of CPython " PY_VERSION);
}

static PyMethodDef native_methods[] = {
    {"noop", noop, METH_VARARGS, "noop()\n--\n\nDo nothing."},
    {"pair_length", pair_length, METH_VARARGS,
     "pair_length(a, b, /)\n--\n\nReturn len(a) + len(b)."},
    {"distance", distance, METH_VARARGS,
     "distance(a, b, /)\n--\n\nReturn the Levenshtein distance."},
    {"range_list", range_list, METH_VARARGS,
     "range_list(n, /)\n--\n\nReturn the numbers 0, 1, ..., n - 1."},
    {"total_length", total_length, METH_VARARGS,
     "total_length(words, /)\n--\n\nReturn the sum of the lengths."},
    {"build_info", build_info, METH_VARARGS,
     "build_info()\n--\n\nReturn how this extension was built."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lev_c_naive._native",
    .m_size = -1,
    .m_methods = native_methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    /* Expert: multi-phase initialisation, which subinterpreters need. */
    return PyModule_Create(&native_module);
}
