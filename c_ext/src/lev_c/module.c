/* The module: its functions with a kernel behind them, and itself. */

#include "glue.h"

/* --- Pairs --------------------------------------------------------------- */

/* Reads the leading arguments `a` and `b` of a function.  Every function of a
 * pair goes through here, pair_length included. */
static int
parse_pair(PyObject *const *args, kernel_text *a, kernel_text *b)
{
    if (glue_text(args[0], "argument 'a'", a) < 0) {
        return -1;
    }
    return glue_text(args[1], "argument 'b'", b);
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
    kernel_text a, b;
    if (glue_check_nargs(name, nargs, 2) < 0 || parse_pair(args, &a, &b) < 0) {
        return NULL;
    }
    return int_from_distance(function(a, b));
}

static PyObject *
pair_distance_repeated(const char *name,
                       uint32_t (*function)(kernel_text, kernel_text, int64_t),
                       PyObject *const *args, Py_ssize_t nargs)
{
    kernel_text a, b;
    int64_t runs;
    if (glue_check_nargs(name, nargs, 3) < 0 || parse_pair(args, &a, &b) < 0
        || glue_int64(args[2], &runs) < 0) {
        return NULL;
    }
    if (runs < 1) {
        PyErr_SetString(PyExc_ValueError, "n must be at least 1");
        return NULL;
    }
    return int_from_distance(function(a, b, runs));
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
    kernel_text a, b;
    if (glue_check_nargs("pair_length", nargs, 2) < 0
        || parse_pair(args, &a, &b) < 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong((uint64_t)a.length + b.length);
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
        if (item == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, i, item);
    }
    return list;
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
    PyObject *result = NULL;
    PyObject *snapshot = NULL;
    kernel_text *words = NULL;
    kernel_search *search = NULL;

    kernel_text query;
    if (glue_check_nargs("distances", nargs, 2) < 0
        || glue_text(args[0], "argument 'query'", &query) < 0) {
        return NULL;
    }
    if (!PyList_Check(args[1])) {
        PyErr_Format(PyExc_TypeError,
                     "argument 'words' must be list, not %.200s",
                     Py_TYPE(args[1])->tp_name);
        return NULL;
    }
    /* The texts point into the strings, so something must own these for the
     * whole call, whatever a signal handler or a thread does to the list. */
    snapshot = PyList_AsTuple(args[1]);
    if (snapshot == NULL) {
        return NULL;
    }
    words = glue_texts(snapshot);
    if (words == NULL) {
        goto done;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(snapshot);
    search = kernel_search_words(query, words, (size_t)count);
    if (search == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (run_search(search) < 0) {
        goto done;
    }
    result = list_from_distances(kernel_search_distances(search), count);

done:
    kernel_search_free(search);
    PyMem_Free(words);
    Py_DECREF(snapshot);
    return result;
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

/* And this, if the kernel is another one: the function that tells of it. */
#ifdef LEV_C_KERNEL
extern const char *LEV_C_KERNEL(void);
#    define KERNEL LEV_C_KERNEL()
#else
#    define KERNEL "C, compiled as the rest is"
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
                         "C API of CPython " PY_VERSION, "kernel", KERNEL);
}

/* --- Module -------------------------------------------------------------- */

#define FASTCALL(name)                                                        \
    {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, name##_doc}

static PyMethodDef native_methods[] = {
    FASTCALL(pair_length),
    FASTCALL(distance),
    FASTCALL(distance_myers),
    FASTCALL(distance_repeated),
    FASTCALL(distance_myers_repeated),
    FASTCALL(distances),
    {"build_info", build_info, METH_NOARGS, build_info_doc},
    {NULL, NULL, 0, NULL},
};

static glue_state *
get_state(PyObject *module)
{
    return (glue_state *)PyModule_GetState(module);
}

static int
native_exec(PyObject *module)
{
    glue_state *state = get_state(module);
    if (crossings_init(state) < 0
        || PyModule_AddFunctions(module, crossings_methods) < 0) {
        return -1;
    }
    state->dictionary_type = (PyTypeObject *)PyType_FromModuleAndSpec(
        module, &dictionary_spec, NULL);
    if (state->dictionary_type == NULL) {
        return -1;
    }
    return PyModule_AddType(module, state->dictionary_type);
}

static int
native_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(get_state(module)->dictionary_type);
    return 0;
}

static int
native_clear(PyObject *module)
{
    glue_state *state = get_state(module);
    Py_CLEAR(state->dictionary_type);
    for (int i = 0; i < GLUE_NAMED_COUNT; i++) {
        Py_CLEAR(state->names[i]);
    }
    return 0;
}

static void
native_free(void *module)
{
    native_clear((PyObject *)module);
}

static PyModuleDef_Slot native_slots[] = {
    {Py_mod_exec, SLOT(native_exec)},
#ifdef Py_mod_multiple_interpreters
    /* There is no state outside of the module and its objects. */
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil
    /* Safe without the GIL: strings, the snapshot of a list and a Dictionary
     * never change, and a search belongs to one call. */
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

PyDoc_STRVAR(
    native_doc,
    "Levenshtein distance in C, called through the C API of CPython.");

static PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,         .m_name = LEV_C_PACKAGE "._native",
    .m_doc = native_doc,           .m_size = sizeof(glue_state),
    .m_methods = native_methods,   .m_slots = native_slots,
    .m_traverse = native_traverse, .m_clear = native_clear,
    .m_free = native_free,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&native_module);
}
