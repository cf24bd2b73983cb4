"""distances_into(): which buffers are taken, which refused, and how they are held."""

from __future__ import annotations

import ctypes
import sys
from array import array

import numpy as np
import pytest

from .oracle import oracle

WORDS = ["kitten", "", "sitting", "\u4e2d\u6587", "\U0001f600"]
QUERY = "mitten"
EXPECTED = [oracle(QUERY, word) for word in WORDS]
COUNT = len(WORDS)
OTHER_ORDER = ">" if sys.byteorder == "little" else "<"
NATIVE_ORDER = "<" if sys.byteorder == "little" else ">"


def zeros(count):
    return array("I", bytes(4 * count))


def unaligned(count):
    return memoryview(bytearray(4 * count + 1))[1:].cast("I")


def unaligned_numpy(count):
    # NumPy says "=I" of what is not aligned.
    return np.ndarray(count, "u4", buffer=bytearray(4 * count + 1), offset=1)


ACCEPTED = {
    "array I": zeros,
    "numpy uint32": lambda count: np.zeros(count, np.uint32),
    "numpy =u4": lambda count: np.zeros(count, "=u4"),
    "numpy native u4": lambda count: np.zeros(count, NATIVE_ORDER + "u4"),
    "numpy slice": lambda count: np.zeros(count + 4, "u4")[2 : count + 2],
    "numpy row": lambda count: np.zeros((3, count), "u4")[1],
    "ctypes array": lambda count: (ctypes.c_uint32 * count)(),
    "cast to I": lambda count: memoryview(bytearray(4 * count)).cast("I"),
    "cast to @I": lambda count: memoryview(bytearray(4 * count)).cast("@I"),
    "unaligned": unaligned,
    "unaligned numpy": unaligned_numpy,
}

# On some platforms C's unsigned long has 4 bytes, on others 8.
LONGS = {
    "array L": lambda count: array("L", bytes(array("L").itemsize * count)),
    "numpy L": lambda count: np.zeros(count, "L"),
    "ctypes ulong": lambda count: (ctypes.c_ulong * count)(),
    "cast to L": lambda count: memoryview(bytearray(array("L").itemsize * count)).cast("L"),
}
LONGS_ARE_ACCEPTED = array("L").itemsize == 4


def read_only(count, dtype="u4"):
    buffer = np.zeros(count, dtype)
    buffer.flags.writeable = False
    return buffer


REFUSED = {
    # No buffer.
    "None": (lambda _: None, TypeError),
    "int": (lambda _: 5, TypeError),
    "str": (lambda count: "x" * count, TypeError),
    "list": (lambda count: [0] * count, TypeError),
    "object": (lambda _: object(), TypeError),
    "the class array": (lambda _: array, TypeError),
    # Read-only.
    "bytes": (lambda count: bytes(4 * count), BufferError),
    "bytes cast to I": (lambda count: memoryview(bytes(4 * count)).cast("I"), BufferError),
    "read-only numpy": (read_only, BufferError),
    "read-only view": (lambda count: memoryview(zeros(count)).toreadonly(), BufferError),
    # Not C-contiguous.
    "every other item": (lambda count: np.zeros(2 * count, "u4")[::2], BufferError),
    "backwards": (lambda count: np.zeros(count, "u4")[::-1], BufferError),
    "column": (lambda count: np.zeros((count, 2), "u4")[:, 0], BufferError),
    "the same item": (
        lambda count: np.lib.stride_tricks.as_strided(np.zeros(1, "u4"), (count,), (0,)),
        BufferError,
    ),
    "Fortran order": (lambda count: np.zeros((count, 2), "u4", order="F"), BufferError),
    "memoryview step": (lambda count: memoryview(zeros(2 * count))[::2], BufferError),
    # Not one-dimensional.
    "0-d numpy": (lambda _: np.zeros((), "u4"), ValueError),
    "0-d ctypes": (lambda _: ctypes.c_uint32(), ValueError),
    "2-d": (lambda count: np.zeros((1, count), "u4"), ValueError),
    "2-d column": (lambda count: np.zeros((count, 1), "u4"), ValueError),
    "2-d ctypes": (lambda count: (ctypes.c_uint32 * count * 1)(), ValueError),
    "2-d cast": (lambda count: memoryview(bytearray(4 * count)).cast("I", (1, count)), ValueError),
    # Not unsigned, not 32 bits, not native.
    "other byte order": (lambda count: np.zeros(count, OTHER_ORDER + "u4"), ValueError),
    "ctypes other order": (
        lambda count: (
            getattr(ctypes.c_uint32, "__ctype_be__" if OTHER_ORDER == ">" else "__ctype_le__")
            * count
        )(),
        ValueError,
    ),
    "float32": (lambda count: np.zeros(count, "f4"), ValueError),
    "array f": (lambda count: array("f", bytes(4 * count)), ValueError),
    "int32": (lambda count: np.zeros(count, "i4"), ValueError),
    "array i": (lambda count: array("i", bytes(4 * count)), ValueError),
    "uint64": (lambda count: np.zeros(count, "u8"), ValueError),
    "uint16": (lambda count: np.zeros(2 * count, "u2"), ValueError),
    "bytearray": (lambda count: bytearray(4 * count), ValueError),
    "bytearray of len": (lambda count: bytearray(count), ValueError),
    "bool": (lambda count: np.zeros(count, "?"), ValueError),
    "text of 4 bytes": (lambda count: np.zeros(count, "U1"), ValueError),
    "struct of one uint32": (lambda count: np.zeros(count, [("x", "u4")]), ValueError),
    # Wrong length.
    "one too short": (lambda count: zeros(count - 1), ValueError),
    "one too long": (lambda count: zeros(count + 1), ValueError),
    "empty": (lambda _: array("I"), ValueError),
    "empty numpy": (lambda _: np.zeros(0, "u4"), ValueError),
    # Two mistakes: the order of the checks decides.
    "read-only float": (lambda count: read_only(count, "f4"), BufferError),
    "read-only and short": (lambda count: read_only(count - 1), BufferError),
    "strided float": (lambda count: np.zeros(2 * count, "f4")[::2], BufferError),
    "strided and short": (lambda count: np.zeros(2 * count, "u4")[:count:2], BufferError),
    "read-only 2-d": (lambda count: read_only((2, count)), BufferError),
    "read-only 0-d": (lambda _: read_only(()), BufferError),
    "strided 2-d": (lambda count: np.zeros((count, 4), "u4")[:, ::2], BufferError),
}

