#!/usr/bin/env bash
# mypyc (mypy 2.4.1): an abstract class.
#
# One would guess: Shape() raises TypeError while a method is abstract, as in Python. abc.ABC is a base
#   that mypyc knows, and mypy itself refuses the call.
# What happens: for code that is not compiled, the class can be called, and so can its abstract
#   methods. inspect.isabstract says False, and there is no `__abstractmethods__`, so a registry that
#   looks for what it can create takes the base class along. A subclass that forgot a method is created.
# Why: `CPyType_FromTemplate` (mypyc/lib-rt/misc_ops.c) makes a plain type where a base has ABCMeta, so
#   nothing sets `__abstractmethods__` and the flag that `object.__new__` looks at.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-abstract-class.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
import abc


class Shape(abc.ABC):
    @abc.abstractmethod
    def sides(self) -> int:
        return 0


class Forgot(Shape):
    pass
PY
cat >calls.py <<'PY'
import inspect

import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
for kind in compiled.Shape, compiled.Forgot:
    try:
        outcome = f"created, sides {kind().sides()}"
    except TypeError:
        outcome = "TypeError"
    print(f"{how}, {kind.__name__}: {outcome}, isabstract {inspect.isabstract(kind)}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, Shape: TypeError, isabstract True
Python, Forgot: TypeError, isabstract True
mypyc, Shape: created, sides 0, isabstract False
mypyc, Forgot: created, sides 0, isabstract False
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
