"""Which buffers are taken, which refused, and how they are held.

There are five ways in for a buffer, *ports*, with three kinds of items.
"""

from __future__ import annotations

import ctypes
import sys
from array import array
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from .oracle import oracle

WORDS = ["kitten", "", "sitting", "\u4e2d\u6587", "\U0001f600"]
QUERY = "mitten"
EXPECTED = [oracle(QUERY, word) for word in WORDS]
COUNT = len(WORDS)
OTHER_ORDER = ">" if sys.byteorder == "little" else "<"
NATIVE_ORDER = "<" if sys.byteorder == "little" else ">"


class Item(NamedTuple):
    """A kind of items: as NumPy, array and ctypes call it, and what else is accepted or not."""

    dtype: str
    code: str
    ctype: Any
    #: On some platforms C's long has 4 bytes, on others 8.
    long: str
    also: dict[str, Callable[[int], object]]
    not_these: dict[str, Callable[[int], object]]


def of_numpy(*dtypes):
    return {f"numpy {dtype}": lambda count, d=dtype: np.zeros(count, d) for dtype in dtypes}


def of_array(*codes):
    return {
        f"array {code}": lambda count, c=code: array(c, bytes(array(c).itemsize * count))
        for code in codes
    }


def swapped(ctype, count):
    return (getattr(ctype, "__ctype_be__" if OTHER_ORDER == ">" else "__ctype_le__") * count)()


UINT32 = Item(
    dtype="u4",
    code="I",
    ctype=ctypes.c_uint32,
    long="L",
    also=of_numpy("uint32", "=u4", NATIVE_ORDER + "u4"),
    not_these={
        **of_numpy(OTHER_ORDER + "u4", "f4", "i4", "u8", "u2", "?", "U1", "S4", "V4"),
        **of_array("f", "i", "H"),
        "ctypes other order": lambda count: swapped(ctypes.c_uint32, count),
        "bytearray": lambda count: bytearray(4 * count),
        "bytearray of len": bytearray,
        "struct of one": lambda count: np.zeros(count, [("x", "u4")]),
    },
)
INT32 = Item(
    dtype="i4",
    code="i",
    ctype=ctypes.c_int32,
    long="l",
    also=of_numpy("int32", "=i4", NATIVE_ORDER + "i4"),
    not_these={
        **of_numpy(OTHER_ORDER + "i4", "f4", "u4", "i8", "i2", "?", "U1", "S4", "V4"),
        **of_array("f", "I", "h"),
        "ctypes other order": lambda count: swapped(ctypes.c_int32, count),
        "bytearray": lambda count: bytearray(4 * count),
        "bytearray of len": bytearray,
        "struct of one": lambda count: np.zeros(count, [("x", "i4")]),
    },
)
BYTE = Item(
    dtype="u1",
    code="B",
    ctype=ctypes.c_uint8,
    long="",
    also={
        **of_numpy("uint8", "i1"),
        **of_array("b"),
        "bytearray": bytearray,
        "cast to b": lambda count: memoryview(bytearray(count)).cast("b"),
        "cast to c": lambda count: memoryview(bytearray(count)).cast("c"),
        "cast to @c": lambda count: memoryview(bytearray(count)).cast("@c"),
        "ctypes char": lambda count: (ctypes.c_char * count)(),
        "ctypes byte": lambda count: (ctypes.c_byte * count)(),
        "ctypes text": lambda count: ctypes.create_string_buffer(count),
    },
    not_these={
        **of_numpy("?", "u2", "i2", "f4", "U1", "S4", "V1"),
        **of_array("H", "f", "I"),
        "cast to ?": lambda count: memoryview(bytearray(count)).cast("?"),
        "struct of one": lambda count: np.zeros(count, [("x", "u1")]),
    },
)


class Port(NamedTuple):
    """Where a buffer goes in, of ``COUNT`` items."""

    item: Item
    writes: bool
    #: From a module and the buffer to an answer.
    call: Callable[[Any, object], object]
    #: What is in the buffer before a reader reads it, and after a writer wrote it.
    content: list[int]
    answer: object
    #: What of the contract it belongs to.
    needs: str


