"""The inputs of this study: what the set-up code and the checks of study.toml call by name.

Everything is a function of its seed, through random.Random, whose sequences are the same on
every version of Python this study supports.
"""

import ctypes
import gc
import hashlib
import pickle  # noqa: F401  # for an outcome
import random
import sys
import weakref
from array import array
from importlib.resources import files
from types import SimpleNamespace

ASCII = "abcdefghijklmnopqrstuvwxyz"
LATIN1 = "".join(map(chr, range(0xC0, 0x100)))
UCS2 = "".join(map(chr, range(0x3B1, 0x3CA)))
UCS4 = "".join(map(chr, range(0x1F600, 0x1F640)))
ODD = "\0a\u0301e\u00e9\u0451\u4e2d\U0001f600\U0010ffff"
SURROGATES = "ab\ud800\udfff\udc80\u4e2d\U0001f600"


def text(rng, alphabet, length):
    return "".join(rng.choices(alphabet, k=length))


def random_pair(seed, alphabet, length):
    """Two unrelated strings of one length."""
    rng = random.Random(f"{seed}/{alphabet}/{length}")
    return text(rng, alphabet, length), text(rng, alphabet, length)


def similar_pair(seed, length):
    """A string of letters, and what is left of it when one letter in twenty is edited."""
    rng = random.Random(f"{seed}/similar/{length}")
    a = text(rng, ASCII, length)
    edits = {
        "substitute": lambda _: rng.choice(ASCII),
        "delete": lambda _: "",
        "insert": lambda letter: letter + rng.choice(ASCII),
    }
    kinds = list(edits)
    b = [edits[rng.choice(kinds)](x) if rng.random() < 0.05 else x for x in a]
    return a, "".join(b)


def trusted_distance(a, b):
    """The distance where the reference would take too long: bit-vectors in Python's integers.

    Myers' algorithm with one integer as long as the string, which Python's integers can be; it
    shares no line with any contender.
    """
    full = (1 << len(a)) - 1
    places = {}
    for i, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << i
    plus, minus, distance = full, 0, len(a)
    last = 1 << len(a) >> 1
    for letter in b:
        match = places.get(letter, 0)
        diagonal = ((((match & plus) + plus) ^ plus) | match | minus) & full
        up, down = minus | (full & ~(diagonal | plus)), plus & diagonal
        distance += bool(up & last) - bool(down & last)
        up, down = up << 1 | 1, down << 1
        plus, minus = (down | ~(diagonal | up)) & full, up & diagonal & full
    return distance if a else len(b)


def string_pair(seed, kind, length):
    """Two unrelated strings of one length, of a kind."""
    rng = random.Random(f"{seed}/{kind}/{length}")
    if kind == "mixed":
        return text(rng, ASCII, length), text(rng, UCS4, length)
    if kind in ("nul", "surrogates"):
        # The special character stands in the middle of each.
        alphabet, special = {"nul": (ASCII, "\0"), "surrogates": (UCS2, "\ud800")}[kind]
        middle = length // 2
        return tuple(
            text(rng, alphabet, middle)
            + special[:length]
            + text(rng, alphabet, length - middle - 1)
            for _ in "ab"
        )
    alphabet = {"latin1": LATIN1, "ucs2": UCS2, "ucs4": UCS4}[kind]
    return text(rng, alphabet, length), text(rng, alphabet, length)


def fresh(string):
    """A string with the same characters that nobody has looked at yet."""
    return (string + "?")[:-1]


def with_utf8(string):
    """A fresh string whose UTF-8 form Python keeps beside it."""
    string = fresh(string)
    ctypes.pythonapi.PyUnicode_AsUTF8AndSize(ctypes.py_object(string), None)
    return string


def query_and_words(seed, length, count):
    """A query and unrelated words of one length, each an object of its own."""
    rng = random.Random(f"{seed}/surface/{length}/{count}")
    words = [text(rng, ASCII, length) for _ in range(count)]
    return text(rng, ASCII, length), [fresh(word) for word in words]


def packed(words):
    """Offsets and data of strings in Arrow's layout."""
    encoded = [word.encode() for word in words]
    offsets = array("i", [0])
    for word in encoded:
        offsets.append(offsets[-1] + len(word))
    return offsets, b"".join(encoded)


