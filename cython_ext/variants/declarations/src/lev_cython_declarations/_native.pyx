# cython: language_level=3
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
# cython: auto_pickle=False

"""What each way of declaring a function in Cython costs its callers in Python.

No function does anything: one without an argument returns None, the others
return their first argument. So whatever differs between two of them is the
price of their declarations. As everywhere in lev_cython ``binding=False``
stands at the head, and a declaration that wants something else says so.
"""

cimport cython


# ---------------------------------------------------------------------------
# def: a function for Python
# ---------------------------------------------------------------------------

def def0():
    """No argument, which is METH_NOARGS."""


# The slash makes the argument positional-only. For a single one that means
# METH_O, the shortest way there is: the interpreter hands over the object.
def def1(x, /):
    """One argument, of any type."""
    return x


# For more than one, Cython has nothing but METH_FASTCALL | METH_KEYWORDS: the
# interpreter hands over an array, its length, and the names of keywords, which
# the function must look at even if it takes none.
def def2(x, y, /):
    """Two arguments, of any type."""
    return x


# Without the slash callers may name the argument, so a single one comes in an
# array as well. All callers pay for that, and those who name it for the search
# among the names.
def def1_any(x):
    """One argument, by position or by keyword."""
    return x


# A C type is converted on the way in and, because Python gets it back, on the
# way out. It also decides which mistakes are noticed: this takes 1.5 for 1,
# and refuses an object that has only an `__index__`.
def def1_typed(long x, /):
    """One argument, by way of a C long."""
    return x


# An extension type or a built-in one is only checked. None passes for a str
# unless the declaration says `not None`, and a subclass of str is refused.
def def1_str(str x not None, /):
    """One argument, a str."""
    return x


# Cython's default. The function is of a type of Cython's own that imitates
# functions in Python: it has attributes, defaults and annotations, becomes a
# method in a class, and is unknown to the shortcuts that an interpreter has
# for built-in functions.
@cython.binding(True)
def def1_binding(x, /):
    """One argument, of a function that looks like one written in Python."""
    return x


# ---------------------------------------------------------------------------
# cpdef: the same function for C and for Python
# ---------------------------------------------------------------------------

# Code in Cython calls the C function, code in Python a wrapper around it. The
# wrapper costs what the same `def` costs; what a `cpdef` saves, it saves in
# Cython.

cpdef cpdef0():
    """No argument."""


# Callers may always name the argument of a cpdef: it knows no slash.
cpdef cpdef1(x):
    """One argument, of any type."""
    return x


# With a result in C there is no object that could be NULL, so -1 stands for
# "perhaps there is an exception".
cpdef long cpdef1_typed(long x) except? -1:
    """One argument, by way of a C long, in and out."""
    return x


# ---------------------------------------------------------------------------
# Methods
# ---------------------------------------------------------------------------

# The class is not final, so that a subclass in Python may override `cpdef0`
# and a call from Cython must look whether one does. A call from Python need
# not look: it has already found the method that it wants.
cdef class Thing:
    """An object with nothing in it."""

    # Unlike a function, a method without arguments is METH_FASTCALL |
    # METH_KEYWORDS as long as nobody asks for something else.
    def def0(self):
        """No argument but the object."""

    # This directive makes it METH_NOARGS, for which the interpreter has a
    # shortcut when the method is looked up and called at once.
    @cython.always_allow_keywords(False)
    def def0_noargs(self):
        """No argument but the object."""

    cpdef cpdef0(self):
        """No argument but the object, for C and for Python."""


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": LEV_COMPILER.decode(),
        "flags": LEV_FLAGS.decode(),
        "binding": f"Cython {LEV_CYTHON_VERSION.decode()}",
    }


cdef extern from *:
    """
    #ifdef __clang__
    #define LEV_COMPILER __VERSION__
    #else
    #define LEV_COMPILER "GCC " __VERSION__
    #endif
    """
    const char *LEV_COMPILER
    const char *LEV_FLAGS
    const char *LEV_CYTHON_VERSION
