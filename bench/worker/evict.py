"""Lets the system forget the content of files, so that the next one to read them must wait.

Names of files come on standard input, one a line. A file that another process has mapped stays.
"""

import os
import sys

for name in sys.stdin.read().splitlines():
    try:
        with open(name, "rb") as file:
            os.fdatasync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError:
        pass
