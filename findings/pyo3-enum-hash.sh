#!/usr/bin/env bash
# PyO3 0.30.1: an enum that is #[pyclass(eq, eq_int, hash, frozen)].
#
# One would guess: what compares equal has the same hash. `enum.IntEnum` of Python keeps that.
# What happens: `Level.High == 2` is true, and hash(Level.High) is not hash(2). The member is in the
#   list [2] and not in the set {2}; a dict with the key 2 does not find it. Nothing warns.
# Why: `eq_int` compares the number of the variant, `hash` uses the derived `Hash` of Rust, which
#   mixes the number (pyo3-macros-backend, `pyclass_hash` in src/pyclass.rs). PyO3 asks only for `eq`
#   and `frozen` beside `hash`.
# Seen: CPython 3.11.7 and 3.14.10, rustc 1.95, Linux x86-64.
#
# usage: pyo3-enum-hash.sh [PYTHON]   (CPython 3.10 or later, and cargo)
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
#[pyo3::pymodule]
mod finding {
    use pyo3::prelude::*;

    #[pyclass(eq, eq_int, hash, frozen)]
    #[derive(PartialEq, Hash)]
    enum Level {
        Low = 1,
        High = 2,
    }
}
RUST
PYO3_PYTHON=$python cargo build --quiet
cp target/debug/libfinding.so finding.so

cat >compares.py <<'PY'
import enum

import finding


class Level(enum.IntEnum):
    Low = 1
    High = 2


for tool, high in ("enum.IntEnum", Level.High), ("PyO3", finding.Level.High):
    print(f"{tool}: equal {high == 2}, in the list {high in [2]}, in the set {high in {2}}, "
          f"in the dict {({2: 'two'}).get(high)}, in a set with 2: {len({2, high})} items")
PY
"$python" compares.py | tee seen
diff seen - <<'TXT'
enum.IntEnum: equal True, in the list True, in the set True, in the dict two, in a set with 2: 1 items
PyO3: equal True, in the list True, in the set False, in the dict None, in a set with 2: 2 items
TXT
echo "as described: PyO3 0.30.1 on $("$python" -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
