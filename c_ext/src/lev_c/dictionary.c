/* The class Dictionary. */

#include "glue.h"

/* For PyMemberDef, which came to Python.h in 3.12. */
#include <structmember.h>

/* Complete when tp_new returns it, and never changed afterwards.  So any
 * number of threads can search it without a lock, and there is no tp_init: the
 * one inherited from object ignores its arguments. */
typedef struct {
    PyObject_HEAD
    kernel_dictionary *words;
    PyObject *tag;
} DictionaryObject;

static const kernel_dictionary *
words_of(PyObject *self)
{
    return ((DictionaryObject *)self)->words;
}

/* --- Creation and destruction -------------------------------------------- */

/* Returns a tuple of the strings of any iterable, or NULL with an exception
 * set. */
static PyObject *
collect_words(PyObject *iterable)
{
    if (PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable)) {
        return PySequence_Tuple(iterable);
    }
    /* Of any other iterable PySequence_Tuple would ask the length, which may
     * be wrong or raise an exception.  Here only the iterator counts, and the
     * first object that is no string ends it. */
    PyObject *words = NULL;
    PyObject *list = NULL;
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) {
        return NULL;
    }
    list = PyList_New(0);
    if (list == NULL) {
        goto done;
    }
    PyObject *word;
    while ((word = PyIter_Next(iterator)) != NULL) {
        kernel_text text;
        int status = glue_text(word, "each word", &text);
        if (status == 0) {
            status = PyList_Append(list, word);
        }
        Py_DECREF(word);
        if (status < 0) {
            goto done;
        }
    }
    if (!PyErr_Occurred()) {
        words = PyList_AsTuple(list);
    }

done:
    Py_XDECREF(list);
    Py_DECREF(iterator);
    return words;
}

static PyObject *
dictionary_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    DictionaryObject *self = NULL;
    kernel_text *texts = NULL;
    kernel_dictionary *dictionary = NULL;

    PyObject *iterable;
    PyObject *tag = Py_None;
    if (kwargs != NULL && PyDict_Size(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "Dictionary() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O|O:Dictionary", &iterable, &tag)) {
        return NULL;
    }
    PyObject *words = collect_words(iterable);
    if (words == NULL) {
        return NULL;
    }
    texts = glue_texts(words);
    if (texts == NULL) {
        goto done;
    }
    size_t count = (size_t)PyTuple_GET_SIZE(words);
    if (count <= KERNEL_MAX_LENGTH) {
        dictionary = kernel_dictionary_new(texts, count);
    }
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
    self->tag = Py_NewRef(tag);
    dictionary = NULL;

done:
    kernel_dictionary_free(dictionary);
    PyMem_Free(texts);
    Py_DECREF(words);
    return (PyObject *)self;
}

/* The tag, or the type, may lead back to the dictionary.  There is no tp_clear
 * to break such a cycle, for the reason that tuple has none: the tag was there
 * before the dictionary and is never replaced, so whatever closes the cycle
 * was changed later, and can be cleared itself. */
static int
dictionary_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((DictionaryObject *)self)->tag);
    return 0;
}

