/* The glue of lev_c by the limited API: no macro looks into an object, so one
 * compiled file fits CPython 3.11 and every later version.  setup.py defines
 * Py_LIMITED_API, which makes Python.h hide everything else.
 *
 * What differs from lev_c is how a str is read; see "Strings". */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>

#include "levenshtein.h"

/* A function as a slot has it.  ISO C knows no way from a function to a void *
 * but through an integer. */
#define SLOT(function) ((void *)(uintptr_t)(function))

/* --- Arguments ----------------------------------------------------------- */

/* Set TypeError because an object is not what it must be, or because the
 * function `name` got a wrong number of arguments. */
static void
refuse_type(PyObject *object, const char *what, const char *wanted)
{
    PyObject *name = PyType_GetName(Py_TYPE(object));
    if (name != NULL) {
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %U", what, wanted,
                     name);
        Py_DECREF(name);
    }
}

static void
refuse_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected)
{
    PyErr_Format(PyExc_TypeError,
                 "%s() takes exactly %zd arguments (%zd given)", name,
                 expected, nargs);
}

/* Returns 0 if the function `name` got as many arguments as it takes, or -1
 * with TypeError set. */
static inline int
check_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected)
{
    if (nargs != expected) {
        refuse_nargs(name, nargs, expected);
        return -1;
    }
    return 0;
}

/* --- Strings ------------------------------------------------------------- */

/* The limited API does not show where a str keeps its code points.  But the
 * UTF-8 of an ASCII string is the string itself, so that one can be read in
 * place.  Of any other PyUnicode_AsUTF8AndSize would make a copy that stays
 * with the object for good, and fail at a lone surrogate: so the question
 * whether a string is ASCII comes first.  Its answer is a bit of the object,
 * for which the limited API has no function, but Python has a method. */

/* The C function behind str.isascii: the same in all interpreters. */
static PyCFunction is_ascii;

/* Returns 0, or -1 with an exception set. */
static int
find_is_ascii(void)
{
    int status = -1;
    PyObject *method = NULL;
    PyObject *string = PyUnicode_FromString("");
    if (string == NULL) {
        return -1;
    }
    method = PyObject_GetAttrString(string, "isascii");
    if (method == NULL) {
        goto done;
    }
    /* Both fail with an exception if this is no built-in method. */
    int flags = PyCFunction_GetFlags(method);
    is_ascii = PyCFunction_GetFunction(method);
    if (flags == -1 || is_ascii == NULL) {
        goto done;
    }
    if (flags != METH_NOARGS) {
        PyErr_SetString(PyExc_SystemError, "str.isascii takes arguments");
        goto done;
    }
    status = 0;

done:
    Py_XDECREF(method);
    Py_DECREF(string);
    return status;
}

/* Up to so many code points are copied to the stack. */
enum { ROOM = 64 };

/* Frees what read_text allocated with the same room. */
static void
free_text(const kernel_text *text, const Py_UCS4 *room)
{
    if (text->width == 4 && text->data != room) {
        PyMem_Free((void *)text->data);
    }
}

/* Makes *text the text of a str, which must outlive it: in place if it is
 * ASCII, else as a copy of four bytes per code point, in `room` if that is
 * not NULL and large enough.  `what` names the object in the message.
 * Returns 0, with *text to be given to free_text, or -1 with TypeError or
 * MemoryError set. */
static int
read_text(PyObject *object, const char *what, Py_UCS4 *room, kernel_text *text)
{
    if (!PyUnicode_Check(object)) {
        refuse_type(object, what, "str");
        return -1;
    }
    PyObject *answer = is_ascii(object, NULL);
    if (answer == NULL) {
        return -1;
    }
    Py_DECREF(answer); /* Nobody frees True and False. */
    Py_ssize_t length;
    if (answer == Py_True) {
        text->width = 1;
        text->data = PyUnicode_AsUTF8AndSize(object, &length);
    }
    else {
        length = PyUnicode_GetLength(object);
        text->width = 4;
        text->data = room != NULL && length <= ROOM
                         ? PyUnicode_AsUCS4(object, room, ROOM, 0)
                         : PyUnicode_AsUCS4Copy(object);
    }
    if (text->data == NULL) {
        return -1;
    }
    if ((size_t)length > KERNEL_MAX_LENGTH) {
        free_text(text, room);
        PyErr_NoMemory();
        return -1;
    }
    text->length = (uint32_t)length;
    return 0;
}

/* Frees texts that were read without room. */
static void
free_texts(kernel_text *texts, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        free_text(&texts[i], NULL);
    }
    PyMem_Free(texts);
}

