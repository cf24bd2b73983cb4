#!/usr/bin/env bash
# DuckDB 2.0.1: a Python function that returns NaN.
#
# One would guess: the row is NaN, as for a bound parameter and for an Arrow function. NULL would
#   be refused: `null_handling` is "default", and there a function that returns None raises.
# What happens: a native function's NaN becomes NULL without an error. So a function that gives
#   back its argument takes NaN out of `count`, `avg` and a filter. In lists and structs too.
# Cause: `TransformPythonObject` has a last parameter `nan_as_null`, which is true unless a caller
#   says otherwise (`python_conversion.hpp`). The caller for parameters does, the one for functions
#   does not, and the check for NULL looks for None before that.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: duckdb-nan-of-udf.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet duckdb==2.0.1 pyarrow==26.0.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import math

import duckdb

connection = duckdb.connect()
connection.create_function("native", lambda x: x, ["DOUBLE"], "DOUBLE")
connection.create_function("arrow", lambda x: x, ["DOUBLE"], "DOUBLE", type="arrow")
connection.create_function("lists", lambda x: x, ["DOUBLE[]"], "DOUBLE[]")
connection.create_function("nothing", lambda x: None, ["DOUBLE"], "DOUBLE")
print("parameter", connection.execute("SELECT isnan(?::DOUBLE)", [math.nan]).fetchall()[0])
connection.execute("CREATE TABLE numbers AS SELECT unnest([1::DOUBLE, 'NaN'::DOUBLE]) AS x")
for value in "x", "native(x)", "arrow(x)":
    print(value, connection.sql(f"SELECT count({value}), avg({value}) FROM numbers").fetchall()[0])
print("lists", connection.sql("SELECT lists(['NaN'::DOUBLE, 1])").fetchall()[0])
try:
    connection.sql("SELECT nothing(x) FROM numbers").fetchall()
except duckdb.InvalidInputException as error:
    print("nothing", str(error).splitlines()[1])
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
parameter (True,)
x (2, nan)
native(x) (1, 1.0)
arrow(x) (2, nan)
lists ([None, 1.0],)
nothing The returned result contained NULL values, but the 'null_handling' was set to DEFAULT.
TXT
echo "as described: DuckDB 2.0.1"
