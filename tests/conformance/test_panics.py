"""A panic in Rust, on purpose: what Python sees of it, and that it ends nothing else."""

from __future__ import annotations

import pytest

from .callbacks import QUERY, RANKING, WORDS, raised_by
from .contenders import NAMES, PANICS
from .oracle import check_pair, check_words

pytestmark = pytest.mark.needs("panic")


def test_a_panic_is_an_exception(lev, contender, capfd):
    name, bases = PANICS[contender]
    for _ in range(3):
        error = raised_by(lev.panic)
        kind = type(error)
        assert f"{kind.__module__}.{kind.__qualname__}" == name
        assert kind.__bases__ == bases
        assert str(error)
    # Rust says by itself where it panicked.
    assert "panicked at" in capfd.readouterr().err
    check_pair(lev, "kitten", "sitting")
    check_words(lev, QUERY, WORDS)


def test_a_panic_among_callbacks(lev, contender, capfd):
    # Through Rust, Python, Rust again and out.
    dictionary = lev.Dictionary(WORDS)
    error = raised_by(lambda: dictionary.nearest_where(QUERY, 9, lambda *_: lev.panic()))
    assert type(error).__name__ == PANICS[contender][0].rpartition(".")[2]
    caught = []

    def keep(_distance, _index):
        caught.append(raised_by(lev.panic))
        return True

    assert dictionary.nearest_where(QUERY, 9, keep) == RANKING
    assert len(caught) == len(WORDS)
    assert capfd.readouterr().err.count("panicked at") >= len(WORDS) + 1


def test_a_panic_is_no_part_of_the_contract(lev):
    assert "panic" not in NAMES
    assert "panic" not in lev.__all__
    for arguments, keywords in (([1], {}), ([], {"hard": True})):
        with pytest.raises(TypeError):
            lev.panic(*arguments, **keywords)
