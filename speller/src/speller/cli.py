"""The command ``speller``."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from tqdm import tqdm  # type: ignore[import-untyped]

from speller import evaluation, output
from speller.contenders import NICKNAMES, load_contender
from speller.corrector import Fragment, Speller
from speller.errors import SetupError, UnreadableTextError
from speller.granularity import GRANULARITIES
from speller.reading import open_text, read_fragments
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
              unknown word

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
    for name in ("stdout", "stderr"):
        # A stream that the caller has closed does not exist for Python.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _abandon_stdout()
        return 141
    except SetupError as error:
        _complain(str(error))
        return 2
    except OSError as error:
        # What goes wrong in reading is an UnreadableTextError, so this is the output.
        _complain(f"cannot write: {error.strerror or error}")
        _abandon_stdout()
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
    # tqdm.write does not tear a progress bar on the same terminal.
    write = partial(tqdm.write, file=sys.stdout)
    report = output.JsonReport(write, settings) if options.json else output.TextReport(write)
    code = 0
    size = sum(os.path.getsize(name) for name in options.files if os.path.isfile(name))
    with _progress(total=size or None, unit="B", unit_scale=True) as bar:
        for name in options.files:
            try:
                with open_text(name) as stream:
                    if not stream.peek(1):
                        _complain(f"{name}: is empty, nothing to correct")
                    fragments = _watched(read_fragments(stream), bar)
                    for correction in speller.correct_fragments(fragments):
                        report.correction(name, correction)
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
        print(output.evaluation_as_json(result, settings))
    else:
        print(output.evaluation_as_text(result))
    return 0


def _watched(fragments: Iterable[Fragment], bar: tqdm) -> Iterator[Fragment]:
    for fragment in fragments:
        yield fragment
        bar.update(len(fragment.text.encode()))


def _progress(*arguments: Any, **options: Any) -> tqdm:
    """Return a progress bar that shows itself only when standard error is a terminal."""
    if sys.stderr.isatty() and 0 in os.get_terminal_size(sys.stderr.fileno()):
        # The terminal does not know its size, and tqdm would draw a bar of no width.
        options.update(ncols=80, nrows=24)
    return tqdm(*arguments, disable=None, leave=False, **options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
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


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return number


def _complain(message: str) -> None:
    tqdm.write(f"speller: {message}", file=sys.stderr)


def _abandon_stdout() -> None:
    # What is still buffered cannot be delivered, and must not fail again at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
