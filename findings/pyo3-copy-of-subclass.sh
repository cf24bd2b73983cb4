#!/usr/bin/env bash
# PyO3 0.30.1: copies of a class that extends dict.
#
# One would guess: copy and pickle refuse an object with fields in Rust, unless its class says how.
#   For a class without a base that is so: "TypeError: cannot pickle 'Plain' object".
# What happens: for a class that extends dict they succeed. The items are copied, and the
#   fields in Rust have the values that `#[new]` gives. Nothing is raised. From CPython 3.12 on a
#   class can extend list, and the same happens.
# Why: `reduce_newobj` (CPython, Objects/typeobject.c) asks whether the object is larger than what
#   Python can see, except where it is a dict or a list or has `__getnewargs__`.
# Seen: CPython 3.11.7 and 3.14.10, rustc 1.95, Linux x86-64.
#
# usage: pyo3-copy-of-subclass.sh [PYTHON]   (CPython 3.10 or later, and cargo)
set -euo pipefail
python=$(command -v "${1:-python3}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "=0.30.1"
TOML
cat >src/lib.rs <<'RUST'
use pyo3::prelude::*;
use pyo3::types::PyDict;

#[pyclass(module = "finding")]
struct Plain {
    #[pyo3(get, set)]
    limit: u32,
}

#[pymethods]
impl Plain {
    #[new]
    fn new() -> Self {
        Self { limit: 10 }
    }
}

#[pyclass(module = "finding", extends = PyDict)]
struct Dict {
    #[pyo3(get, set)]
    limit: u32,
}

#[pymethods]
impl Dict {
    #[new]
    fn new() -> Self {
        Self { limit: 10 }
    }
}

#[pymodule]
mod finding {
    #[pymodule_export]
    use super::{Dict, Plain};
}
RUST
PYO3_PYTHON=$python cargo build --quiet
cp target/debug/libfinding.so finding.so

cat >copies.py <<'PY'
import copy
import pickle

import finding

for name in "Plain", "Dict":
    original = getattr(finding, name)()
    original.limit = 99
    if name == "Dict":
        original["key"] = "value"
    for how in copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it)):
        try:
            copied = how(original)
            outcome = f"{copied!r}, limit {original.limit} is now {copied.limit}"
        except TypeError as error:
            outcome = type(error).__name__
        print(f"{name}, {how.__name__.replace('<lambda>', 'pickle')}: {outcome}")
PY
"$python" copies.py | tee seen
diff seen - <<'TXT'
Plain, copy: TypeError
Plain, deepcopy: TypeError
Plain, pickle: TypeError
Dict, copy: {'key': 'value'}, limit 99 is now 10
Dict, deepcopy: {'key': 'value'}, limit 99 is now 10
Dict, pickle: {'key': 'value'}, limit 99 is now 10
TXT
echo "as described: PyO3 0.30.1 on $("$python" -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
