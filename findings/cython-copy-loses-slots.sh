#!/usr/bin/env bash
# Cython 3.3.1: copies of a Python class with __slots__ that extends a compiled class.
#
# One would guess: copy and pickle keep the slots, as they do for a base class of Python. Cython makes
#   its classes picklable, and a subclass with a `__dict__` keeps its attributes.
# What happens: the slots of the copy are empty. Nothing is raised until one of them is read, which in
#   the case of pickle is in another process. The fields of the compiled class are there.
# Why: the `__reduce_cython__` that Cython writes (AnalyseDeclarationsTransform._inject_pickle_methods
#   in Cython/Compiler/ParseTreeTransforms.py) adds `self.__dict__` to the state, and no slots.
# Seen: CPython 3.11.7 and 3.15.2, gcc 12.2 and 16, Linux x86-64.
#
# usage: cython-copy-loses-slots.sh [PYTHON]   (CPython 3.10 or later, with headers, and cc)
set -euo pipefail
python=${1:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet cython==3.3.1 setuptools==80.9.0
cd "$folder"

cat >compiled.pyx <<'CY'
cdef class Shape:
    cdef public int sides
CY
cat >copies.py <<'PY'
import copy
import pickle

import compiled


class Shape:
    __slots__ = ("sides",)


def subclass(base, slots):
    class Named(base):
        if slots:
            __slots__ = ("name",)

    Named.__qualname__ = Named.__name__ = f"{base.__module__}_{slots}"
    globals()[Named.__name__] = Named
    return Named


for base in Shape, compiled.Shape:
    for slots in False, True:
        original = subclass(base, slots)()
        original.sides, original.name = 3, "triangle"
        for how in copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it)):
            copied = how(original)
            print(f"{'Cython' if base is compiled.Shape else 'Python'}, {'__slots__' if slots else '__dict__'}, "
                  f"{how.__name__.replace('<lambda>', 'pickle')}: {copied.sides} {getattr(copied, 'name', 'AttributeError')}")
PY
env/bin/cythonize -3 --inplace --quiet compiled.pyx >said 2>&1 || { cat said; exit 1; }
env/bin/python copies.py | tee seen
diff seen - <<'TXT'
Python, __dict__, copy: 3 triangle
Python, __dict__, deepcopy: 3 triangle
Python, __dict__, pickle: 3 triangle
Python, __slots__, copy: 3 triangle
Python, __slots__, deepcopy: 3 triangle
Python, __slots__, pickle: 3 triangle
Cython, __dict__, copy: 3 triangle
Cython, __dict__, deepcopy: 3 triangle
Cython, __dict__, pickle: 3 triangle
Cython, __slots__, copy: 3 AttributeError
Cython, __slots__, deepcopy: 3 AttributeError
Cython, __slots__, pickle: 3 AttributeError
TXT
echo "as described: $(env/bin/python -c 'import platform, Cython; print("Cython", Cython.__version__, "on", platform.python_implementation(), platform.python_version())')"
