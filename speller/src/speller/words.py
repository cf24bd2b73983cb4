"""The English dictionary with frequencies that the package symspellpy brings along."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from speller.errors import SetupError


@cache
def load_words() -> list[str]:
    """Return the words of the dictionary, the most frequent first, ties alphabetically.

    The position in the list is the frequency rank, so whoever breaks ties of distance
    by index prefers the more frequent word. Every call returns the same list: do not
    change it. Raises SetupError when symspellpy is not installed.
    """
    path = installed_file("symspellpy", "symspellpy", "frequency_dictionary_en_82_765.txt")
    frequencies: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        word, frequency = line.split()
        frequencies[word] = int(frequency)
    return sorted(frequencies, key=lambda word: (-frequencies[word], word))


def installed_file(distribution: str, package: str, *parts: str) -> Path:
    """Return the path of a data file of an installed package, without importing it."""
    spec = find_spec(package)
    if spec is not None:
        for folder in spec.submodule_search_locations or ():
            path = Path(folder, *parts)
            if path.is_file():
                return path
    raise SetupError(
        f"{parts[-1]} of the package {distribution} is not installed; "
        f"get it with: pip install {distribution}"
    )
