"""The contenders under test, and the only places where one may differ."""

from __future__ import annotations

from dataclasses import dataclass

CONTENDERS = (
    "lev_pure",
    "lev_cython",
    "lev_c",
    "lev_cffi",
    "lev_cffi_abi",
    "lev_pyo3",
    "lev_pyo3_idiomatic",
)

#: The executable form of the contract. It alone runs no native code.
REFERENCE = "lev_pure"

NAMES = frozenset(
    {
        "noop",
        "pair_length",
        "distance",
        "distance_myers",
        "distance_repeated",
        "distance_myers_repeated",
        "distances",
        "Dictionary",
        "build_info",
    }
)


@dataclass(frozen=True)
class Deviation:
    """A documented difference from the contract: a kind of text is refused."""

    text: str
    exception: type[Exception]
    why: str


#: Nothing else in this suite asks which contender it has before it.
DEVIATIONS = {
    "lev_pyo3_idiomatic": Deviation(
        text="lone surrogates",
        exception=UnicodeEncodeError,
        why="&str and String are UTF-8, which has no lone surrogates",
    ),
}


#: Cases of starved.py, by contender, in which memory runs out outside of the kernels and a
#: binding panics or ends the process: PyO3 does when Python cannot allocate an object of the
#: answer, Rust's String when a word is copied, and so do the small objects that both make on
#: the way. docs/contract.md says so.
_ANSWERS = frozenset({"the answer of nearest", "the answer of distances"})
_WORDS = frozenset(
    {
        "distances of a long word",
        "Dictionary of a long word",
        "distances of many words",
        "Dictionary of many words",
        "nearest of many words",
        "distances_into of many words",
    }
)
PANICS_WITHOUT_MEMORY = {"lev_pyo3": _ANSWERS, "lev_pyo3_idiomatic": _ANSWERS | _WORDS}


def takes_surrogates(contender: str) -> bool:
    return contender not in DEVIATIONS
