import io
import random
from itertools import repeat
from pathlib import Path

import pytest
from speller.corrector import Fragment
from speller.errors import UnreadableTextError
from speller.reading import BinaryStream, open_text, read_batches
from speller.tokens import MAX_LETTERS, find_words


class Pipe:
    """Delivers as many bytes at a time as one is told to; nothing at the end."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self.data = io.BytesIO(data)
        self.sizes = iter(sizes)

    def read1(self, size: int) -> bytes:
        return self.data.read(min(size, next(self.sizes, size)))


def fragments_of(stream: BinaryStream) -> list[Fragment]:
    return [fragment for batch in read_batches(stream) for fragment in batch.fragments]


def words_of(fragments: list[Fragment]) -> list[tuple[int, int, str]]:
    return [
        (line, column + offset, word)
        for line, column, text in fragments
        for offset, word in find_words(text)
    ]


def read(data: bytes) -> list[Fragment]:
    return fragments_of(io.BufferedReader(io.BytesIO(data)))


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


@pytest.mark.parametrize(
    "separator",
    ["\t", ",", "\u00a0", "\u2003", '","', "/", "-", ".", "''", "><", "\u200b", "\U0001f600"],
)
def test_no_word_is_cut_whatever_separates_them(separator: str) -> None:
    count = 40_000
    text = separator.join(repeat("it's", count))
    for pipe in (Pipe(text.encode(), []), Pipe(text.encode(), [1, 7, 1000] * 100)):
        assert words_of(fragments_of(pipe)) == [
            (1, 1 + index * (len(separator) + 4), "it's") for index in range(count)
        ]


def test_words_do_not_depend_on_where_a_read_ends(tries: range) -> None:
    pieces = [
        "word", "don't", "it\u2019s", "so\u00adft", "cafe\u0301", "\ufb01n", "x1", "\u043d\u0435",
        "www.a.example", "a@b.example", "http://a.example/b", "'", "''", "\u00ad", "\u0301",
        ",", "\t", " ", "\n", '"', "<", ".", "\u00a0", "\U0001f600",
        "a" * MAX_LETTERS, "b" * (MAX_LETTERS + 1), "x,y." * 1500, "z" * 20_000, "z'" * 10_000,
    ]  # fmt: skip
    for attempt in tries:
        generator = random.Random(attempt)
        text = "".join(generator.choices(pieces, k=300))
        whole = [
            (number, 1 + offset, word)
            for number, line in enumerate(text.split("\n"), start=1)
            for offset, word in find_words(line)
        ]
        assert len(whole) > 20
        for most in (3, 100, 5000):
            sizes = [generator.randint(1, most) for _ in range(2000)]
            assert words_of(fragments_of(Pipe(text.encode(), sizes))) == whole


@pytest.mark.parametrize("space", ["\t", "\x1c", "\x1f", "\x85", "\u2028"])
def test_an_address_ends_at_every_white_space(space: str) -> None:
    text = f"plain wrod{space}me@example.org end".encode()
    for first in range(1, len(text)):
        words = [word for _, _, word in words_of(fragments_of(Pipe(text, [first, len(text)])))]
        assert words == ["plain", "wrod", "end"]


@pytest.mark.parametrize("unit", ["x", "x'", "x\u00ad", "x\u0301", "\u00ad", "'", ",", "x,"])
def test_a_long_line_without_spaces_is_read_in_bounded_memory(unit: str) -> None:
    text = unit * 1_000_000
    fragments = read(f"{text} end".encode())
    assert max(len(fragment) for _, _, fragment in fragments) <= 1 << 15
    found = words_of(fragments)
    assert found[-1] == (1, len(text) + 2, "end")
    assert len(found) == (1_000_001 if unit == "x," else 1)


def test_batches_are_small_and_add_up() -> None:
    data = b"some words\r\n" * 10_000 + b"x" * 100_000
    sizes = [batch.size for batch in read_batches(io.BufferedReader(io.BytesIO(data)))]
    assert sum(sizes) == len(data)
    assert max(sizes) <= 4096


def test_a_file_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "shrinking"
    path.write_bytes(b"eror\n" * 20_000)
    opened = open_text(str(path))
    batches = read_batches(opened.__enter__())
    assert next(batches).fragments[0] == (1, 1, "eror\n")
    with open(path, "r+b") as file:
        file.truncate(5)
    assert sum(batch.size for batch in batches) < 100_000
    with pytest.raises(UnreadableTextError, match="was cut from 100,000 to 5 bytes"):
        opened.__exit__(None, None, None)


def test_a_file_that_grows_or_is_deleted_while_it_is_read_is_read(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"eror\n" * 20_000)
    with open_text(str(path)) as stream:
        batches = read_batches(stream)
        read = len(next(batches).fragments)
        with open(path, "ab") as file:
            file.write(b"more\n")
        path.unlink()
        read += sum(len(batch.fragments) for batch in batches)
    assert read == 20_001


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("sizes", [[], [1] * 10])
def test_another_encoding_with_a_mark_is_named(encoding: str, order: str, sizes: list[int]) -> None:
    data = "\ufefftext".encode(f"{encoding}-{order}")
    name = encoding.upper()
    with pytest.raises(UnreadableTextError, match=f"^{name} text.* iconv -f {name} -t UTF-8$"):
        fragments_of(Pipe(data, sizes))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"text\0text", "NUL"),
        ("text".encode("utf-16-le"), "NUL"),
        (b"\x01\x02\x03\x04 ab", "control"),
        (b"caf\xe9 au lait", "byte 0xe9 at offset 3"),
        (b"\xef\xbb\xbfcaf\xe9 au lait", "byte 0xe9 at offset 6"),
        (b"\xef\xbb", "byte 0xef at offset 0"),
        (b"a" * 100_000 + b"\xff", "byte 0xff at offset 100000"),
        (b"a" * 65_535 + b"\xc3(", "byte 0xc3 at offset 65535"),
        (b"cut off \xe2\x82", "byte 0xe2 at offset 8"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTextError, match=message):
        read(data)
