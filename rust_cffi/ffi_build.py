"""Tells cffi about lev.h: in API mode it writes C code that the compiler checks against it."""

import re
from pathlib import Path

from cffi import FFI


def declarations(header: str) -> str:
    """Returns the header as cffi reads it."""
    # cffi parses declarations and no preprocessor; here that is guards and includes.
    text = re.sub(r"(?m)^#.*$", "", header)
    # cffi takes a str for a char32_t *, and for no other type of 32 bits.
    return text.replace("typedef uint32_t lev_code_point;", "typedef char32_t lev_code_point;")


def write_c_source(header: Path, source: Path) -> None:
    """Writes the C source of the module lev_cffi._api."""
    ffi = FFI()
    ffi.cdef(declarations(header.read_text()))
    ffi.cdef("static const char *const LEV_C_COMPILER;")
    ffi.set_source(
        "lev_cffi._api",
        """
        #include "lev.h"
        typedef lev_code_point char32_t; /* macOS had no <uchar.h> for a long time. */

        #ifdef __clang__
        static const char *const LEV_C_COMPILER = __VERSION__;
        #else
        static const char *const LEV_C_COMPILER = "gcc " __VERSION__;
        #endif
        """,
    )
    ffi.emit_c_code(str(source))
