from collections.abc import Iterable
from typing import NoReturn, SupportsIndex, final

from typing_extensions import Buffer

__all__ = [
    "Dictionary",
    "buffer_sum",
    "build_info",
    "distance",
    "distance_myers",
    "distance_myers_repeated",
    "distance_repeated",
    "distances",
    "echo",
    "fail",
    "noop",
    "number",
    "packed_length",
    "pair_length",
    "range_into",
    "sum_five",
    "sum_named",
]

# pairs
def pair_length(a: str, b: str, /) -> int: ...
def distance(a: str, b: str, /) -> int: ...
def distance_myers(a: str, b: str, /) -> int: ...
def distance_repeated(a: str, b: str, n: SupportsIndex, /) -> int: ...
def distance_myers_repeated(a: str, b: str, n: SupportsIndex, /) -> int: ...

# many words
def distances(query: str, words: list[str], /) -> list[int]: ...

@final
class Dictionary:
    def __new__(cls, words: Iterable[str], /) -> Dictionary: ...
    def __len__(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...
    def nearest(self, query: str, limit: SupportsIndex, /) -> list[tuple[int, int]]: ...
    def distances_into(self, query: str, out: Buffer, /) -> None: ...

# crossings without a kernel: call shapes
def noop() -> None: ...
def number() -> int: ...
def echo(n: SupportsIndex, /) -> int: ...
def sum_five(
    a: SupportsIndex,
    b: SupportsIndex,
    c: SupportsIndex,
    d: SupportsIndex,
    e: SupportsIndex,
    /,
) -> int: ...
def sum_named(
    *,
    a: SupportsIndex,
    b: SupportsIndex,
    c: SupportsIndex,
    d: SupportsIndex,
    e: SupportsIndex,
) -> int: ...
def fail() -> NoReturn: ...
def panic() -> NoReturn: ...  # outside of the contract

# crossings without a kernel: buffers
def packed_length(offsets: Buffer, data: Buffer, /) -> int: ...
def buffer_sum(numbers: Buffer, /) -> int: ...
def range_into(out: Buffer, /) -> None: ...
def build_info() -> dict[str, str]: ...
