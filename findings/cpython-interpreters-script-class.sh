#!/usr/bin/env bash
# CPython 3.14 and 3.15: classes of a script in concurrent.interpreters and InterpreterPoolExecutor.
#
# One would guess: an instance of a class of the script can be an argument and a result, as in
#   ProcessPoolExecutor. What cannot be pickled fails in both directions.
# What happens: as an argument it works. As a result it raises NotShareableError. An exception class
#   of the script does not arrive either: `except Refused` does not catch it, and ExecutionFailed
#   comes in its place. With the class in a module of its own all of it works.
# Why: the other interpreter runs the script again as a module with the name "<fake __main__>"
#   (Python/crossinterp.c). pickle writes that name for the class, and cannot import it.
# Seen: CPython 3.14.10 and 3.15.2, Linux x86-64.
#
# usage: cpython-interpreters-script-class.sh [PYTHON]   (CPython 3.14 or later)
set -euo pipefail
python=$(command -v "${1:-python3}")
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 14))' || { echo "concurrent.interpreters needs CPython 3.14 or later." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >named.py <<'PY'
class Point:
    def __init__(self, x):
        self.x = x


class Refused(Exception):
    pass


def takes(point):
    return point.x


def gives(x):
    return Point(x)


def refuses(x):
    raise Refused(x)
PY
cat named.py - >script.py <<'PY'


import concurrent.futures
import multiprocessing

import named


def tries(how, where, function, argument, expected):
    try:
        with how() as pool:
            outcome = pool.submit(function, argument).result()
        outcome = outcome if isinstance(outcome, int) else f"a {type(outcome).__name__}"
    except expected:
        outcome = "caught as Refused"
    except Exception as error:
        outcome = f"{type(error).__name__}, not caught as Refused"
    print(f"{how.__name__}, {where}, {function.__name__}: {outcome}", flush=True)


def ProcessPool():
    return concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def InterpreterPool():
    return concurrent.futures.InterpreterPoolExecutor(1)


if __name__ == "__main__":
    for how in ProcessPool, InterpreterPool:
        tries(how, "script", takes, Point(3), Refused)
        tries(how, "script", gives, 3, Refused)
        tries(how, "script", refuses, 3, Refused)
    tries(InterpreterPool, "module", named.takes, named.Point(3), named.Refused)
    tries(InterpreterPool, "module", named.gives, 3, named.Refused)
    tries(InterpreterPool, "module", named.refuses, 3, named.Refused)
PY
"$python" script.py 2>said | tee seen
diff seen - <<'TXT'
ProcessPool, script, takes: 3
ProcessPool, script, gives: a Point
ProcessPool, script, refuses: caught as Refused
InterpreterPool, script, takes: 3
InterpreterPool, script, gives: NotShareableError, not caught as Refused
InterpreterPool, script, refuses: ExecutionFailed, not caught as Refused
InterpreterPool, module, takes: 3
InterpreterPool, module, gives: a Point
InterpreterPool, module, refuses: caught as Refused
TXT
echo "as described: $("$python" -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
