#!/usr/bin/env bash
# memray 1.20.0 and pytest-memray 1.11.0: a limit of memory for a test that uses pyarrow 26.0.1.
#
# One would guess: a test that makes an Arrow array of one number stays below 200 MB, and the same
#   test passes or fails whatever ran before it.
# What happens: the first test that allocates in Arrow fails with 1 GiB, and the same test after it
#   passes. Which one fails follows the order, so each test fails alone and passes in company.
#   `memray stats` has a peak of more than 1 GiB for a process that has a tenth of that in memory.
#   With ARROW_DEFAULT_MEMORY_POOL=system all pass.
# Cause: Arrow's default allocator, mimalloc, reserves an arena of 1 GiB of addresses with one mmap
#   (`mi_arena_reserve` in its `arena.c`); memray counts the length of an mmap as allocated.
# Seen: CPython 3.11.7, Linux x86-64.
#
# usage: memray-arrow-arena.sh [PYTHON]
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet memray==1.20.0 pytest-memray==1.11.0 pytest==9.2.0 pyarrow==26.0.1
cd "$folder"

cat >test_limit.py <<'PY'
import pyarrow
import pytest


@pytest.mark.limit_memory("200 MB")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_array(number):
    assert len(pyarrow.array([number])) == 1
PY
cat >one.py <<'PY'
import resource

import pyarrow

array = pyarrow.array([1])
print("in memory, in MiB:", "below 200" if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 200 * 1024 else "above 200")
PY
tests() {
    echo "$* $(env/bin/python -m pytest -q -p no:cacheprovider --memray --no-summary "$@" 2>&1 | grep -oE "^[.F]+" | head -1)"
}
{
    tests test_limit.py
    for number in 1 2 3; do tests "test_limit.py::test_array[$number]"; done
    export ARROW_DEFAULT_MEMORY_POOL=system
    echo "with ARROW_DEFAULT_MEMORY_POOL=system"
    tests test_limit.py
    unset ARROW_DEFAULT_MEMORY_POOL
    env/bin/python one.py
    env/bin/python -m memray run -q -o one.bin one.py >/dev/null
    env/bin/python -m memray stats --json -o one.json one.bin >/dev/null
    env/bin/python -c 'import json; print("memray has a peak above 1 GiB:", json.load(open("one.json"))["metadata"]["peak_memory"] > 2**30)'
} | tee seen
diff seen - <<'TXT'
test_limit.py F..
test_limit.py::test_array[1] F
test_limit.py::test_array[2] F
test_limit.py::test_array[3] F
with ARROW_DEFAULT_MEMORY_POOL=system
test_limit.py ...
in memory, in MiB: below 200
memray has a peak above 1 GiB: True
TXT
echo "as described: memray 1.20.0, pytest-memray 1.11.0, pyarrow 26.0.1"
