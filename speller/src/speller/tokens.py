"""Words of a text, and what belongs to their spelling: case, apostrophe, possessive."""

import re
import unicodedata
from collections.abc import Iterator

# Longer runs of letters (encoded data, sequences of genes) are not words of a language.
MAX_LETTERS = 64

_NON_SPACE = re.compile(r"\S+")
_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
# Letters, digits and combining accents, with apostrophes inside.
_RUN = re.compile(r"[\w\u0300-\u036f]+(?:['\u2019][\w\u0300-\u036f]+)*")
# English words, borrowed ones such as "naïve" included, are written in Latin letters.
_WORD = re.compile(
    r"[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
    r"\u0300-\u036f'\u2019]+"
)


def find_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, word) for each word of ``text``, offsets in code points.

    A hyphen separates words, an apostrophe between letters belongs to the word. Skipped
    are URLs and email addresses (with whatever touches them), runs with a digit or an
    underscore in them, runs in another script than Latin, and what is too long to be a
    word.
    """
    # Going by white space first keeps the search linear, whatever the text.
    for chunk in _NON_SPACE.finditer(text):
        if _ADDRESS.search(chunk[0]):
            continue
        for run in _RUN.finditer(text, chunk.start(), chunk.end()):
            if len(run[0]) <= MAX_LETTERS and _WORD.fullmatch(run[0]):
                yield run.start(), run[0]


def normalise(word: str) -> str:
    """Return the form in which a word is looked up: lower case, one kind of apostrophe."""
    return unicodedata.normalize("NFC", word).replace("\u2019", "'").lower()


def split_possessive(word: str) -> tuple[str, str]:
    """Split a normalised word into what is looked up and its ending ``'s``, if it has one."""
    return (word[:-2], "'s") if word.endswith("'s") else (word, "")


def write_like(original: str, proposal: str) -> str:
    """Write a proposal with the case pattern and the apostrophe of the original."""
    if "\u2019" in original:
        proposal = proposal.replace("'", "\u2019")
    if len(original) > 1 and original.isupper():
        return proposal.upper()
    if original[0].isupper():
        return proposal[0].upper() + proposal[1:]
    return proposal
