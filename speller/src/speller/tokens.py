"""Words of a text, and what belongs to their spelling: case, apostrophe, possessive.

What belongs to a word follows the word boundaries of Unicode (UAX #29), by the properties in
`unicodedata`. Only apostrophes join letters here: a full stop or a colon between letters,
which UAX #29 joins too, separates words of English. Words are compared in their
compatibility form (NFKC), so a ligature is two letters and a full-width letter is a letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Longer runs of letters (encoded data, sequences of genes) are not words of a language.
MAX_LETTERS = 64

# How far an address reaches at most where no white space ends it, in characters.
MAX_ADDRESS = 4096

# Single_Quote and the quotation marks of MidNumLet in UAX #29; U+201B, which an application
# may add to them; and the letters that are written as apostrophes, U+02BB and U+02BC.
_APOSTROPHES = "'\u2018\u2019\u201b\u02bb\u02bc\uff07"
_TO_PLAIN_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES), "'")
# What shows nothing: Default_Ignorable_Code_Point of Unicode 17, which `unicodedata` does not have.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# What stands in the shape of a text for other characters of the same kind.
_LETTER, _MARK, _INVISIBLE, _SPACE, _OTHER = "x", "\u0301", "\u00ad", " ", ","
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

# These are matched with shapes.
_PART = rf"[\w{_MARK}{_INVISIBLE}]"
# An address ends at a quotation mark or an angle bracket too (RFC 3986, appendix C). Where
# nothing ends a chunk it is cut behind the word that reaches its greatest length.
_CHUNK = re.compile(rf"""[^\s\x1c-\x1f"<>]{{1,{MAX_ADDRESS}}}(?:'?{_PART}+)*""", re.ASCII)
_ADDRESS = re.compile(r"@|://|\bwww\.", re.ASCII | re.IGNORECASE)
_RUN = re.compile(rf"{_PART}+(?:'{_PART}+)*", re.ASCII)
_REST_OF_RUN = re.compile(rf"(?:'?{_PART}+)*", re.ASCII)

_WORD = re.compile(r"[A-Za-z']+")


def find_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, word) for each word of ``text``, offsets in code points.

    A hyphen separates words. An apostrophe between letters belongs to the word, as do
    combining marks and invisible characters. Skipped are URLs and email addresses (with
    whatever touches them), runs with a digit or an underscore in them, runs in another
    script than Latin, and what is too long to be a word.
    """
    shape = _shape(text)
    # Going by white space first keeps the search linear, whatever the text.
    for chunk in _CHUNK.finditer(shape):
        if _ADDRESS.search(chunk[0]):
            continue
        for run in _RUN.finditer(shape, chunk.start(), chunk.end()):
            if len(run[0]) > MAX_LETTERS:
                continue
            if shape is not text:
                yield from _word_of_run(run, text)
            elif _WORD.fullmatch(run[0]):
                yield run.start(), run[0]


def searchable(text: str) -> int:
    """Return how much of ``text`` has the same words whatever follows, in code points.

    ``text`` must begin where an earlier part of the text became searchable, or at its start.
    """
    if not text or text[-1].isspace():
        return len(text)
    tail = text.rsplit(maxsplit=1)[-1]
    end = start = len(text) - len(tail)
    if len(tail) > MAX_ADDRESS:
        for chunk in _CHUNK.finditer(_shape(tail)):
            # An apostrophe continues a word only with the letter behind it.
            if chunk.end() + 2 > len(tail):
                break
            end = start + chunk.end()
    return end


def first_chunk(text: str) -> int | None:
    """Return where what belongs together first in ``text`` ends, if there is anything."""
    match = _CHUNK.search(_shape(text))
    return match.end() if match else None


def rest_of_run(text: str) -> int:
    """Return how much at the start of ``text`` continues the run before it."""
    match = _REST_OF_RUN.match(_shape(text))
    return match.end() if match else 0


def may_continue(text: str) -> bool:
    """Return whether a run before ``text`` may go on behind it: an apostrophe needs a letter."""
    return _shape(text) in ("", "'")


def normalise(word: str) -> str:
    """Return the form in which a word is looked up.

    In lower case, with one kind of apostrophe, without invisible characters, and with
    ordinary letters instead of ligatures and letters of another width or style.
    """
    return (word if word.isascii() else _compatible(word)).lower()


def split_possessive(word: str) -> tuple[str, str]:
    """Split a normalised word into what is looked up and its ending ``'s``, if it has one."""
    return (word[:-2], "'s") if word.endswith("'s") else (word, "")


def write_like(original: str, proposal: str) -> str:
    """Write a proposal with the case pattern and the apostrophe of the original."""
    if not original.isascii():
        apostrophe = next((mark for mark in original if mark in _APOSTROPHES), "'")
        proposal = proposal.replace("'", apostrophe)
        original = _compatible(original)
    if len(original) > 1 and original.isupper():
        return proposal.upper()
    if original[0].isupper():
        return proposal[0].upper() + proposal[1:]
    return proposal


def _shape(text: str) -> str:
    # As long as the text; ASCII stays, and all else becomes what it is for a word boundary.
    return text if text.isascii() else _NON_ASCII.sub(lambda match: _stand_in(match[0]), text)


@lru_cache(maxsize=1 << 14)
def _stand_in(character: str) -> str:
    category = unicodedata.category(character)
    if character in _APOSTROPHES:
        return "'"
    # Of the invisible characters, the zero-width space alone separates words.
    if character != "\u200b" and (category == "Cf" or _IGNORABLE.match(character)):
        return _INVISIBLE
    if category[0] == "M":
        return _MARK
    # A letter in a circle or a square is a symbol whose compatible form is a letter. That of a
    # trade mark or a unit is several.
    compatible = unicodedata.normalize("NFKC", character)
    alone = len(compatible) == 1 and compatible.isalpha()
    if category[0] in "LN" or category == "Pc" or alone:
        return _LETTER
    return _SPACE if character.isspace() else _OTHER


def _word_of_run(run: re.Match[str], text: str) -> Iterator[tuple[int, str]]:
    # At its ends these belong to what is beside the word.
    start = run.end() - len(run[0].lstrip("'" + _MARK + _INVISIBLE))
    end = run.start() + len(run[0].rstrip("'" + _INVISIBLE))
    if start < end and _is_latin(_compatible(text[start:end])):
        yield start, text[start:end]


def _is_latin(word: str) -> bool:
    # English words, borrowed ones such as "naïve" included, are written in Latin letters.
    return all(
        letter == "'"
        or unicodedata.category(letter)[0] == "M"
        or unicodedata.name(letter, "").startswith("LATIN ")
        for letter in word
    )


def _compatible(word: str) -> str:
    visible = "".join(letter for letter in word if _stand_in(letter) != _INVISIBLE)
    return unicodedata.normalize("NFKC", visible).translate(_TO_PLAIN_APOSTROPHE)
