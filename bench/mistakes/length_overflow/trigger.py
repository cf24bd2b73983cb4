"""Repeats a block so often that the length needs 48 bits; the lower 32 say one block."""

import mistake

try:
    print(len(mistake.repeat(bytes(2**16), 2**31 + 1)))
except MemoryError:
    print("MemoryError")
