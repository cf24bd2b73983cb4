"""Reads a number."""


def number(text: str) -> float:
    return float(text)
