"""The golden corpus: questions to a contender, and their answers.

Needs nothing but the standard library, so that any interpreter can be given a wheel and this
file::

    python bench/golden.py MODULE     ask a contender; ends with 1 at the first wrong answer
    python bench/golden.py --write    ask lev_pure, and write its answers down

What a module does not have is not asked of it. A module may refuse a lone surrogate, if it does
so with UnicodeEncodeError, as its documents then say.
"""

import importlib
import json
import os
import random
import sys
from array import array

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json")
SEED = 1965

# One alphabet for each width of storage that a str can have, and one with NUL.
ALPHABETS = ["ab", "abcdefgh", "aé", "aλж", "a\U0001d538😀", "a\0b"]
LENGTHS = [0, 1, 2, 7, 8, 63, 64, 65, 129]


def questions():
    """Yield what is asked: the name of a function and its arguments."""
    choose = random.Random(SEED)

    def text(length):
        return "".join(choose.choices(choose.choice(ALPHABETS), k=length))

    pairs = [(text(a), text(b)) for a in LENGTHS for b in LENGTHS]
    # Never a high one before a low one: JSON would make one character of them.
    pairs += [("a\ud800b", "ab"), ("\udfff", "\udfff"), ("\ud800", "\U00010000")]
    for a, b in pairs:
        for function in ["pair_length", "distance", "distance_myers"]:
            yield function, [a, b]
    for _ in range(40):
        words = [text(choose.randrange(20)) for _ in range(choose.randrange(30))]
        query = text(choose.randrange(20))
        yield "distances", [query, words]
        yield "nearest", [words, query, choose.randrange(10)]
        yield "distances_into", [words, query]
    # What even a first version refuses.
    for arguments in [["a", None], [1, 2]]:
        yield "distance", arguments
    yield "distances", ["a", ["a", 1]]


def answer(module, function, arguments):
    """Return what a module answers, as JSON has it; an exception by its name."""
    try:
        if function in ("nearest", "distances_into"):
            dictionary = module.Dictionary(arguments[0])
        if function == "nearest":
            return [list(pair) for pair in dictionary.nearest(*arguments[1:])]
        if function == "distances_into":
            out = array("I", [0] * len(dictionary))
            dictionary.distances_into(arguments[1], out)
            return list(out)
        return getattr(module, function)(*arguments)
    except Exception as error:
        return {"raises": type(error).__name__}


def has(module, function):
    """Say whether a module has what is asked for."""
    owner = getattr(module, "Dictionary", None)
    return hasattr(owner if function in ("nearest", "distances_into") else module, function)


def has_surrogate(value):
    """Say whether a text, or one in a list, cannot be encoded."""
    if isinstance(value, list):
        return any(map(has_surrogate, value))
    return isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)


def main():
    """Ask, or write down."""
    if sys.argv[1] == "--write":
        module = importlib.import_module("lev_pure")
        corpus = [
            [function, arguments, answer(module, function, arguments)]
            for function, arguments in questions()
        ]
        with open(CORPUS, "w", encoding="ascii") as file:
            file.write("[\n" + ",\n".join(map(json.dumps, corpus)) + "\n]\n")
        return
    module = importlib.import_module(sys.argv[1])
    with open(CORPUS, encoding="ascii") as file:
        corpus = json.load(file)
    asked = refused = 0
    for function, arguments, expected in corpus:
        if not has(module, function):
            continue
        given = answer(module, function, arguments)
        if given == {"raises": "UnicodeEncodeError"} and has_surrogate(arguments):
            refused += 1
        elif given != expected:
            sys.exit(
                f"{sys.argv[1]}.{function}{tuple(arguments)!a} gave {given!r}, not {expected!r}"
            )
        asked += 1
    print(f"{asked} answers right" + (f", {refused} of them a refusal" if refused else ""))


if __name__ == "__main__":
    main()
