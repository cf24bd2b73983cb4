"""What all contenders of a process share, and must leave as they found it.

A contender that turns the garbage collector on, or leaves a thread behind, changes what the next
one is measured in. After each slice the state is compared with what it was at the beginning.
"""

import gc
import os
import signal
import sys
import time

# Where the system lists what this process has; macOS has the first list under another name.
FILES = next((path for path in ("/proc/self/fd", "/dev/fd") if os.path.isdir(path)), None)
# How often the state is looked at again before somebody is blamed.
PATIENCE = 5

THREADS = "/proc/self/task" if os.path.isdir("/proc/self/task") else None


class SharedStateError(Exception):
    """A contender left the process other than it found it."""


def snapshot():
    """The state, by the names that `may_change` in the study uses."""
    return {
        "gc": (gc.isenabled(), gc.get_threshold(), len(gc.callbacks)),
        "switch interval": sys.getswitchinterval(),
        "recursion limit": sys.getrecursionlimit(),
        "tracing": (sys.gettrace(), sys.getprofile()),
        "clock": time.perf_counter_ns,
        "interrupt handler": signal.getsignal(signal.SIGINT),
        "folder": os.getcwd(),
        # The listing's own descriptor is in the list, each time the same one.
        "files": frozenset(os.listdir(FILES)) if FILES else None,
        "threads": len(os.listdir(THREADS)) if THREADS else None,
        "children": has_children(),
    }


def has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (ChildProcessError, AttributeError):
        return False
    return True


class Guard:
    """Remembers the state and complains about who changed it."""

    def __init__(self):
        # Listing the threads for the first time must not be what changes the files.
        snapshot()
        self.before = snapshot()

    def check(self, who, may_change=()):
        """Raises `SharedStateError` when something is not as it was."""
        for _ in range(PATIENCE):
            now = snapshot()
            if now == self.before:
                return
            # A thread that has been joined is still listed for a moment.
            time.sleep(0.01)
        changes = [
            f"{name} was {shown(self.before[name])} and is {shown(now[name])}"
            for name in now
            if now[name] != self.before[name] and name not in may_change
        ]
        self.before = now
        if changes:
            raise SharedStateError(f"{who} changed what all share: {'; '.join(changes)}")


def shown(value):
    if isinstance(value, frozenset):
        return ", ".join(sorted(value, key=int))
    return repr(value)
