"""Has hardly a function, and a thread from the moment it is imported."""

import threading
import time


def sleep():
    while True:
        time.sleep(60)


threading.Thread(target=sleep, daemon=True).start()


def noop():
    return None
