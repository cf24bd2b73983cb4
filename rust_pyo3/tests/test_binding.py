"""What is peculiar to this binding. The contract is tested for all contenders at once."""

import inspect
import re
import types
from pathlib import Path

import lev_pyo3
import pytest
from lev_pyo3 import _native

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(set(lev_pyo3.__all__) - {"Dictionary"})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_call_passes_through_no_python_code(name):
    function = getattr(lev_pyo3, name)
    assert function is getattr(_native, name)
    assert isinstance(function, types.BuiltinFunctionType)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures_are_positional_only(name):
    parameters = inspect.signature(getattr(lev_pyo3, name)).parameters.values()
    expected = "KEYWORD_ONLY" if name == "sum_named" else "POSITIONAL_ONLY"
    assert {p.kind.name for p in parameters} <= {expected}


def test_the_package_names_all_that_the_native_module_holds():
    public = {name for name in vars(_native) if not name.startswith("_")}
    assert public == {*lev_pyo3.__all__, "panic"}


def test_a_panic_becomes_an_exception_that_except_exception_does_not_catch():
    with pytest.raises(BaseException, match="panicked on purpose") as caught:
        lev_pyo3.panic()
    assert type(caught.value).__name__ == "PanicException"
    assert not isinstance(caught.value, Exception)


def test_the_class_belongs_to_the_public_package():
    assert lev_pyo3.Dictionary.__module__ == "lev_pyo3"


def test_build_info_says_what_was_locked_and_optimised():
    info = lev_pyo3.build_info()
    lock = (ROOT / "Cargo.lock").read_text()
    [version] = re.findall(r'name = "pyo3"\nversion = "(.+)"', lock)
    assert info["binding"] == f"PyO3 {version}"
    assert info["compiler"].startswith("rustc ")
    assert {"opt-level=3", "lto=fat", "codegen-units=1"} <= set(info["flags"].split())
