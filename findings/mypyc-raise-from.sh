#!/usr/bin/env bash
# mypyc (mypy 2.4.1): raise ... from ...
#
# One would guess: `__cause__` is what stands after `from`, and `from None` hides the error that was
#   being handled, as in Python. mypy checks the type of what stands there.
# What happens: the rest of the statement is dropped. `__cause__` is None, what was to be hidden is
#   printed, and a call after `from` is not made. What looks at `__cause__` to decide on another try
#   finds nothing. Neither mypy nor mypyc says a word.
# Why: `transform_raise_stmt` (mypyc/irbuild/statement.py) reads `expr` and never `from_expr`.
# Seen: CPython 3.11.7 and 3.14.10, gcc 12.2 and 16, Linux x86-64.
#
# usage: mypyc-raise-from.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet mypy==2.4.1 setuptools==80.9.0
cd "$folder"

cat >compiled.py <<'PY'
log: list[str] = []


def cause() -> Exception:
    log.append("called")
    return ValueError("cause")


def from_cause() -> None:
    raise KeyError("effect") from cause()


def from_none() -> None:
    try:
        raise ValueError("hidden")
    except ValueError:
        raise KeyError("effect") from None
PY
cat >calls.py <<'PY'
import compiled

how = "Python" if compiled.__file__.endswith(".py") else "mypyc"
for function in compiled.from_cause, compiled.from_none:
    try:
        function()
    except KeyError as error:
        print(f"{how}, {function.__name__}: cause {error.__cause__!r}, context hidden {error.__suppress_context__}")
print(f"{how}, the call after from: {compiled.log}")
PY
env/bin/python calls.py >seen
env/bin/python -m mypyc --strict compiled.py >said 2>&1 || { cat said; exit 1; }
env/bin/python calls.py >>seen
cat seen
diff seen - <<'TXT'
Python, from_cause: cause ValueError('cause'), context hidden True
Python, from_none: cause None, context hidden True
Python, the call after from: ['called']
mypyc, from_cause: cause None, context hidden False
mypyc, from_none: cause None, context hidden False
mypyc, the call after from: []
TXT
if grep "^compiled.py:" said; then exit 1; fi
echo "as described: $(env/bin/python -c 'import platform, importlib.metadata as m; print("mypy", m.version("mypy"), "on", platform.python_implementation(), platform.python_version())')"
