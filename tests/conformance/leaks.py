"""How much memory and how many references some calls leave behind.

Works with an ordinary interpreter, by counting before and after many calls.
No single counter sees everything, so there are four:

* ``sys.getrefcount`` of objects that the caller passes in;
* ``sys.getallocatedblocks``: objects and small blocks of Python's allocator;
* glibc's ``mallinfo2``: everything from ``malloc``, so what C, Rust and cffi
  allocate, and Python's blocks above 512 bytes. Where the C library has no
  such function (macOS, musl) this counter stands still;
* buffers: one that is still exported makes ``bytearray.append`` fail. That is
  the business of test_buffers.py.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CALLS = 1_000

# Specialising bytecode, free lists, caches and lazily made objects settle
# during these.
WARM_UP = 200

# Half of what a leak in each call would be: one block, or the 32 bytes of the
# smallest chunk of malloc. Below that is what the interpreter itself keeps now
# and then: a free list that grows, an arena's bookkeeping, the numbers of this
# measurement. References to the caller's own objects have no such noise.
MAX_BLOCKS_PER_CALL = 0.5
MAX_BYTES_PER_CALL = 16


@dataclass(frozen=True)
class Growth:
    references: list[int]
    blocks: int
    bytes: int

    def is_leak(self, calls: int) -> bool:
        return (
            any(self.references)
            or self.blocks > MAX_BLOCKS_PER_CALL * calls
            or self.bytes > MAX_BYTES_PER_CALL * calls
        )


def check_leaks(
    call: Callable[[], object],
    watched: Sequence[object] = (),
    calls: int = CALLS,
    warm_up: int = WARM_UP,
) -> None:
    """Run ``call``, which may raise, many times, and see what remains.

    ``watched`` are objects that ``call`` hands over; their reference counts
    must be the same afterwards, neither higher nor lower.
    """
    # A cache of the interpreter may happen to grow while this counts, but not
    # each time. A leak is there each time.
    attempts = []
    for _ in range(3):
        growth = _growth(call, watched, calls, warm_up)
        if not growth.is_leak(calls):
            return
        attempts.append(growth)
    raise AssertionError(f"left after {calls} calls, three times over: {attempts}")


def _growth(
    call: Callable[[], object], watched: Sequence[object], calls: int, warm_up: int
) -> Growth:
    _repeat(call, warm_up)
    gc.collect()
    gc.disable()
    try:
        _count(watched)
        references, blocks, size = _count(watched)
        _repeat(call, calls)
        # What sits in a reference cycle is not a leak.
        gc.collect()
        references_after, blocks_after, size_after = _count(watched)
    finally:
        gc.enable()
    changes = [after - before for before, after in zip(references, references_after)]
    return Growth(changes, blocks_after - blocks, size_after - size)


def _repeat(call: Callable[[], object], times: int) -> None:
    for _ in range(times):
        with contextlib.suppress(Exception):
            call()


def _count(watched: Sequence[object]) -> tuple[list[int], int, int]:
    references = [sys.getrefcount(o) for o in watched]
    return references, sys.getallocatedblocks(), _malloced()


class _Mallinfo2(ctypes.Structure):
    _fields_ = [
        ("arena", ctypes.c_size_t),
        ("ordblks", ctypes.c_size_t),
        ("smblks", ctypes.c_size_t),
        ("hblks", ctypes.c_size_t),
        ("hblkhd", ctypes.c_size_t),
        ("usmblks", ctypes.c_size_t),
        ("fsmblks", ctypes.c_size_t),
        ("uordblks", ctypes.c_size_t),
        ("fordblks", ctypes.c_size_t),
        ("keepcost", ctypes.c_size_t),
    ]


_mallinfo2 = getattr(ctypes.CDLL(None), "mallinfo2", None)
if _mallinfo2 is not None:
    _mallinfo2.restype = _Mallinfo2


def _malloced() -> int:
    """Bytes in use, in the heap and in mappings of their own."""
    if _mallinfo2 is None:
        return 0
    info = _mallinfo2()
    return info.uordblks + info.hblkhd
