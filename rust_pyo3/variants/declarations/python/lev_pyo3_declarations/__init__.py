"""What each way of declaring a function to PyO3 costs.

Every function does nothing and returns ``None``, but for ``int_i64``, which
returns its argument. The functions are those of the native module itself.
"""

from ._native import (
    Frozen,
    Mutable,
    build_info,
    int_i64,
    keyword,
    kwargs,
    noargs,
    noargs_py,
    noargs_result,
    o,
    o_signature,
    optional,
    pass_module,
    varargs,
)

__all__ = [
    "Frozen",
    "Mutable",
    "build_info",
    "int_i64",
    "keyword",
    "kwargs",
    "noargs",
    "noargs_py",
    "noargs_result",
    "o",
    "o_signature",
    "optional",
    "pass_module",
    "varargs",
]
