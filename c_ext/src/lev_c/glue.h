/* What the parts of the glue share: the way from Python's objects to the
 * kernel's, and back. */
#ifndef LEV_C_GLUE_H
#define LEV_C_GLUE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "levenshtein.h"

/* A function as a slot has it.  ISO C knows no way from a function to a void *
 * but through an integer. */
#define SLOT(function) ((void *)(uintptr_t)(function))

/* The package that the module is built for: variants share these sources. */
#ifndef LEV_C_PACKAGE
#    define LEV_C_PACKAGE "lev_c"
#endif

/* --- Arguments ----------------------------------------------------------- */

/* Set TypeError because the function `name` got a wrong number of arguments,
 * or because an object is no str. */
void glue_refuse_nargs(const char *name, Py_ssize_t nargs,
                       Py_ssize_t expected);
void glue_refuse_text(PyObject *object, const char *what);

/* Returns 0 if the function `name` got as many arguments as it takes, or -1
 * with TypeError set.
 *
 * This and the next two stand here because the shortest functions do little
 * else. */
static inline int
glue_check_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected)
{
    if (nargs != expected) {
        glue_refuse_nargs(name, nargs, expected);
        return -1;
    }
    return 0;
}

/* Makes *text the text of a str, read in place: the object must outlive it.
 * `what` names the object in the message.  Returns 0, or -1 with TypeError or
 * MemoryError set. */
static inline int
glue_text(PyObject *object, const char *what, kernel_text *text)
{
    if (!PyUnicode_Check(object)) {
        glue_refuse_text(object, what);
        return -1;
    }
#if PY_VERSION_HEX < 0x030C0000
    /* Before 3.12 an old C API could create strings without this storage. */
    if (PyUnicode_READY(object) < 0) {
        return -1;
    }
#endif
    Py_ssize_t length = PyUnicode_GET_LENGTH(object);
    if ((size_t)length > KERNEL_MAX_LENGTH) {
        PyErr_NoMemory();
        return -1;
    }
    /* The kind of a str is its number of bytes per code point. */
    text->data = PyUnicode_DATA(object);
    text->length = (uint32_t)length;
    text->width = (uint32_t)PyUnicode_KIND(object);
    return 0;
}

/* Reads an object with __index__.  Returns 0, or -1 with TypeError,
 * OverflowError or what __index__ raises set. */
static inline int
glue_int64(PyObject *object, int64_t *number)
{
    long long value = PyLong_AsLongLong(object);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    *number = value;
    return 0;
}

/* Returns the texts of a tuple of str, to be freed with PyMem_Free, or NULL
 * with an exception set. */
kernel_text *glue_texts(PyObject *tuple);

/* --- Buffers ------------------------------------------------------------- */

/* What the items of a buffer may be. */
typedef struct {
    const char *formats; /* the letters of the struct module */
    Py_ssize_t size;
    const char *name;
} glue_items;

extern const glue_items glue_uint32;
extern const glue_items glue_int32;
extern const glue_items glue_byte;

/* Gets a C-contiguous, one-dimensional buffer of such items.  Their byte order
 * is native, but they need not be aligned.  Returns 0, with *view to be
 * released, or -1 with TypeError, BufferError or ValueError set. */
int glue_get_buffer(PyObject *object, const char *what,
                    const glue_items *items, bool writable, Py_buffer *view);

/* --- Results ------------------------------------------------------------- */

/* Returns a tuple of two numbers, or NULL with MemoryError set. */
PyObject *glue_pair(uint32_t first, uint32_t second);

/* --- The parts of the module --------------------------------------------- */

/* The names of the arguments of sum_named. */
enum { GLUE_NAMED_COUNT = 5 };

/* What one copy of the module owns: nothing here is a static variable, so each
 * subinterpreter, and each re-import, has its own. */
typedef struct {
    PyTypeObject *dictionary_type;
    PyObject *names[GLUE_NAMED_COUNT]; /* interned */
} glue_state;

/* The class Dictionary. */
extern PyType_Spec dictionary_spec;

/* The functions without a kernel behind them, and their part of the state.
 * crossings_init returns 0, or -1 with an exception set. */
extern PyMethodDef crossings_methods[];
int crossings_init(glue_state *state);

#endif
