"""What the harness asks and is told: a request, messages on a pipe, announcements in shared memory.

A message is a line of JSON on what was standard output: its kind, and what it says. `protocol.rs`
has the fields of requests and messages. An announcement says what comes now; it
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

CONTENDER = {"name", "module", "site", "may_change", "distributions"}
CHECK = {"name", "about", "inputs", "count", "names", "calls", "raises", "seed"}
CASE = {"name", "params", "seed", "setup", "call", "calls", "floor", "each", "answer", "gc"}
CASE |= {"expect", "needs", "criterion", "work"}
ENTRY = CONTENDER | {"role", "iterations", "rounds", "warm", "dose"}
# What the cases of some requests have besides.
MORE = {"calibrate": {"digest"}, "block": {"digest", "rounds", "entries"}, "count": {"iterations"}}

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


def say(kind, /, value=None, **fields):
    """Sends a message: a single value, or fields with names."""
    if pipe is not None:
        pipe.write(json.dumps({kind: fields or value}) + "\n")
        pipe.flush()


def refuse_other_fields(mode, request):
    """Refuses parts of a request that lack a field, or have one that nobody knows."""
    contender = request.get("contender")
    for given in request.get("contenders", [contender] if contender else []):
        ensure_fields("contender", given, CONTENDER)
    for given in request.get("checks", []):
        ensure_fields("check", given, CHECK)
    for given in request.get("cases", []):
        ensure_fields("case", given, CASE | MORE.get(mode, set()))
        for entry in given.get("entries", []):
            ensure_fields("entry", entry, ENTRY)


def ensure_fields(what, given, wanted):
    for name in sorted(wanted ^ given.keys()):
        problem = "lacks the field" if name in wanted else "has the unknown field"
        raise TypeError(f"a {what} of the request {problem} '{name}'")


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
