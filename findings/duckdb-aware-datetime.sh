#!/usr/bin/env bash
# DuckDB 2.0.1: a Python function of type TIMESTAMP that returns a datetime with a time zone.
#
# One would guess: the value is brought to the time zone of the session, as DuckDB does with a bound
#   parameter, an inserted value and the result of an Arrow function; or it is refused.
# What happens: a native function's datetime loses its offset. 12:00+05:00 becomes 12:00 in every
#   session. Declared as type="arrow", the same function gives 07:00 in UTC and 16:00 in Tokyo. In
#   lists the same. Two values of the same instant are no longer equal. As TIMESTAMPTZ it is right.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: duckdb-aware-datetime.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet duckdb==2.0.1 pyarrow==26.0.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import datetime

import duckdb
import pyarrow

noon = datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=5)))
for zone in "UTC", "Asia/Tokyo":
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    connection.create_function("native", lambda x: noon, ["BIGINT"], "TIMESTAMP")
    connection.create_function("lists", lambda x: [noon], ["BIGINT"], "TIMESTAMP[]")
    connection.create_function("zoned", lambda x: noon, ["BIGINT"], "TIMESTAMPTZ")
    connection.create_function("arrow", lambda x: pyarrow.array([noon] * len(x)), ["BIGINT"], "TIMESTAMP", type="arrow")
    connection.execute("CREATE TABLE times (t TIMESTAMP)")
    connection.execute("INSERT INTO times VALUES (?)", [noon])
    for what, query, parameters in (
        ("parameter", "SELECT ?::TIMESTAMP", [noon]), ("inserted", "SELECT t FROM times", []),
        ("arrow", "SELECT arrow(1)", []), ("native", "SELECT native(1)", []), ("lists", "SELECT lists(1)[1]", []),
        ("zoned", "SELECT zoned(1)::TIMESTAMP", []),
    ):
        print(f"{zone}, {what}:", connection.execute(query, parameters).fetchall()[0][0])
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
UTC, parameter: 2020-01-01 07:00:00
UTC, inserted: 2020-01-01 07:00:00
UTC, arrow: 2020-01-01 07:00:00
UTC, native: 2020-01-01 12:00:00
UTC, lists: 2020-01-01 12:00:00
UTC, zoned: 2020-01-01 07:00:00
Asia/Tokyo, parameter: 2020-01-01 16:00:00
Asia/Tokyo, inserted: 2020-01-01 16:00:00
Asia/Tokyo, arrow: 2020-01-01 16:00:00
Asia/Tokyo, native: 2020-01-01 12:00:00
Asia/Tokyo, lists: 2020-01-01 12:00:00
Asia/Tokyo, zoned: 2020-01-01 16:00:00
TXT
echo "as described: DuckDB 2.0.1"
