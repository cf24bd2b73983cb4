#!/usr/bin/env bash
# Polars 2.1.0: a function of map_batches that returns fewer rows than it got.
#
# One would guess: an error, whatever the data. Without `returns_scalar=True` a Series of one row is no
#   scalar, and `with_columns` refuses it with exactly that advice.
# What happens: a function that drops the NULLs is refused if two rows are left, or none. If one is
#   left, its value goes to every row in a filter, so all rows pass, and in `k + f(a)`. `with_columns`
#   refuses it in the default engine, and with engine="streaming" gives the value to all rows.
#   So the mistake shows or stays silent by the data, the place and the engine.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: polars-one-row-left.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet polars==2.1.0
cd "$folder"

cat >asked.py <<'PY'
import polars


def f(series):
    return series.drop_nulls()


def passes(series):
    return series.drop_nulls() > 0


k, a = polars.col("k"), polars.col("a")
called, tested = a.map_batches(f, return_dtype=polars.Int64), a.map_batches(passes, return_dtype=polars.Boolean)
for values in (1, 2, 3), (1, 2, None), (1, None, None), (None, None, None):
    frame = polars.DataFrame({"k": [10, 20, 30], "a": values}, schema={"k": polars.Int64, "a": polars.Int64}).lazy()
    for engine in "in-memory", "streaming":
        for what, plan in (
            ("filter(f)", frame.filter(tested).select("k")),
            ("select(k + f)", frame.select(k + called)),
            ("with_columns(f)", frame.with_columns(called.alias("b")).select("b")),
        ):
            try:
                outcome = plan.collect(engine=engine).to_series().to_list()
            except (polars.exceptions.ShapeError, polars.exceptions.InvalidOperationError):
                outcome = "refused"
            print(f"{values}, {engine}, {what}: {outcome}")
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
(1, 2, 3), in-memory, filter(f): [10, 20, 30]
(1, 2, 3), in-memory, select(k + f): [11, 22, 33]
(1, 2, 3), in-memory, with_columns(f): [1, 2, 3]
(1, 2, 3), streaming, filter(f): [10, 20, 30]
(1, 2, 3), streaming, select(k + f): [11, 22, 33]
(1, 2, 3), streaming, with_columns(f): [1, 2, 3]
(1, 2, None), in-memory, filter(f): refused
(1, 2, None), in-memory, select(k + f): refused
(1, 2, None), in-memory, with_columns(f): refused
(1, 2, None), streaming, filter(f): refused
(1, 2, None), streaming, select(k + f): refused
(1, 2, None), streaming, with_columns(f): refused
(1, None, None), in-memory, filter(f): [10, 20, 30]
(1, None, None), in-memory, select(k + f): [11, 21, 31]
(1, None, None), in-memory, with_columns(f): refused
(1, None, None), streaming, filter(f): [10, 20, 30]
(1, None, None), streaming, select(k + f): [11, 21, 31]
(1, None, None), streaming, with_columns(f): [1, 1, 1]
(None, None, None), in-memory, filter(f): refused
(None, None, None), in-memory, select(k + f): refused
(None, None, None), in-memory, with_columns(f): refused
(None, None, None), streaming, filter(f): refused
(None, None, None), streaming, select(k + f): refused
(None, None, None), streaming, with_columns(f): refused
TXT
echo "as described: Polars 2.1.0"
