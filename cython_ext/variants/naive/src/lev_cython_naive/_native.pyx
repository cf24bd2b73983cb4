# cython: language_level=3

"""A first version: the code in pure Python, given to Cython as it stands.

There is not a single type in it (but for what `build_info` reports), so Cython writes down in C what the
interpreter would have done: every number is an object, every operation asks
the objects what they are. The steps of the interpreter are gone and nothing
else. The comments say what an expert would do about it, and `lev_cython` has
done it.
"""

import heapq

# An expert would set `binding=False` at the head of the file. Without it, the
# functions below are of a type of Cython's own, which the interpreter calls
# more slowly than a built-in function.


def noop():
    """Do nothing."""


def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    # Text of a subclass of str goes astray here and below: `len` and the loops
    # call what the subclass overrides. An expert would look into the string.
    return len(a) + len(b)


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows."""
    # An expert would hold the rows in memory from malloc, as unsigned 32-bit
    # numbers, and read the strings through pointers: `cdef uint32_t *previous`
    # makes an addition one instruction, where a list holds an object for
    # every number and counts references to each.
    previous = list(range(len(b) + 1))
    current = previous.copy()
    for i, x in enumerate(a, 1):
        diagonal = i - 1
        left = i
        current[0] = i
        # With `cdef size_t j` this would be a loop of C. As it is, `enumerate`
        # is inlined, but its counter is a Python integer, and `x != y`
        # compares two strings of one character.
        for j, y in enumerate(b, 1):
            above = previous[j]
            cell = diagonal + (x != y)
            if above < left:
                left = above
            if left < cell:
                cell = left + 1
            # Without `boundscheck=False` and `wraparound=False` every index is
            # checked, and a negative one would count from the end.
            current[j] = left = cell
            diagonal = above
        previous, current = current, previous
    return previous[-1]


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors."""
    return myers(pattern_table(a), len(a), b)


def distances(query, words, /):
    """Return the distance from `query` to each word, by Myers' bit-vectors."""
    table = pattern_table(query)
    m = len(query)
    # Not a comprehension: where the list has no memory to grow, the code that
    # Cython 3.3.1 generates for one drops the new item's reference twice.
    found = []
    for word in words:
        found.append(myers(table, m, word))
    return found


# `cdef` instead of `def` would make this, and `myers`, a function of C, which
# other code in this file calls without the ceremony of a call in Python.
def pattern_table(pattern):
    """Return for each character of `pattern` the mask of its positions."""
    # An expert would index an array of 256 masks with the code point, and hash
    # the others by hand.
    table = {}
    for i, c in enumerate(pattern):
        table[c] = table.get(c, 0) | 1 << i
    return table


def myers(table, m, text):
    """Return the distance between a pattern of length `m` and `text`."""
    if m == 0:
        return len(text)
    # These integers are as long as the pattern. An expert would cut it into
    # blocks of 64 rows, each one `uint64_t`: numbers that the processor knows,
    # and that need no object from the heap for every intermediate result.
    rows = (1 << m) - 1
    last = 1 << (m - 1)
    pv = rows
    mv = 0
    distance = m
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
        ph = ph << 1 | 1
        mh <<= 1
        pv = (mh | ~(xv | ph)) & rows
        mv = ph & xv
    return distance


def total_length(words, /):
    """Return the sum of the lengths of the strings of any iterable, in code points."""
    # `cdef Py_ssize_t total` would save an object for every word.
    total = 0
    for word in words:
        total += len(word)
    return total


def range_list(n, /):
    """Return the numbers 0, 1, ..., n - 1 as a list."""
    # Here is little to gain: the answer consists of objects in any case.
    return list(range(n))


# A `cdef class` would keep its words in fields of a C struct. This one is a
# class of Python, with a dictionary of attributes in each object.
class Dictionary:
    """Words that are searched many times."""

    def __init__(self, words, /):
        # An expert would copy the text once into memory of his own, so that a
        # search needs neither objects nor the GIL.
        self.words = list(words)

    def __len__(self):
        return len(self.words)

    def nearest(self, query, limit, /):
        """Return the `limit` nearest words as ``(distance, index)``."""
        found = distances(query, self.words)
        return heapq.nsmallest(limit, zip(found, range(len(found))))


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": LEV_COMPILER.decode(),
        "flags": LEV_FLAGS.decode(),
        "binding": f"Cython {LEV_CYTHON_VERSION.decode()}",
    }


cdef extern from *:
    """
    #ifdef __clang__
    #define LEV_COMPILER __VERSION__
    #else
    #define LEV_COMPILER "GCC " __VERSION__
    #endif
    """
    const char *LEV_COMPILER
    const char *LEV_FLAGS
    const char *LEV_CYTHON_VERSION
