#!/usr/bin/env bash
# mypyc (mypy 2.4.1): copies of a frozen dataclass.
#
# One would guess: copy and pickle work, as for a frozen dataclass of Python and as for a compiled
#   one that is not frozen. For pickle the documentation asks for `serializable=True`.
# What happens: with and without it they raise FrozenInstanceError, which nothing in the code that
#   copies explains. pickle.dumps succeeds, and the error comes when the file is read.
#   `dataclasses.replace` works.
# Why: `CPyPickle_SetState` (mypyc/lib-rt/misc_ops.c), the default `__setstate__` of compiled classes,
#   assigns by setattr, which the dataclass forbids. Python puts the state into `__dict__`.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-frozen-dataclass-copy.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
from dataclasses import dataclass

from mypy_extensions import mypyc_attr


@mypyc_attr(serializable=True)
@dataclass
class Open:
    size: int


@mypyc_attr(serializable=True)
@dataclass(frozen=True)
class Frozen:
    size: int
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
import copy
import dataclasses
import pickle

ways = {"copy": copy.copy, "deepcopy": copy.deepcopy,
        "pickle": lambda it: pickle.loads(pickle.dumps(it)), "replace": dataclasses.replace}
for kind in compiled.Open, compiled.Frozen:
    for way, function in ways.items():
        try:
            outcome = function(kind(3))
        except dataclasses.FrozenInstanceError as error:
            outcome = repr(error)
        print(f"{how}, {way}: {outcome}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, copy: Open(size=3)
Python, deepcopy: Open(size=3)
Python, pickle: Open(size=3)
Python, replace: Open(size=3)
Python, copy: Frozen(size=3)
Python, deepcopy: Frozen(size=3)
Python, pickle: Frozen(size=3)
Python, replace: Frozen(size=3)
mypyc, copy: Open(size=3)
mypyc, deepcopy: Open(size=3)
mypyc, pickle: Open(size=3)
mypyc, replace: Open(size=3)
mypyc, copy: FrozenInstanceError("cannot assign to field 'size'")
mypyc, deepcopy: FrozenInstanceError("cannot assign to field 'size'")
mypyc, pickle: FrozenInstanceError("cannot assign to field 'size'")
mypyc, replace: Frozen(size=3)
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
