#!/usr/bin/env bash
# Cython 3.3.1 and CPython 3.14: a compiled coroutine in asyncio's call graph.
#
# One would guess: asyncio.print_call_graph shows a compiled coroutine like another, or leaves out
#   just its line. Cython's coroutines have cr_frame and cr_await, which it asks for.
# What happens: awaited by a coroutine of Python, a compiled one cuts the graph. It is missing, and so
#   is all that it waits for, although that is Python too. The task seems to wait somewhere else.
# Why: `_build_graph_for_future` (Lib/asyncio/graph.py) follows cr_await. For a coroutine that is not
#   of Python, cr_await is the object of its __await__, which in Cython has no cr_await itself.
# Seen: CPython 3.14.10 and 3.15.2, gcc 16, Linux x86-64.
#
# usage: cython-call-graph.sh [PYTHON]   (CPython 3.14 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 14))' || { echo "The call graph of asyncio needs CPython 3.14 or later." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet cython==3.3.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
async def retried(function):
    return await function()
PY
cat >waits.py <<'PY'
import asyncio
import re

import compiled


async def fetch():
    await asyncio.Event().wait()


async def serve():
    await compiled.retried(fetch)


async def main():
    how = "Python" if compiled.__file__.endswith(".py") else "Cython"
    task = asyncio.create_task(serve())
    await asyncio.sleep(0)
    print(f"{how}:", *re.findall(r"async (\S+)", asyncio.format_call_graph(task)))
    task.cancel()


asyncio.run(main())
PY
env/bin/python waits.py >seen
env/bin/cythonize -3 --inplace --quiet compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python waits.py >>seen
cat seen
diff seen - <<'TXT'
Python: Event.wait() fetch() retried() serve()
Cython: serve()
TXT
echo "as described: $(env/bin/python -c 'import platform, Cython; print("Cython", Cython.__version__, "on", platform.python_implementation(), platform.python_version())')"
