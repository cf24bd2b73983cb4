#!/usr/bin/env bash
# mypyc (mypy 2.4.1): the variable of a for loop over a range without numbers.
#
# One would guess: a loop without rounds leaves its variable as it was. `position = -1` before
#   `for position in range(len(items))` is how one finds that there were no items.
# What happens: the variable becomes the start of the range. A function that counts in this way
#   says 1 for an empty list. Over the list itself, and with enumerate, it is right.
# Why: `ForRange.init` (mypyc/irbuild/for_helpers.py) assigns the start to the variable before the
#   condition is looked at for the first time.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-empty-range.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
def by_range(items: list[str]) -> int:
    position = -1
    for position in range(len(items)):
        pass
    return position + 1


def by_enumerate(items: list[str]) -> int:
    position = -1
    for position, item in enumerate(items):
        pass
    return position + 1


def from_ten(stop: int) -> int:
    number = -1
    for number in range(10, stop):
        pass
    return number
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
for items in ["a", "b"], []:
    print(f"{how}, {items}: by range {compiled.by_range(items)}, by enumerate {compiled.by_enumerate(items)}")
print(f"{how}, from 10 to 5: {compiled.from_ten(5)}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, ['a', 'b']: by range 2, by enumerate 2
Python, []: by range 0, by enumerate 0
Python, from 10 to 5: -1
mypyc, ['a', 'b']: by range 2, by enumerate 2
mypyc, []: by range 1, by enumerate 0
mypyc, from 10 to 5: 10
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
