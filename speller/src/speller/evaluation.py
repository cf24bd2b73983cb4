"""Accuracy on real misspellings: those that the package codespell collects."""

import random
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import NamedTuple

from speller.corrector import Speller
from speller.tokens import find_words, normalise
from speller.words import read_installed


class Entry(NamedTuple):
    """A misspelling and the corrections that its list gives for it, normalised."""

    misspelling: str
    corrections: list[str]


class LeftOut(NamedTuple):
    """Entries that cannot be scored; each is counted once, under the first that applies."""

    not_one_word: int
    in_dictionary: int
    multi_word_corrections: int
    no_correction_in_dictionary: int


class Accuracy(NamedTuple):
    """How many of ``entries`` had a listed correction first, or among the first five."""

    entries: int
    top1: int
    top5: int


class Evaluation(NamedTuple):
    """The result of an evaluation.

    ``entries`` counts the whole list, ``scorable`` what remains of it after ``left_out``,
    ``scorable_single`` those with one correction only. ``all`` and ``single`` are about
    the sample.
    """

    codespell: str
    seed: int
    entries: int
    left_out: LeftOut
    scorable: int
    scorable_single: int
    all: Accuracy
    single: Accuracy


def load_misspellings() -> list[Entry]:
    """Read codespell's dictionary. Raises SetupError when it is not installed."""
    text = read_installed("codespell", "codespell_lib", "data", "dictionary.txt")
    return parse_misspellings(text.splitlines())


def parse_misspellings(lines: Iterable[str]) -> list[Entry]:
    """Parse lines of the form ``wrong->right`` or ``wrong->right, right, [reason]``.

    With a comma in the line, what follows the last one is no correction but the reason
    why a person must choose, or nothing.
    """
    entries = []
    for line in lines:
        misspelling, _, right = line.partition("->")
        corrections = right.split(",")
        if len(corrections) > 1:
            corrections.pop()
        entries.append(
            Entry(normalise(misspelling), [normalise(word.strip()) for word in corrections])
        )
    return entries


def evaluate(
    speller: Speller,
    entries: list[Entry],
    size: int,
    seed: int,
    watch: Callable[[list[Entry]], Iterable[Entry]] = iter,
) -> Evaluation:
    """Correct a sample of ``size`` entries (all that can be scored, if there are fewer).

    The same seed draws the same sample. ``speller`` should make five proposals;
    ``watch`` may wrap the sample to show how far the work is.
    """
    scorable, left_out = sort_out(entries, speller)
    # Only random() is promised to give the same numbers in every version of Python.
    generator = random.Random(seed)
    drawn = sorted(scorable, key=lambda _: generator.random())[:size]
    scores = [(_is_single(entry), *_score(entry, speller)) for entry in watch(drawn)]
    return Evaluation(
        codespell=version("codespell"),
        seed=seed,
        entries=len(entries),
        left_out=left_out,
        scorable=len(scorable),
        scorable_single=sum(map(_is_single, scorable)),
        all=Accuracy(len(scores), sum(s[1] for s in scores), sum(s[2] for s in scores)),
        single=Accuracy(
            sum(s[0] for s in scores),
            sum(s[0] and s[1] for s in scores),
            sum(s[0] and s[2] for s in scores),
        ),
    )


def sort_out(entries: Iterable[Entry], speller: Speller) -> tuple[list[Entry], LeftOut]:
    """Separate the entries that can be scored, and count the others by the reason.

    An entry with several corrections, some of them of more than one word, can be scored
    as long as one of the others is in the dictionary.
    """
    scorable = []
    not_one_word = in_dictionary = multi_word = not_in_dictionary = 0
    for entry in entries:
        candidates = [word for word in entry.corrections if _is_one_word(word)]
        if not _is_one_word(entry.misspelling):
            not_one_word += 1
        elif speller.knows(entry.misspelling):
            in_dictionary += 1
        elif not candidates:
            multi_word += 1
        elif not any(speller.knows(word) for word in candidates):
            not_in_dictionary += 1
        else:
            scorable.append(entry)
    return scorable, LeftOut(not_one_word, in_dictionary, multi_word, not_in_dictionary)


def _score(entry: Entry, speller: Speller) -> tuple[bool, bool]:
    (correction,) = speller.correct(entry.misspelling)
    right = [word in entry.corrections for word, _ in correction.proposals]
    return right[0], any(right)


def _is_single(entry: Entry) -> bool:
    return len(entry.corrections) == 1


def _is_one_word(text: str) -> bool:
    return [word for _, word in find_words(text)] == [text]
