"""What the harness is told: messages on a pipe, and announcements in shared memory.

A message is a line of JSON on what was standard output. An announcement says what comes now; it
is a few bytes of a file that the harness has mapped, too. Writing it neither enters the kernel
nor wakes the harness, so it may be done before every slice; and it is still there when the
process is not.
"""

import json
import mmap
import os

# A counter, so that the harness sees life, then JSON, then zeros.
COUNTER = 8
SIZE = 512

pipe = None
box = None
announced = 0


def start():
    """Takes standard output for the messages.

    Contenders and applications may print. What they print goes to standard error from now on, so
    that the lines of the protocol stay whole.
    """
    global pipe
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)


def open_box(path):
    """Maps the file that announcements go to."""
    global box
    with open(path, "r+b") as file:
        box = mmap.mmap(file.fileno(), SIZE)


def say(**message):
    if pipe is not None:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()


def badge(case, contender=""):
    """An announcement made ready."""
    text = json.dumps({"case": case, "contender": contender}).encode("utf-8")
    return text[: SIZE - COUNTER].ljust(SIZE - COUNTER, b"\0")


def announce(made_ready):
    """Says what comes now: if the process dies or hangs, this is where."""
    global announced
    announced += 1
    if box is not None:
        box[:] = announced.to_bytes(COUNTER, "little") + made_ready
