"""The inputs of this study: what the set-up code and the checks of study.toml call by name.

Everything is a function of its seed, through random.Random, whose sequences are the same on
every version of Python this study supports.
"""

import random
from array import array
from importlib.resources import files

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


# --- the application


def dictionary_words():
    """The speller's dictionary, most frequent word first."""
    from speller import load_words

    return load_words()


def real_text():
    """Three lines of a real text, with two words that the dictionary does not hold."""
    text = (files("speller") / "texts" / "long.txt").read_text(encoding="utf-8")
    return "".join(text.splitlines(keepends=True)[:3])


def corrector(contender, granularity):
    from speller import Speller

    return Speller(contender, granularity, dictionary_words())


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


def into(dictionary, query):
    """What distances_into writes, as a list."""
    out = array("I", bytes(4 * len(dictionary)))
    dictionary.distances_into(query, out)
    return out.tolist()
