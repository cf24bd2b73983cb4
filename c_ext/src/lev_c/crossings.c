/* The functions without a kernel behind them: what they cost is the crossing,
 * and each shows one way of it. */

#include "glue.h"

#include <string.h>

/* The longest range that range_* hand out. */
#define MAX_RANGE ((int64_t)1 << 24)

/* --- Call shapes --------------------------------------------------------- */

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

PyDoc_STRVAR(echo_doc, "echo(n, /)\n"
                       "--\n"
                       "\n"
                       "Return n by way of a signed integer of 64 bits.\n"
                       "\n"
                       "Raise OverflowError if it does not fit.");

static PyObject *
echo(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int64_t n;
    if (glue_int64(arg, &n) < 0) {
        return NULL;
    }
    return PyLong_FromLongLong(n);
}

/* Returns the sum of some objects as an int, or NULL with an exception set. */
static PyObject *
sum_of(PyObject *const *terms, size_t count)
{
    int64_t sum = 0;
    /* The whole sum is wraps * 2^64 + sum, so it may leave the range on the
     * way and come back. */
    int wraps = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t term;
        if (glue_int64(terms[i], &term) < 0) {
            return NULL;
        }
        if (__builtin_add_overflow(sum, term, &sum)) {
            wraps += term < 0 ? -1 : 1;
        }
    }
    if (wraps != 0) {
        PyErr_SetString(PyExc_OverflowError,
                        "the sum does not fit into 64 bits");
        return NULL;
    }
    return PyLong_FromLongLong(sum);
}

PyDoc_STRVAR(sum_five_doc,
             "sum_five(a, b, c, d, e, /)\n"
             "--\n"
             "\n"
             "Return the sum of five signed integers of 64 bits.\n"
             "\n"
             "Raise OverflowError if one of them, or the sum, does not fit.");

static PyObject *
sum_five(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    if (glue_check_nargs("sum_five", nargs, 5) < 0) {
        return NULL;
    }
    return sum_of(args, 5);
}

static const char *const NAMES[GLUE_NAMED_COUNT] = {"a", "b", "c", "d", "e"};

int
crossings_init(glue_state *state)
{
    for (int i = 0; i < GLUE_NAMED_COUNT; i++) {
        state->names[i] = PyUnicode_InternFromString(NAMES[i]);
        if (state->names[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

/* Returns the place of a keyword among the names, or -1. */
static int
find_name(PyObject *const *names, PyObject *keyword)
{
    /* The keywords of a call in a source are interned as the names are, so
     * the comparison of texts is for those that come from elsewhere. */
    for (int i = 0; i < GLUE_NAMED_COUNT; i++) {
        if (keyword == names[i]) {
            return i;
        }
    }
    for (int i = 0; i < GLUE_NAMED_COUNT; i++) {
        if (PyUnicode_CompareWithASCIIString(keyword, NAMES[i]) == 0) {
            return i;
        }
    }
    return -1;
}

PyDoc_STRVAR(sum_named_doc,
             "sum_named(*, a, b, c, d, e)\n"
             "--\n"
             "\n"
             "Return the sum of five signed integers of 64 bits.\n"
             "\n"
             "Raise OverflowError if one of them, or the sum, does not fit.");

static PyObject *
sum_named(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
          PyObject *kwnames)
{
    if (nargs != 0) {
        PyErr_Format(PyExc_TypeError,
                     "sum_named() takes no positional arguments (%zd given)",
                     nargs);
        return NULL;
    }
    glue_state *state = PyModule_GetState(module);
    PyObject *terms[GLUE_NAMED_COUNT] = {NULL};
    Py_ssize_t count = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *keyword = PyTuple_GET_ITEM(kwnames, i);
        int place = find_name(state->names, keyword);
        if (place < 0) {
            PyErr_Format(PyExc_TypeError,
                         "sum_named() got an unexpected keyword argument '%U'",
                         keyword);
            return NULL;
        }
        /* The values of the keywords follow the positional arguments. */
        terms[place] = args[i];
    }
    for (int i = 0; i < GLUE_NAMED_COUNT; i++) {
        if (terms[i] == NULL) {
            PyErr_Format(PyExc_TypeError,
                         "sum_named() misses the keyword argument '%s'",
                         NAMES[i]);
            return NULL;
        }
    }
    return sum_of(terms, GLUE_NAMED_COUNT);
}

PyDoc_STRVAR(fail_doc, "fail()\n"
                       "--\n"
                       "\n"
                       "Raise ValueError.");

static PyObject *
fail(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyErr_SetString(PyExc_ValueError, "failed on purpose");
    return NULL;
}

/* --- Collections in ------------------------------------------------------ */

/* Adds the length of a word to *total, and looks for signals now and then: an
 * iterator written in C does not.  Returns 0, or -1 with an exception set. */
static inline int
add_length(PyObject *word, uint64_t *count, uint64_t *total)
{
    kernel_text text;
    if (glue_text(word, "each word", &text) < 0) {
        return -1;
    }
    *total += text.length;
    return ++*count % (1 << 20) == 0 ? PyErr_CheckSignals() : 0;
}

PyDoc_STRVAR(total_length_doc,
             "total_length(words, /)\n"
             "--\n"
             "\n"
             "Return the sum of the lengths of the strings of an iterable.\n"
             "\n"
             "The strings are read the way distance() reads them.");

static PyObject *
total_length(PyObject *Py_UNUSED(module), PyObject *iterable)
{
    uint64_t count = 0;
    uint64_t total = 0;
#ifndef Py_GIL_DISABLED
    /* A shorter way that has the outcome of the iterator below.  Nobody else
     * runs between two looks for signals, so the items need not be owned. */
    if (PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable)) {
        /* Whoever handles a signal may change the length of a list. */
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(iterable); i++) {
            PyObject *word = PySequence_Fast_GET_ITEM(iterable, i);
            if (add_length(word, &count, &total) < 0) {
                return NULL;
            }
        }
        return PyLong_FromUnsignedLongLong(total);
    }
#endif
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) {
        return NULL;
    }
    /* What PyIter_Next would call for each word, as CPython's own loops do. */
    iternextfunc next = Py_TYPE(iterator)->tp_iternext;
    PyObject *word;
    while ((word = next(iterator)) != NULL) {
        int status = add_length(word, &count, &total);
        Py_DECREF(word);
        if (status < 0) {
            break;
        }
    }
    Py_DECREF(iterator);
    /* The end of an iterator may come as an exception or without one. */
    if (PyErr_Occurred()) {
        if (word != NULL || !PyErr_ExceptionMatches(PyExc_StopIteration)) {
            return NULL;
        }
        PyErr_Clear();
    }
    return PyLong_FromUnsignedLongLong(total);
}

