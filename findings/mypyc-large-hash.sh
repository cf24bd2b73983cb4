#!/usr/bin/env bash
# mypyc (mypy 2.4.1): a `__hash__` that returns a large int.
#
# One would guess: Python reduces it, as it does for every `__hash__` that is not compiled. A hash made
#   of 64 unsigned bits, such as FNV, is fine; int has no limit in compiled code.
# What happens: from 2**63 on, and below -2**63, `hash`, sets and dicts raise OverflowError. So of the
#   objects whose hash has 64 unsigned bits, some cannot be keys, and others can.
# Why: the wrapper of the slot makes a Py_ssize_t of the result (`generate_hash_wrapper` in
#   mypyc/codegen/emitwrapper.py). CPython's own wrapper hashes an int that does not fit.
# Seen: CPython 3.11.7, gcc 12.2, Linux x86-64.
#
# usage: mypyc-large-hash.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
class Word:
    def __init__(self, text: str) -> None:
        self.text = text

    def __hash__(self) -> int:
        value = 0xCBF29CE484222325
        for byte in self.text.encode():
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        return value


class Fixed:
    def __init__(self, value: int) -> None:
        self.value = value

    def __hash__(self) -> int:
        return self.value
PY
cat >asks.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"


def outcome(thing):
    try:
        return hash(thing)
    except OverflowError as error:
        return type(error).__name__


for value in 2**63 - 1, 2**63, -(2**63) - 1:
    print(f"{how}: {value} {outcome(compiled.Fixed(value))}")
keys = sum(outcome(compiled.Word(str(number))) != "OverflowError" for number in range(1000))
print(f"{how}: {keys} of 1000 words can be keys")
PY
env/bin/python asks.py >seen
env/bin/mypyc compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python asks.py >>seen
cat seen
diff seen - <<'TXT'
Python: 9223372036854775807 9223372036854775807
Python: 9223372036854775808 4
Python: -9223372036854775809 -5
Python: 1000 of 1000 words can be keys
mypyc: 9223372036854775807 9223372036854775807
mypyc: 9223372036854775808 OverflowError
mypyc: -9223372036854775809 OverflowError
mypyc: 790 of 1000 words can be keys
TXT
echo "as described: mypy $(env/bin/python -c 'import importlib.metadata as m, platform; print(m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
