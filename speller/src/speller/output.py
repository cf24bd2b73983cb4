"""What the command line prints: text for people, JSON for programs.

A text can hold anything, and so can the name of a file. `as_unicode` makes a name one that every
format can hold. Then `printable` escapes what a terminal would obey, and JSON escapes by itself.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable

from speller.corrector import Correction
from speller.evaluation import Evaluation

# Raised with every change of the JSON documents that could break a reader.
FORMAT = 1


def as_unicode(name: str) -> str:
    """Return the name of a file with each byte that is not UTF-8 written as ``\\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def printable(text: str) -> str:
    """Return ``text`` with escapes for all characters that would not be seen as themselves."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


class Report(ABC):
    """Takes corrections as they are found, so that none must be kept."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write

    @abstractmethod
    def correction(self, file: str, correction: Correction) -> None:
        """Report an unknown word."""

    def error(self, file: str, message: str) -> None:  # noqa: B027
        """Report a file that could not be read to its end."""

    def close(self) -> None:  # noqa: B027
        """End the report."""


class TextReport(Report):
    """One line for each unknown word: ``file:line:column: word -> proposals``."""

    def correction(self, file: str, correction: Correction) -> None:
        line, column, word, proposals = correction
        proposed = ", ".join(proposal for proposal, _ in proposals)
        self.write(printable(f"{file}:{line}:{column}: {word} -> {proposed}"))


class JsonReport(Report):
    """One JSON document; README.md describes it."""

    def __init__(self, write: Callable[[str], object], settings: dict[str, object]) -> None:
        super().__init__(write)
        self.errors: list[dict[str, str]] = []
        self.separator = ""
        head = json.dumps({"format": FORMAT, **settings})
        self.write(f'{head[:-1]}, "corrections": [')

    def correction(self, file: str, correction: Correction) -> None:
        line, column, word, proposals = correction
        item = {
            "file": file,
            "line": line,
            "column": column,
            "word": word,
            "proposals": [
                {"word": proposal, "distance": distance} for proposal, distance in proposals
            ],
        }
        self.write(self.separator + json.dumps(item))
        self.separator = ","

    def error(self, file: str, message: str) -> None:
        self.errors.append({"file": file, "message": message})

    def close(self) -> None:
        self.write(f'], "errors": {json.dumps(self.errors)}}}')


def evaluation_as_json(evaluation: Evaluation, settings: dict[str, object]) -> str:
    """Render an evaluation as one JSON document; README.md describes it."""
    document = {
        "format": FORMAT,
        **settings,
        **evaluation._asdict(),
        "left_out": evaluation.left_out._asdict(),
        "all": evaluation.all._asdict(),
        "single": evaluation.single._asdict(),
    }
    return json.dumps(document, indent=2)


def evaluation_as_text(evaluation: Evaluation) -> str:
    """Render an evaluation as a few lines to read."""
    left_out = evaluation.left_out
    counts = [
        (evaluation.entries, f"misspellings in the list of codespell {evaluation.codespell}"),
        (left_out.not_one_word, "left out: not one word of letters"),
        (left_out.in_dictionary, "left out: a word of our dictionary itself"),
        (left_out.multi_word_corrections, "left out: only corrections of several words"),
        (left_out.no_correction_in_dictionary, "left out: no correction is in our dictionary"),
        (evaluation.scorable, "can be scored"),
        (evaluation.scorable_single, "of these have a single correction"),
        (evaluation.all.entries, f"drawn with seed {evaluation.seed}"),
    ]
    lines = [f"{count:>7,}  {text}" for count, text in counts]
    lines += ["", f"{'':<22}{'entries':>8}{'top-1':>9}{'top-5':>9}"]
    for name, accuracy in [("single correction", evaluation.single), ("all", evaluation.all)]:
        entries, top1, top5 = accuracy
        shares = [f"{hits / entries:.1%}" if entries else "-" for hits in (top1, top5)]
        lines.append(f"{name:<22}{entries:>8,}{shares[0]:>9}{shares[1]:>9}")
    return "\n".join(lines)
