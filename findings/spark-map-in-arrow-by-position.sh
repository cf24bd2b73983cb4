#!/usr/bin/env bash
# PySpark 4.3.0: mapInArrow, and batches whose columns are in another order than the schema.
#
# One would guess: columns are found by name, as mapInPandas, applyInArrow and applyInPandas do, or
#   the wrong order is refused. For fields of a struct the same: an Arrow UDF finds them by name.
# What happens: mapInArrow takes columns by position and says nothing, so two columns of one type
#   change places. Fields of a struct too, columns too many are dropped, and names that are not in
#   the schema are no error. Types are not compared either, only how a vector is read: an int32 is
#   taken for a date, as days since 1970; an int32 for a long is refused with "getLong".
# Cause: in `worker.py` the branches of the sister functions and of UDFs call `enforce_schema` or
#   `verify_arrow_result`; the branch of `SQL_MAP_ARROW_ITER_UDF` does not.
# Seen: CPython 3.11.7, OpenJDK 17, Linux x86-64, one local worker.
#
# usage: spark-map-in-arrow-by-position.sh [PYTHON]   (and a Java runtime, 17 or later)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet pyspark==4.3.0 pyarrow==26.0.1 pandas==3.1.1 numpy
cd "$folder"

cat >asked.py <<'PY'
import os
import sys

import pyarrow
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
data = spark.createDataFrame([(1, 10)], "a int, b int")
points = pyarrow.array([{"y": 1, "x": 2}], pyarrow.struct([("y", "int32"), ("x", "int32")]))


def each(function):
    return lambda batches: (function(batch) for batch in batches)


def told(what, result):
    print(what, result.collect()[0])


told("mapInPandas, b first:", data.mapInPandas(each(lambda frame: frame[["b", "a"]]), "a int, b int"))
told("applyInArrow, b first:", data.groupBy("a").applyInArrow(lambda table: table.select(["b", "a"]), "a int, b int"))
told("mapInArrow, b first:", data.mapInArrow(each(lambda batch: batch.select(["b", "a"])), "a int, b int"))
told("mapInArrow, one too many:", data.mapInArrow(each(lambda batch: batch), "b int"))
told("mapInArrow, other names:", data.mapInArrow(each(lambda batch: batch.rename_columns(["c", "d"])), "a int, b int"))
told("mapInArrow, int32 for date:", data.mapInArrow(each(lambda batch: batch), "a date, b int"))
told("arrow_udf, y first:", data.select(arrow_udf(lambda _: points, "x int, y int")("a").alias("p")))
told("mapInArrow, y first:", data.mapInArrow(each(lambda _: pyarrow.record_batch({"p": points})), "p struct<x int, y int>"))
try:
    told("mapInArrow, int32 for long:", data.mapInArrow(each(lambda batch: batch), "a long, b int"))
except Exception as error:
    print("mapInArrow, int32 for long: refused,", "getLong" if "getLong" in str(error) else error)
PY
env/bin/python -W ignore asked.py 2>/dev/null | tee seen
diff seen - <<'TXT'
mapInPandas, b first: Row(a=1, b=10)
applyInArrow, b first: Row(a=1, b=10)
mapInArrow, b first: Row(a=10, b=1)
mapInArrow, one too many: Row(b=1)
mapInArrow, other names: Row(a=1, b=10)
mapInArrow, int32 for date: Row(a=datetime.date(1970, 1, 2), b=10)
arrow_udf, y first: Row(p=Row(x=2, y=1))
mapInArrow, y first: Row(p=Row(x=1, y=2))
mapInArrow, int32 for long: refused, getLong
TXT
echo "as described: PySpark 4.3.0"