/* Returns the texts of a tuple of str, to be freed with free_texts, or NULL
 * with an exception set. */
static kernel_text *
read_texts(PyObject *tuple, Py_ssize_t count)
{
    kernel_text *texts = PyMem_New(kernel_text, count);
    if (texts == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (read_text(PyTuple_GetItem(tuple, i), "each word", NULL, &texts[i])
            < 0) {
            free_texts(texts, i);
            return NULL;
        }
    }
    return texts;
}

/* --- Pairs --------------------------------------------------------------- */

/* Two texts, with room for short copies. */
typedef struct {
    kernel_text a, b;
    Py_UCS4 room_a[ROOM], room_b[ROOM];
} text_pair;

static void
free_pair(const text_pair *pair)
{
    free_text(&pair->a, pair->room_a);
    free_text(&pair->b, pair->room_b);
}

/* Reads the leading arguments `a` and `b` of a function.  Every function of a
 * pair goes through here, pair_length included.  Returns 0, with *pair to be
 * given to free_pair, or -1 with an exception set. */
static int
read_pair(PyObject *const *args, text_pair *pair)
{
    if (read_text(args[0], "argument 'a'", pair->room_a, &pair->a) < 0) {
        return -1;
    }
    if (read_text(args[1], "argument 'b'", pair->room_b, &pair->b) < 0) {
        free_text(&pair->a, pair->room_a);
        return -1;
    }
    return 0;
}

/* Returns a distance as an int; for KERNEL_NO_MEMORY, NULL with MemoryError.
 */
static PyObject *
int_from_distance(uint32_t distance)
{
    if (distance == KERNEL_NO_MEMORY) {
        return PyErr_NoMemory();
    }
    return PyLong_FromUnsignedLong(distance);
}

static PyObject *
pair_distance(const char *name, uint32_t (*function)(kernel_text, kernel_text),
              PyObject *const *args, Py_ssize_t nargs)
{
    text_pair pair;
    if (check_nargs(name, nargs, 2) < 0 || read_pair(args, &pair) < 0) {
        return NULL;
    }
    uint32_t distance = function(pair.a, pair.b);
    free_pair(&pair);
    return int_from_distance(distance);
}