PORTS = {
    "distances_into": Port(
        item=UINT32,
        writes=True,
        call=lambda lev, out: lev.Dictionary(WORDS).distances_into(QUERY, out),
        content=EXPECTED,
        answer=None,
        needs="Dictionary.distances_into",
    ),
    "range_into": Port(
        item=UINT32,
        writes=True,
        call=lambda lev, out: lev.range_into(out),
        content=[*range(COUNT)],
        answer=None,
        needs="range_into",
    ),
    "buffer_sum": Port(
        item=UINT32,
        writes=False,
        call=lambda lev, numbers: lev.buffer_sum(numbers),
        content=[1, 2**32 - 1, 0, 2**31, 2**32 - 1],
        answer=2 * (2**32 - 1) + 2**31 + 1,
        needs="buffer_sum",
    ),
    "offsets": Port(
        item=INT32,
        writes=False,
        call=lambda lev, offsets: lev.packed_length(offsets, b"na\xc3\xafve"),
        content=[0, 1, 3, 4, 6],
        answer=5,
        needs="packed_length",
    ),
    "data": Port(
        item=BYTE,
        writes=False,
        call=lambda lev, data: lev.packed_length(array("i", [0, memoryview(data).nbytes]), data),
        content=[0x61, 0x80, 0xBF, 0xC0, 0x7F],
        answer=3,
        needs="packed_length",
    ),
}


def size_of(item):
    return ctypes.sizeof(item.ctype)


def accepted(item: Item) -> dict[str, Callable[[int], object]]:
    size, dtype, code = size_of(item), item.dtype, item.code
    return {
        f"array {code}": lambda count: array(code, bytes(size * count)),
        "numpy slice": lambda count: np.zeros(count + 4, dtype)[2 : count + 2],
        "numpy row": lambda count: np.zeros((3, count), dtype)[1],
        "ctypes array": lambda count: (item.ctype * count)(),
        f"cast to {code}": lambda count: memoryview(bytearray(size * count)).cast(code),
        f"cast to @{code}": lambda count: memoryview(bytearray(size * count)).cast("@" + code),
        "unaligned": lambda count: memoryview(bytearray(size * count + 1))[1:].cast(code),
        # NumPy says "=I" of what is not aligned.
        "unaligned numpy": lambda count: np.ndarray(
            count, dtype, buffer=bytearray(size * count + 1), offset=1
        ),
        # Where nothing lies there need be no address: that of an empty one is NULL.
        "nowhere if empty": lambda count: (
            (item.ctype * count)() if count else (item.ctype * 0).from_address(0)
        ),
        **item.also,
        **(longs(item) if item.long and array(item.long).itemsize == size else {}),
    }


def longs(item: Item) -> dict[str, Callable[[int], object]]:
    code = item.long
    size = array(code).itemsize
    ctype = ctypes.c_ulong if code == "L" else ctypes.c_long
    return {
        f"array {code}": lambda count: array(code, bytes(size * count)),
        f"numpy {code}": lambda count: np.zeros(count, code),
        "ctypes long": lambda count: (ctype * count)(),
        f"cast to {code}": lambda count: memoryview(bytearray(size * count)).cast(code),
    }


def read_only(shape, dtype):
    buffer = np.zeros(shape, dtype)
    buffer.flags.writeable = False
    return buffer


NO_BUFFER = {
    "None": lambda _: None,
    "int": lambda _: 5,
    "str": lambda count: "x" * count,
    "list": lambda count: [0] * count,
    "object": lambda _: object(),
    "the class array": lambda _: array,
}


def refused(port: Port) -> dict[str, tuple[Callable[[int], object], type[Exception]]]:
    item = port.item
    size, dtype, code = size_of(item), item.dtype, item.code
    not_contiguous = {
        "every other item": lambda count: np.zeros(2 * count, dtype)[::2],
        "backwards": lambda count: np.zeros(count, dtype)[::-1],
        "column": lambda count: np.zeros((count, 2), dtype)[:, 0],
        "the same item": lambda count: np.lib.stride_tricks.as_strided(
            np.zeros(1, dtype), (count,), (0,)
        ),
        "Fortran order": lambda count: np.zeros((count, 2), dtype, order="F"),
        "memoryview step": lambda count: memoryview(array(code, bytes(2 * size * count)))[::2],
        # Two mistakes: the order of the checks decides.
        "strided float": lambda count: np.zeros(2 * count, "f8")[::2],
        "strided and short": lambda count: np.zeros(2 * count, dtype)[:count:2],
        "strided 2-d": lambda count: np.zeros((count, 4), dtype)[:, ::2],
    }
    dimensions = {
        "0-d numpy": lambda _: np.zeros((), dtype),
        "0-d ctypes": lambda _: item.ctype(),
        "2-d": lambda count: np.zeros((1, count), dtype),
        "2-d column": lambda count: np.zeros((count, 1), dtype),
        "2-d ctypes": lambda count: (item.ctype * count * 1)(),
        "2-d cast": lambda count: memoryview(bytearray(size * count)).cast(code, (1, count)),
        "2-d float": lambda count: np.zeros((1, count), "f8"),
    }
    not_to_be_written = {
        "bytes": lambda count: bytes(size * count),
        "bytes cast": lambda count: memoryview(bytes(size * count)).cast(code),
        "read-only numpy": lambda count: read_only(count, dtype),
        "read-only view": lambda count: memoryview(array(code, bytes(size * count))).toreadonly(),
        # Two mistakes: the order of the checks decides.
        "read-only float": lambda count: read_only(count, "f4"),
        "read-only and short": lambda count: read_only(count - 1, dtype),
        "read-only 2-d": lambda count: read_only((2, count), dtype),
        "read-only 0-d": lambda _: read_only((), dtype),
    }
    length = {
        "one too short": lambda count: array(code, bytes(size * (count - 1))),
        "one too long": lambda count: array(code, bytes(size * (count + 1))),
        "empty": lambda _: array(code),
        "empty numpy": lambda _: np.zeros(0, dtype),
    }
    long = longs(item) if item.long and array(item.long).itemsize != size else {}
    kinds = [
        (NO_BUFFER, TypeError),
        (not_to_be_written if port.writes else {}, BufferError),
        (not_contiguous, BufferError),
        (dimensions, ValueError),
        ({**item.not_these, **long}, ValueError),
        (length if port is PORTS["distances_into"] else {}, ValueError),
    ]
    return {
        name: (make, exception) for entries, exception in kinds for name, make in entries.items()
    }


