"""Levenshtein distance in Rust, called through cffi the way one begins.

A part of docs/contract.md, with the same answers as ``lev_cffi`` and less speed: what
stands in the first chapter of cffi's documentation, and little else. The comments say
what ``lev_cffi`` does otherwise.

A string is its sequence of code points. All arguments are positional.
"""

import operator
import sys
from pathlib import Path

import cffi

__all__ = [
    "Dictionary",
    "build_info",
    "distance",
    "distance_myers",
    "distances",
    "noop",
    "pair_length",
    "range_list",
    "total_length",
]

ffi = cffi.FFI()

# Copied from lev.h by hand. Nothing notices when the library changes: a wrong type here is
# a crash or a wrong number. An expert generates the declarations, and in API mode has a C
# compiler compare them with the header. That mode also makes the calls cheaper.
ffi.cdef("""
    typedef struct lev_dictionary lev_dictionary;
    typedef struct lev_search lev_search;
    typedef struct { const uint32_t *numbers; size_t count; } lev_found;

    const char *lev_compiler(void);
    const char *lev_flags(void);
    void lev_noop(void);
    void lev_range_into(void *out, size_t count);
    int64_t lev_pair_length_ucs4(const uint32_t *, size_t, const uint32_t *, size_t);
    int64_t lev_distance_ucs4(const uint32_t *, size_t, const uint32_t *, size_t);
    int64_t lev_distance_myers_ucs4(const uint32_t *, size_t, const uint32_t *, size_t);
    int lev_dictionary_new_ucs4(const uint32_t *text, size_t text_length,
                                const uint64_t *lengths, size_t count,
                                lev_dictionary **dictionary);
    void lev_dictionary_free(lev_dictionary **dictionary);
    int lev_search_nearest(const uint32_t *, size_t, size_t limit, lev_search **search);
    int lev_search_step(lev_search *, const lev_dictionary *, lev_found *found);
    void lev_search_free(lev_search **search);
""")
lib = ffi.dlopen(str(next(Path(__file__).parent.glob("liblev_capi.*"))))

# Without a byte order in the name, the first code point would be a byte order mark.
UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


def to_utf32(text):
    """Return an array with the code points of a string."""
    # An encode, and then a copy. An expert passes the bytes of a Latin-1 encoding straight
    # to the function, where there is one, and else lets cffi fill an array of char32_t.
    # (``str.encode``, not ``text.encode``, which a subclass may override.)
    data = str.encode(text, UTF32, "surrogatepass")
    array = ffi.new("uint32_t[]", len(data) // 4)
    ffi.memmove(array, data, len(data))
    return array


def check(status):
    """Raise an exception if a number that the library has returned says so."""
    if status == -1:
        raise MemoryError
    if status < 0:
        raise RuntimeError(f"lev_capi failed with status {status}")
    return status


def noop():
    """Do nothing."""
    # Each ``lib.name`` is looked up again, and the call goes through libffi.
    lib.lev_noop()


def pair_length(a, b, /):
    """Return ``len(a) + len(b)`` in code points."""
    a, b = to_utf32(a), to_utf32(b)
    return check(lib.lev_pair_length_ucs4(a, len(a), b, len(b)))


def distance(a, b, /):
    """Return the Levenshtein distance, by Wagner-Fischer with two rows.

    The call is not interruptible.
    """
    a, b = to_utf32(a), to_utf32(b)
    return check(lib.lev_distance_ucs4(a, len(a), b, len(b)))


def distance_myers(a, b, /):
    """Return the Levenshtein distance, by Myers' bit-vectors.

    The call is not interruptible.
    """
    a, b = to_utf32(a), to_utf32(b)
    return check(lib.lev_distance_myers_ucs4(a, len(a), b, len(b)))


def distances(query, words, /):
    """Return the distance from ``query`` to each word, by Myers' bit-vectors.

    ``words`` must be a list. What happens to it during the call does not
    change the answer.
    """
    # One crossing for each word, each with the whole conversion of the query, whose table
    # is built anew as well. An expert joins the words and crosses once.
    to_utf32(query)  # It has to be a str, also when there are no words.
    return [distance_myers(query, word) for word in list.copy(words)]


def total_length(words, /):
    """Return the sum of the lengths of the strings of any iterable, in code points."""
    # Here, too, an expert crosses once.
    total = 0
    for word in words:
        total += pair_length(word, "")
    return total


def range_list(n, /):
    """Return the numbers 0, 1, ..., n - 1 as a list.

    Raises ``ValueError`` unless ``0 <= n <= 2**24``.
    """
    n = operator.index(n)
    if not -(2**63) <= n < 2**63:
        raise OverflowError("n does not fit into a signed 64-bit integer")
    if not 0 <= n <= 2**24:
        raise ValueError("n must be between 0 and 2**24")
    out = ffi.new("uint32_t[]", n)  # An expert would not have it cleared before it is filled.
    lib.lev_range_into(out, n)
    return [out[i] for i in range(n)]  # And would ask ``ffi.unpack`` for the list.


class Dictionary:
    """Words that are copied into Rust once and searched many times."""

    def __new__(cls, words, /):
        """Copy the words of any iterable."""
        texts = [to_utf32(word) for word in words]
        text = to_utf32("")
        if texts:
            # All words, copied a third time. An expert joins the strings before encoding.
            text = ffi.new("uint32_t[]", [c for word in texts for c in word])
        lengths = ffi.new("uint64_t[]", [len(word) for word in texts])
        handle = ffi.new("lev_dictionary **")
        check(lib.lev_dictionary_new_ucs4(text, len(text), lengths, len(texts), handle))
        # If Ctrl-C strikes here, nobody frees the dictionary. An expert hands the empty
        # handle to ``ffi.gc`` before it is filled.
        self = super().__new__(cls)
        self.handle = handle
        self.length = len(texts)
        return self

    def __del__(self):
        lib.lev_dictionary_free(self.handle)

    def __len__(self):
        return self.length

    def nearest(self, query, limit, /):
        """Return the ``limit`` nearest words as ``(distance, index)``.

        The pairs are in ascending order, so words of equal distance come in
        the order of the dictionary. A limit beyond the number of words means
        all of them. Raises ``ValueError`` for a negative one.
        """
        query = to_utf32(query)
        limit = operator.index(limit)
        if limit < 0:
            raise ValueError("limit must not be negative")
        search = ffi.new("lev_search **")
        found = ffi.new("lev_found *")
        try:
            check(lib.lev_search_nearest(query, len(query), min(limit, self.length), search))
            while not found.numbers:
                # The garbage collector may call __del__ while another finaliser uses the
                # dictionary. An expert sees to it that the memory lives as long as self.
                if not self.handle[0]:
                    raise RuntimeError("the dictionary is gone")
                check(lib.lev_search_step(search[0], self.handle[0], found))
            return [(found.numbers[i], found.numbers[i + 1]) for i in range(0, found.count, 2)]
        finally:
            lib.lev_search_free(search)


def build_info():
    """Say what was really imported: ``compiler``, ``flags`` and ``binding``."""
    return {
        "compiler": ffi.string(lib.lev_compiler()).decode(),
        "flags": ffi.string(lib.lev_flags()).decode(),
        "binding": f"cffi {cffi.__version__}, ABI mode, declared by hand",
    }
