#!/usr/bin/env bash
# mypyc (mypy 2.4.1): an int compared with a float, and the quotient of two ints.
#
# One would guess: both are exact, as in Python. int stays of any size in compiled code, so an int
#   above 2**53 differs from the float next to it, every int is below infinity, and `/` is rounded once.
# What happens: the int becomes a float first. 2**53 + 1 equals 2.0**53 and is not greater; 10**400
#   compared with infinity raises OverflowError. The quotient of ints between 2**53 and 2**62 is
#   rounded twice, so (2**53 + 1) / 3 is not 3002399751580331. From 2**62 on the quotient is right
#   again. In a variable of type object, or in code that is not compiled, all of it is right.
# Why: comparisons of int and float coerce the int to float, and `CPyTagged_TrueDivide` of
#   lib-rt/int_ops.c divides two doubles where both ints are short.
# Seen: CPython 3.11.7, gcc 12.2, Linux x86-64.
#
# usage: mypyc-int-and-float.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
def equal(a: int, b: float) -> bool:
    return a == b


def greater(a: int, b: float) -> bool:
    return a > b


def divided(a: int, b: int) -> float:
    return a / b


def untyped(a: object, b: object) -> bool:
    return a == b
PY
cat >asks.py <<'PY'
import compiled
from compiled import divided, equal, greater, untyped

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
for function, a, b in (
    (equal, 2**53 + 1, 2.0**53), (greater, 2**53 + 1, 2.0**53), (equal, 10**400, float("inf")),
    (untyped, 2**53 + 1, 2.0**53), (divided, 2**53 + 1, 3), (divided, 2**62 + 129, 3),
):
    try:
        outcome = function(a, b)
    except OverflowError as error:
        outcome = type(error).__name__
    print(f"{how}: {function.__name__}({a if a < 10**100 else '10**400'}, {b}) {outcome}")
PY
env/bin/python asks.py >seen
env/bin/mypyc compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python asks.py >>seen
cat seen
diff seen - <<'TXT'
Python: equal(9007199254740993, 9007199254740992.0) False
Python: greater(9007199254740993, 9007199254740992.0) True
Python: equal(10**400, inf) False
Python: untyped(9007199254740993, 9007199254740992.0) False
Python: divided(9007199254740993, 3) 3002399751580331.0
Python: divided(4611686018427388033, 3) 1.5372286728091295e+18
mypyc: equal(9007199254740993, 9007199254740992.0) True
mypyc: greater(9007199254740993, 9007199254740992.0) False
mypyc: equal(10**400, inf) OverflowError
mypyc: untyped(9007199254740993, 9007199254740992.0) False
mypyc: divided(9007199254740993, 3) 3002399751580330.5
mypyc: divided(4611686018427388033, 3) 1.5372286728091295e+18
TXT
echo "as described: mypy $(env/bin/python -c 'import importlib.metadata as m, platform; print(m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
