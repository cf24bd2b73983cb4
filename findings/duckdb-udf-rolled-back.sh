#!/usr/bin/env bash
# DuckDB 2.0.1: a Python function that is created in a transaction which is rolled back.
#
# One would guess: it is still there, or it is gone and can be created again.
# What happens: it is gone, and its name cannot be used by this connection any more. To call it and
#   to remove it fail, since it "does not exist"; to create it fails, since it "is already created",
#   with the advice to remove it first. A cursor of the connection can create it, and then the
#   connection can call and remove what the cursor made.
# Cause: `RegisterScalarUDF` in `pyconnection.cpp` writes the name into a map of the connection,
#   `registered_functions`. The rollback undoes what is in the catalog, and not the map.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: duckdb-udf-rolled-back.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet duckdb==2.0.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import duckdb


def tried(what, call):
    try:
        call()
        print(what, "works")
    except duckdb.Error as error:
        print(what, "fails:", str(error).splitlines()[0])


def half(x):
    return x // 2


connection = duckdb.connect()
cursor = connection.cursor()
connection.begin()
connection.create_function("half", half, ["BIGINT"], "BIGINT")
tried("call in the transaction", lambda: connection.sql("SELECT half(2)").fetchall())
connection.rollback()
for who in "connection", "cursor":
    maker = globals()[who]
    tried(f"{who}: create", lambda: maker.create_function("half", half, ["BIGINT"], "BIGINT"))
    tried("connection: call", lambda: connection.sql("SELECT half(2)").fetchall())
    tried("connection: remove", lambda: connection.remove_function("half"))
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
call in the transaction works
connection: create fails: Not implemented Error: A function by the name of 'half' is already created, creating multiple functions with the same name is not supported yet, please remove it first
connection: call fails: Catalog Error: Scalar Function with name half does not exist!
connection: remove fails: Catalog Error: Scalar Function with name half does not exist!
cursor: create works
connection: call works
connection: remove works
TXT
echo "as described: DuckDB 2.0.1"
