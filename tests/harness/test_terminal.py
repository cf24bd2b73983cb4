"""What a user sees on a terminal of some width, and what a file gets instead."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import struct
import subprocess
import termios

import pytest

from .commands import record

GOOD = ["--study", "good.toml"]
NAMES = ["loop", "split", "native", "tenfold"]
CASES = ["call/noop", "count/10", "count/100", "count/1000", "list/lengths"]
WIDTHS = [100, 80, 40]
# Lines that a verb ends with, at most.
SCREEN = 50
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def in_columns(words, columns, *arguments, stderr=subprocess.DEVNULL):
    """What a command writes to a terminal so wide, and its exit code; with `stderr` of STDOUT also
    what it says meanwhile."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        words.command(*arguments),
        cwd=words.folder,
        env=words.environment(TERM="xterm-256color"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=stderr,
        # Of its own: whoever runs the tests may have a terminal of another width.
        start_new_session=True,
    )
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    text = b"".join(pieces).decode().replace("\r\n", "\n")
    return COLOURS.sub("", text), process.wait(timeout=60)


@pytest.fixture
def folder(measured, tmp_path):
    return shutil.copytree(measured.good, tmp_path / "record")


@pytest.fixture
def commands(measured, folder, tmp_path):
    """Commands that print tables, and what these name."""
    again = shutil.copytree(folder, tmp_path / "record-again")
    return {
        "list": (["list", *GOOD], [*NAMES, *CASES]),
        "doctor": (["doctor", *GOOD], []),
        "build": (["build", *GOOD], NAMES),
        "verify": (["verify", *GOOD], NAMES),
        "observe": (["observe", *GOOD, "--record", folder, "--only", "native"], ["native"]),
        "report": (["report", "--terminal", folder], ["in C", "str.split", "count/100"]),
        "report of named cases": (
            ["report", "--terminal", folder, "--filter", "/"],
            ["in C", "str.split", *CASES],
        ),
        "compare": (["compare", folder, again], [*NAMES, *CASES]),
        "compare three": (["compare", folder, again, measured.good], [*NAMES, *CASES]),
    }


KINDS = ["list", "doctor", "build", "verify", "observe", "report", "report of named cases"]
KINDS += ["compare", "compare three"]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_wider_than_the_terminal_and_no_name_is_broken(words, commands, kind, columns):
    command, names = commands[kind]
    text, code = in_columns(words, columns, *command)
    assert code == 0, text
    for line in text.splitlines():
        # A folder is never broken, so that it can be copied.
        assert len(line) <= columns or "/record" in line or "results/good" in line, line
    for name in names:
        assert name in text, text


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_terminal_a_row_is_a_line(words, commands, kind):
    command, names = commands[kind]
    done = words.ffi_bench(*command)
    assert done.returncode == 0, done
    rules = [line for line in done.stdout.splitlines() if line and set(line) == {"─"}]
    assert rules or kind.startswith("report"), done.stdout
    for name in names:
        # As often as on the widest terminal, and in lines that say something of it.
        assert any(name in line for line in done.stdout.splitlines()), done.stdout
    # Prose is not broken: every paragraph ends as a sentence does, every row in a column.
    for line in done.stdout.splitlines():
        assert not line.endswith((",", " the", " of", " is")), line


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if "compare" not in kind and kind != "list"]
)
def test_a_verb_ends_with_no_more_than_a_screen(words, commands, kind):
    command, _ = commands[kind]
    text, _ = in_columns(words, 100, *command)
    assert len(text.splitlines()) <= SCREEN, text


def test_a_name_that_is_long_stays_whole_in_a_narrow_terminal(words, tmp_path):
    place = words.copy(tmp_path / "project")
    name = "native/with_a_name_of_36_characters_"
    place.edit("good.toml", 'name = "native"', f'name = "{name}"')
    place.edit("good.toml", 'name = "list/lengths"', 'name = "list/lengths-of-each-of-the-words"')
    for columns in WIDTHS:
        text, code = in_columns(place, columns, "list", *GOOD)
        assert code == 0, text
        assert name in text
        assert "list/lengths-of-each-of-the-words" in text
        assert max(map(len, text.splitlines())) <= columns


def test_a_narrow_terminal_has_no_bars_and_then_figures_below_names(words, folder):
    bars = re.compile("[█▏▎▍▌▋▊▉]")
    row = re.compile(r"^in C +[\d.]+ [nµm]?s", re.MULTILINE)
    for columns, has_bars, beside in [(100, True, True), (65, False, True), (40, False, False)]:
        text, _ = in_columns(words, columns, "report", "--terminal", folder)
        assert (bool(bars.search(text)), bool(row.search(text))) == (has_bars, beside), text


def test_what_failed_to_agree_is_named_whole_in_any_width(words, measured):
    failures = {failure["contender"] for failure in record(measured.all)["failures"]}
    assert "forgetful" in failures
    for columns in WIDTHS:
        text, code = in_columns(words, columns, "verify", "--only", "forgetful")
        assert code == 1, text
        assert max(map(len, text.splitlines())) <= columns
        assert "forgetful" in text
        assert "count/1000" in text


def test_progress_has_units_and_the_time_that_is_left(measured):
    said = "\n".join(
        done.stderr for done in [measured.build, measured.verify, measured.run, measured.good_run]
    )
    assert "/0" not in said
    assert "in ms" not in said
    for line in [
        r"build: \d+ contenders \.\.\.",
        r"right answers from the reference: 400 inputs \.\.\.",
        r"verify native: 400 inputs \.\.\.",
        r"verify loop: 5 cases \.\.\.",
        r"each contender alone: 19 rows \.\.\.",
        r"first look: 3 blocks, about \d+ s left \.\.\.",
        r"first stage: 2 blocks, about \d+ s left \.\.\.",
    ]:
        assert re.search(f"^{line}$", said, re.MULTILINE), f"{line}:\n{said}"


def test_progress_on_a_terminal_names_the_block_and_the_case(words, measured, tmp_path):
    run = ["run", *GOOD, "--no-criterion", "--record", tmp_path / "record"]
    text, code = in_columns(words, 100, *run, stderr=subprocess.STDOUT)
    assert code == 0, text
    assert "/0" not in text
    assert "in ms" not in text
    block = rf"first look: block \d of 3(, about \d+ s left)?, ({'|'.join(CASES)})"
    assert re.search(block, text), text
