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
    name = "frequency_dictionary_en_82_765.txt"
    frequencies: dict[str, int] = {}
    for line in read_installed("symspellpy", "symspellpy", name).splitlines():
        word, frequency = line.split()
        frequencies[word] = int(frequency)
    return sorted(frequencies, key=lambda word: (-frequencies[word], word))


def read_installed(distribution: str, package: str, *parts: str) -> str:
    """Return the text of a data file of an installed package, without importing it.

    Raises SetupError when it is not there or cannot be read.
    """
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, *parts)
        try:
            if path.is_file():
                return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise SetupError(f"{path} cannot be read: {error.strerror or error}") from error
    raise SetupError(
        f"{parts[-1]} of the package {distribution} is not installed; "
        f"get it with: pip install {distribution}"
    )
