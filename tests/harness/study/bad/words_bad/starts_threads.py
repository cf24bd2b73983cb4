"""Leaves a thread behind."""

import threading
import time

from words_split import count_repeated, noop  # noqa: F401

from . import count_that


def start(words):
    threading.Thread(target=time.sleep, args=(10_000,), daemon=True).start()


count = count_that(start)
