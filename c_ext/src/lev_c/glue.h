/* What module.c and dictionary.c share: the way from Python's objects to the
 * kernel's texts. */
#ifndef LEV_C_GLUE_H
#define LEV_C_GLUE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "levenshtein.h"

/* How much a search does between two looks for signals: 10 to 20 ms. */
#define CHUNK_CELLS ((uint64_t)1 << 28)

/* Makes *text the text of a str, read in place: the object must outlive it.
 * `what` names the object in the message.  Returns 0, or -1 with TypeError or
 * MemoryError set. */
int glue_text(PyObject *object, const char *what, lev_text *text);

/* Returns the texts of a tuple of str, to be freed with PyMem_Free, or NULL
 * with an exception set. */
lev_text *glue_texts(PyObject *tuple);

/* Returns 0 if the function `name` got as many arguments as it takes, or -1
 * with TypeError set. */
int glue_check_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected);

/* The class Dictionary. */
extern PyType_Spec dictionary_spec;

#endif