/* Returns how many code points begin in some UTF-8: the bytes outside of 0x80
 * to 0xBF, which are -128 to -65 when they have a sign. */
static uint32_t
count_code_points(const int8_t *data, uint32_t size)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < size; i++) {
        count += data[i] > -65;
    }
    return count;
}

/* Returns item `i` of a buffer, which need not be aligned. */
static int32_t
int32_at(const char *items, Py_ssize_t i)
{
    int32_t item;
    memcpy(&item, items + (size_t)i * sizeof(item), sizeof(item));
    return item;
}

/* Sets *total to the number of code points in packed strings.  Returns 0, or
 * -1 with ValueError set. */
static int
count_packed(const Py_buffer *offsets, const Py_buffer *data, uint64_t *total)
{
    const int8_t *bytes = data->buf;
    const char *error;
    *total = 0;
    if (offsets->shape[0] == 0) {
        error = "offsets must have one item more than there are strings";
        goto error;
    }
    int32_t start = int32_at(offsets->buf, 0);
    if (start < 0) {
        error = "offsets must not be negative";
        goto error;
    }
    if (start > data->len) {
        error = "offsets must not lead out of data";
        goto error;
    }
    for (Py_ssize_t i = 1; i < offsets->shape[0]; i++) {
        int32_t end = int32_at(offsets->buf, i);
        if (end < start) {
            error = "offsets must not descend";
            goto error;
        }
        if (end > data->len) {
            error = "offsets must not lead out of data";
            goto error;
        }
        *total += count_code_points(bytes + start, (uint32_t)(end - start));
        start = end;
    }
    return 0;

error:
    PyErr_SetString(PyExc_ValueError, error);
    return -1;
}

PyDoc_STRVAR(
    packed_length_doc,
    "packed_length(offsets, data, /)\n"
    "--\n"
    "\n"
    "Return the number of code points in strings packed as Arrow packs them.\n"
    "\n"
    "String i is the UTF-8 in data[offsets[i]:offsets[i + 1]].  offsets is a\n"
    "C-contiguous, one-dimensional buffer of signed 32-bit integers in native\n"
    "byte order, data one of bytes.  Every byte counts that does not continue\n"
    "a code point, valid or not.");

static PyObject *
packed_length(PyObject *Py_UNUSED(module), PyObject *const *args,
              Py_ssize_t nargs)
{
    Py_buffer offsets, data;
    if (glue_check_nargs("packed_length", nargs, 2) < 0
        || glue_get_buffer(args[0], "offsets", &glue_int32, false, &offsets)
               < 0) {
        return NULL;
    }
    if (glue_get_buffer(args[1], "data", &glue_byte, false, &data) < 0) {
        PyBuffer_Release(&offsets);
        return NULL;
    }
    uint64_t total;
    int status = count_packed(&offsets, &data, &total);
    PyBuffer_Release(&data);
    PyBuffer_Release(&offsets);
    return status < 0 ? NULL : PyLong_FromUnsignedLongLong(total);
}

PyDoc_STRVAR(buffer_sum_doc,
             "buffer_sum(numbers, /)\n"
             "--\n"
             "\n"
             "Return the sum of a C-contiguous, one-dimensional buffer of\n"
             "unsigned 32-bit integers in native byte order.");