def caught(function):
    """The message of the exception that a call raises, if it raises one."""
    try:
        function()
    except (ValueError, TypeError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    return None


# --- the application


def dictionary_words():
    """The speller's dictionary, most frequent word first."""
    from speller import load_words

    return load_words()


def real_text():
    """Three lines of a real text, with two words that the dictionary does not hold."""
    text = (files("speller") / "texts" / "long.txt").read_text(encoding="utf-8")
    return "".join(text.splitlines(keepends=True)[:3])


def whole_text():
    """A real text of 37 lines, with 26 words that the dictionary does not hold."""
    return (files("speller") / "texts" / "long.txt").read_text(encoding="utf-8")


def passing_over_none(contender):
    """A contender whose dictionary passes over no word in a search."""

    def dictionary(words):
        return SimpleNamespace(nearest=contender.Dictionary(words).nearest_of_all)

    return SimpleNamespace(Dictionary=dictionary)


def derived_words(seed, count):
    """Words of a dictionary of any size: the real ones, then others made from them.

    These are the real words with one letter replaced, as often as it takes, so that lengths and
    letters stay those of the language.
    """
    rng = random.Random(f"{seed}/derived")
    real = dictionary_words()
    words = real[:count]
    while len(words) < count:
        # One letter and one share of the length for a thousand words: quick, and varied enough.
        for start in range(0, len(real), 1000):
            letter, share = rng.choice(ASCII), rng.random()
            for word in real[start : start + 1000]:
                at = int(share * len(word))
                words.append(word[:at] + letter + word[at + 1 :])
    return words[:count]


def at_once_by(dictionary, threads):
    """A search for many words, five proposals for each."""
    return lambda words: dictionary.nearest_many(words, 5, threads=threads)


def trusted_corrections(text):
    """The corrections, by the contender that the ratios are taken to: see trusted_matrix."""
    import lev_c

    return corrector(lev_c, "dictionary").correct(text)


def trusted_nearest(words, query, limit):
    """The nearest words, by the contender that the ratios are taken to: see trusted_matrix."""
    import lev_c

    return lev_c.Dictionary(words).nearest(query, limit)


def filled_matrix(cdist, queries, words):
    """The rows of a matrix that is made for them, as RapidFuzz makes one."""
    out = memoryview(bytearray(len(queries) * len(words)))
    cdist(queries, words, out)
    return [out[start : start + len(words)] for start in range(0, len(out), len(words))]


def corrector(contender, granularity, limit=5):
    from speller import Speller

    return Speller(contender, granularity, dictionary_words(), limit)


def misspellings(seed, count):
    """Real misspellings of one word, each with its first correction."""
    from speller.evaluation import load_misspellings

    entries = [
        (entry.misspelling, entry.corrections[0])
        for entry in load_misspellings()
        if " " not in entry.misspelling + entry.corrections[0]
    ]
    return random.Random(f"{seed}/misspellings").sample(entries, count)


def all_distances(dictionary, queries):
    """The distance of each query to each word of a contender's dictionary."""
    rows = []
    for query in queries:
        out = array("I", bytes(4 * len(dictionary)))
        dictionary.distances_into(query, out)
        rows.append(out)
    return rows


def trusted_matrix(queries, words):
    """The digest of all distances, by the contender that the ratios are taken to.

    It has been compared with the reference on thousands of words; the reference itself would
    take minutes.
    """
    import lev_c

    return matrix_digest([lev_c.distances(query, words) for query in queries])


def matrix_digest(rows):
    """A digest of rows of numbers below 256, whatever they are kept in."""
    whole = hashlib.sha256()
    for row in rows:
        if isinstance(row, list):
            whole.update(bytes(row))
            continue
        view = memoryview(row)
        lowest = 0 if sys.byteorder == "little" else view.itemsize - 1
        whole.update(view.cast("B")[lowest :: view.itemsize].tobytes())
    return whole.hexdigest()


# --- generated inputs for the checks


def edited(rng, string, alphabet):
    """`string` after a few random insertions, deletions and substitutions."""
    letters = list(string)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(letters) + 1)
        letters[at : at + rng.randrange(2)] = text(rng, alphabet, rng.randrange(2))
    return "".join(letters)


