"""The algorithms, and nothing else: strings in, distances out.

Both follow docs/algorithm.md loop by loop. Nothing here checks an argument;
that is done once, in ``__init__.py``.
"""

from __future__ import annotations


def wagner_fischer(a: str, b: str) -> int:
    """Return the distance by Wagner-Fischer (1974) with two rows.

    ``D[i][j]`` is the distance between the first ``i`` characters of ``a``
    and the first ``j`` of ``b``::

        D[0][j] = j
        D[i][0] = i
        D[i][j] = min(D[i-1][j] + 1, D[i][j-1] + 1, D[i-1][j-1] + (a[i] != b[j]))

    Time ``len(a) * len(b)``, memory two rows of ``len(b) + 1`` numbers.
    """
    previous = list(range(len(b) + 1))  # D[0]
    current = previous.copy()
    for i, x in enumerate(a, 1):
        diagonal = i - 1  # D[i-1][j-1]
        left = i  # D[i][j-1]
        current[0] = i
        for j, y in enumerate(b, 1):
            above = previous[j]  # D[i-1][j]
            # The minimum of three is spelled out because a call of min()
            # costs more than the rest of the loop.
            cell = diagonal + (x != y)
            if above < left:
                left = above
            if left < cell:
                cell = left + 1
            current[j] = left = cell
            diagonal = above
        previous, current = current, previous
    return previous[-1]


def pattern_table(pattern: str) -> dict[str, int]:
    """Return for each character of ``pattern`` the mask of its positions."""
    table: dict[str, int] = {}
    for i, c in enumerate(pattern):
        table[c] = table.get(c, 0) | 1 << i
    return table


def myers(table: dict[str, int], m: int, text: str) -> int:
    """Return the distance between a pattern of length ``m`` and ``text``.

    Myers' bit-vectors (1999) in the form of Hyyrö (2003) for two whole
    strings. ``table`` is the :func:`pattern_table` of the pattern. The whole
    pattern is one block, because an integer of Python is as long as it needs
    to be: bit ``i`` of ``pv`` (``mv``) says that the vertical difference at
    row ``i`` of the current column is +1 (-1), bit ``i`` of ``ph`` (``mh``)
    the same for the horizontal difference.

    Time ``len(text)`` steps on integers of ``m`` bits.
    """
    if m == 0:
        return len(text)
    rows = (1 << m) - 1
    last = 1 << (m - 1)
    pv = rows
    mv = 0
    distance = m  # D[m][0]
    for c in text:
        eq = table.get(c, 0)
        xv = eq | mv
        xh = (((eq & pv) + pv) ^ pv) | eq
        ph = mv | ~(xh | pv)
        mh = pv & xh
        if ph & last:
            distance += 1
        elif mh & last:
            distance -= 1
        ph = ph << 1 | 1  # The row above the pattern is D[0][j] = j.
        mh <<= 1
        # Only pv needs to be cut to m bits: what stands above them in the
        # other words is either cut by it or, as a sum carries upwards only,
        # never comes back.
        pv = (mh | ~(xv | ph)) & rows
        mv = ph & xv
    return distance
