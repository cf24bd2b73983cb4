#!/usr/bin/env bash
# mypyc (mypy 2.4.1): a for loop whose body assigns to the variable that is looped over.
#
# One would guess: what stands after `in` is evaluated once. A body that gives the name another
#   value changes nothing in the rounds to come, as in Python, and mypyc compiles Python.
# What happens: the loop goes on with the new value. With range(n) it ends early or runs longer, with
#   a list it goes on in the other list. mypy and mypyc say nothing. In a generator it is right.
# Why: `ForRange` and `ForSequence` (mypyc/irbuild/for_helpers.py) keep the register of the variable
#   itself. Only `maybe_spill` makes a copy, in generators.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-loop-follows-variable.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
from collections.abc import Iterator


def shorter(n: int) -> list[int]:
    seen = []
    for i in range(n):
        seen.append(i)
        n = 2
    return seen


def longer(n: int) -> list[int]:
    seen = []
    for i in range(n):
        seen.append(i)
        if i < 2:
            n += 2
    return seen


def ancestors(names: list[str], parents: dict[str, list[str]]) -> list[str]:
    seen = []
    for name in names:
        seen.append(name)
        names = parents[name]
    return seen


def numbered(names: list[str]) -> list[int]:
    seen = []
    for i, name in enumerate(names):
        seen.append(i)
        names = []
    return seen


def generator(n: int) -> Iterator[int]:
    for i in range(n):
        yield i
        n = 2
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
print(f"{how}, shorter: {compiled.shorter(5)}")
print(f"{how}, longer: {compiled.longer(2)}")
print(f"{how}, ancestors: {compiled.ancestors(['a', 'b'], {'a': ['c', 'd'], 'b': [], 'd': []})}")
print(f"{how}, numbered: {compiled.numbered(['a', 'b', 'c'])}")
print(f"{how}, generator: {list(compiled.generator(5))}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, shorter: [0, 1, 2, 3, 4]
Python, longer: [0, 1]
Python, ancestors: ['a', 'b']
Python, numbered: [0, 1, 2]
Python, generator: [0, 1, 2, 3, 4]
mypyc, shorter: [0, 1]
mypyc, longer: [0, 1, 2, 3, 4, 5]
mypyc, ancestors: ['a', 'd']
mypyc, numbered: [0]
mypyc, generator: [0, 1, 2, 3, 4]
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
