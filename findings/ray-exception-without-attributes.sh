#!/usr/bin/env bash
# Ray 2.60.0: what a caught exception of a task still knows.
#
# One would guess: `except FileNotFoundError as error` around `ray.get` gives an exception of that
#   class with its errno and file name. The method that makes it says in its text that it contains
#   all of the attributes of the cause.
# What happens: it is of that class, and errno, filename and strerror are None. A handler that
#   asks `error.errno == errno.ENOENT` takes the wrong branch without a sign. The value of a
#   StopIteration is None; start and end of a UnicodeDecodeError are 0. What a class keeps as a
#   Python attribute is still there. `error.cause` has everything.
# Cause: the class is made at run time (`_make_normal_dual_exception_instance` in `exceptions.py`).
#   It forwards to the cause by `__getattr__`, which is asked only for what is not found. The fields
#   of classes written in C are always found, empty.
# Seen: CPython 3.11.7, Linux x86-64, one machine.
#
# usage: ray-exception-without-attributes.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet ray==2.60.0
cd "$folder"

cat >asked.py <<'PY'
import subprocess

import ray

ray.init(num_cpus=1, include_dashboard=False, logging_level="ERROR", log_to_driver=False)


def opens():
    open("/no/such/file")


def decodes():
    b"abc\xff".decode()


def imports():
    import no_such_module


def stops():
    raise StopIteration(5)


def fails():
    raise subprocess.CalledProcessError(3, "command")


for function, names in (
    (opens, ["errno", "filename"]),
    (decodes, ["start", "end", "object"]),
    (imports, ["name"]),
    (stops, ["value"]),
    (fails, ["returncode"]),
):
    try:
        function()
    except Exception as error:
        kind, here = type(error), {name: getattr(error, name) for name in names}
    try:
        ray.get(ray.remote(function).remote())
    except kind as error:
        there = {name: getattr(error, name) for name in names}
        cause = {name: getattr(error.cause, name) for name in names}
    print(kind.__name__, here, "by Ray", there, "cause", "the same" if cause == here else cause)
PY
RAY_USAGE_STATS_ENABLED=0 env/bin/python -W ignore asked.py 2>/dev/null | tee seen
diff seen - <<'TXT'
FileNotFoundError {'errno': 2, 'filename': '/no/such/file'} by Ray {'errno': None, 'filename': None} cause the same
UnicodeDecodeError {'start': 3, 'end': 4, 'object': b'abc\xff'} by Ray {'start': 0, 'end': 0, 'object': None} cause the same
ModuleNotFoundError {'name': 'no_such_module'} by Ray {'name': None} cause the same
StopIteration {'value': 5} by Ray {'value': None} cause the same
CalledProcessError {'returncode': 3} by Ray {'returncode': 3} cause the same
TXT
echo "as described: Ray 2.60.0"