if LONGS_ARE_ACCEPTED:
    ACCEPTED.update(LONGS)
else:
    REFUSED.update({name: (make, ValueError) for name, make in LONGS.items()})


def values(out) -> list[int]:
    return memoryview(out).cast("B").cast("I").tolist()


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(lev, make):
    out = make(COUNT)
    assert lev.Dictionary(WORDS).distances_into(QUERY, out) is None
    assert values(out) == EXPECTED


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_empty(lev, make):
    lev.Dictionary([]).distances_into(QUERY, make(0))


@pytest.mark.parametrize(("make", "exception"), REFUSED.values(), ids=REFUSED)
def test_refused(lev, make, exception):
    dictionary = lev.Dictionary(WORDS)
    out = make(COUNT)
    with pytest.raises(exception) as caught:
        dictionary.distances_into(QUERY, out)
    assert caught.type is exception
    if exception is not TypeError:
        # The checks come before the work: nothing has been written.
        assert not any(memoryview(out).tobytes())


@pytest.mark.parametrize(
    ("make", "exception"),
    [
        (lambda: b"", BufferError),
        (lambda: read_only(0), BufferError),
        (lambda: np.zeros((0, 0), "u4"), ValueError),
        (lambda: np.zeros(0, "f4"), ValueError),
        (lambda: np.zeros(0, OTHER_ORDER + "u4"), ValueError),
        (lambda: bytearray(), ValueError),
        (lambda: array("I", [1]), ValueError),
        (lambda: np.zeros((), "u4"), ValueError),
        (lambda: None, TypeError),
    ],
)
def test_refused_empty(lev, make, exception):
    with pytest.raises(exception) as caught:
        lev.Dictionary([]).distances_into(QUERY, make())
    assert caught.type is exception


def test_an_empty_slice_with_a_step_is_contiguous(lev):
    lev.Dictionary([]).distances_into(QUERY, np.zeros(4, "u4")[0:0:2])
    lev.Dictionary(["mitte"]).distances_into(QUERY, out := np.zeros(4, "u4")[::4])
    assert out.tolist() == [1]


def test_only_the_items_of_the_view_are_written(lev):
    dictionary = lev.Dictionary(WORDS)
    backing = np.full(COUNT + 6, 0xDEADBEEF, "u4")
    for start in range(7):
        backing[:] = 0xDEADBEEF
        dictionary.distances_into(QUERY, backing[start : start + COUNT])
        rest = np.delete(backing, slice(start, start + COUNT))
        assert (rest == 0xDEADBEEF).all()
        assert backing[start : start + COUNT].tolist() == EXPECTED


def test_released_after_success(lev):
    out = array("I", EXPECTED)
    lev.Dictionary(WORDS).distances_into(QUERY, out)
    out.append(1)  # A buffer that is still held would make this a BufferError.
    assert out.tolist() == [*EXPECTED, 1]


@pytest.mark.parametrize(
    "make",
    [
        lambda: array("I"),
        lambda: array("f", range(COUNT)),
        lambda: array("Q", range(COUNT)),
        lambda: bytearray(4 * COUNT),
    ],
    ids=["length", "float", "uint64", "bytes"],
)
def test_released_after_an_error(lev, make):
    out = make()
    # The exception is kept alive on purpose: not even its traceback may hold
    # the buffer.
    with pytest.raises(ValueError) as caught:
        lev.Dictionary(WORDS).distances_into(QUERY, out)
    out.append(1)
    assert caught.value is not None


def test_released_after_a_wrong_query(lev):
    out = array("I", EXPECTED)
    with pytest.raises(TypeError):
        lev.Dictionary(WORDS).distances_into(None, out)
    out.append(1)
