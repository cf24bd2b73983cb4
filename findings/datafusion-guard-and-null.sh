#!/usr/bin/env bash
# DataFusion 55.0.0: a Python function behind a condition, `WHERE a = 1 AND f(a)`.
#
# One would guess: f sees the rows where a is 1, or it sees all rows; as the plan says.
# What happens: it depends on the data of each batch. Where at most a fifth of the rows pass, f sees
#   these rows alone, and where none pass it is not called. From one row more on it sees all rows.
#   One NULL in `a`, in any of the rows, and f sees all of them too, even if no row passes. So the
#   exception of a function for values that the condition keeps away comes and goes with the data.
#   `CASE WHEN a = 1 THEN f(a) END` is not changed by the NULL. For `OR` the same holds. A function
#   that stands first is moved behind the condition, unless it is volatile.
# Cause: `check_short_circuit` in `physical-expr/src/expressions/binary.rs` does nothing when the
#   left side has a NULL, and has a threshold of 0.2.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: datafusion-guard-and-null.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet datafusion==55.0.0 pyarrow==26.0.1
cd "$folder"

cat >asked.py <<'PY'
import pyarrow
from datafusion import SessionConfig, SessionContext, udf

seen = []


def f(numbers):
    seen.append(len(numbers))
    return pyarrow.array([True] * len(numbers))


for passing, nulls in (0, 0), (0, 1), (200, 0), (201, 0), (200, 1):
    context = SessionContext(SessionConfig().with_target_partitions(1))
    for name in "immutable", "volatile":
        context.register_udf(udf(f, [pyarrow.int64()], pyarrow.bool_(), name, name=name))
    numbers = [1] * passing + [0] * (1000 - passing - nulls) + [None] * nulls
    batch = pyarrow.record_batch({"a": pyarrow.array(numbers, pyarrow.int64())})
    context.register_record_batches("t", [[batch]])
    told = []
    for condition in (
        "a = 1 AND immutable(a)",
        "immutable(a) AND a = 1",
        "a = 1 AND volatile(a)",
        "volatile(a) AND a = 1",
        "CASE WHEN a = 1 THEN immutable(a) END",
    ):
        seen.clear()
        rows = context.sql(f"SELECT count(*) AS n FROM t WHERE {condition}").to_pydict()["n"]
        assert rows == [passing]
        told.append(sum(seen))
    print(f"{passing} of 1000 rows pass, {nulls} NULL: f sees {told}")
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
0 of 1000 rows pass, 0 NULL: f sees [0, 0, 0, 1000, 0]
0 of 1000 rows pass, 1 NULL: f sees [1000, 1000, 1000, 1000, 0]
200 of 1000 rows pass, 0 NULL: f sees [200, 200, 200, 1000, 200]
201 of 1000 rows pass, 0 NULL: f sees [1000, 1000, 1000, 1000, 1000]
200 of 1000 rows pass, 1 NULL: f sees [1000, 1000, 1000, 1000, 200]
TXT
echo "as described: DataFusion 55.0.0"