def pairs(seed, count):
    """Pairs of strings: every length from 0 to 320 in every storage width, then random ones."""
    rng = random.Random(seed)
    widths = [ASCII, LATIN1, UCS2, UCS4]
    for length in range(321):
        for alphabet in widths:
            other = text(rng, rng.choice(widths), rng.randrange(16))
            string = text(rng, alphabet, length)
            yield string, other
            yield other, string
        # The square pairs cost the reference most, so the widths take turns.
        yield random_pair(rng.random(), widths[length % 4], length)
    for length in (511, 512, 513, 1000, 1023, 1024, 1025):
        yield text(rng, rng.choice(widths), length), text(rng, rng.choice(widths), length)
    mixed = [*widths, ODD, ASCII + LATIN1, ASCII + UCS2 + UCS4, "ab"]
    for _ in range(count):
        alphabet = rng.choice(mixed)
        string = text(rng, alphabet, min(rng.randrange(25), rng.randrange(25)))
        if rng.random() < 0.5:
            yield string, edited(rng, string, rng.choice([alphabet, rng.choice(mixed)]))
        else:
            yield string, text(rng, rng.choice(mixed), rng.randrange(16))


def surrogate_pairs(seed, count):
    """Pairs of which at least one string holds a lone surrogate."""
    rng = random.Random(seed)
    for _ in range(count):
        a, b = text(rng, SURROGATES, rng.randrange(12)) + "\ud800", text(rng, SURROGATES, 8)
        yield rng.choice([(a, b), (b, a)])


def searches(seed, count):
    """A query, a list of words and a limit."""
    rng = random.Random(seed)
    for _ in range(count):
        alphabet = rng.choice([ASCII, LATIN1, UCS2, UCS4, ODD, "ab"])
        words = [text(rng, alphabet, rng.randrange(10)) for _ in range(rng.randrange(12))]
        words += rng.choices(words, k=2) if words else []
        if rng.random() < 0.1:
            words.append(text(rng, ASCII, rng.randrange(60, 140)))
        length = rng.choice([rng.randrange(12), rng.randrange(60, 70), rng.randrange(120, 200)])
        query = rng.choice(words) if words and rng.random() < 0.2 else text(rng, alphabet, length)
        yield query, words, rng.choice([0, 1, 2, 5, len(words), 10**20])


def corrections(seed, count):
    """A word after one edit or two, a few real words, that one among them, and a limit of 1."""
    rng = random.Random(seed)
    words = [word for word in dictionary_words() if word.isascii() and len(word) > 3]
    for _ in range(count):
        chosen = rng.sample(words, 20)
        letters = list(rng.choice(chosen))
        for _ in range(rng.randrange(1, 3)):
            at = rng.randrange(len(letters))
            letters[at : at + rng.randrange(2)] = text(rng, ASCII, rng.randrange(2))
        yield "".join(letters), chosen, 1


def crossings(seed, count):
    """A small number, five of any size, words, and numbers of 32 bits."""
    rng = random.Random(seed)
    for _ in range(count):
        five = [rng.randint(-(2 ** rng.randrange(61)), 2 ** rng.randrange(61)) for _ in range(5)]
        alphabet = rng.choice([ASCII, LATIN1, UCS2, UCS4, ODD])
        words = [text(rng, alphabet, rng.randrange(12)) for _ in range(rng.randrange(20))]
        numbers = [rng.randrange(2**32) for _ in range(rng.randrange(20))]
        yield rng.choice([0, 1, rng.randrange(300)]), five, words, numbers


def asked(dictionary, query):
    """What nearest_where asks its predicate, in order, and what it then answers."""
    calls = []

    def keep(distance, index):
        calls.append((distance, index))
        return index % 2

    return dictionary.nearest_where(query, 3, keep), calls


def filled(range_into, n):
    """What range_into writes, as a list."""
    out = array("I", bytes(4 * n))
    range_into(out)
    return out.tolist()


def into(dictionary, query):
    """What distances_into writes, as a list."""
    out = array("I", bytes(4 * len(dictionary)))
    dictionary.distances_into(query, out)
    return out.tolist()


# --- what the outcomes are made of

RAISED = KeyError("from the predicate")


def raising(distance, index):
    raise RAISED


def raised_by_callback(dictionary):
    try:
        dictionary.nearest_where("sitting", 1, raising)
    except KeyError as error:
        return error


def nested(dictionary):
    """Searches that each predicate begins anew, three deep."""

    def keep(level):
        if level == 0:
            return lambda distance, index: True
        return lambda distance, index: dictionary.nearest_where("kitten", 1, keep(level - 1))

    return dictionary.nearest_where("kitten", 1, keep(3))


class Holder(list):
    """A list that a weak reference can watch."""


def cycle_is_freed(dictionary_type):
    holder = Holder()
    holder.append(dictionary_type(["kitten"], holder))
    watch = weakref.ref(holder)
    del holder
    gc.collect()
    return watch() is None
