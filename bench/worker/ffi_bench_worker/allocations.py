"""What a call allocates, by glibc's own trace of malloc.

The process must have been started with libc_malloc_debug.so preloaded, MALLOC_TRACE naming a
file, and PYTHONMALLOC=malloc: then every object of Python and every allocation of C or Rust is a
line in that file.
"""

import ctypes
import os


def traced(action, path):
    """Runs `action`; gives how many allocations it makes, and bytes at its peak and at its end.

    What `action` returns is alive at the end, and so among the bytes that are held.
    """
    begin, end = symbol("mtrace"), symbol("muntrace")
    with open(path, "wb"):
        pass
    begin()
    result = action()
    end()
    del result
    with open(path, encoding="ascii", errors="replace") as lines:
        found = summed(lines)
    os.truncate(path, 0)
    return found


def symbol(name):
    """A function of the preloaded library.

    It is there for old programs only, so it must be asked for by the version that it had: that of
    the C library when the processor was first supported.
    """
    look_up = ctypes.CDLL(None).dlvsym
    look_up.restype = ctypes.c_void_p
    look_up.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
    library = ctypes.CDLL("libc_malloc_debug.so.0")
    for version in (b"GLIBC_2.2.5", b"GLIBC_2.17", b"GLIBC_2.27", b"GLIBC_2.36"):
        address = look_up(library._handle, name.encode("ascii"), version)
        if address:
            return ctypes.CFUNCTYPE(None)(address)
    raise OSError(f"libc_malloc_debug has no {name}")


def summed(lines):
    """Adds up a trace: `@ where + address size`, `- address`, `< old`, `> new size`."""
    live = {}
    count = held = peak = 0
    for line in lines:
        fields = line.split()
        if not fields or fields[0] != "@":
            continue
        # Where the call came from may hold spaces; what was done comes after it.
        sign = next((i for i, f in enumerate(fields) if f in ("+", "-", "<", ">")), None)
        if sign is None:
            continue
        operation, address = fields[sign], fields[sign + 1]
        if operation in ("-", "<"):
            held -= live.pop(address, 0)
        else:
            size = int(fields[sign + 2], 16)
            live[address] = size
            held += size
            count += 1
        peak = max(peak, held)
    return {"count": count, "peak": peak, "held": held}
