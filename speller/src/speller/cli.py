"""The command ``speller``."""

import argparse
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import Any, NoReturn, TextIO

from tqdm import tqdm  # type: ignore[import-untyped]

from speller import evaluation, output
from speller.contenders import NICKNAMES, load_contender
from speller.corrector import Found, Speller
from speller.errors import SetupError, UnreadableTextError, UnwritableOutputError
from speller.granularity import GRANULARITIES
from speller.reading import open_text, read_batches
from speller.words import load_words

_EXAMPLE = """\
example:
  $ printf 'Quik browm fox.\\n' | speller -
  -:1:1: Quik -> Quick, Quiz, Quit, Quid, Quirk
  -:1:6: browm -> brown, brow, broom, brows, from

  The way every application starts, and the same in compiled code:
  $ speller --granularity pair letter.txt
  $ speller --contender pyo3 letter.txt

  How often is the first proposal right?
  $ speller --evaluate 200 --seed 1

granularities, from the slow way to the fast one (all give the same proposals):
  pair        one call of distance() for each word of the dictionary
  pair-myers  the same with distance_myers(): another algorithm, nothing else
  list        one call of distances() for each unknown word
  dictionary  the words stay with the contender; one call of nearest() for each
              unknown word, or of nearest_many() for several if it has that (fast)

exit codes:
  0    every file was read, whether or not there are unknown words
  1    a file could not be read or is not UTF-8 text (the others are still
       corrected), or the output could not be written
  2    wrong usage, or a contender or a data package is not installed
  130  interrupted with Ctrl-C
  141  whoever read the output has closed it
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # A stream that the caller has closed does not exist for Python.
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        _complain("cannot write: standard output is closed")
        return 1
    try:
        try:
            return _run(arguments)
        finally:
            # What is buffered is not yet written.
            with _writing():
                sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _abandon(sys.stdout)
        return 141
    except SetupError as error:
        _complain(str(error))
        return 2
    except UnwritableOutputError as error:
        _complain(f"cannot write: {error}")
        _abandon(sys.stdout)
        return 1


def _run(arguments: Sequence[str] | None) -> int:
    options = _parse(arguments)
    # A name of a file need not be representable in the encoding of the output.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    contender = load_contender(options.contender)
    speller = Speller(contender, options.granularity, load_words(), options.limit)
    settings = {
        "contender": options.contender,
        "granularity": options.granularity,
        "limit": options.limit,
    }
    if options.evaluate is not None:
        return _evaluate(speller, settings, options)
    return _correct(speller, settings, options)


def _correct(speller: Speller, settings: dict[str, object], options: argparse.Namespace) -> int:
    report = output.JsonReport(_write, settings) if options.json else output.TextReport(_write)
    found: Found = {}
    code = 0
    with _progress(total=_size(options.files), unit="B", unit_scale=True) as bar:
        for file in options.files:
            name = output.as_unicode(file)
            read = 0
            try:
                with open_text(file) as stream:
                    for batch in read_batches(stream):
                        for correction in speller.correct_batch(batch.fragments, found):
                            report.correction(name, correction)
                        read += batch.size
                        bar.update(batch.size)
                if not read:
                    _complain(f"{name}: is empty, nothing to correct")
            except UnreadableTextError as error:
                _complain(f"{name}: {error}")
                report.error(name, str(error))
                code = 1
    report.close()
    return code


def _evaluate(speller: Speller, settings: dict[str, object], options: argparse.Namespace) -> int:
    watch = partial(_progress, unit="word")
    result = evaluation.evaluate(
        speller, evaluation.load_misspellings(), options.evaluate, options.seed, watch
    )
    if options.json:
        _write(output.evaluation_as_json(result, settings))
    else:
        _write(output.evaluation_as_text(result))
    return 0


def _size(files: Sequence[str]) -> int | None:
    """Return how many bytes there are to read, or None where that cannot be known."""
    total = 0
    for file in files:
        try:
            status = os.fstat(0) if file == "-" else os.stat(file)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            total += status.st_size
        elif not stat.S_ISDIR(status.st_mode):
            return None
    return total


def _progress(*arguments: Any, **options: Any) -> tqdm:
    """Return a progress bar that shows itself only when standard error is a terminal."""
    if sys.stderr.isatty() and 0 in os.get_terminal_size(sys.stderr.fileno()):
        # The terminal does not know its size, and tqdm would draw a bar of no width.
        options.update(ncols=80, nrows=24)
    return tqdm(*arguments, disable=None, leave=False, **options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="speller",
        description="Find the words of a text that are not in an English dictionary, and "
        "propose for each the nearest words that are: by Levenshtein distance, then by "
        "frequency. Reads UTF-8; prints file:line:column: word -> proposals.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="*", help="a text; - is standard input")
    parser.add_argument(
        "--contender",
        metavar="NAME",
        default="pure",
        help=f"who computes the distances: {', '.join(NICKNAMES)}, or any module with the same "
        "functions (default: pure, which needs no compiler and is the slowest)",
    )
    parser.add_argument(
        "--granularity",
        choices=GRANULARITIES,
        default="dictionary",
        help="how a search is divided into calls, see below (default: dictionary)",
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=_positive,
        default=5,
        help="how many proposals for each unknown word (default: 5)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--evaluate",
        metavar="N",
        type=_positive,
        help="instead of reading files, correct N real misspellings out of those that "
        "codespell collects, and print how often a right word came first or among five",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=int,
        help="draws the N misspellings; the same seed, the same sample (default: 0)",
    )
    parser.add_argument("--version", action="version", version=f"speller {version('speller')}")
    options = parser.parse_args(arguments)
    if options.evaluate is None:
        if not options.files:
            parser.error("give at least one FILE (- is standard input), or --evaluate N")
        if options.seed is not None:
            parser.error("--seed belongs to --evaluate")
    else:
        if options.files:
            parser.error("--evaluate reads no FILE")
        if options.limit != 5:
            parser.error("--evaluate looks at five proposals; leave --limit out")
        options.seed = options.seed or 0
    return options


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # It quotes what the user has typed.
        super().error(output.printable(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        # Otherwise nobody would hear of it that the help cannot be written.
        if file is sys.stdout:
            _write(message.removesuffix("\n"))
        else:
            super()._print_message(message, file)


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return number


def _write(text: str) -> None:
    with _writing():
        if sys.stdout.isatty():
            # This does not tear a progress bar on the same terminal, and takes its time for it.
            tqdm.write(text, file=sys.stdout)
        else:
            print(text)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnwritableOutputError(error.strerror or str(error)) from error


def _complain(message: str) -> None:
    # Where a complaint cannot be written either, the exit code remains.
    try:
        tqdm.write(f"speller: {output.printable(message)}", file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _abandon(stream: TextIO) -> None:
    # What is still buffered cannot be delivered, and must not fail again at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
