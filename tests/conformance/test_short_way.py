"""What is this binding's own: the short way into the kernel, and what goes past it."""

from __future__ import annotations

import inspect

import pytest

lev_fast = pytest.importorskip("lev_fast")


class Text(str):
    """A subclass counts as its text, whatever it overrides."""

    __slots__ = ()

    def __len__(self):
        return 0

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize("length", [1, 15, 16, 17, 63, 64, 65, 200])
def test_the_short_way_and_the_long_one_agree(length):
    a, b = "abc" * 70, "acb" * 70
    a, b = a[:length], b[: length + 1]
    by_position = lev_fast.distance(a, b)
    # With a cut-off, by name or not, a call takes the long way.
    assert by_position == lev_fast.distance(a, b, None) == lev_fast.distance_myers(a, b)
    assert by_position == lev_fast.distance(a, b, score_cutoff=1000)
    assert by_position == lev_fast.distance(Text(a), Text(b))


def test_it_looks_like_any_other_function():
    assert str(inspect.signature(lev_fast.distance)) == "(a, b, /, score_cutoff=None)"
    assert lev_fast.distance.__name__ == "distance"
    assert "score_cutoff + 1" in lev_fast.distance.__doc__


@pytest.mark.parametrize(
    "arguments", [(), ("a",), ("a", "b", 1, 2), (1, "b"), ("a", None), (b"a", "b")]
)
def test_wrong_arguments(arguments):
    with pytest.raises(TypeError):
        lev_fast.distance(*arguments)


def test_wrong_names():
    with pytest.raises(TypeError):
        lev_fast.distance("a", b="b")
    with pytest.raises(TypeError):
        lev_fast.distance("a", "b", cutoff=1)
