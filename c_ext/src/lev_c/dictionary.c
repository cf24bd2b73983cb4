/* The class Dictionary. */

#include "glue.h"

/* Complete when tp_new returns it, and never changed afterwards.  So any
 * number of threads can search it without a lock, and there is no tp_init: the
 * one inherited from object ignores its arguments. */
typedef struct {
    PyObject_HEAD
    lev_dictionary *words;
} DictionaryObject;

/* --- Creation and destruction -------------------------------------------- */

static PyObject *
dictionary_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    DictionaryObject *self = NULL;
    lev_text *texts = NULL;
    lev_dictionary *dictionary = NULL;

    PyObject *iterable;
    if (kwargs != NULL && PyDict_Size(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "Dictionary() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O:Dictionary", &iterable)) {
        return NULL;
    }
    PyObject *words = PySequence_Tuple(iterable);
    if (words == NULL) {
        return NULL;
    }
    size_t count = (size_t)PyTuple_GET_SIZE(words);
    if (count > LEV_MAX_LENGTH) {
        PyErr_NoMemory();
        goto done;
    }
    texts = glue_texts(words);
    if (texts == NULL) {
        goto done;
    }
    dictionary = lev_dictionary_new(texts, count);
    if (dictionary == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    /* Last, so that nobody can see an object without its words. */
    self = (DictionaryObject *)type->tp_alloc(type, 0);
    if (self == NULL) {
        goto done;
    }
    self->words = dictionary;
    dictionary = NULL;

done:
    lev_dictionary_free(dictionary);
    PyMem_Free(texts);
    Py_DECREF(words);
    return (PyObject *)self;
}

/* An instance owns its type, so it takes part in garbage collection, although
 * it owns nothing else that could lead back to it.  There is no tp_clear: the
 * type cannot be given up before the end, and breaks its own cycles. */
static int
dictionary_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void
dictionary_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    lev_dictionary_free(((DictionaryObject *)self)->words);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t
dictionary_length(PyObject *self)
{
    return (Py_ssize_t)((DictionaryObject *)self)->words->count;
}

/* --- Search -------------------------------------------------------------- */

/* Returns a search for the `limit` nearest words or, if limit is 0, for all
 * distances; NULL without an exception if memory runs out. */
static lev_search *
search_new(lev_text query, const lev_dictionary *dictionary, size_t limit)
{
    if (limit == 0) {
        return lev_search_all(query, dictionary->words, dictionary->count);
    }
    return lev_search_nearest(query, dictionary->words, dictionary->count,
                              limit);
}

/* Runs such a search to its end without the GIL, preparing the query
 * included.  Returns it, or NULL with MemoryError or the exception of a signal
 * handler set. */
static lev_search *
search_without_gil(lev_text query, const lev_dictionary *dictionary,
                   size_t limit)
{
    lev_search *search;
    bool has_more;
    Py_BEGIN_ALLOW_THREADS
    search = search_new(query, dictionary, limit);
    has_more = search != NULL && lev_search_advance(search, CHUNK_CELLS);
    Py_END_ALLOW_THREADS
    if (search == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    while (has_more) {
        if (PyErr_CheckSignals() < 0) {
            lev_search_free(search);
            return NULL;
        }
        Py_BEGIN_ALLOW_THREADS
        has_more = lev_search_advance(search, CHUNK_CELLS);
        Py_END_ALLOW_THREADS
    }
    return search;
}

/* Returns the tuple (distance, index) of a key. */
static PyObject *
tuple_from_key(uint64_t key)
{
    PyObject *tuple = NULL;
    PyObject *distance = PyLong_FromUnsignedLong((uint32_t)(key >> 32));
    PyObject *index = PyLong_FromUnsignedLong((uint32_t)key);
    if (distance != NULL && index != NULL) {
        tuple = PyTuple_Pack(2, distance, index);
    }
    Py_XDECREF(distance);
    Py_XDECREF(index);
    return tuple;
}

static PyObject *
list_from_keys(const uint64_t *keys, size_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count);
    if (list == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *tuple = tuple_from_key(keys[i]);
        if (tuple == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, tuple);
    }
    return list;
}

PyDoc_STRVAR(
    nearest_doc,
    "nearest($self, query, limit, /)\n"
    "--\n"
    "\n"
    "Return the limit nearest words as a list of (distance, index).\n"
    "\n"
    "The list ascends; of words at the same distance the first comes first.\n"
    "There are fewer pairs if there are fewer words.\n"
    "\n"
    "Raise ValueError if limit is negative.");

