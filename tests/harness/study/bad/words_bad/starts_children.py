"""Leaves a child process behind."""

import subprocess

from words_split import count_repeated, noop  # noqa: F401

from . import count_that

children = []


def start(words):
    children.append(subprocess.Popen(["sleep", "98765"]))


count = count_that(start)
