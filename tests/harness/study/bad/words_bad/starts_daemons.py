"""Leaves a process behind that is nobody's child and in no group."""

import os

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def start(words):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    # Holds what it inherited open, and outlives everybody.
    os.execvp("sleep", ["sleep", "98765"])


count = count_that(start)
