"""Finding the module that computes the distances."""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from speller.errors import SetupError


class NativeDictionary(Protocol):
    """Words that stay on the native side between two searches.

    One that has ``nearest_many(queries, limit, /, *, threads)`` too, as ``lev_fast`` has, is asked
    for many words at once by the command.
    """

    def nearest(self, query: str, limit: int, /) -> list[tuple[int, int]]:
        """Return the ``limit`` nearest words as (distance, index), ascending."""


class Contender(Protocol):
    """What the speller uses of a contender; any module with these names will do."""

    def distance(self, a: str, b: str, /) -> int:
        """Return the Levenshtein distance by Wagner-Fischer."""

    def distance_myers(self, a: str, b: str, /) -> int:
        """Return the Levenshtein distance by Myers' bit-vectors."""

    def distances(self, query: str, words: list[str], /) -> list[int]:
        """Return the distance from ``query`` to each word."""

    @property
    def Dictionary(self) -> Callable[[Iterable[str]], NativeDictionary]:  # noqa: N802
        """Build a dictionary of words on the native side."""


# Nickname: (module, folder of the package in the project). They are here to be listed, and for what
# to do where one is not installed: any module lev_NAME can be chosen as NAME.
NICKNAMES = {
    "pure": ("lev_pure", "pure_python"),
    "cython": ("lev_cython", "cython_ext"),
    "c": ("lev_c", "c_ext"),
    "cffi": ("lev_cffi", "rust_cffi"),
    "cffi-abi": ("lev_cffi_abi", "rust_cffi/variants/abi"),
    "pyo3": ("lev_pyo3", "rust_pyo3"),
    "pyo3-idiomatic": ("lev_pyo3_idiomatic", "rust_pyo3/variants/idiomatic"),
    "fast": ("lev_fast", "rust_pyo3/variants/fast"),
}

_REQUIRED = ("distance", "distance_myers", "distances", "Dictionary")


def load_contender(name: str) -> Contender:
    """Import a contender by its nickname or by the name of any importable module.

    Raises SetupError, with what the user can do about it, when the module is not
    installed, cannot be loaded, or is not a contender.
    """
    module_name, folder = NICKNAMES.get(name, (name, None))
    nicknamed = "lev_" + name.replace("-", "_")
    if folder is None and nicknamed.isidentifier() and find_spec(nicknamed) is not None:
        module_name = nicknamed
    if not all(part.isidentifier() for part in module_name.split(".")):
        raise SetupError(
            f"{name!r} is neither a contender ({', '.join(NICKNAMES)}) nor a module name"
        )
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise SetupError(f"contender {name!r} cannot be loaded: {error}") from error
        hint = (
            f"install it from the folder of the project with: pip install ./{folder}"
            if folder
            else f"install it, or choose one of: {', '.join(NICKNAMES)}"
        )
        raise SetupError(
            f"contender {name!r} is not installed (no module named {module_name}); {hint}"
        ) from error
    except ImportError as error:
        raise SetupError(f"contender {name!r} cannot be loaded: {error}") from error
    missing = [attribute for attribute in _REQUIRED if not hasattr(module, attribute)]
    if missing:
        raise SetupError(f"module {module_name} is not a contender: no {', '.join(missing)} in it")
    return cast(Contender, module)
