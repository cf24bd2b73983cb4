#!/usr/bin/env bash
# Cython 3.3.1: an async generator that is created and never used.
#
# One would guess: nothing is said, as in Python, where an async generator that was not started has
#   nothing to lose. "was never awaited" is for coroutines, and one cannot await a generator.
# What happens: "RuntimeWarning: coroutine 'numbers' was never awaited". A test run with warnings as
#   errors fails for code that is right, and the message sends one looking for a missing await.
# Why: `__Pyx_Coroutine_del` (Cython/Utility/Coroutine.c) warns for what is no plain generator, and
#   async generators share that finalizer with coroutines.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: cython-async-generator-warning.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet cython==3.3.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
async def numbers():
    yield 1


async def coroutine():
    return 1
PY
cat >creates.py <<'PY'
import warnings

import compiled

how = "Python" if compiled.__file__.endswith(".py") else "Cython"
for function in compiled.numbers, compiled.coroutine:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = function()
        kind = "async generator" if hasattr(made, "__anext__") else "coroutine"
        del made
    print(f"{how}, {kind}: {[str(warning.message) for warning in caught]}")
PY
env/bin/python creates.py >seen
env/bin/cythonize -3 --inplace --quiet compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python creates.py >>seen
cat seen
diff seen - <<'TXT'
Python, async generator: []
Python, coroutine: ["coroutine 'coroutine' was never awaited"]
Cython, async generator: ["coroutine 'numbers' was never awaited"]
Cython, coroutine: ["coroutine 'coroutine' was never awaited"]
TXT
echo "as described: $(env/bin/python -c 'import platform, Cython; print("Cython", Cython.__version__, "on", platform.python_implementation(), platform.python_version())')"
