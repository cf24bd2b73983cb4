"""API mode: an extension module that cffi wrote and a C compiler checked against lev.h.

``lib`` holds the functions of lev.h, and releases the GIL around each call. This
file is all that differs between lev_cffi and lev_cffi_abi.
"""

# mypy: ignore-errors
# What users see has its types in __init__.pyi.

import cffi

from ._api import ffi, lib

INFO = {
    "binding": f"cffi {cffi.__version__}, API mode",
    "c_compiler": ffi.string(lib.LEV_C_COMPILER).decode(),
}

# A ``lev_alive``. To call back cffi asks for the GIL, and there is nobody to ask when the
# interpreter has ended: until CPython 3.13 the process crashes then.
alive = ffi.addressof(lib, "python_alive")


def as_lev_keep(function, onerror):
    """Return a ``lev_keep`` that calls ``function``, or ``onerror`` with what it raises."""
    ffi.def_extern("python_keep", error=-1, onerror=onerror)(function)
    return lib.python_keep
