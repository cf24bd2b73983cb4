#!/usr/bin/env bash
# mypyc (mypy 2.4.1): calling __init__ of an object that exists.
#
# One would guess: `thing.__init__(...)` sets the fields again, as in Python. It is how some code
#   resets an object, and how a class with its own `__new__` or an unpickler fills one.
# What happens: from code that is not compiled, the call does nothing, whatever its arguments are. It
#   returns None. From a compiled module the same call works.
# Why: `__new__` of a compiled class sets the fields, and `generate_init_for_class`
#   (mypyc/codegen/emitclass.py) makes an `__init__` that returns 0 at once, unless the class allows
#   interpreted subclasses.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-init-again.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
class Counter:
    def __init__(self, start: int = 0) -> None:
        self.count = start


def reset(counter: Counter) -> None:
    counter.__init__(7)  # type: ignore[misc]
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
counter = compiled.Counter(5)
counter.__init__(7)
print(f"{how}, called: {counter.count}")
counter = compiled.Counter(5)
try:
    counter.__init__("seven")
    outcome = counter.count
except TypeError as error:
    outcome = "TypeError"
print(f"{how}, called with a str: {outcome}")
counter = compiled.Counter(5)
compiled.reset(counter)
print(f"{how}, called by the module: {counter.count}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, called: 7
Python, called with a str: seven
Python, called by the module: 7
mypyc, called: 5
mypyc, called with a str: 5
mypyc, called by the module: 7
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
