#!/usr/bin/env bash
# Numba 0.68.1: sum() of floats, on CPython 3.12 and later.
#
# One would guess: the compiled function gives what the function itself gives. The loop is the same,
#   and without fastmath Numba keeps the order of additions.
# What happens: it gives another result. The ten 0.1 are 1.0 in Python and 0.9999999999999999 in Numba.
#   Where large terms cancel, the rest is lost altogether. Before CPython 3.12 both agree.
# Why: since 3.12 Python's sum carries the error of each addition along (gh-100425). Numba's
#   (numba/cpython/builtins.py) adds.
# Seen: CPython 3.13.0 and 3.15.2, Linux x86-64.
#
# usage: numba-sum.sh [PYTHON]   (CPython 3.12 or later)
set -euo pipefail
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { echo "sum() compensates from CPython 3.12 on." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet numba==0.68.1
cd "$folder"

cat >sums.py <<'PY'
import numba


def total(numbers):
    return sum(numbers)


def loop(numbers):
    result = 0.0
    for number in numbers:
        result += number
    return result


for numbers in (0.1,) * 10, (1e16, 1.0, -1e16):
    for function in total, loop:
        print(f"{function.__name__} of {numbers[:3]}: Python {function(numbers)}, Numba {numba.njit(function)(numbers)}")
PY
env/bin/python sums.py | tee seen
diff seen - <<'TXT'
total of (0.1, 0.1, 0.1): Python 1.0, Numba 0.9999999999999999
loop of (0.1, 0.1, 0.1): Python 0.9999999999999999, Numba 0.9999999999999999
total of (1e+16, 1.0, -1e+16): Python 1.0, Numba 0.0
loop of (1e+16, 1.0, -1e+16): Python 0.0, Numba 0.0
TXT
echo "as described: Numba 0.68.1 on $(env/bin/python -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
