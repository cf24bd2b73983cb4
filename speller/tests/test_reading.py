import io

import pytest
from speller.corrector import Fragment
from speller.errors import UnreadableTextError
from speller.reading import read_fragments


def read(data: bytes) -> list[Fragment]:
    return list(read_fragments(io.BufferedReader(io.BytesIO(data))))


def test_lines_of_all_systems() -> None:
    assert read(b"one\ntwo\r\nthree\rfour") == [
        (1, 1, "one\n"),
        (2, 1, "two\n"),
        (3, 1, "three\n"),
        (4, 1, "four"),
    ]


def test_an_empty_text_has_no_lines() -> None:
    assert read(b"") == []


def test_a_byte_order_mark_is_dropped() -> None:
    assert read(b"\xef\xbb\xbfword") == [(1, 1, "word")]


def test_a_long_line_comes_in_fragments_that_cut_no_word() -> None:
    text = "word \u00e9t\u00e9 \U0001f600 " * 100_000 + "end\nnext"
    fragments = read(text.encode())
    assert "".join(fragment for _, _, fragment in fragments) == text
    assert len(fragments) > 10
    column = 1
    for line, start, fragment in fragments[:-1]:
        assert (line, start) == (1, column)
        assert fragment[-1] in " \n"
        assert len(fragment) < 140_000
        column += len(fragment)
    assert fragments[-1] == (2, 1, "next")


def test_a_long_line_without_spaces_is_cut_anyway() -> None:
    fragments = read(b"x" * 1_000_000)
    assert sum(len(fragment) for _, _, fragment in fragments) == 1_000_000
    assert max(len(fragment) for _, _, fragment in fragments) <= 1 << 17


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"text\0text", "NUL"),
        ("text".encode("utf-16"), "NUL"),
        (b"\x01\x02\x03\x04 ab", "control"),
        (b"caf\xe9 au lait", "byte 0xe9 at offset 3"),
        (b"\xef\xbb\xbfcaf\xe9 au lait", "byte 0xe9 at offset 6"),
        (b"a" * 100_000 + b"\xff", "byte 0xff at offset 100000"),
        (b"a" * 65_535 + b"\xc3(", "byte 0xc3 at offset 65535"),
        (b"cut off \xe2\x82", "byte 0xe2 at offset 8"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTextError, match=message):
        read(data)
