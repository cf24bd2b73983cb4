"""What lev_cffi and lev_cffi_abi owe each other: they bind the same interface."""

import re
from pathlib import Path

import lev_cffi
import lev_cffi._api
import lev_cffi_abi
import lev_cffi_abi._native

FOLDER = Path(__file__).parent.parent
HEADER = FOLDER / "include" / "lev.h"


def interface(module):
    """The type of each function, in the words of C, and the value of each constant."""
    ffi, lib = module.ffi, module.lib
    names = [name for name in dir(lib) if name.startswith(("lev_", "LEV_STATUS_"))]
    members = {name: getattr(lib, name) for name in names}
    return {
        name: member if isinstance(member, int) else ffi.getctype(ffi.typeof(member))
        for name, member in members.items()
    }


def test_both_bind_the_same_interface():
    assert interface(lev_cffi._api) == interface(lev_cffi_abi._native)


def test_the_header_declares_what_is_bound():
    # In a comment no name is followed by a parenthesis.
    declared = set(re.findall(r"\b(lev_\w+)\(|\b(LEV_STATUS_\w+) =", HEADER.read_text()))
    names = {function or constant for function, constant in declared}
    # The functions for callers that can read a str in place, which cffi cannot.
    in_place = {name for name in names if name.startswith("lev_text_")}
    assert in_place
    assert names - in_place == set(interface(lev_cffi._api))


def test_build_info_names_the_binding():
    api = lev_cffi.build_info()
    abi = lev_cffi_abi.build_info()
    assert "API mode" in api["binding"]
    assert "ABI mode" in abi["binding"]
    assert api["compiler"] == abi["compiler"]
    # One is linked with its optimisation at once, the other when the shared library is.
    later = abi["flags"].replace("linker-plugin-lto", "lto=fat")
    assert "opt-level=3 lto=fat" in api["flags"]
    assert api["flags"] == later