static PyObject *
buffer_sum(PyObject *Py_UNUSED(module), PyObject *numbers)
{
    Py_buffer view;
    if (glue_get_buffer(numbers, "numbers", &glue_uint32, false, &view) < 0) {
        return NULL;
    }
    const char *items = view.buf;
    uint64_t sum = 0;
    for (Py_ssize_t i = 0; i < view.shape[0]; i++) {
        uint32_t item;
        memcpy(&item, items + (size_t)i * sizeof(item), sizeof(item));
        sum += item;
    }
    PyBuffer_Release(&view);
    return PyLong_FromUnsignedLongLong(sum);
}

/* --- Results out --------------------------------------------------------- */

/* Returns 0 if so many numbers may be handed out, or -1 with ValueError
 * set. */
static int
check_range(int64_t n)
{
    if (n < 0 || n > MAX_RANGE) {
        PyErr_SetString(PyExc_ValueError, "n must be between 0 and 2**24");
        return -1;
    }
    return 0;
}

/* Reads the argument of range_list and its like.  Returns it, or -1 with an
 * exception set. */
static Py_ssize_t
range_length(PyObject *arg)
{
    int64_t n;
    if (glue_int64(arg, &n) < 0 || check_range(n) < 0) {
        return -1;
    }
    return (Py_ssize_t)n;
}

/* Writes 0, 1, ..., n - 1 to where there need be no alignment. */
static void
write_range(char *out, Py_ssize_t n)
{
    for (uint32_t i = 0; i < (uint32_t)n; i++) {
        memcpy(out + (size_t)i * sizeof(i), &i, sizeof(i));
    }
}

PyDoc_STRVAR(range_list_doc, "range_list(n, /)\n"
                             "--\n"
                             "\n"
                             "Return the numbers 0, 1, ..., n - 1 as a list.\n"
                             "\n"
                             "Raise ValueError unless 0 <= n <= 2**24.");

static PyObject *
range_list(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = range_length(arg);
    if (n < 0) {
        return NULL;
    }
    PyObject *list = PyList_New(n);
    if (list == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyLong_FromLong((long)i);
        if (item == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, i, item);
    }
    return list;
}

PyDoc_STRVAR(range_bytes_doc,
             "range_bytes(n, /)\n"
             "--\n"
             "\n"
             "Return the numbers 0, 1, ..., n - 1 as native uint32 in bytes.\n"
             "\n"
             "Raise ValueError unless 0 <= n <= 2**24.");

static PyObject *
range_bytes(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = range_length(arg);
    if (n < 0) {
        return NULL;
    }
    PyObject *bytes =
        PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(uint32_t));
    if (bytes == NULL) {
        return NULL;
    }
    write_range(PyBytes_AS_STRING(bytes), n);
    return bytes;
}

PyDoc_STRVAR(range_into_doc,
             "range_into(out, /)\n"
             "--\n"
             "\n"
             "Write the numbers 0, 1, ... into a buffer.\n"
             "\n"
             "out is a writable, C-contiguous, one-dimensional buffer of at\n"
             "most 2**24 unsigned 32-bit integers in native byte order.");

static PyObject *
range_into(PyObject *Py_UNUSED(module), PyObject *out)
{
    Py_buffer view;
    if (glue_get_buffer(out, "out", &glue_uint32, true, &view) < 0) {
        return NULL;
    }
    int status = check_range(view.shape[0]);
    if (status == 0) {
        write_range(view.buf, view.shape[0]);
    }
    PyBuffer_Release(&view);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(
    range_pairs_doc,
    "range_pairs(n, /)\n"
    "--\n"
    "\n"
    "Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.\n"
    "\n"
    "Raise ValueError unless 0 <= n <= 2**24.");

static PyObject *
range_pairs(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = range_length(arg);
    if (n < 0) {
        return NULL;
    }
    PyObject *list = PyList_New(n);
    if (list == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *pair = glue_pair((uint32_t)i, (uint32_t)i);
        if (pair == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, i, pair);
    }
    return list;
}

/* --- Table --------------------------------------------------------------- */

#define NO_ARGUMENT(name) {#name, name, METH_NOARGS, name##_doc}
#define ONE_ARGUMENT(name) {#name, name, METH_O, name##_doc}
#define FASTCALL(name, flags)                                                 \
    {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL | flags,         \
     name##_doc}

PyMethodDef crossings_methods[] = {
    NO_ARGUMENT(noop),
    NO_ARGUMENT(number),
    ONE_ARGUMENT(echo),
    FASTCALL(sum_five, 0),
    FASTCALL(sum_named, METH_KEYWORDS),
    NO_ARGUMENT(fail),
    ONE_ARGUMENT(total_length),
    FASTCALL(packed_length, 0),
    ONE_ARGUMENT(buffer_sum),
    ONE_ARGUMENT(range_list),
    ONE_ARGUMENT(range_bytes),
    ONE_ARGUMENT(range_into),
    ONE_ARGUMENT(range_pairs),
    {NULL, NULL, 0, NULL},
};
