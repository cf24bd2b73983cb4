"""The one difference from the contract: lone surrogates are refused."""

import lev_pyo3_idiomatic as lev
import pytest

LONE = "a\ud800"


@pytest.mark.parametrize(
    "call",
    [
        lambda: lev.pair_length(LONE, "a"),
        lambda: lev.distance("a", LONE),
        lambda: lev.distance_myers(LONE, "a"),
        lambda: lev.distance_repeated("a", LONE, 1),
        lambda: lev.distance_myers_repeated(LONE, "a", 1),
        lambda: lev.distances(LONE, ["a"]),
        lambda: lev.distances("a", ["a", LONE]),
        lambda: lev.Dictionary(["a", LONE]),
        lambda: lev.Dictionary(["a"]).nearest(LONE, 1),
        lambda: lev.Dictionary(["a"]).nearest_where(LONE, 1, print),
        lambda: lev.Dictionary(["a"]).distances_into(LONE, bytearray()),
        lambda: lev.total_length(["a", LONE]),
    ],
)
def test_lone_surrogates_raise(call):
    with pytest.raises(UnicodeEncodeError):
        call()
