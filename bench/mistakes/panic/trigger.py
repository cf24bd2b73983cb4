"""Asks for the mean of nothing."""

import mistake

try:
    print(mistake.mean([]))
except ValueError:
    print("ValueError")
