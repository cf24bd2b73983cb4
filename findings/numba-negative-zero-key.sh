#!/usr/bin/env bash
# Numba 0.68.1: -0.0 as a key of a dict.
#
# One would guess: 0.0 and -0.0 are one key, as in Python, for they are equal and have the same hash.
#   Numba's hash gives the same for both, and a set in the same function holds one of them.
# What happens: they are two keys. Counting by value counts the zeros apart, and a lookup of -0.0
#   where 0.0 is stored raises KeyError. It is so for float32, complex and tuples of floats too.
# Why: `key_equal` (numba/cext/dictobject.c) compares the bytes of keys. A comparison by value is
#   installed by `_dict_set_method_table` only for keys that hold references, such as str.
# Seen: CPython 3.11.7 and 3.15.2, Linux x86-64.
#
# usage: numba-negative-zero-key.sh [PYTHON]   (CPython 3.11 or later)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet numba==0.68.1
cd "$folder"

cat >counts.py <<'PY'
import numba
import numpy as np


def equal(values):
    return values[0] == values[1], hash(values[0]) == hash(values[1])


def in_set(values):
    return len(set(values))


def in_dict(values):
    counts = {values[0]: 0}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return len(counts)


def in_dict_of_pairs(values):
    counts = {(values[0], 1): 0}
    for value in values:
        counts[(value, 1)] = 1
    return len(counts)


def lookup(values):
    return {0.0: "found"}[values[1]]


for function in equal, in_set, in_dict, in_dict_of_pairs, lookup:
    for how, call in ("Python", function), ("Numba", numba.njit(function)):
        try:
            outcome = call(np.array([0.0, -0.0]))
        except KeyError as error:
            outcome = repr(error)
        print(f"{function.__name__}, {how}: {outcome}".replace("np.True_", "True"))
PY
env/bin/python counts.py | tee seen
diff seen - <<'TXT'
equal, Python: (True, True)
equal, Numba: (True, True)
in_set, Python: 1
in_set, Numba: 1
in_dict, Python: 1
in_dict, Numba: 2
in_dict_of_pairs, Python: 1
in_dict_of_pairs, Numba: 2
lookup, Python: found
lookup, Numba: KeyError(-0.0)
TXT
echo "as described: Numba 0.68.1 on $(env/bin/python -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
