#!/usr/bin/env bash
# cffi 2.1.1, API mode: an extern "Python" function in a second interpreter.
#
# One would guess: a module that a second interpreter has imported, and whose callback is
#   registered there by @ffi.def_extern(error=-1), calls that function; if it cannot, C gets -1.
# What happens: the callback runs with the thread state of the main interpreter, which has no
#   function registered. C gets 0, although `error` says -1, and nothing is raised. A library
#   whose callbacks use 0 for "no" gives a wrong answer. Once the main interpreter has imported
#   the module and registered a function, that one is called, with objects of the second.
# Seen: CPython 3.11.7, a second interpreter that shares the GIL, Linux x86-64.
#
# usage: cffi-second-interpreter.sh [PYTHON]   (CPython 3.10 or 3.11, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet cffi==2.1.1 setuptools==80.9.0
cd "$folder"

cat >build.py <<'PY'
from cffi import FFI

ffi = FFI()
ffi.cdef('extern "Python" int answer(int); int ask(int);')
ffi.set_source("_asked", "static int answer(int); static int ask(int n) { return answer(n); }")
ffi.compile()
PY
env/bin/python build.py >/dev/null

cat >asked.py <<'PY'
import sys

from _asked import ffi, lib


@ffi.def_extern(error=-1)
def answer(number):
    return number + 1
PY

cat >second.py <<'PY'
import sys

import _xxsubinterpreters as interpreters

if "first" in sys.argv:
    import asked

    @asked.ffi.def_extern(error=-1)
    def answer(number):
        return number + 1000

second = interpreters.create(isolated=False)
interpreters.run_string(second, f"""
import sys
sys.path[:] = {sys.path!r}
import asked
print(asked.lib.ask(41), flush=True)
""")
interpreters.destroy(second)
PY
env/bin/python -c 'import asked; print("the only interpreter:", asked.lib.ask(41))' >seen
echo "the second, alone: $(env/bin/python second.py 2>said)" >>seen
echo "the second, after the first: $(env/bin/python second.py first 2>>said)" >>seen
cat seen said
diff seen - <<'TXT'
the only interpreter: 42
the second, alone: 0
the second, after the first: 1041
TXT
grep -q "was not called in the current subinterpreter.  Returning 0" said
echo "as described: $("$folder/env/bin/python" -c 'import cffi, platform; print("cffi", cffi.__version__, "on", platform.python_implementation(), platform.python_version())')"
