"""Reads a number."""


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
