#!/usr/bin/env bash
# rapidfuzz 3.14.6: process.cdist with workers, and a scorer that refuses a pair.
#
# One would guess: with two workers `cdist` raises what it raises with one: a ValueError that says
#   that the sequences are not of the same length. `cpdist` does.
# What happens: a RuntimeError without any message, so a handler for ValueError is passed by, and
#   nothing says what was wrong. The same for one pair, and where both lists are the same.
# Cause: a scorer sets Python's exception in the thread state of its worker, and throws
#   `std::runtime_error("")` (`PyErr2RuntimeExn`) to say that one is set. That reaches the caller, the
#   exception itself does not. With one worker both are in the caller's thread.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: rapidfuzz-workers-hide-errors.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet rapidfuzz==3.14.6 numpy
cd "$folder"

cat >asked.py <<'PY'
from rapidfuzz import process
from rapidfuzz.distance import Hamming

for workers in 1, 2:
    for name, queries, choices in ("cdist", ["abc"], ["ab"]), ("cdist", same := ["abc", "ab"], same), ("cpdist", ["abc"], ["ab"]):
        try:
            getattr(process, name)(queries, choices, scorer=Hamming.distance, scorer_kwargs={"pad": False}, workers=workers)
        except Exception as error:
            print(f"{name} of {len(queries)}, workers={workers}: {error!r}, cause {error.__cause__}")
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
cdist of 1, workers=1: ValueError('Sequences are not the same length.'), cause None
cdist of 2, workers=1: ValueError('Sequences are not the same length.'), cause None
cpdist of 1, workers=1: ValueError('Sequences are not the same length.'), cause None
cdist of 1, workers=2: RuntimeError(''), cause None
cdist of 2, workers=2: RuntimeError(''), cause None
cpdist of 1, workers=2: ValueError('Sequences are not the same length.'), cause None
TXT
echo "as described: rapidfuzz 3.14.6"
