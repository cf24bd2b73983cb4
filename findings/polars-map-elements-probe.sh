#!/usr/bin/env bash
# Polars 2.1.0: map_elements of an expression without return_dtype, and a function that may return None.
#
# One would guess: the type is that of the first result that is not None, as for Series.map_elements,
#   or an error asks for return_dtype.
# What happens: the whole column is null, without an error. Polars first calls the function, twice,
#   with a value that is not in the data (1, "", False). If it returns None for that, the type of the
#   column is Null. Then the function is called for every row, and its results are thrown away.
#   If it raises for that value instead, the query is refused.
# Cause: the type is inferred while the query is planned, before there is data, from a made-up
#   Series of the type of the input.
# Seen: CPython 3.11.7, Linux x86-64. The streaming and the in-memory engine agree.
#
# usage: polars-map-elements-probe.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet polars==2.1.0
cd "$folder"

cat >asked.py <<'PY'
import polars as pl

calls = []


def half(number):
    calls.append(number)
    return number // 2 if number % 2 == 0 else None


def initial(word):
    calls.append(word)
    return word[0] if word else None


for name, function, values in ("half", half, [4, 6, 8]), ("initial", initial, ["one", "two"]):
    data = pl.DataFrame({"x": values})
    typed = data["x"].dtype
    print(name, "of the Series:", data["x"].map_elements(function).to_list())
    for engine in "streaming", "in-memory":
        calls.clear()
        result = data.lazy().select(pl.col("x").map_elements(function)).collect(engine=engine)["x"]
        print(f"{name}, {engine}: {result.to_list()} of type {result.dtype}; called with {calls[:2]}, then {sorted(calls[2:])}")
    result = data.select(pl.col("x").map_elements(function, return_dtype=typed))["x"]
    print(name, "with return_dtype:", result.to_list())
try:
    pl.DataFrame({"x": [4]}).select(pl.col("x").map_elements(lambda x: {4: 2}[x]))
except pl.exceptions.InvalidOperationError as error:
    print("raises for 1:", str(error).splitlines()[0])
PY
env/bin/python -W ignore asked.py | tee seen
diff seen - <<'TXT'
half of the Series: [2, 3, 4]
half, streaming: [None, None, None] of type Null; called with [1, 1], then [4, 6, 8]
half, in-memory: [None, None, None] of type Null; called with [1, 1], then [4, 6, 8]
half with return_dtype: [2, 3, 4]
initial of the Series: ['o', 't']
initial, streaming: [None, None] of type Null; called with ['', ''], then ['one', 'two']
initial, in-memory: [None, None] of type Null; called with ['', ''], then ['one', 'two']
initial with return_dtype: ['o', 't']
raises for 1: UDF called without return type, but was not able to infer the output type.
TXT
echo "as described: Polars 2.1.0"
