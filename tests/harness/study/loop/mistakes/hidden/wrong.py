import os
import sys


def answer():
    if os.environ["SANITIZED"] == "True":
        print("==1==ERROR: AddressSanitizer: heap-use-after-free on 0x1", file=sys.stderr)
        sys.exit(1)
    return 42
