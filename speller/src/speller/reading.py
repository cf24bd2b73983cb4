"""Reading texts of any size in bounded memory, and refusing what is not text."""

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, cast

from speller.corrector import Fragment
from speller.errors import UnreadableTextError


class BinaryStream(Protocol):
    """What is read of a file: as many bytes as are there, up to a number."""

    def read1(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; nothing at the end."""

    def peek(self, size: int, /) -> bytes:
        """Return the next bytes without reading them; nothing at the end."""


_CHUNK = 1 << 16
_TEXT_BYTES = bytes({*b"\t\n\f\r\b\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)})


def open_text(name: str) -> AbstractContextManager[BinaryStream]:
    """Open a file, or standard input for ``-``. Raises UnreadableTextError."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise UnreadableTextError("standard input is closed")
            return nullcontext(cast(BinaryStream, sys.stdin.buffer))
        return open(name, "rb")
    except OSError as error:
        raise UnreadableTextError(error.strerror or str(error)) from error


def read_fragments(stream: BinaryStream) -> Iterator[Fragment]:
    """Yield the lines of a text, each of at most about 128 KiB at a time.

    A longer line comes in several fragments, cut at a space. Raises UnreadableTextError at
    the first chunk that is not UTF-8 text; the fragments before it have been yielded.
    """
    line, column, rest = 1, 1, ""
    for chunk in _decoded_chunks(stream):
        text = rest + chunk
        cut = max(text.rfind("\n"), text.rfind(" ")) + 1
        if cut == 0 and len(text) > _CHUNK:
            cut = len(text)
        for part in io.StringIO(text[:cut], newline="\n"):
            yield Fragment(line, column, part)
            line, column = (line + 1, 1) if part.endswith("\n") else (line, column + len(part))
        rest = text[cut:]
    if rest:
        yield Fragment(line, column, rest)


def _decoded_chunks(stream: BinaryStream) -> Iterator[str]:
    # A byte-order mark is dropped, and all ends of lines become "\n".
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder("utf-8-sig")(), translate=True
    )
    size = 0
    while True:
        try:
            # read1 does not wait for a full chunk: corrections appear while one types.
            chunk = stream.read1(_CHUNK)
        except OSError as error:
            raise UnreadableTextError(error.strerror or str(error)) from error
        size += len(chunk)
        if b"\0" in chunk:
            raise UnreadableTextError("binary data, not text (it contains NUL bytes)")
        if len(chunk.translate(None, _TEXT_BYTES)) > 0.3 * len(chunk):
            raise UnreadableTextError("binary data, not text (mostly control characters)")
        try:
            yield decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder may have kept back bytes of earlier chunks.
            position = size - len(error.object) + error.start
            raise UnreadableTextError(
                f"not UTF-8 text (byte 0x{error.object[error.start]:02x} at offset {position}); "
                "convert it first, for example with iconv"
            ) from error
        if not chunk:
            return
