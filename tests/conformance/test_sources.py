"""What no call shows on every interpreter: what must not stand in a source."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

CYTHON = Path(__file__).parents[2] / "cython_ext"
SOURCES = sorted(path for kind in ("pyx", "pxi", "pxd") for path in CYTHON.rglob(f"*.{kind}"))


def comprehensions(source: str) -> Iterator[int]:
    """The lines on which a list, a set or a dictionary is comprehended."""
    open_brackets = []
    # Only Cython knows the question mark, which stands alone there.
    for token in tokenize.generate_tokens(io.StringIO(source.replace("?", " ")).readline):
        if token.string in {"(", "[", "{"}:
            open_brackets.append(token.string)
        elif token.string in {")", "]", "}"}:
            open_brackets.pop()
        elif token.string == "for" and open_brackets[-1:] in (["["], ["{"]):
            yield token.start[0]


def test_a_comprehension_is_found():
    assert [*comprehensions("cdef f(x) except? 0:\n    return [(i, i)\n        for i in x]\n")] == [
        3
    ]
    assert [*comprehensions("for i in x: y[i] = sum(i for i in x)  # [for]\n")] == []


def test_cython_comprehends_no_list():
    # Where there is no memory for a list to grow, the code that Cython 3.3.1 generates for a
    # comprehension drops the reference to the new item twice. Whether that crashes depends on
    # the interpreter: 3.14 and 3.15 do, as test_memory.py shows there.
    found = {
        str(path.relative_to(CYTHON)): [*comprehensions(path.read_text("utf-8"))]
        for path in SOURCES
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
