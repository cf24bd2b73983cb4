"""Counts the words of one text."""

import importlib
import sys

module = importlib.import_module(sys.argv[1])
if module.__name__ == "words_split":
    sys.exit("it never agrees")
print(module.count("one two"), "words")
