"""That each declaration is called as it says, and does nothing."""

import lev_pyo3_declarations as lev
import pytest
from lev_pyo3_declarations import _native

FROZEN = lev.Frozen(5)
MUTABLE = lev.Mutable(6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: lev.noargs(),
        lambda: lev.noargs_py(),
        lambda: lev.noargs_result(),
        lambda: lev.o(1),
        lambda: lev.o(x=1),
        lambda: lev.o_signature(1),
        lambda: lev.optional(),
        lambda: lev.optional(1),
        lambda: lev.optional(x=1),
        lambda: lev.keyword(x=1),
        lambda: lev.varargs(),
        lambda: lev.varargs(1, 2),
        lambda: lev.kwargs(),
        lambda: lev.kwargs(x=1),
        lambda: lev.pass_module(1),
        lambda: FROZEN.noop(),
        lambda: MUTABLE.noop(),
        lambda: MUTABLE.noop_mut(),
    ],
)
def test_does_nothing(call):
    assert call() is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: lev.noargs(1),
        lambda: lev.o(),
        lambda: lev.o_signature(x=1),
        lambda: lev.optional(1, 2),
        lambda: lev.keyword(1),
        lambda: lev.keyword(y=1),
        lambda: lev.varargs(x=1),
        lambda: lev.kwargs(1),
        lambda: lev.int_i64("1"),
        lambda: lev.pass_module(x=1),
    ],
)
def test_refuses_other_calls(call):
    with pytest.raises(TypeError):
        call()


def test_gives_back_what_it_got():
    assert lev.int_i64(2**63 - 1) == 2**63 - 1
    with pytest.raises(OverflowError):
        lev.int_i64(2**63)
    assert (FROZEN.value, MUTABLE.value) == (5, 6)


def test_the_package_names_all_that_the_native_module_holds():
    public = {name for name in vars(_native) if not name.startswith("_")}
    assert public == set(lev.__all__)
