#!/usr/bin/env bash
# Numba 0.68.1: the text of a number that is not an integer.
#
# One would guess: `str(x)` and `f"{x}"` give the text that Python gives, or the function is refused
#   when it is compiled, as `f"{x:.2f}"` and `float(text)` are.
# What happens: a float becomes the text "<object type:float64>". None and tuples become the name of
#   their type too. All floats get the same text: in a dict they share one key, and a
#   set of texts has one member. With integers all of it is right, so a test with integers passes.
#   The compiler says nothing.
# Why: where a type has no str of its own, numba/cpython/builtins.py makes a constant of the type's
#   name (`missing_repr_format`), and float has none.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: numba-str-of-float.sh [PYTHON]   (CPython 3.11 or later)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet numba==0.68.1 numpy==2.4.6
cd "$folder"

cat >asks.py <<'PY'
from numba import errors, njit


def text(x):
    return str(x)


def formatted(x):
    return f"at {x}"


def keys(a, b):
    counts = {}
    for x in (a, b):
        counts[str(x)] = 1
    return len(counts)


def two_places(x):
    return f"{x:.2f}"


for function, *arguments in (
    (text, 7), (text, 1.5), (text, None), (text, (1, 2)), (formatted, 7), (formatted, 1.5),
    (keys, 1, 2), (keys, 1.5, 2.5), (two_places, 1.5),
):
    for how, called in ("Python", function), ("Numba", njit(function)):
        try:
            outcome = repr(called(*arguments))
        except (errors.NumbaError, errors.UnsupportedBytecodeError):
            outcome = "refused"
        print(f"{how}: {function.__name__}({', '.join(map(repr, arguments))}) {outcome}")
PY
env/bin/python asks.py | tee seen
diff seen - <<'TXT'
Python: text(7) '7'
Numba: text(7) '7'
Python: text(1.5) '1.5'
Numba: text(1.5) '<object type:float64>'
Python: text(None) 'None'
Numba: text(None) '<object type:none>'
Python: text((1, 2)) '(1, 2)'
Numba: text((1, 2)) '<object type:UniTuple(int64 x 2)>'
Python: formatted(7) 'at 7'
Numba: formatted(7) 'at 7'
Python: formatted(1.5) 'at 1.5'
Numba: formatted(1.5) 'at <object type:float64>'
Python: keys(1, 2) 2
Numba: keys(1, 2) 2
Python: keys(1.5, 2.5) 2
Numba: keys(1.5, 2.5) 1
Python: two_places(1.5) '1.50'
Numba: two_places(1.5) refused
TXT
echo "as described: Numba 0.68.1 on $(env/bin/python -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
