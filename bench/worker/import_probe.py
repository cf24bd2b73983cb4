"""Imports one module in a process that has imported next to nothing, and says what it cost.

Everything that this script needs itself is built into the interpreter or imported afterwards.
"""

import posix
import sys
import time


def resident():
    """Kilobytes of memory that this process has, and those that it shares with nobody."""
    found = {}
    try:
        with open("/proc/self/smaps_rollup") as lines:
            for line in lines:
                name, _, rest = line.partition(":")
                if name in ("Rss", "Private_Clean", "Private_Dirty"):
                    found[name] = int(rest.split()[0])
    except OSError:
        return None
    return found["Rss"], found["Private_Clean"] + found["Private_Dirty"]


# What the module prints is no part of the answer.
answer = posix.dup(1)
posix.dup2(2, 1)
resident()
known = set(sys.modules)
before = resident()
start = time.perf_counter_ns()
__import__(sys.argv[1])
elapsed = time.perf_counter_ns() - start
after = resident()
new = [sys.modules[name] for name in set(sys.modules) - known]

import json  # noqa: E402
import os  # noqa: E402

files = {getattr(module, name, None) for module in new for name in ("__file__", "__cached__")}
try:
    with open("/proc/self/maps") as maps:
        files |= {line.split(maxsplit=5)[-1].strip() for line in maps if ".so" in line}
    threads = len(os.listdir("/proc/self/task")) - 1
except OSError:
    threads = None
with open(answer, "w", encoding="utf-8") as file:
    json.dump(
        {
            "ns": elapsed,
            "resident_kb": after[0] - before[0] if before else None,
            "private_kb": after[1] - before[1] if before else None,
            "threads": threads,
            "modules": len(new),
            "files": sorted(f for f in files if f and os.path.isfile(f)),
        },
        file,
    )
