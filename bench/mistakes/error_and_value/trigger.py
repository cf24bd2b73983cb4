"""Asks for the number in a text that has none."""

import mistake

try:
    print(mistake.number("twelve"))
except ValueError:
    print("ValueError")
