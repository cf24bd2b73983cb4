"""The price of each way of declaring a function in Cython."""

from ._native import (
    Thing,
    build_info,
    cpdef0,
    cpdef1,
    cpdef1_typed,
    def0,
    def1,
    def1_any,
    def1_binding,
    def1_str,
    def1_typed,
    def2,
)

__all__ = [
    "Thing",
    "build_info",
    "cpdef0",
    "cpdef1",
    "cpdef1_typed",
    "def0",
    "def1",
    "def1_any",
    "def1_binding",
    "def1_str",
    "def1_typed",
    "def2",
]
