#!/usr/bin/env bash
# Numba 0.68.1 and CPython 3.15: a compiled function that uses a module imported lazily.
#
# One would guess: the import happens when the function is compiled or called, as it does when Python
#   runs the function. `lazy import` (PEP 810) changes when a module is loaded, and nothing else.
# What happens: TypingError, "Cannot determine Numba type of <class 'lazy_import'>". The same script
#   works after any other line has used the module, so it depends on the order of calls. With
#   `-X lazy_imports=all` a script without the word lazy fails in this way.
# Why: `get_global_value` (numba/core/interpreter.py) reads the dict `__globals__`. A lazy import becomes
#   a module where Python loads the name, not where something reads the dict.
# Seen: CPython 3.15.2, Linux x86-64.
#
# usage: numba-lazy-import.sh [PYTHON]   (CPython 3.15 or later)
set -euo pipefail
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 15))' || { echo "Lazy imports need CPython 3.15 or later." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet numba==0.68.1
cd "$folder"

cat >explicit.py <<'PY'
import numba

lazy import math


def root(number):
    return math.sqrt(number)


def call(label, function):
    try:
        print(f"{label}: {function(4.0)}")
    except numba.TypingError as error:
        print(f"{label}: TypingError,", str(error).splitlines()[1])


call("Numba, before", numba.njit(root))
call("Python", root)
call("Numba, after", numba.njit(root))
PY
cat >plain.py <<'PY'
import math

import numba


@numba.njit
def root(number):
    return math.sqrt(number)


try:
    print(root(4.0))
except numba.TypingError as error:
    print("TypingError,", str(error).splitlines()[1])
PY
env/bin/python explicit.py >seen
echo "without lazy: $(env/bin/python plain.py)" >>seen
echo "-X lazy_imports=all: $(env/bin/python -X lazy_imports=all plain.py)" >>seen
cat seen
diff seen - <<'TXT'
Numba, before: TypingError, Untyped global name 'math': Cannot determine Numba type of <class 'lazy_import'>
Python: 2.0
Numba, after: 2.0
without lazy: 2.0
-X lazy_imports=all: TypingError, Untyped global name 'math': Cannot determine Numba type of <class 'lazy_import'>
TXT
echo "as described: Numba 0.68.1 on $(env/bin/python -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
