"""The spell-corrector."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from speller.contenders import Contender
from speller.granularity import GRANULARITIES, Nearest
from speller.tokens import find_words, normalise, split_possessive, write_like

# From what was looked up to its proposals, as Speller.propose returns them.
Found = dict[str, list[tuple[str, int]]]

# As many different unknown words are remembered, so that a text can have any number of them.
MAX_REMEMBERED = 100_000


class Fragment(NamedTuple):
    """A line of a text, or a part of a long one; line and column count from 1."""

    line: int
    column: int
    text: str


class Correction(NamedTuple):
    """An unknown word and what may have been meant.

    ``line`` and ``column`` count from 1, the column in code points. ``proposals`` are
    (word, Levenshtein distance) in the order of Speller.propose; a proposal is written in
    the case of the word.
    """

    line: int
    column: int
    word: str
    proposals: list[tuple[str, int]]


class Speller:
    """Finds the words that are not in a dictionary and proposes the nearest that are.

    ``contender`` is a module (or anything else) with the functions of a contender,
    ``granularity`` one of GRANULARITIES, ``words`` the dictionary in lower case, each word
    once, the most frequent first, ``limit`` the number of proposals.
    """

    def __init__(
        self, contender: Contender, granularity: str, words: list[str], limit: int = 5
    ) -> None:
        if granularity not in GRANULARITIES:
            raise ValueError(f"granularity must be one of {', '.join(GRANULARITIES)}")
        self._words = words
        self._ranks = {word: rank for rank, word in enumerate(words)}
        self._search = GRANULARITIES[granularity](contender, words, limit)

    def correct(self, text: str) -> list[Correction]:
        """Return a correction for each unknown word of ``text``, in its order."""
        return list(self.correct_fragments(_lines(text)))

    def correct_at_once(
        self, text: str, nearest_many: Callable[[list[str]], list[Nearest]]
    ) -> list[Correction]:
        """Return the same, after one search for all unknown words together.

        ``nearest_many`` takes words and returns the nearest to each as (distance, index),
        as a dictionary of this speller's words finds them.
        """
        return self._correct_at_once(_lines(text), nearest_many, {})

    def correct_fragments(
        self, fragments: Iterable[Fragment], found: Found | None = None
    ) -> Iterator[Correction]:
        """Yield the corrections of one text as its fragments arrive.

        Each unknown word is searched for once, however often and in whatever case it
        occurs. Only these words are kept, never the text. They are kept in ``found``, and what
        is in it already is not searched for.
        """
        if found is None:
            found = {}
        for line, column, word, stem, ending in self._unknown(fragments):
            if stem not in found:
                found[stem] = self.propose(stem)
            yield _correction(line, column, word, found[stem], ending)

    def correct_batch(self, fragments: list[Fragment], found: Found) -> Iterable[Correction]:
        """Return the corrections of a part of a text, with the fewest searches.

        One search is made for all its unknown words if the contender can do that. ``found`` is
        for one batch after another, and forgets when it has become too large.
        """
        if len(found) > MAX_REMEMBERED:
            found.clear()
        if self._search.many is None:
            return self.correct_fragments(fragments, found)
        return self._correct_at_once(fragments, self._search.many, found)

    def _correct_at_once(
        self,
        fragments: Iterable[Fragment],
        nearest_many: Callable[[list[str]], list[Nearest]],
        found: Found,
    ) -> list[Correction]:
        unknown = list(self._unknown(fragments))
        stems = list(dict.fromkeys(stem for _, _, _, stem, _ in unknown if stem not in found))
        if stems:
            for stem, nearest in zip(stems, nearest_many(stems), strict=True):
                found[stem] = self._named(nearest)
        return [
            _correction(line, column, word, found[stem], ending)
            for line, column, word, stem, ending in unknown
        ]

    def _unknown(self, fragments: Iterable[Fragment]) -> Iterator[tuple[int, int, str, str, str]]:
        """Yield line, column, word, and the word normalised in two parts: stem and ending."""
        for line, column, text in fragments:
            for offset, word in find_words(text):
                key = normalise(word)
                if not self.knows(key):
                    yield line, column + offset, word, *split_possessive(key)

    def knows(self, word: str) -> bool:
        """Tell whether a normalised word, or what it is the possessive of, is known.

        A single letter is always known: it is an initial or the label of something.
        """
        stem, _ = split_possessive(word)
        return len(stem) == 1 or word in self._ranks or stem in self._ranks

    def propose(self, word: str) -> list[tuple[str, int]]:
        """Return the nearest words of the dictionary as (word, distance), the best first.

        The order is by Levenshtein distance, then by frequency.
        """
        return self._named(self._search.one(word))

    def _named(self, nearest: Nearest) -> list[tuple[str, int]]:
        return [(self._words[rank], distance) for distance, rank in nearest]


def _lines(text: str) -> Iterator[Fragment]:
    lines = enumerate(io.StringIO(text, newline=None), start=1)
    return (Fragment(number, 1, line) for number, line in lines)


def _correction(
    line: int, column: int, word: str, proposals: list[tuple[str, int]], ending: str
) -> Correction:
    written = [(write_like(word, proposal + ending), distance) for proposal, distance in proposals]
    return Correction(line, column, word, written)
