#!/usr/bin/env bash
# DuckDB 2.0.1: a Python function that raises for one row of 4,096.
#
# One would guess: `exception_handling="return_null"` makes that row NULL, and `TRY(f(x))` too.
#   Either way the function runs once a row, or once a vector of 2,048 rows if it is an Arrow one.
# What happens: an Arrow function with `return_null` makes all 2,048 rows of the vector NULL. So
#   2,047 good results are lost; which ones depends on where vectors begin. `TRY` keeps them, and
#   runs the vector again row by row: the Arrow function is called with 2,048 arrays of one row.
# Cause: `OPERATOR_TRY` in `execute_operator.cpp` evaluates the vector, and after an error each of
#   its rows alone.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: duckdb-one-bad-row.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet duckdb==2.0.1 pyarrow==26.0.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import duckdb

calls = []


def native(x):
    calls.append(1)
    if x == 1000:
        raise ValueError
    return x


def arrow(x):
    calls.append(len(x))
    if 1000 in x.to_pylist():
        raise ValueError
    return x


connection = duckdb.connect()
for function in native, arrow:
    kind = function.__name__
    connection.create_function(kind, function, ["BIGINT"], "BIGINT", type=kind)
    connection.create_function(f"{kind}_null", function, ["BIGINT"], "BIGINT", type=kind, exception_handling="return_null")
    for call in f"{kind}_null(i)", f"TRY({kind}(i))":
        calls.clear()
        rows, kept = connection.sql(f"SELECT count(*), count({call}) FROM range(4096) r(i)").fetchall()[0]
        print(f"{call}: {rows - kept} of {rows} rows are NULL, {len(calls)} calls")
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
native_null(i): 1 of 4096 rows are NULL, 4096 calls
TRY(native(i)): 1 of 4096 rows are NULL, 5097 calls
arrow_null(i): 2048 of 4096 rows are NULL, 2 calls
TRY(arrow(i)): 1 of 4096 rows are NULL, 2050 calls
TXT
echo "as described: DuckDB 2.0.1"