static PyObject *
dictionary_nearest(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    lev_text query;
    if (glue_check_nargs("nearest", nargs, 2) < 0
        || glue_text(args[0], "argument 'query'", &query) < 0) {
        return NULL;
    }
    /* Without an exception to raise, a huge number is clipped. */
    Py_ssize_t limit = PyNumber_AsSsize_t(args[1], NULL);
    if (limit == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (limit < 0) {
        PyErr_SetString(PyExc_ValueError, "limit must not be negative");
        return NULL;
    }
    if (limit == 0) {
        return PyList_New(0);
    }

    lev_search *search = search_without_gil(
        query, ((DictionaryObject *)self)->words, (size_t)limit);
    if (search == NULL) {
        return NULL;
    }
    size_t count;
    const uint64_t *keys = lev_search_keys(search, &count);
    PyObject *result = list_from_keys(keys, count);
    lev_search_free(search);
    return result;
}

/* --- Buffers ------------------------------------------------------------- */

/* Returns whether a format of the struct module stands for uint32_t. */
static int
is_uint32(const char *format, Py_ssize_t itemsize)
{
    if (format == NULL || itemsize != sizeof(uint32_t)) {
        return 0;
    }
    if (format[0] == '@' || format[0] == '='
        || format[0] == (PY_BIG_ENDIAN ? '>' : '<')) {
        format++;
    }
    return (format[0] == 'I' || format[0] == 'L') && format[1] == '\0';
}

/* Checks that a buffer has room for the distances of `count` words.  Returns
 * 0, or -1 with BufferError or ValueError set. */
static int
check_buffer(const Py_buffer *view, size_t count)
{
    if (view->readonly) {
        PyErr_SetString(PyExc_BufferError, "out must be writable");
        return -1;
    }
    if (!PyBuffer_IsContiguous(view, 'C')) {
        PyErr_SetString(PyExc_BufferError, "out must be C-contiguous");
        return -1;
    }
    if (view->ndim != 1) {
        PyErr_Format(PyExc_ValueError, "out must have one dimension, not %d",
                     view->ndim);
        return -1;
    }
    if (!is_uint32(view->format, view->itemsize)) {
        PyErr_Format(
            PyExc_ValueError,
            "out must hold native uint32, not items of format '%.100s'",
            view->format != NULL ? view->format : "B");
        return -1;
    }
    if ((size_t)view->shape[0] != count) {
        PyErr_Format(PyExc_ValueError,
                     "out must have room for %zu distances, not %zd", count,
                     view->shape[0]);
        return -1;
    }
    return 0;
}

PyDoc_STRVAR(
    distances_into_doc,
    "distances_into($self, query, out, /)\n"
    "--\n"
    "\n"
    "Write the distance from query to each word into out.\n"
    "\n"
    "out is a writable, C-contiguous, one-dimensional buffer of len(self)\n"
    "unsigned 32-bit integers in native byte order, such as array('I').");

static PyObject *
dictionary_distances_into(PyObject *self, PyObject *const *args,
                          Py_ssize_t nargs)
{
    PyObject *result = NULL;
    const lev_dictionary *words = ((DictionaryObject *)self)->words;

    lev_text query;
    if (glue_check_nargs("distances_into", nargs, 2) < 0
        || glue_text(args[0], "argument 'query'", &query) < 0) {
        return NULL;
    }
    /* Ask for any buffer, so that what is wrong with it is for check_buffer
     * to say, not for the exporter. */
    Py_buffer view;
    if (PyObject_GetBuffer(args[1], &view, PyBUF_FULL_RO) < 0) {
        return NULL;
    }
    if (check_buffer(&view, words->count) < 0) {
        goto done;
    }
    lev_search *search = search_without_gil(query, words, 0);
    if (search == NULL) {
        goto done;
    }
    if (view.len > 0) {
        memcpy(view.buf, lev_search_distances(search), (size_t)view.len);
    }
    lev_search_free(search);
    result = Py_NewRef(Py_None);

done:
    PyBuffer_Release(&view);
    return result;
}

/* --- Type ---------------------------------------------------------------- */

static PyMethodDef dictionary_methods[] = {
    {"nearest", (PyCFunction)(void (*)(void))dictionary_nearest, METH_FASTCALL,
     nearest_doc},
    {"distances_into", (PyCFunction)(void (*)(void))dictionary_distances_into,
     METH_FASTCALL, distances_into_doc},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(
    dictionary_doc,
    "Dictionary(words, /)\n"
    "--\n"
    "\n"
    "Words to search, copied once from an iterable of str and never changed.\n"
    "\n"
    "The searches release the GIL; many threads can search one Dictionary.");

static PyType_Slot dictionary_slots[] = {
    {Py_tp_doc, (void *)dictionary_doc},
    {Py_tp_new, dictionary_new},
    {Py_tp_dealloc, dictionary_dealloc},
    {Py_tp_traverse, dictionary_traverse},
    {Py_tp_methods, dictionary_methods},
    {Py_sq_length, dictionary_length},
    {0, NULL},
};

PyType_Spec dictionary_spec = {
    .name = "lev_c.Dictionary",
    .basicsize = sizeof(DictionaryObject),
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = dictionary_slots,
};
