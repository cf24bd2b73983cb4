#!/usr/bin/env bash
# mypyc (mypy 2.4.1) and CPython 3.15: `lazy import` in a compiled module.
#
# One would guess: the module is loaded on first use, as in Python (PEP 810), or mypyc refuses what it
#   cannot compile. Cython 3.3.1 does so, with a syntax error.
# What happens: mypyc accepts the statement, and the compiled module imports at once. Nothing is
#   said. What was lazy to break a circle, to start fast or to do without a package is lazy no more:
#   the compiled module cannot be imported where the other one is missing.
# Seen: CPython 3.15.2, gcc 16, Linux x86-64.
#
# usage: mypyc-lazy-import.sh [PYTHON]   (CPython 3.15 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 15))' || { echo "Lazy imports need CPython 3.15 or later." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >heavy.py <<'PY'
print("    heavy is loaded", flush=True)


def work() -> int:
    return 1
PY
cat >compiled.py <<'PY'
lazy import heavy


def use() -> int:
    return heavy.work()
PY
cat >imports.py <<'PY'
print("  before the import", flush=True)
import compiled

print("  before the use", flush=True)
compiled.use()
PY
{
    echo "Python:"
    env/bin/python imports.py
    env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
    echo "mypyc:"
    env/bin/python imports.py
    mv heavy.py elsewhere.py
    echo "mypyc, without heavy:"
    { env/bin/python imports.py 2>&1 || true; } | grep -o -E "  before.*|ModuleNotFoundError: No module named 'heavy'"
} | tee seen
diff seen - <<'TXT'
Python:
  before the import
  before the use
    heavy is loaded
mypyc:
  before the import
    heavy is loaded
  before the use
mypyc, without heavy:
  before the import
ModuleNotFoundError: No module named 'heavy'
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
