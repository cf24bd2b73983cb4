"""Calls that last, and signals that arrive in the middle of them.

Clocks and timers count the processor time of this process: how busy the
machine is with other work makes no difference.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator

# 469 blocks of 64 rows, 100 words of 200,000 code points: 9.4e9 steps. At one
# nanosecond a step, which no kernel of this study comes near (3 ns is more
# like it), a call would last for 9 seconds.
QUERY = "abcde" * 6_000
WORDS = ["acbed" * 40_000] * 100
SHORTEST = 9.0

# The contract says 0.2 s. Twenty times that is still less than half of what
# the fastest kernel would need for the whole call, so a call that looks for no
# signals cannot pass, and a slow machine can.
LATEST = 20 * 0.2


def _distances(lev):
    return lambda: lev.distances(QUERY, WORDS), [QUERY, WORDS]


def _nearest(lev):
    dictionary = lev.Dictionary(WORDS)
    return lambda: dictionary.nearest(QUERY, 3), [QUERY, dictionary]


def _nearest_where(lev):
    dictionary = lev.Dictionary(WORDS)

    def keep(_distance, _index):
        raise AssertionError("keep was called before all distances were known")

    return lambda: dictionary.nearest_where(QUERY, 3, keep), [QUERY, keep, dictionary]


def _distances_into(lev):
    dictionary = lev.Dictionary(WORDS)
    out = array("I", bytes(4 * len(WORDS)))
    return lambda: dictionary.distances_into(QUERY, out), [QUERY, out, dictionary]


#: For each interruptible function: from a module to a call that lasts, and the
#: objects it is given.
LONG_CALLS = {
    "distances": _distances,
    "nearest": _nearest,
    "nearest_where": _nearest_where,
    "distances_into": _distances_into,
}


def short_calls(lev) -> dict[str, Callable[[], object]]:
    """The same functions, with work of several chunks that is soon done."""
    # The reference, which needs a microsecond for what takes a kernel a nanosecond, has chunks of
    # the same size.
    words = ["acbed" * 4_000] * 6
    query = "abcde" * 2_000
    dictionary = lev.Dictionary(words)
    out = array("I", bytes(4 * len(words)))
    return {
        "distances": lambda: lev.distances(query, words),
        "nearest": lambda: dictionary.nearest(query, 3),
        "nearest_where": lambda: dictionary.nearest_where(query, 3, lambda *_: True),
        "distances_into": lambda: dictionary.distances_into(query, out),
    }


class StoppedError(Exception):
    """What the handler of these tests raises."""


@contextlib.contextmanager
def timer(handler: Callable[[], object], after: float, interval: float = 0.0) -> Iterator[None]:
    """Call ``handler`` after so much processor time inside the block."""
    inside = True

    def on_signal(_number, _frame):
        if inside:
            handler()

    previous = signal.signal(signal.SIGPROF, on_signal)
    signal.setitimer(signal.ITIMER_PROF, after, interval)
    try:
        yield
    finally:
        inside = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def stop(call: Callable[[], object], after: float) -> float:
    """Stop ``call`` by a signal; return how long after the signal it ended.

    Raises ``AssertionError`` if it went on to its end.
    """

    def handler():
        raise StoppedError

    start = time.process_time()
    try:
        with timer(handler, after):
            call()
    except StoppedError:
        return time.process_time() - start - after
    raise AssertionError("the call was not stopped")


def check_stops(call: Callable[[], object], latest: float = LATEST) -> None:
    late = stop(call, after=0.1)
    assert late < latest, f"stopped {late:.2f} s after the signal"


def check_gil_is_released(call: Callable[[], object]) -> None:
    """Another thread counts during ``call``, and then stops it by Ctrl-C.

    If the call kept the GIL, the thread could not count, so it could not stop
    the call either: no clock decides. If it looked for signals without
    releasing the GIL, the same.
    """
    counted = 0
    inside = False
    started = threading.Event()

    def count():
        nonlocal counted
        started.wait()
        for _ in range(50):
            time.sleep(0.001)  # This gives the GIL away and needs it back.
            counted += inside
        os.kill(os.getpid(), signal.SIGINT)

    def on_signal(_number, _frame):
        if inside:
            raise KeyboardInterrupt

    thread = threading.Thread(target=count)
    previous = signal.signal(signal.SIGINT, on_signal)
    thread.start()
    try:
        inside = True
        started.set()
        call()
        inside = False
        raise AssertionError(f"the call went to its end; the other thread counted to {counted}")
    except KeyboardInterrupt:
        inside = False
        assert counted > 25, f"the other thread counted to {counted} of 50 during the call"
    finally:
        thread.join()
        time.sleep(0.01)  # A signal sent at the very end still finds the handler.
        signal.signal(signal.SIGINT, previous)


class Load:
    """Keeps every processor busy, so that threads wait for one another in every order."""

    def __enter__(self):
        burn = [sys.executable, "-S", "-E", "-c", "while True: pass"]
        self._burning = [subprocess.Popen(burn) for _ in range(os.cpu_count() or 1)]
        return self

    def __exit__(self, *_):
        for process in self._burning:
            process.kill()
            process.wait()


def check_that_what_is_raised_arrives(call: Callable[[], object], tries: range) -> None:
    """What a handler raises in ``call`` is what the call raises, whenever the signal comes.

    Handlers are quick and slow by turns: the work may end while a slow one runs. They raise in
    the call only, not in this function around it, and may come too late to be called.
    """
    # hypothesis has the collector run a function of Python's, and what is raised in such a
    # function Python itself drops.
    gc.disable()
    try:
        _check_that_what_is_raised_arrives(call, tries)
    finally:
        gc.enable()


def _check_that_what_is_raised_arrives(call: Callable[[], object], tries: range) -> None:
    # The first call is slower than the rest.
    seconds = min(_processor_time(call) for _ in range(3))
    called = 0
    for number in tries:
        error = StoppedError(number)
        raised = []

        def handler(error=error, raised=raised, slow=number % 2 == 1):
            if raised:
                return
            raised.append(error)
            if slow:
                until = time.process_time() + min(seconds, 0.05)
                while time.process_time() < until:
                    pass
            raise error

        arrived = None
        try:
            with timer(handler, after=(number + 0.5) / len(tries) * seconds):
                call()
        except BaseException as exception:
            arrived = exception
        assert raised == [] or arrived is error, f"{error!r} became {arrived!r}"
        assert arrived is None or arrived is error
        called += len(raised)
    assert called > 0, f"no signal in {len(tries)} calls"


def _processor_time(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
