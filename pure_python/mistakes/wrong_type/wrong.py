"""Points, and how far they are apart."""

from math import hypot
from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float


def point(x: float, y: float) -> Point:
    return Point(x, y)


def distance(a: Point, b: Point) -> float:
    # An annotation checks nothing. The attributes are looked up in whatever has come.
    return hypot(a.x - b.x, a.y - b.y)