/* Reads the argument `n`.  Returns 0, or -1 with an exception set. */
static int
read_runs(PyObject *object, int64_t *runs)
{
    *runs = PyLong_AsLongLong(object);
    if (*runs == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (*runs < 1) {
        PyErr_SetString(PyExc_ValueError, "n must be at least 1");
        return -1;
    }
    return 0;
}

static PyObject *
pair_distance_repeated(const char *name,
                       uint32_t (*function)(kernel_text, kernel_text, int64_t),
                       PyObject *const *args, Py_ssize_t nargs)
{
    text_pair pair;
    if (check_nargs(name, nargs, 3) < 0 || read_pair(args, &pair) < 0) {
        return NULL;
    }
    PyObject *result = NULL;
    int64_t runs;
    if (read_runs(args[2], &runs) == 0) {
        result = int_from_distance(function(pair.a, pair.b, runs));
    }
    free_pair(&pair);
    return result;
}

PyDoc_STRVAR(pair_length_doc,
             "pair_length(a, b, /)\n"
             "--\n"
             "\n"
             "Return len(a) + len(b), in code points.\n"
             "\n"
             "The strings are read the way distance() reads them.");

static PyObject *
pair_length(PyObject *Py_UNUSED(module), PyObject *const *args,
            Py_ssize_t nargs)
{
    text_pair pair;
    if (check_nargs("pair_length", nargs, 2) < 0
        || read_pair(args, &pair) < 0) {
        return NULL;
    }
    free_pair(&pair);
    return PyLong_FromUnsignedLongLong((uint64_t)pair.a.length
                                       + pair.b.length);
}

PyDoc_STRVAR(
    distance_doc,
    "distance(a, b, /)\n"
    "--\n"
    "\n"
    "Return the Levenshtein distance between two strings, in code points.\n"
    "\n"
    "Wagner-Fischer with two rows: len(a) * len(b) cells.  Ctrl-C has to wait\n"
    "for the end of the call.");

static PyObject *
distance(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    return pair_distance("distance", kernel_distance, args, nargs);
}

PyDoc_STRVAR(
    distance_myers_doc,
    "distance_myers(a, b, /)\n"
    "--\n"
    "\n"
    "Return the Levenshtein distance between two strings, in code points.\n"
    "\n"
    "Myers' bit-vectors: ceil(len(a) / 64) * len(b) steps.  Ctrl-C has to wait\n"
    "for the end of the call.");

static PyObject *
distance_myers(PyObject *Py_UNUSED(module), PyObject *const *args,
               Py_ssize_t nargs)
{
    return pair_distance("distance_myers", kernel_distance_myers, args, nargs);
}

PyDoc_STRVAR(
    distance_repeated_doc,
    "distance_repeated(a, b, n, /)\n"
    "--\n"
    "\n"
    "Compute distance(a, b) n times in one call, and return it.\n"
    "\n"
    "Raise ValueError if n < 1, OverflowError if n needs more than 64 bits.\n"
    "Ctrl-C has to wait for the end of the call.");

static PyObject *
distance_repeated(PyObject *Py_UNUSED(module), PyObject *const *args,
                  Py_ssize_t nargs)
{
    return pair_distance_repeated("distance_repeated",
                                  kernel_distance_repeated, args, nargs);
}

PyDoc_STRVAR(
    distance_myers_repeated_doc,
    "distance_myers_repeated(a, b, n, /)\n"
    "--\n"
    "\n"
    "Compute distance_myers(a, b) n times in one call, and return it.\n"
    "\n"
    "Raise ValueError if n < 1, OverflowError if n needs more than 64 bits.\n"
    "Ctrl-C has to wait for the end of the call.");

static PyObject *
distance_myers_repeated(PyObject *Py_UNUSED(module), PyObject *const *args,
                        Py_ssize_t nargs)
{
    return pair_distance_repeated("distance_myers_repeated",
                                  kernel_distance_myers_repeated, args, nargs);
}

/* --- Lists --------------------------------------------------------------- */

/* Runs a search to its end with the GIL held.  Returns 0, or -1 with
 * MemoryError or the exception of a signal handler set. */
static int
run_search(kernel_search *search)
{
    kernel_search_state state;
    while ((state = kernel_search_step(search)) == KERNEL_SEARCH_GOES_ON) {
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    if (state == KERNEL_SEARCH_FAILED) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static PyObject *
list_from_distances(const uint32_t *distances, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    if (list == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PyLong_FromUnsignedLong(distances[i]);
        if (item == NULL || PyList_SetItem(list, i, item) < 0) {
            Py_DECREF(list);
            return NULL;
        }
    }
    return list;
}

/* Returns the distances from a text to the str of a tuple, or NULL with an
 * exception set. */
static PyObject *
distances_to(kernel_text query, PyObject *tuple)
{
    PyObject *result = NULL;
    Py_ssize_t count = PyTuple_Size(tuple);
    kernel_text *words = read_texts(tuple, count);
    if (words == NULL) {
        return NULL;
    }
    kernel_search *search = kernel_search_words(query, words, (size_t)count);
    if (search == NULL) {
        PyErr_NoMemory();
    }
    else if (run_search(search) == 0) {
        result = list_from_distances(kernel_search_distances(search), count);
    }
    kernel_search_free(search);
    free_texts(words, count);
    return result;
}

PyDoc_STRVAR(
    distances_doc,
    "distances(query, words, /)\n"
    "--\n"
    "\n"
    "Return a list with the distance from query to each word of a list.\n"
    "\n"
    "Myers' bit-vectors, as in distance_myers(query, word).");

static PyObject *
distances(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    Py_UCS4 room[ROOM];
    kernel_text query;
    if (check_nargs("distances", nargs, 2) < 0
        || read_text(args[0], "argument 'query'", room, &query) < 0) {
        return NULL;
    }
    PyObject *result = NULL;
    if (PyList_Check(args[1])) {
        /* The texts point into the strings, so something must own these for
         * the whole call, whatever a signal handler or a thread does to the
         * list. */
        PyObject *snapshot = PyList_AsTuple(args[1]);
        if (snapshot != NULL) {
            result = distances_to(query, snapshot);
            Py_DECREF(snapshot);
        }
    }
    else {
        refuse_type(args[1], "argument 'words'", "list");
    }
    free_text(&query, room);
    return result;
}

/* --- Dictionary: creation and destruction -------------------------------- */

/* Complete when tp_new returns it, and never changed afterwards.  So any
 * number of threads can search it without a lock, and there is no tp_init: the
 * one inherited from object ignores its arguments. */
typedef struct {
    PyObject_HEAD
    kernel_dictionary *words;
} DictionaryObject;

static const kernel_dictionary *
words_of(PyObject *self)
{
    return ((DictionaryObject *)self)->words;
}

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
        int status = -1;
        if (PyUnicode_Check(word)) {
            status = PyList_Append(list, word);
        }
        else {
            refuse_type(word, "each word", "str");
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

/* Returns copies of the str of a tuple, or NULL with an exception set. */
static kernel_dictionary *
copy_words(PyObject *tuple)
{
    kernel_dictionary *dictionary = NULL;
    Py_ssize_t count = PyTuple_Size(tuple);
    kernel_text *texts = read_texts(tuple, count);
    if (texts == NULL) {
        return NULL;
    }
    if ((size_t)count <= KERNEL_MAX_LENGTH) {
        dictionary = kernel_dictionary_new(texts, (size_t)count);
    }
    if (dictionary == NULL) {
        PyErr_NoMemory();
    }
    free_texts(texts, count);
    return dictionary;
}

static PyObject *
dictionary_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *iterable;
    if (kwargs != NULL && PyDict_Size(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "Dictionary() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O:Dictionary", &iterable)) {
        return NULL;
    }
    PyObject *tuple = collect_words(iterable);
    if (tuple == NULL) {
        return NULL;
    }
    kernel_dictionary *words = copy_words(tuple);
    Py_DECREF(tuple);
    if (words == NULL) {
        return NULL;
    }
    /* Last, so that nobody can see an object without its words.  No class can
     * inherit from this one, so its tp_alloc and tp_free are known. */
    PyObject *self = PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        kernel_dictionary_free(words);
        return NULL;
    }
    ((DictionaryObject *)self)->words = words;
    return self;
}

static void
dictionary_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    kernel_dictionary_free(((DictionaryObject *)self)->words);
    PyObject_Free(self);
    Py_DECREF(type);
}

static Py_ssize_t
dictionary_length(PyObject *self)
{
    return (Py_ssize_t)kernel_dictionary_count(words_of(self));
}

/* --- Dictionary: search -------------------------------------------------- */

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
    while (state == KERNEL_SEARCH_GOES_ON) {
        if (PyErr_CheckSignals() < 0) {
            goto error;
        }
        Py_BEGIN_ALLOW_THREADS
        state = kernel_search_step(search);
        Py_END_ALLOW_THREADS
    }
    if (state == KERNEL_SEARCH_IS_FINISHED) {
        return search;
    }
    PyErr_NoMemory();

error:
    kernel_search_free(search);
    return NULL;
}

