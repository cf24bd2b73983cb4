"""What each way of declaring a function in C costs its callers."""

from lev_c_declarations._native import (
    build_info,
    fastcall0,
    fastcall1,
    fastcall2,
    fastcall_keywords1,
    noargs,
    o,
    varargs0,
    varargs1,
    varargs2,
    varargs_keywords1,
)

__all__ = [
    "build_info",
    "fastcall0",
    "fastcall1",
    "fastcall2",
    "fastcall_keywords1",
    "noargs",
    "o",
    "varargs0",
    "varargs1",
    "varargs2",
    "varargs_keywords1",
]
