"""Searches in a second interpreter, which shares the GIL with the first one.

Run by test_second_interpreter.py as ``python -m conformance.second lev_c [first]``. With
``first`` the first interpreter has imported the contender, too. Prints a line for each search:
its answer, or the class of what it raised.
"""

from __future__ import annotations

import importlib
import sys

SEARCHES = f"""
import sys
sys.path[:] = {sys.path!r}

def search(call):
    try:
        print(call())
    except BaseException as error:
        print(type(error).__name__)

def fail(*_):
    raise LookupError

def with_dictionary(name):
    lev = __import__(name)
    words = lev.Dictionary(["a", "bc", "abc", "d"])
    search(lambda: words.nearest_where("a", 3, lambda *_: True))
    search(lambda: words.nearest_where("a", 3, lambda _, index: index % 2))
    search(lambda: words.nearest_where("a", 3, lambda *_: False))
    search(lambda: words.nearest_where("a", 3, fail))
    search(lambda: words.nearest("a", 2))
    search(lambda: lev.distances("abc", ["a", "abd"]))

try:
    with_dictionary(NAME)
except ImportError:
    print("ImportError")
sys.stdout.flush()
"""


def run_in_second(code: str) -> None:
    """Run code in an interpreter that has its own modules, and not a GIL of its own."""
    if sys.version_info >= (3, 13):
        import _interpreters as interpreters

        interpreter = interpreters.create("legacy")
    else:
        import _xxsubinterpreters as interpreters

        isolated = {} if sys.version_info >= (3, 12) else {"isolated": False}
        interpreter = interpreters.create(**isolated)
    interpreters.run_string(interpreter, code)
    interpreters.destroy(interpreter)


if __name__ == "__main__":
    if "first" in sys.argv:
        importlib.import_module(sys.argv[1])
    run_in_second(f"NAME = {sys.argv[1]!r}\n{SEARCHES}")