/* Returns a tuple of two numbers, or NULL with MemoryError set. */
static PyObject *
pair_from_neighbour(kernel_neighbour neighbour)
{
    const uint32_t numbers[] = {neighbour.distance, neighbour.index};
    PyObject *tuple = PyTuple_New(2);
    if (tuple == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < 2; i++) {
        PyObject *item = PyLong_FromUnsignedLong(numbers[i]);
        if (item == NULL || PyTuple_SetItem(tuple, i, item) < 0) {
            Py_DECREF(tuple);
            return NULL;
        }
    }
    return tuple;
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
        PyObject *pair =
            pair_from_neighbour(kernel_search_neighbour(search, i));
        if (pair == NULL || PyList_SetItem(list, (Py_ssize_t)i, pair) < 0) {
            Py_DECREF(list);
            return NULL;
        }
    }
    return list;
}

/* Reads the argument `limit`.  Returns 0, or -1 with an exception set. */
static int
read_limit(PyObject *object, size_t *limit)
{
    /* Without an exception to raise, a huge number is clipped. */
    Py_ssize_t number = PyNumber_AsSsize_t(object, NULL);
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
    PyObject *result = NULL;
    Py_UCS4 room[ROOM];
    kernel_text query;
    size_t limit;
    if (check_nargs("nearest", nargs, 2) < 0
        || read_text(args[0], "argument 'query'", room, &query) < 0) {
        return NULL;
    }
    if (read_limit(args[1], &limit) < 0) {
        goto done;
    }
    if (limit == 0) {
        result = PyList_New(0);
        goto done;
    }
    kernel_search *search = search_without_gil(query, words_of(self), limit);
    if (search != NULL) {
        result = list_from_search(search);
        kernel_search_free(search);
    }

done:
    free_text(&query, room);
    return result;
}

/* --- Dictionary: buffers ------------------------------------------------- */

/* Returns whether a format of the struct module stands for uint32_t. */
static bool
is_uint32(const char *format, Py_ssize_t itemsize)
{
    if (format[0] == '@' || format[0] == '='
        || format[0] == (PY_BIG_ENDIAN ? '>' : '<')) {
        format++;
    }
    return itemsize == sizeof(uint32_t)
           && (format[0] == 'I' || format[0] == 'L') && format[1] == '\0';
}

/* Returns 0 if a buffer can take `count` distances, or -1 with BufferError or
 * ValueError set. */
