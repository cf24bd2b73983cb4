"""An exception of a predicate that cffi cannot hand over: none of the contract's."""

import sys

import lev_cffi
import lev_cffi_abi
import pytest

BOTH = pytest.mark.parametrize("lev", [lev_cffi, lev_cffi_abi])


def raise_at(name, error, search):
    """Raise ``error`` where a function of this name begins, as the handler of a signal may."""

    def profile(frame, event, _argument):
        if event == "call" and frame.f_code.co_name == name:
            raise error

    sys.setprofile(profile)
    try:
        search()
    finally:
        sys.setprofile(None)


@pytest.fixture
def printed(monkeypatch):
    """What goes to standard error, because nobody can take it."""
    exceptions = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: exceptions.append(args.exc_value))
    return exceptions


@BOTH
def test_what_is_raised_before_the_first_line_arrives(lev, printed):
    dictionary = lev.Dictionary(["a"])
    error = KeyboardInterrupt("mine")
    with pytest.raises(KeyboardInterrupt) as caught:
        raise_at("_call_keep", error, lambda: dictionary.nearest_where("a", 1, lambda *_: True))
    assert caught.value is error
    assert printed == []


@BOTH
def test_what_is_raised_while_another_is_stored_costs_both(lev, printed):
    errors = [LookupError("mine"), KeyboardInterrupt("of a handler")]

    def keep(_distance, _index):
        raise errors[0]

    dictionary = lev.Dictionary(["a"])
    with pytest.raises(RuntimeError, match="standard error") as caught:
        raise_at("_store", errors[1], lambda: dictionary.nearest_where("a", 1, keep))
    assert caught.type is RuntimeError
    assert printed == errors
    # Nothing is left behind.
    assert dictionary.nearest_where("a", 1, lambda *_: True) == [(0, 0)]
