"""Reading texts of any size in bounded memory, and refusing what is not text."""

import codecs
import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import NamedTuple, Protocol, cast

from speller.corrector import Fragment
from speller.errors import UnreadableTextError
from speller.tokens import MAX_ADDRESS, first_chunk, may_continue, rest_of_run, searchable


class BinaryStream(Protocol):
    """What is read of a file: as many bytes as are there, up to a number."""

    def read1(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; nothing at the end."""


class Batch(NamedTuple):
    """What one read of a file makes searchable, and how many bytes it read."""

    size: int
    fragments: list[Fragment]


# Words are searched for, and progress is shown, once for each chunk: so it is small.
_CHUNK = 1 << 10
_TEXT_BYTES = bytes({*b"\t\n\f\r\b\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)})
# UTF-32 stands first: its mark begins with that of UTF-16.
_OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@contextmanager
def open_text(name: str) -> Iterator[BinaryStream]:
    """Open a file, or standard input for ``-``.

    Raises UnreadableTextError; at the end also for a file that has become shorter meanwhile.
    """
    if name == "-" and sys.stdin is None:
        raise UnreadableTextError("standard input is closed")
    with _reading():
        opened = nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb")  # noqa: SIM115
    with opened as stream:
        with _reading():
            before = os.fstat(stream.fileno())
        yield cast(BinaryStream, stream)
        with _reading():
            after = os.fstat(stream.fileno())
            if stat.S_ISREG(before.st_mode) and stream.tell() < before.st_size != after.st_size:
                raise UnreadableTextError(
                    f"was cut from {before.st_size:,} to {after.st_size:,} bytes while it was "
                    "read, so its end is missing here; correct it again"
                )


def read_batches(stream: BinaryStream) -> Iterator[Batch]:
    """Yield the lines of a text as fragments, one batch for each read.

    A long line comes in several fragments, cut where no word is. Of a run that is too long to be
    a word only the start is sure to be in one. Raises UnreadableTextError at the first chunk
    that is not UTF-8 text; the batches before it have been yielded.
    """
    line, column, rest, in_long_run = 1, 1, "", False
    for size, chunk in _decoded_chunks(stream):
        text = rest + chunk
        if in_long_run:
            passed = rest_of_run(text)
            column += passed
            text = text[passed:]
            in_long_run = may_continue(text)
        end = searchable(text) if size else len(text)
        if len(text) - end > 2 * MAX_ADDRESS:
            # It reaches the end of what is here, or there are only marks that divide.
            reach = first_chunk(text[end:])
            in_long_run = reach is not None
            end = len(text) if reach is None else end + reach
        fragments = []
        for part in io.StringIO(text[:end], newline="\n"):
            fragments.append(Fragment(line, column, part))
            line, column = (line + 1, 1) if part.endswith("\n") else (line, column + len(part))
        rest = text[end:]
        yield Batch(size, fragments)


def _decoded_chunks(stream: BinaryStream) -> Iterator[tuple[int, str]]:
    """Yield how many bytes were read and their text; nothing read at the end."""
    # A byte-order mark is dropped, and all ends of lines become "\n".
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")(), translate=True)
    chunk = _first_chunk(stream)
    position, at_start = 0, True
    while True:
        position += len(chunk)
        if b"\0" in chunk:
            raise UnreadableTextError("binary data, not text (it contains NUL bytes)")
        if len(chunk.translate(None, _TEXT_BYTES)) > 0.3 * len(chunk):
            raise UnreadableTextError("binary data, not text (mostly control characters)")
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder may have kept back bytes of earlier chunks.
            wrong = position - len(error.object) + error.start
            raise UnreadableTextError(
                f"not UTF-8 text (byte 0x{error.object[error.start]:02x} at offset {wrong}); "
                "convert it first, for example with iconv"
            ) from error
        yield len(chunk), text.removeprefix("\ufeff") if at_start else text
        at_start = at_start and not text
        if not chunk:
            return
        chunk = _read(stream)


def _first_chunk(stream: BinaryStream) -> bytes:
    chunk = _read(stream)
    # A pipe may deliver a mark in pieces.
    while chunk and any(mark.startswith(chunk) for mark in _OTHER_MARKS):
        more = _read(stream)
        if not more:
            break
        chunk += more
    for mark, encoding in _OTHER_MARKS.items():
        if chunk.startswith(mark):
            raise UnreadableTextError(
                f"{encoding} text, not UTF-8; convert it first, "
                f"for example with: iconv -f {encoding} -t UTF-8"
            )
    return chunk


def _read(stream: BinaryStream) -> bytes:
    with _reading():
        # read1 does not wait for a full chunk: corrections appear while one types.
        return stream.read1(_CHUNK)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableTextError(error.strerror or str(error)) from error
