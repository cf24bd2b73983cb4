"""Libraries that others install for Levenshtein distance, one module for each.

Importing this package imports none of them.
"""
