"""Four threads count the same bytes into one table, again and again until some are lost."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import mistake

THREADS, SECONDS, DATA = 4, 3.0, bytes(2_000_000)

added, end = 0, monotonic() + SECONDS
with ThreadPoolExecutor(THREADS) as pool:
    while mistake.count(0) == added and monotonic() < end:
        list(pool.map(mistake.add, [DATA] * THREADS))  # Brings an exception in a thread here.
        added += THREADS * len(DATA)
print("none lost" if mistake.count(0) == added else "some lost")