static void
dictionary_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    /* The tag may be a dictionary with a tag of its own, and so on: a long
     * chain is taken apart in turns, not by one recursion. */
    Py_TRASHCAN_BEGIN(self, dictionary_dealloc)
    PyTypeObject *type = Py_TYPE(self);
    DictionaryObject *dictionary = (DictionaryObject *)self;
    kernel_dictionary_free(dictionary->words);
    Py_XDECREF(dictionary->tag);
    type->tp_free(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static Py_ssize_t
dictionary_length(PyObject *self)
{
    return (Py_ssize_t)kernel_dictionary_count(words_of(self));
}

PyDoc_STRVAR(dictionary_noop_doc,
             "noop($self)\n"
             "--\n"
             "\n"
             "Do nothing: cross into a method and come back.");

static PyObject *
dictionary_noop(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

/* --- Search -------------------------------------------------------------- */

/* Returns a search for the `limit` nearest words or, if limit is 0, for all
 * distances; NULL without an exception if memory runs out. */
static kernel_search *
search_new(kernel_text query, const kernel_dictionary *words, size_t limit)
{
    if (limit == 0) {
        return kernel_search_all(query, words);
    }
    return kernel_search_nearest(query, words, limit);
}

/* Runs a search to its end without the GIL, after a step that ended in
 * `state`.  Returns 0, or -1 with MemoryError or the exception of a signal
 * handler set. */
static int
finish_search(kernel_search *search, kernel_search_state state)
{
    while (state == KERNEL_SEARCH_GOES_ON) {
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
        Py_BEGIN_ALLOW_THREADS
        state = kernel_search_step(search);
        Py_END_ALLOW_THREADS
    }
    if (state == KERNEL_SEARCH_FAILED) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

/* Makes such a search and runs it to its end without the GIL, preparing the
 * query included.  Returns it, or NULL with MemoryError or the exception of a
 * signal handler set. */
static kernel_search *
search_without_gil(kernel_text query, const kernel_dictionary *words,
                   size_t limit)
{
    kernel_search *search;
    kernel_search_state state = KERNEL_SEARCH_FAILED;
    Py_BEGIN_ALLOW_THREADS
    search = search_new(query, words, limit);
    if (search != NULL) {
        state = kernel_search_step(search);
    }
    Py_END_ALLOW_THREADS
    if (finish_search(search, state) < 0) {
        kernel_search_free(search);
        return NULL;
    }
    return search;
}

/* Returns the list of (distance, index) that a finished search has found, or
 * NULL with MemoryError set. */
static PyObject *
list_from_search(const kernel_search *search)
{
    size_t count = kernel_search_found(search);
    PyObject *list = PyList_New((Py_ssize_t)count);
    if (list == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        kernel_neighbour neighbour = kernel_search_neighbour(search, i);
        PyObject *pair = glue_pair(neighbour.distance, neighbour.index);
        if (pair == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, pair);
    }
    return list;
}

/* Reads the arguments `query` and `limit`.  Returns 0, or -1 with an exception
 * set. */
static int
parse_nearest(PyObject *const *args, kernel_text *query, size_t *limit)
{
    if (glue_text(args[0], "argument 'query'", query) < 0) {
        return -1;
    }
    /* Without an exception to raise, a huge number is clipped. */
    Py_ssize_t number = PyNumber_AsSsize_t(args[1], NULL);
    if (number == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (number < 0) {
        PyErr_SetString(PyExc_ValueError, "limit must not be negative");
        return -1;
    }
    *limit = (size_t)number;
    return 0;
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
    kernel_text query;
    size_t limit;
    if (glue_check_nargs("nearest", nargs, 2) < 0
        || parse_nearest(args, &query, &limit) < 0) {
        return NULL;
    }
    if (limit == 0) {
        return PyList_New(0);
    }
    kernel_search *search = search_without_gil(query, words_of(self), limit);
    if (search == NULL) {
        return NULL;
    }
    PyObject *result = list_from_search(search);
    kernel_search_free(search);
    return result;
}

/* Asks the Python object `context` about one word: a kernel_predicate that
 * gives up with an exception set. */
static int
is_wanted(void *context, uint32_t distance, uint32_t index)
{
    /* A predicate written in C does not look for signals itself. */
    if (index % 1024 == 0 && PyErr_CheckSignals() < 0) {
        return -1;
    }
    int wanted = -1;
    /* The free place in front lets a bound method put its object there. */
    PyObject *args[3] = {NULL};
    args[1] = PyLong_FromUnsignedLong(distance);
    args[2] = PyLong_FromUnsignedLong(index);
    if (args[1] != NULL && args[2] != NULL) {
        PyObject *answer = PyObject_Vectorcall(
            context, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
        if (answer != NULL) {
            wanted = PyObject_IsTrue(answer);
            Py_DECREF(answer);
        }
    }
    Py_XDECREF(args[1]);
    Py_XDECREF(args[2]);
    return wanted;
}

PyDoc_STRVAR(
    nearest_where_doc,
    "nearest_where($self, query, limit, keep, /)\n"
    "--\n"
    "\n"
    "Return the limit nearest of the words that keep wants, as nearest does.\n"
    "\n"
    "keep(distance, index) is called once for each word, in order, when all\n"
    "distances are known; if limit is 0 it is not called.  An exception in it\n"
    "ends the search.  It may search this dictionary.\n"
    "\n"
    "Raise ValueError if limit is negative.");

static PyObject *
dictionary_nearest_where(PyObject *self, PyObject *const *args,
                         Py_ssize_t nargs)
{
    kernel_text query;
    size_t limit;
    if (glue_check_nargs("nearest_where", nargs, 3) < 0
        || parse_nearest(args, &query, &limit) < 0) {
        return NULL;
    }
    PyObject *keep = args[2];
    if (!PyCallable_Check(keep)) {
        PyErr_Format(PyExc_TypeError,
                     "argument 'keep' must be callable, not %.200s",
                     Py_TYPE(keep)->tp_name);
        return NULL;
    }
    if (limit == 0) {
        return PyList_New(0);
    }
    kernel_search *search = search_without_gil(query, words_of(self), 0);
    if (search == NULL) {
        return NULL;
    }
    PyObject *result = NULL;
    kernel_search_state state =
        kernel_search_filter(search, limit, is_wanted, keep);
    /* If the predicate gave up, its exception is set. */
    if (!PyErr_Occurred() && finish_search(search, state) == 0) {
        result = list_from_search(search);
    }
    kernel_search_free(search);
    return result;
}

/* --- Buffers ------------------------------------------------------------- */

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
    const kernel_dictionary *words = words_of(self);

    kernel_text query;
    if (glue_check_nargs("distances_into", nargs, 2) < 0
        || glue_text(args[0], "argument 'query'", &query) < 0) {
        return NULL;
    }
    Py_buffer view;
    if (glue_get_buffer(args[1], "out", &glue_uint32, true, &view) < 0) {
        return NULL;
    }
    size_t count = kernel_dictionary_count(words);
    if ((size_t)view.shape[0] != count) {
        PyErr_Format(PyExc_ValueError,
                     "out must have room for %zu distances, not %zd", count,
                     view.shape[0]);
        goto done;
    }
    kernel_search *search = search_without_gil(query, words, 0);
    if (search == NULL) {
        goto done;
    }
    if (view.len > 0) {
        memcpy(view.buf, kernel_search_distances(search), (size_t)view.len);
    }
    kernel_search_free(search);
    result = Py_NewRef(Py_None);

done:
    PyBuffer_Release(&view);
    return result;
}

/* --- Type ---------------------------------------------------------------- */

#define FASTCALL(name)                                                        \
    {#name, (PyCFunction)(void (*)(void))dictionary_##name, METH_FASTCALL,    \
     name##_doc}

static PyMethodDef dictionary_methods[] = {
    {"noop", dictionary_noop, METH_NOARGS, dictionary_noop_doc},
    FASTCALL(nearest),
    FASTCALL(nearest_where),
    FASTCALL(distances_into),
    {NULL, NULL, 0, NULL},
};

static PyMemberDef dictionary_members[] = {
    {"tag", T_OBJECT_EX, offsetof(DictionaryObject, tag), READONLY,
     "the object that was handed in with the words"},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(
    dictionary_doc,
    "Dictionary(words, tag=None, /)\n"
    "--\n"
    "\n"
    "Words to search, copied once from an iterable of str and never changed.\n"
    "\n"
    "The searches release the GIL; many threads can search one Dictionary.  It\n"
    "keeps tag, any object, as its attribute.");

static PyType_Slot dictionary_slots[] = {
    {Py_tp_doc, (void *)dictionary_doc},
    {Py_tp_new, SLOT(dictionary_new)},
    {Py_tp_dealloc, SLOT(dictionary_dealloc)},
    {Py_tp_traverse, SLOT(dictionary_traverse)},
    {Py_tp_methods, dictionary_methods},
    {Py_tp_members, dictionary_members},
    {Py_sq_length, SLOT(dictionary_length)},
    {0, NULL},
};

PyType_Spec dictionary_spec = {
    .name = LEV_C_PACKAGE ".Dictionary",
    .basicsize = sizeof(DictionaryObject),
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = dictionary_slots,
};
