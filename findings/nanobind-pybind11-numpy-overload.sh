#!/usr/bin/env bash
# nanobind 3.1.0 and pybind11 3.1.0: an int of Python and one of NumPy, and overloads for double and int.
#
# One would guess: np.int64(5) takes the overload that 5 takes. Both tools say that they convert
#   NumPy's integers, and that an overload that needs no conversion goes first.
# What happens: each of them parts the two, in opposite ways. With double before int, nanobind takes
#   int for 5 and double for np.int64(5), so an identifier above 2**53 is changed without a word.
#   pybind11 takes double for 5 and int for np.int64(5). A std::variant<double, int> does the same.
# Why: in the pass without conversions nanobind's `load_int` (src/common.cpp) takes only int.
#   pybind11 takes for an integer what has __index__, and for a double float or int (cast.h).
# Seen: CPython 3.11.7, gcc 12.2, NumPy 2.4.6, Linux x86-64.
#
# usage: nanobind-pybind11-numpy-overload.sh [PYTHON]   (CPython 3.11 or later, with headers, and c++)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet nanobind==3.1.0 pybind11==3.1.0 numpy==2.4.6
cd "$folder"
packages=$(env/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
headers=$(env/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
options=(-std=c++17 -O0 -shared -fPIC -fvisibility=hidden -fno-strict-aliasing -I"$headers")

cat >overloads.inc <<'C'
m.def("same", [](double value) { return value; });
m.def("same", [](std::int64_t value) { return value; });
m.def("held", [](std::variant<double, std::int64_t> value) { return value; });
C
cat >with_nanobind.cpp <<'C'
#include <nanobind/nanobind.h>
#include <nanobind/stl/variant.h>
NB_MODULE(with_nanobind, m) {
#include "overloads.inc"
}
C
cat >with_pybind11.cpp <<'C'
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
PYBIND11_MODULE(with_pybind11, m) {
#include "overloads.inc"
}
C
c++ "${options[@]}" -I"$packages/nanobind/include" -I"$packages/nanobind/ext/robin_map/include" \
    with_nanobind.cpp "$packages/nanobind/src/nb_combined.cpp" -o with_nanobind.so
c++ "${options[@]}" -I"$packages/pybind11/include" with_pybind11.cpp -o with_pybind11.so

cat >calls.py <<'PY'
import numpy as np

import with_nanobind
import with_pybind11

for module in with_nanobind, with_pybind11:
    for value in 5, 2**53 + 1:
        for kind in int, np.int64:
            given = kind(value)
            print(f"{module.__name__}, {given!r}: {module.same(given)!r}, variant {module.held(given)!r}")
PY
env/bin/python calls.py | tee seen
diff seen - <<'TXT'
with_nanobind, 5: 5, variant 5
with_nanobind, np.int64(5): 5.0, variant 5.0
with_nanobind, 9007199254740993: 9007199254740993, variant 9007199254740993
with_nanobind, np.int64(9007199254740993): 9007199254740992.0, variant 9007199254740992.0
with_pybind11, 5: 5.0, variant 5.0
with_pybind11, np.int64(5): 5, variant 5
with_pybind11, 9007199254740993: 9007199254740992.0, variant 9007199254740992.0
with_pybind11, np.int64(9007199254740993): 9007199254740993, variant 9007199254740993
TXT
echo "as described: nanobind 3.1.0 and pybind11 3.1.0 on $(env/bin/python -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
