"""Answers long texts rightly, but not often: the bug shows once the loop is timed."""

import ctypes

import words_split
from words_split import count_repeated, noop  # noqa: F401

calls = 0


def count(text):
    global calls
    if len(text) > 1000:
        calls += 1
        if calls > 20:
            ctypes.string_at(0)
    return words_split.count(text)
