"""Strings to compare: every storage width, and what tends to break a kernel."""

from __future__ import annotations

import random

from hypothesis import strategies as st

# Small alphabets, so that two texts have characters in common. A text drawn
# from one has the storage width of its widest character.
ALPHABETS = {
    "ascii": "abc",
    "latin1": "ab\xe9\xff",
    "ucs2": "a\xe9\u0161\uffff",
    "ucs4": "a\xe9\u0161\U0001f600\U0010ffff",
    "nul": "\0a\u0100",
    "combining": "e\u0301\u0308\u200d",
    "emoji": "\U0001f468\U0001f469\u200d\u2764\ufe0f",
    # The same low byte, and the same low 16 bits: told apart only by a kernel
    # that compares whole code points.
    "aliases": "a\u0161\u1061\U00010061\U00010161",
    # All in the same first slot of the pattern table's 128, more of them than
    # a block has rows.
    "colliding": "".join(chr(0x100 + 128 * i) for i in range(80)),
    # As many different code points as a block can have.
    "wide": "".join(chr(0x3B1 + i) for i in range(200)),
}
SURROGATE_ALPHABETS = {
    "lone surrogates": "a\ud800\udbff\udc00\udfff",
    "surrogates and ucs4": "\ud83d\ude00\U0001f600",
}

#: Lengths on both sides of the borders between blocks of 64.
BORDERS = (0, 1, 2, 63, 64, 65, 127, 128, 129, 193)


def alphabets(surrogates: bool) -> dict[str, str]:
    return {**ALPHABETS, **SURROGATE_ALPHABETS} if surrogates else ALPHABETS


def text(alphabet: str, length: int, seed: int = 0) -> str:
    """The same pseudo-random text each time."""
    rng = random.Random(f"{alphabet!a} {length} {seed}")
    return "".join(rng.choices(alphabet, k=length))


def edited(original: str, alphabet: str, edits: int, seed: int = 0) -> str:
    """``original`` after some insertions, deletions and replacements."""
    rng = random.Random(seed)
    characters = list(original)
    for _ in range(edits):
        at = rng.randrange(len(characters) + 1)
        characters[at : at + rng.randrange(2)] = rng.choices(alphabet, k=rng.randrange(2))
    return "".join(characters)


def any_text(surrogates: bool, max_size: int = 80) -> st.SearchStrategy[str]:
    """Texts over one of the alphabets, or over all of Unicode."""
    free = st.characters() if surrogates else st.characters(exclude_categories=["Cs"])
    sets = [st.sampled_from(letters) for letters in alphabets(surrogates).values()]
    return st.one_of(*(st.text(s, max_size=max_size) for s in [free, *sets]))


class Impostor(str):
    """A str whose own methods all lie: only its text must count."""

    __slots__ = ()

    def _lie(self, *_args, **_kwargs):
        raise AssertionError("a method of a subclass of str was called")

    __len__ = __iter__ = __getitem__ = __str__ = __repr__ = _lie
    __contains__ = __format__ = encode = _lie


class LongImpostor(str):
    """A str that claims to be longer than its memory."""

    __slots__ = ()

    def __len__(self):
        return 1_000_000

    def __getitem__(self, _index):
        return "z"

    def __iter__(self):
        return iter("zzzzzzzz")

    def encode(self, *_args):
        return b"zzzzzzzz"

    def __str__(self):
        return "zzzzzzzz"


class ListImpostor(list):
    """A list whose own methods all lie: only its items must count."""

    def _lie(self, *_args):
        raise AssertionError("a method of a subclass of list was called")

    __len__ = __iter__ = __getitem__ = copy = _lie
