/* What the parts of the glue share. */

#include "glue.h"

/* --- Arguments ----------------------------------------------------------- */

void
glue_refuse_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected)
{
    PyErr_Format(PyExc_TypeError,
                 "%s() takes exactly %zd arguments (%zd given)", name,
                 expected, nargs);
}

void
glue_refuse_text(PyObject *object, const char *what)
{
    PyErr_Format(PyExc_TypeError, "%s must be str, not %.200s", what,
                 Py_TYPE(object)->tp_name);
}

kernel_text *
glue_texts(PyObject *tuple)
{
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    kernel_text *texts = PyMem_New(kernel_text, count);
    if (texts == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (glue_text(PyTuple_GET_ITEM(tuple, i), "each word", &texts[i])
            < 0) {
            PyMem_Free(texts);
            return NULL;
        }
    }
    return texts;
}

/* --- Buffers ------------------------------------------------------------- */

const glue_items glue_uint32 = {"IL", 4, "native uint32"};
const glue_items glue_int32 = {"il", 4, "native int32"};
const glue_items glue_byte = {"Bbc", 1, "single bytes"};

/* Returns whether a format of the struct module stands for such items. */
static int
has_items(const char *format, Py_ssize_t itemsize, const glue_items *items)
{
    if (format[0] == '@' || format[0] == '='
        || format[0] == (PY_BIG_ENDIAN ? '>' : '<')) {
        format++;
    }
    return itemsize == items->size && format[0] != '\0' && format[1] == '\0'
           && strchr(items->formats, format[0]) != NULL;
}

/* Returns 0, or -1 with BufferError or ValueError set. */
static int
check_buffer(const Py_buffer *view, const char *what, const glue_items *items,
             bool writable)
{
    if (writable && view->readonly) {
        PyErr_Format(PyExc_BufferError, "%s must be writable", what);
        return -1;
    }
    if (!PyBuffer_IsContiguous(view, 'C')) {
        PyErr_Format(PyExc_BufferError, "%s must be C-contiguous", what);
        return -1;
    }
    if (view->ndim != 1) {
        PyErr_Format(PyExc_ValueError, "%s must have one dimension, not %d",
                     what, view->ndim);
        return -1;
    }
    /* A buffer without a format is one of bytes. */
    const char *format = view->format != NULL ? view->format : "B";
    if (!has_items(format, view->itemsize, items)) {
        PyErr_Format(PyExc_ValueError,
                     "%s must hold %s, not items of format '%.100s'", what,
                     items->name, format);
        return -1;
    }
    return 0;
}

int
glue_get_buffer(PyObject *object, const char *what, const glue_items *items,
                bool writable, Py_buffer *view)
{
    /* Ask for any buffer, so that what is wrong with it is for check_buffer
     * to say, not for the exporter. */
    if (PyObject_GetBuffer(object, view, PyBUF_FULL_RO) < 0) {
        return -1;
    }
    if (check_buffer(view, what, items, writable) < 0) {
        PyBuffer_Release(view);
        return -1;
    }
    return 0;
}

/* --- Results ------------------------------------------------------------- */

PyObject *
glue_pair(uint32_t first, uint32_t second)
{
    PyObject *tuple = PyTuple_New(2);
    if (tuple == NULL) {
        return NULL;
    }
    PyObject *item = PyLong_FromUnsignedLong(first);
    if (item == NULL) {
        goto error;
    }
    PyTuple_SET_ITEM(tuple, 0, item);
    item = PyLong_FromUnsignedLong(second);
    if (item == NULL) {
        goto error;
    }
    PyTuple_SET_ITEM(tuple, 1, item);
    return tuple;

error:
    Py_DECREF(tuple);
    return NULL;
}
