"""The contenders under test, and the only places where one may differ."""

from __future__ import annotations

from dataclasses import dataclass

#: They keep the whole contract.
CONTENDERS = (
    "lev_pure",
    "lev_cython",
    "lev_c",
    "lev_cffi",
    "lev_cffi_abi",
    "lev_pyo3",
    "lev_pyo3_idiomatic",
    "lev_c_rust_kernel",
    "lev_cython_rust_kernel",
    "lev_cffi_c_kernel",
    "lev_fast",
)

#: Those that a user would import. The others answer one question each, and so do `PARTS` and
#: `PROBES`: they are tested with ``--thorough``.
USUAL = (
    "lev_pure",
    "lev_cython",
    "lev_c",
    "lev_cffi",
    "lev_cffi_abi",
    "lev_pyo3",
    "lev_pyo3_idiomatic",
    "lev_fast",
)

#: The executable form of the contract. It alone runs no native code.
REFERENCE = "lev_pure"

NAMES = frozenset(
    {
        "noop",
        "number",
        "echo",
        "sum_five",
        "sum_named",
        "fail",
        "total_length",
        "packed_length",
        "buffer_sum",
        "range_list",
        "range_bytes",
        "range_into",
        "range_pairs",
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
METHODS = frozenset({"noop", "nearest", "nearest_where", "distances_into"})

_BEGINNERS = frozenset(
    {
        *("noop", "pair_length", "distance", "distance_myers", "distances"),
        *("range_list", "total_length"),
        *("Dictionary", "Dictionary.__len__", "Dictionary.nearest", "build_info"),
    }
)

#: What the study compares of a variant for the stable ABI.
_STABLE_ABI = frozenset(
    {
        *("noop", "number", "pair_length", "distance", "distance_myers"),
        *("distance_repeated", "distance_myers_repeated", "distances"),
        *("Dictionary", "Dictionary.__len__", "Dictionary.nearest", "Dictionary.distances_into"),
        "build_info",
    }
)

#: Variants that keep a part of the contract, by the names that they have. Only tests that say
#: which names they need (``pytest.mark.needs``) are run on them.
PARTS = {
    "lev_c_naive": frozenset(
        {"noop", "pair_length", "distance", "range_list", "total_length", "build_info"}
    ),
    "lev_cython_naive": _BEGINNERS,
    "lev_cffi_naive": _BEGINNERS,
    "lev_ctypes": frozenset(
        {"noop", "number", "echo", "pair_length", "distance", "fail", "build_info"}
    ),
    "lev_c_abi3": _STABLE_ABI,
    "lev_cython_abi3": _STABLE_ABI,
    "lev_pyo3_abi3": _STABLE_ABI
    | {"echo", "sum_five", "sum_named", "fail", "packed_length", "buffer_sum", "range_into"},
}

#: The oldest Python that each is for, if it is not 3.10: the stable ABI has buffers from 3.11 on.
OLDEST_PYTHON = {"lev_c_abi3": (3, 11), "lev_cython_abi3": (3, 11), "lev_pyo3_abi3": (3, 11)}

#: Those of them that are right for good arguments and check none: code that needs "checks" is not
#: run on them.
WITHOUT_CHECKS = frozenset({"lev_cython_naive"})

#: Packages that show what each way of declaring a function costs, and share no name with the
#: contract. test_declarations.py is about them.
PROBES = ("lev_c_declarations", "lev_cython_declarations", "lev_pyo3_declarations")


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

#: Functions that are cffi's own objects, because a function around them would be timed as well:
#: they have no signature and cannot be pickled. docs/contract.md says so.
BARE = {
    name: frozenset({"noop", "number"})
    for name in ("lev_cffi", "lev_cffi_abi", "lev_cffi_c_kernel")
}

#: Who has a function ``panic``, which is no part of the contract, and what a panic in Rust looks
#: like to Python: the class by its module and name, and its bases.
PANICS = {
    "lev_pyo3": ("pyo3_runtime.PanicException", (BaseException,)),
    "lev_pyo3_idiomatic": ("pyo3_runtime.PanicException", (BaseException,)),
    "lev_fast": ("pyo3_runtime.PanicException", (BaseException,)),
    "lev_cffi": ("builtins.RuntimeError", (Exception,)),
    "lev_cffi_abi": ("builtins.RuntimeError", (Exception,)),
    "lev_pyo3_abi3": ("pyo3_runtime.PanicException", (BaseException,)),
}

#: Cases of starved.py, by contender, in which memory runs out outside of the kernels and a
#: binding panics or ends the process: PyO3 does when Python cannot allocate an object of the
#: answer, Rust's String when a word is copied, and so do the small objects that both make on
#: the way. docs/contract.md says so.
_ANSWERS = frozenset(
    {
        *("nearest with a long answer", "distances with a long answer"),
        *("range_list", "range_pairs"),
    }
)
_WORDS = frozenset(
    {
        "distances of a long word",
        "Dictionary of a long word",
        "distances of many words",
        "Dictionary of many words",
        "nearest of many words",
        "nearest_where of many words",
        "distances_into of many words",
    }
)
PANICS_WITHOUT_MEMORY = {
    "lev_pyo3": _ANSWERS,
    "lev_pyo3_abi3": _ANSWERS,
    "lev_pyo3_idiomatic": _ANSWERS | _WORDS,
    "lev_fast": _ANSWERS,
}

#: Cases of starved.py in which there is enough memory, because the kernel keeps less than those
#: of the contenders do.
HAS_ENOUGH = {
    "lev_fast": frozenset(
        {
            *("distance", "distance_repeated", "distance_myers", "distance_myers_repeated"),
            *("distances of a long word", "nearest to a long word"),
            "distances_into of a long word",
        }
    )
}

#: Names beyond the contract, and arguments of the functions in it; test_fast.py is about them.
MORE = {"lev_fast": frozenset({"cdist"})}
MORE_ARGUMENTS = {"lev_fast": {"distance": frozenset({"score_cutoff"})}}


def takes_surrogates(contender: str) -> bool:
    return contender not in DEVIATIONS


def has(contender: str, names: set[str]) -> bool:
    """Whether the contender has to have all these names of the contract.

    There are two more: ``panic`` is had by those in ``PANICS``, and ``checks`` by all that look
    at the types and values of their arguments.
    """
    if ("panic" in names and contender not in PANICS) or (
        "checks" in names and contender in WITHOUT_CHECKS
    ):
        return False
    return contender in CONTENDERS or names - {"checks"} <= PARTS.get(contender, frozenset())
