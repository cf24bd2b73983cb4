#!/usr/bin/env bash
# DuckDB 2.0.1, DataFusion 55.0.0, Polars 2.1.0 and pyarrow 26.0.1: the caller's decimal context in a
# Python function.
#
# One would guess: one of the engines calls the function where `decimal.localcontext` and other
#   context variables of the caller hold, another does not; each always the same way.
# What happens: every engine does both. A quotient has 5 digits, as the caller asked, or 28:
#   DuckDB      5 with one thread; with more, 5 or 28 by chance, for the same query of three rows
#   DataFusion  5 for a constant and for one partition, 28 for two partitions and for DISTINCT
#   Polars      5 for DataFrame.select, 28 for the same LazyFrame and collect
#   pyarrow     5 for call_function, 28 in a dataset
#   Any context variable is meant; NumPy's errstate is one, so an error that it raises comes and goes.
# Cause: a context belongs to a thread state. What the caller's thread takes part in finds it there: a
#   plan's constants, one partition, a task it takes up while it waits. A worker has its own.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: engines-context-of-caller.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet duckdb==2.0.1 datafusion==55.0.0 polars==2.1.0 pyarrow==26.0.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import decimal

import datafusion
import duckdb
import polars
import pyarrow
import pyarrow.compute
import pyarrow.dataset


def digits(_):
    return len(str(decimal.Decimal(1) / 3)) - 2


def column(numbers):
    return pyarrow.array([digits(None)] * len(numbers), pyarrow.int64())


connection = duckdb.connect()
connection.create_function("digits", digits, ["BIGINT"], "BIGINT")
context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
context.register_udf(datafusion.udf(column, [pyarrow.int64()], pyarrow.int64(), "immutable", name="digits"))
table = pyarrow.table({"a": [1, 2, 3]})
context.register_record_batches("one", [table.to_batches()])
context.register_record_batches("two", [table.to_batches(), table.to_batches()])
told = {"summary": "", "description": ""}
pyarrow.compute.register_scalar_function(
    lambda _, numbers: column(numbers), "digits", told, {"numbers": pyarrow.int64()}, pyarrow.int64()
)
frame = polars.DataFrame({"a": [1, 2, 3]})
expression = polars.col("a").map_elements(digits, return_dtype=polars.Int64)
with decimal.localcontext(prec=5):
    for threads in 1, 4:
        connection.execute(f"SET threads = {threads}")
        seen, runs = set(), 0
        while len(seen) < 2 and runs < 20_000 and (threads > 1 or runs < 100):
            seen.add(str(connection.sql("SELECT digits(i) FROM range(3) r(i)").fetchall()))
            runs += 1
        print("DuckDB, threads:", threads, sorted(seen, key=len))
    for query in "digits(1) AS n FROM one", "digits(a) AS n FROM one", "digits(a) AS n FROM two", "DISTINCT digits(a) AS n FROM one":
        print(f"DataFusion, {query}:", context.sql(f"SELECT {query}").to_pydict()["n"])
    print("Polars, DataFrame:", frame.select(expression)["a"].to_list())
    print("Polars, LazyFrame:", frame.lazy().select(expression).collect()["a"].to_list())
    print("pyarrow, call_function:", pyarrow.compute.call_function("digits", [table["a"]]).to_pylist())
    field = pyarrow.dataset.field("a")
    scanned = pyarrow.dataset.dataset(table).to_table(columns={"n": field._call("digits", [field])})
    print("pyarrow, dataset:", scanned["n"].to_pylist())
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
DuckDB, threads: 1 ['[(5,), (5,), (5,)]']
DuckDB, threads: 4 ['[(5,), (5,), (5,)]', '[(28,), (28,), (28,)]']
DataFusion, digits(1) AS n FROM one: [5, 5, 5]
DataFusion, digits(a) AS n FROM one: [5, 5, 5]
DataFusion, digits(a) AS n FROM two: [28, 28, 28, 28, 28, 28]
DataFusion, DISTINCT digits(a) AS n FROM one: [28]
Polars, DataFrame: [5, 5, 5]
Polars, LazyFrame: [28, 28, 28]
pyarrow, call_function: [5, 5, 5]
pyarrow, dataset: [28, 28, 28]
TXT
echo "as described: DuckDB 2.0.1, DataFusion 55.0.0, Polars 2.1.0, pyarrow 26.0.1"
