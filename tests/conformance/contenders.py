"""The contenders under test, and the only places where one may differ.

Each is found by its ``contender.toml``: the parts of the contract that it has are in its ``parts``,
and what else is to be known of it in ``[contender.conformance]``.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass

from descriptions import descriptions

_ALL = {found["module"]: found for found in descriptions()}


def _said(key: str) -> dict:
    """What some contenders say of themselves, by the name of the module."""
    said = {name: found.get("conformance", {}) for name, found in _ALL.items()}
    return {name: table[key] for name, table in said.items() if key in table}


#: They keep the whole contract.
CONTENDERS = tuple(name for name, found in _ALL.items() if "parts" not in found)

#: Those that a user would import, so that they have a nickname. The others answer one question
#: each, and so do `PARTS` and `PROBES`: they are tested with ``--thorough``.
NICKNAME = {name: found["nickname"] for name, found in _ALL.items() if "nickname" in found}
USUAL = tuple(NICKNAME)

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

#: Those that keep a part of the contract, by the names that they have. Only tests that say which
#: names they need (``pytest.mark.needs``) are run on them.
PARTS = {name: frozenset(found["parts"]) for name, found in _ALL.items() if found.get("parts")}

#: The oldest Python that each is for, if it is not 3.10: the stable ABI has buffers from 3.11 on.
OLDEST_PYTHON = {
    name: tuple(int(number) for number in found["oldest_python"].split("."))
    for name, found in _ALL.items()
    if "oldest_python" in found
}

#: Those of them that are right for good arguments and check none: code that needs "checks" is not
#: run on them.
WITHOUT_CHECKS = frozenset(name for name, checks in _said("checks_arguments").items() if not checks)

#: Packages that show what each way of declaring a function costs, and share no name with the
#: contract. test_declarations.py is about them.
PROBES = tuple(name for name, found in _ALL.items() if found.get("parts") == [])


@dataclass(frozen=True)
class Deviation:
    """A documented difference from the contract: a kind of text is refused."""

    text: str
    exception: type[Exception]
    why: str


#: Nothing else in this suite asks which contender it has before it.
DEVIATIONS = {
    name: Deviation(
        text=refuses["text"],
        exception=getattr(builtins, refuses["exception"]),
        why=refuses["why"],
    )
    for name, refuses in _said("refuses").items()
}

#: Functions that are cffi's own objects, because a function around them would be timed as well:
#: they have no signature and cannot be pickled. docs/contract.md says so.
BARE = {name: frozenset(functions) for name, functions in _said("bare").items()}

#: Who has a function ``panic``, which is no part of the contract, and what a panic in Rust looks
#: like to Python: the class by its module and name, and its bases.
PANICS = {
    name: (panic["class"], tuple(getattr(builtins, base) for base in panic["bases"]))
    for name, panic in _said("panic").items()
}

#: Cases of starved.py, by contender, in which memory runs out outside of the kernels and a
#: binding panics or ends the process: PyO3 does when Python cannot allocate an object of the
#: answer, Rust's String when a word is copied, and so do the small objects that both make on
#: the way. docs/contract.md says so.
_WITHOUT_MEMORY = {
    "answers": {
        *("nearest with a long answer", "distances with a long answer"),
        *("range_list", "range_pairs"),
    },
    "words": {
        "distances of a long word",
        "Dictionary of a long word",
        "distances of many words",
        "Dictionary of many words",
        "nearest of many words",
        "nearest_where of many words",
        "distances_into of many words",
    },
}
PANICS_WITHOUT_MEMORY = {
    name: frozenset().union(*(_WITHOUT_MEMORY[kind] for kind in kinds))
    for name, kinds in _said("panics_without_memory_for").items()
}

#: Cases of starved.py in which there is enough memory, because the kernel keeps less than those
#: of the contenders do.
HAS_ENOUGH = {name: frozenset(cases) for name, cases in _said("has_enough_memory_for").items()}

#: Names beyond the contract, and arguments of the functions in it; test_fast.py is about them.
MORE = {name: frozenset(more) for name, more in _said("more").items()}
MORE_ARGUMENTS = {
    name: {function: frozenset(more) for function, more in functions.items()}
    for name, functions in _said("more_arguments").items()
}

#: Those that are compiled from C alone, by the folder of their sources.
COMPILED_FROM_C = {name: _ALL[name]["folder"] for name in _said("compiled_from_c")}


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
