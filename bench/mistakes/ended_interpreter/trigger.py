"""Ends the interpreter while daemon threads are in a function that is called back."""

import sys
import threading
import time

import mistake


def wants(number):
    for _ in range(200):
        pass
    return number % 2 == 0


class Last:
    """What takes its time to be closed."""

    def __del__(self, sleep=time.sleep):
        sleep(0.2)


last = Last()
# Threads take the GIL from one another often, so some are in the midst of `wants` at the end.
sys.setswitchinterval(1e-4)
for _ in range(8):
    threading.Thread(target=mistake.wanted, args=(wants, 10**9), daemon=True).start()
time.sleep(0.05)
print("the end")
