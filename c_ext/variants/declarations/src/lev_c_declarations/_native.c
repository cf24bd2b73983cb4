/* One function for each way in which an extension can declare a function to
 * the interpreter.  None of them does anything but count its arguments, so
 * what they cost is the declaration. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* --- METH_NOARGS, METH_O: the interpreter counts ------------------------- */

static PyObject *
noargs(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

static PyObject *
o(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(x))
{
    Py_RETURN_NONE;
}

/* --- METH_FASTCALL: the arguments stand where the caller had them -------- */

static PyObject *
check_nargs(const char *name, Py_ssize_t nargs, Py_ssize_t expected)
{
    if (nargs != expected) {
        PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments (%zd given)",
                     name, expected, nargs);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
fastcall0(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(args),
          Py_ssize_t nargs)
{
    return check_nargs("fastcall0", nargs, 0);
}

static PyObject *
fastcall1(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(args),
          Py_ssize_t nargs)
{
    return check_nargs("fastcall1", nargs, 1);
}

static PyObject *
fastcall2(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(args),
          Py_ssize_t nargs)
{
    return check_nargs("fastcall2", nargs, 2);
}

/* The values of the keywords follow the positional arguments, their names are
 * a tuple.  Which name belongs where is for the function to find out. */
static PyObject *
fastcall_keywords1(PyObject *Py_UNUSED(module),
                   PyObject *const *Py_UNUSED(args), Py_ssize_t nargs,
                   PyObject *kwnames)
{
    Py_ssize_t named = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    if (named == 1) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, 0);
        if (PyUnicode_CompareWithASCIIString(name, "x") != 0) {
            PyErr_Format(PyExc_TypeError, "there is no argument '%U'", name);
            return NULL;
        }
    }
    return check_nargs("fastcall_keywords1", nargs + named, 1);
}

/* --- METH_VARARGS: the caller makes a tuple, a format takes it apart ----- */

static PyObject *
varargs0(PyObject *Py_UNUSED(module), PyObject *args)
{
    if (!PyArg_ParseTuple(args, ":varargs0")) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
varargs1(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *x;
    if (!PyArg_ParseTuple(args, "O:varargs1", &x)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
varargs2(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *x, *y;
    if (!PyArg_ParseTuple(args, "OO:varargs2", &x, &y)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* And a dictionary of the keywords, if there are any. */
static PyObject *
varargs_keywords1(PyObject *Py_UNUSED(module), PyObject *args,
                  PyObject *kwargs)
{
    static char *names[] = {"x", NULL};
    PyObject *x;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:varargs_keywords1",
                                     names, &x)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* --- Module -------------------------------------------------------------- */

#if defined(__clang__)
#    define COMPILER __VERSION__
#elif defined(__GNUC__)
#    define COMPILER "GCC " __VERSION__
#else
#    define COMPILER "unknown"
#endif

static PyObject *
build_info(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return Py_BuildValue("{s:s,s:s,s:s}", "compiler", COMPILER, "flags",
                         LEV_C_FLAGS, "binding",
                         "C API of CPython " PY_VERSION);
}

/* All of them are stored as one type of function, and the flags tell the
 * interpreter which it is.  The way over void (*)(void) says that this is
 * meant. */
#define FUNCTION(name, flags)                                                 \
    {#name, (PyCFunction)(void (*)(void))name, flags, NULL}

static PyMethodDef native_methods[] = {
    FUNCTION(noargs, METH_NOARGS),
    FUNCTION(o, METH_O),
    FUNCTION(fastcall0, METH_FASTCALL),
    FUNCTION(fastcall1, METH_FASTCALL),
    FUNCTION(fastcall2, METH_FASTCALL),
    FUNCTION(fastcall_keywords1, METH_FASTCALL | METH_KEYWORDS),
    FUNCTION(varargs0, METH_VARARGS),
    FUNCTION(varargs1, METH_VARARGS),
    FUNCTION(varargs2, METH_VARARGS),
    FUNCTION(varargs_keywords1, METH_VARARGS | METH_KEYWORDS),
    FUNCTION(build_info, METH_NOARGS),
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot native_slots[] = {
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lev_c_declarations._native",
    .m_methods = native_methods,
    .m_slots = native_slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&native_module);
}