ACCEPTED = [
    pytest.param(port, make, id=f"{name}-{way}")
    for name, port in PORTS.items()
    for way, make in accepted(port.item).items()
]
REFUSED = {
    f"{name}-{way}": (port, *entry)
    for name, port in PORTS.items()
    for way, entry in refused(port).items()
}


def values(buffer, item=UINT32) -> list[int]:
    return memoryview(buffer).cast("B").cast(item.code).tolist()


def fill(buffer, port: Port) -> None:
    content = array(port.item.code, port.content)
    memoryview(buffer).cast("B")[:] = content.tobytes()


@pytest.mark.parametrize(("port", "make"), ACCEPTED)
def test_accepted(lev, port, make):
    buffer = make(COUNT)
    if not port.writes:
        fill(buffer, port)
        read = port.call(lev, memoryview(buffer).toreadonly())
        assert (read, type(read)) == (port.answer, type(port.answer))
    assert port.call(lev, buffer) == port.answer
    # A reader has left it as it was.
    assert values(buffer, port.item) == port.content


@pytest.mark.parametrize(("port", "make"), ACCEPTED)
def test_accepted_empty(lev, port, make):
    if port is PORTS["distances_into"]:
        assert lev.Dictionary([]).distances_into(QUERY, make(0)) is None
    elif port is PORTS["offsets"]:
        # Taken, and then found to have no offset.
        with pytest.raises(ValueError):
            port.call(lev, make(0))
    else:
        assert not port.call(lev, make(0))


@pytest.mark.parametrize(("port", "make", "exception"), REFUSED.values(), ids=REFUSED)
def test_refused(lev, port, make, exception):
    buffer = make(COUNT)
    with pytest.raises(exception) as caught:
        port.call(lev, buffer)
    assert caught.type is exception
    if port.writes and exception is not TypeError:
        # The checks come before the work: nothing has been written.
        assert not any(memoryview(buffer).tobytes())


@pytest.mark.parametrize(
    ("make", "exception"),
    [
        (lambda: b"", BufferError),
        (lambda: read_only(0, "u4"), BufferError),
        (lambda: np.zeros((0, 0), "u4"), ValueError),
        (lambda: np.zeros(0, "f4"), ValueError),
        (lambda: np.zeros(0, OTHER_ORDER + "u4"), ValueError),
        (lambda: bytearray(), ValueError),
        (lambda: np.zeros((), "u4"), ValueError),
        (lambda: None, TypeError),
    ],
)
def test_refused_empty(lev, make, exception):
    for call in (lambda out: lev.Dictionary([]).distances_into(QUERY, out), lev.range_into):
        with pytest.raises(exception) as caught:
            call(make())
        assert caught.type is exception
    with pytest.raises(ValueError):
        lev.Dictionary([]).distances_into(QUERY, array("I", [1]))


@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
def test_an_empty_slice_with_a_step_is_contiguous(lev, port):
    for buffer in (
        np.zeros(4, port.item.dtype)[0:0:2],
        np.zeros(4, port.item.dtype)[::-1][4:],
        memoryview(array(port.item.code, bytes(16)))[0:0:2],
    ):
        test_accepted_empty(lev, port, lambda _, buffer=buffer: buffer)


