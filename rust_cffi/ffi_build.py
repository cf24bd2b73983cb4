"""Tells cffi about lev.h: in API mode it writes C code that the compiler checks against it."""

import re
from pathlib import Path

from cffi import FFI


def declarations(header: str) -> str:
    """Returns the header as cffi reads it."""
    # cffi parses declarations and no preprocessor; here that is guards and includes.
    text = re.sub(r"(?m)^#.*$", "", header)
    # A str is never read in place here. What is declared would be bound, and linked in.
    text = "\n\n".join(item for item in text.split("\n\n") if "lev_text" not in item)
    # cffi takes a str for a char32_t *, and for no other type of 32 bits.
    return text.replace("typedef uint32_t lev_code_point;", "typedef char32_t lev_code_point;")


def write_c_source(header: Path, source: Path, module: str) -> None:
    """Writes the C source of an extension module."""
    ffi = FFI()
    ffi.cdef(declarations(header.read_text()))
    ffi.cdef("""
        static const char *const LEV_C_COMPILER;
        extern "Python" int32_t python_keep(void *context, uint32_t distance, uint32_t index);
        int python_alive(void);
    """)
    ffi.set_source(
        module,
        """
        #include "lev.h"
        typedef lev_code_point char32_t; /* macOS had no <uchar.h> for a long time. */

        static int
        python_alive(void)
        {
        #ifdef PYPY_VERSION
            return 1; /* There cffi asks nobody for the GIL. */
        #else
            return Py_IsInitialized();
        #endif
        }

        #ifdef __clang__
        static const char *const LEV_C_COMPILER = __VERSION__;
        #else
        static const char *const LEV_C_COMPILER = "gcc " __VERSION__;
        #endif
        """,
    )
    ffi.emit_c_code(str(source))
