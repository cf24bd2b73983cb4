#!/usr/bin/env bash
# StringZilla 5.3.2: Strs of an Arrow array that is a slice.
#
# One would guess: `Strs(array)` holds the strings of the array, as with pyarrow's own functions.
# What happens: it holds as many strings as the slice has, from the start of the array that was
#   sliced. The batches of a table are slices: with `to_batches` each one gives the strings of the
#   first. The edit distances of stringzillas are then those of other strings. Nothing is raised. A
#   null is an empty string, and the two are equal; in a list None is refused. nanoarrow's slices
#   too. A Polars series is right: it is read as a list of Python strings.
# Cause: in `strs.c` the ArrowArray that `__arrow_c_array__` gives is read by its `length` and its
#   buffers, never by its `offset`.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: stringzilla-arrow-offset.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet stringzilla==5.3.2 stringzillas-cpus==5.3.2 pyarrow==26.0.1 polars==2.1.0 nanoarrow==0.9.0 numpy
cd "$folder"

cat >asked.py <<'PY'
import nanoarrow
import polars
import pyarrow
import stringzillas
from stringzilla import Strs


def strings(source):
    return [str(string) for string in Strs(source)]


words = ["one", "two", "three", "four"]
array = pyarrow.array(words)
print("pyarrow [2:]", array[2:].to_pylist(), "->", strings(array[2:]))
print("large_string [2:]", strings(array.cast(pyarrow.large_string())[2:]))
print("a copy", strings(pyarrow.concat_arrays([array[2:], array[:0]])))
print("nanoarrow [2:]", strings(nanoarrow.Array(array[2:])))
print("Polars [2:]", strings(polars.Series(words)[2:]))
for batch in pyarrow.table({"words": array}).to_batches(max_chunksize=2):
    print("batch", batch["words"].to_pylist(), "->", strings(batch["words"]))
distances = stringzillas.LevenshteinDistances()
print("distances to three, four:", distances(Strs(array[2:]), Strs(["three", "four"])).tolist())
print("null is empty:", Strs(pyarrow.array(["a", None])) == Strs(["a", ""]))
PY
env/bin/python asked.py | tee seen
diff seen - <<'TXT'
pyarrow [2:] ['three', 'four'] -> ['one', 'two']
large_string [2:] ['one', 'two']
a copy ['three', 'four']
nanoarrow [2:] ['one', 'two']
Polars [2:] ['three', 'four']
batch ['one', 'two'] -> ['one', 'two']
batch ['three', 'four'] -> ['one', 'two']
distances to three, four: [[4, 3], [4, 4]]
null is empty: True
TXT
echo "as described: StringZilla 5.3.2"