def test_one_item_with_a_step_is_contiguous(lev):
    lev.Dictionary(["mitte"]).distances_into(QUERY, out := np.ones(4, "u4")[::4])
    assert out.tolist() == [1]
    lev.range_into(out)
    assert out.tolist() == [0]
    assert lev.buffer_sum(np.ones(4, "u4")[::4]) == 1
    assert lev.packed_length(np.zeros(4, "i4")[::4], np.ones(4, "u1")[::4]) == 0


def test_only_the_items_of_the_view_are_written(lev):
    dictionary = lev.Dictionary(WORDS)
    backing = np.full(COUNT + 6, 0xDEADBEEF, "u4")
    for call, expected in (
        (lambda out: dictionary.distances_into(QUERY, out), EXPECTED),
        (lev.range_into, [*range(COUNT)]),
    ):
        for start in range(7):
            backing[:] = 0xDEADBEEF
            call(backing[start : start + COUNT])
            rest = np.delete(backing, slice(start, start + COUNT))
            assert (rest == 0xDEADBEEF).all()
            assert backing[start : start + COUNT].tolist() == expected


def test_offsets_are_checked_before_data_and_both_before_they_are_read(lev):
    # What is wrong with the first, what with the second, and the exception of which comes.
    strided = memoryview(bytes(64))[::2]
    for offsets, data, exception in (
        (None, strided, TypeError),
        (np.zeros(4, "i4")[::2], None, BufferError),
        (np.zeros((2, 2), "i4"), None, ValueError),
        (np.zeros(2, "u4"), strided, ValueError),
        (array("i"), None, TypeError),
        (array("i"), strided, BufferError),
        (array("i", [5, 0]), None, TypeError),
        (array("i", [-1, 0]), strided, BufferError),
    ):
        with pytest.raises(exception) as caught:
            lev.packed_length(offsets, data)
        assert caught.type is exception, (offsets, data)


def test_two_views_of_the_same_memory(lev):
    offsets = array("i", [0, 1, 4])
    assert lev.packed_length(offsets, memoryview(offsets).cast("B")) == 4
    offsets.append(5)


@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
def test_released_after_success(lev, port):
    buffer = array(port.item.code, port.content)
    port.call(lev, buffer)
    buffer.append(1)  # A buffer that is still held would make this a BufferError.
    assert buffer.tolist() == [*port.content, 1]


WRONG = {
    "float": lambda: array("f", range(COUNT)),
    "uint64": lambda: array("Q", range(COUNT)),
    "uint16": lambda: array("H", range(COUNT)),
}


@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_released_after_an_error(lev, port, make):
    buffer = make()
    # The exception is kept alive on purpose: not even its traceback may hold
    # the buffer.
    with pytest.raises(ValueError) as caught:
        port.call(lev, buffer)
    buffer.append(1)
    assert caught.value is not None


def test_released_after_what_is_in_it_was_refused(lev):
    short = array("I", [1])
    with pytest.raises(ValueError) as of_length:
        lev.Dictionary(WORDS).distances_into(QUERY, short)
    short.append(1)
    kept = [of_length]
    for numbers in ([], [-1, 0], [2, 1], [0, 3]):
        offsets, data = array("i", numbers), bytearray(b"ab")
        with pytest.raises(ValueError) as caught:
            lev.packed_length(offsets, data)
        kept.append(caught)
        offsets.append(1)
        data.append(1)


def test_released_after_the_other_argument_was_wrong(lev):
    out = array("I", EXPECTED)
    with pytest.raises(TypeError):
        lev.Dictionary(WORDS).distances_into(None, out)
    out.append(1)
    for other in (None, array("H", [1, 2]), memoryview(bytes(8))[::2]):
        offsets, data = array("i", [0, 2]), bytearray(b"ab")
        with pytest.raises((TypeError, ValueError, BufferError)) as of_data:
            lev.packed_length(offsets, other)
        offsets.append(1)
        with pytest.raises((TypeError, ValueError, BufferError)) as of_offsets:
            lev.packed_length(other, data)
        data.append(1)
        assert of_data.value is not of_offsets.value


if sys.version_info >= (3, 12):

    @pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
    def test_an_object_that_offers_a_buffer_by_its_method(lev, port):
        held = []

        class Offering:
            def __buffer__(self, _flags):
                held.append(self)
                return memoryview(array(port.item.code, port.content))

            def __release_buffer__(self, view):
                held.pop()
                view.release()

        assert port.call(lev, Offering()) == port.answer
        assert held == []