static int
check_out(const Py_buffer *view, size_t count)
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
    /* A buffer without a format is one of bytes. */
    const char *format = view->format != NULL ? view->format : "B";
    if (!is_uint32(format, view->itemsize)) {
        PyErr_Format(
            PyExc_ValueError,
            "out must hold native uint32, not items of format '%.100s'",
            format);
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

/* Writes the distances from a text into a buffer.  Returns 0, or -1 with an
 * exception set. */
static int
fill_out(kernel_text query, const kernel_dictionary *words, PyObject *out)
{
    Py_buffer view;
    /* Ask for any buffer, so that what is wrong with it is for check_out to
     * say, not for the exporter. */
    if (PyObject_GetBuffer(out, &view, PyBUF_FULL_RO) < 0) {
        return -1;
    }
    kernel_search *search = NULL;
    if (check_out(&view, kernel_dictionary_count(words)) == 0) {
        search = search_without_gil(query, words, 0);
    }
    if (search != NULL && view.len > 0) {
        memcpy(view.buf, kernel_search_distances(search), (size_t)view.len);
    }
    PyBuffer_Release(&view);
    if (search == NULL) {
        return -1;
    }
    kernel_search_free(search);
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
    Py_UCS4 room[ROOM];
    kernel_text query;
    if (check_nargs("distances_into", nargs, 2) < 0
        || read_text(args[0], "argument 'query'", room, &query) < 0) {
        return NULL;
    }
    int status = fill_out(query, words_of(self), args[1]);
    free_text(&query, room);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

/* --- Dictionary: type ---------------------------------------------------- */

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
    {Py_tp_new, SLOT(dictionary_new)},
    {Py_tp_dealloc, SLOT(dictionary_dealloc)},
    {Py_tp_methods, dictionary_methods},
    {Py_sq_length, SLOT(dictionary_length)},
    {0, NULL},
};

static PyType_Spec dictionary_spec = {
    .name = "lev_c_abi3.Dictionary",
    .basicsize = sizeof(DictionaryObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = dictionary_slots,
};

/* --- Crossings without a kernel ------------------------------------------ */

PyDoc_STRVAR(noop_doc, "noop()\n"
                       "--\n"
                       "\n"
                       "Do nothing: cross into the extension and come back.");

static PyObject *
noop(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

PyDoc_STRVAR(number_doc, "number()\n"
                         "--\n"
                         "\n"
                         "Return 7.");

static PyObject *
number(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(7);
}

/* --- Build information --------------------------------------------------- */

#if defined(__clang__)
#    define COMPILER __VERSION__
#elif defined(__GNUC__)
#    define COMPILER "GCC " __VERSION__
#else
#    define COMPILER "unknown"
#endif

/* setup.py hands down the options it compiles with. */
#ifndef LEV_C_FLAGS
#    define LEV_C_FLAGS "unknown"
#endif

PyDoc_STRVAR(
    build_info_doc,
    "build_info()\n"
    "--\n"
    "\n"
    "Return how this extension was built: compiler, flags, binding, kernel.");

static PyObject *
build_info(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return Py_BuildValue("{s:s,s:s,s:s,s:s}", "compiler", COMPILER, "flags",
                         LEV_C_FLAGS, "binding",
                         "stable ABI of CPython 3.11, headers of " PY_VERSION,
                         "kernel", "C, compiled as the rest is");
}

/* --- Module -------------------------------------------------------------- */

#define NO_ARGUMENT(name) {#name, name, METH_NOARGS, name##_doc}
#define FASTCALL(name)                                                        \
    {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, name##_doc}

static PyMethodDef native_methods[] = {
    NO_ARGUMENT(noop),
    NO_ARGUMENT(number),
    FASTCALL(pair_length),
    FASTCALL(distance),
    FASTCALL(distance_myers),
    FASTCALL(distance_repeated),
    FASTCALL(distance_myers_repeated),
    FASTCALL(distances),
    NO_ARGUMENT(build_info),
    {NULL, NULL, 0, NULL},
};

static int
native_exec(PyObject *module)
{
    if (find_is_ascii() < 0) {
        return -1;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, &dictionary_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int status = PyModule_AddType(module, (PyTypeObject *)type);
    Py_DECREF(type);
    return status;
}

/* What newer versions ask of a module, such as whether it needs the GIL, has
 * no place in the stable ABI of 3.11. */
static PyModuleDef_Slot native_slots[] = {
    {Py_mod_exec, SLOT(native_exec)},
    {0, NULL},
};

PyDoc_STRVAR(
    native_doc,
    "Levenshtein distance in C, called through the stable ABI of CPython.");

static PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,   .m_name = "lev_c_abi3._native",
    .m_doc = native_doc,     .m_methods = native_methods,
    .m_slots = native_slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&native_module);
}
