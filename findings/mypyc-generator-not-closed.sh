#!/usr/bin/env bash
# mypyc (mypy 2.4.1): a generator that is left before its end.
#
# One would guess: when the generator is dropped, its `finally` runs and its `with` is left, as in
#   Python (PEP 342). `for line in lines(): break` gives back the lock and the file.
# What happens: neither runs, not at the break, not in gc.collect(), not at the end of the process.
#   A lock stays locked. close() runs them. The caller may be compiled or not.
# Why: the class that mypyc makes for a generator (mypyc/irbuild/generator.py) has `close` and no
#   finalizer that would call it.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-generator-not-closed.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
import threading
from collections.abc import Iterator


def numbers(log: list[str]) -> Iterator[int]:
    try:
        yield 1
        yield 2
    finally:
        log.append("finally")


def locked(lock: threading.Lock) -> Iterator[int]:
    with lock:
        yield 1
        yield 2
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
import gc
import threading

log, lock = [], threading.Lock()
for number in compiled.numbers(log):
    break
for number in compiled.locked(lock):
    break
gc.collect()
print(f"{how}, dropped: {log}, locked {lock.locked()}")
log, lock = [], threading.Lock()
for generator in compiled.numbers(log), compiled.locked(lock):
    next(generator)
    generator.close()
print(f"{how}, closed: {log}, locked {lock.locked()}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, dropped: ['finally'], locked False
Python, closed: ['finally'], locked False
mypyc, dropped: [], locked True
mypyc, closed: ['finally'], locked False
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
