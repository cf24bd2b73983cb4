"""ABI mode: declarations that cffi wrote down, and a shared library loaded with dlopen.

``lib`` holds the functions of lev.h, and releases the GIL around each call. This
file is all that differs between lev_cffi and lev_cffi_abi.
"""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

import sys
from pathlib import Path

import cffi

from ._native import ffi, lib  # noqa: F401  For the other modules.

# cffi closes the library with ``lib``. When the interpreter ends, that may be before the last
# dictionary is freed, which needs a function of it. So it is never to be unloaded.
_path = Path(__file__).parent / "_native" / "lib_native.so"
ffi.dlopen(str(_path), ffi.RTLD_NOW | ffi.RTLD_NODELETE)

# A ``lev_alive``. To call back cffi asks for the GIL, and there is nobody to ask when the
# interpreter has ended: until CPython 3.13 the process crashes then.
alive = ffi.NULL
if sys.implementation.name == "cpython":
    _python = cffi.FFI()
    _python.cdef("int Py_IsInitialized(void);")
    alive = ffi.cast("lev_alive", _python.dlopen(None).Py_IsInitialized)

INFO = {"binding": f"cffi {cffi.__version__}, ABI mode"}


def as_lev_keep(function, onerror):
    """Return a ``lev_keep`` that calls ``function``, or ``onerror`` with what it raises."""
    return ffi.callback("lev_keep", function, error=-1, onerror=onerror)
