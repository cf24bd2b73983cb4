#!/usr/bin/env bash
# PyO3 0.30.1 and maturin 1.16.0: the stub of a function that takes a HashMap or a HashSet.
#
# One would guess: a type checker accepts a call with a `dict[str, int]` for HashMap<String, i64>.
#   PyO3 accepts it, and returns it as `dict[str, int]`.
# What happens: the stub says `dict[str, SupportsIndex]`, so that NumPy's integers are accepted too.
#   dict and set are invariant, so mypy refuses every variable that is a `dict[str, int]`, and the
#   result of one such function as the argument of the next. Only a literal in the call passes.
# Why: the hint for the argument is made of the hint for its items (`INPUT_TYPE` in
#   src/conversions/std/map.rs and set.rs), which for integers is SupportsIndex since 0.30.
# Seen: CPython 3.11.7 and 3.14.10, rustc 1.95, mypy 2.4.1.
#
# usage: pyo3-stub-dict-argument.sh [PYTHON]   (CPython 3.10 or later, and cargo)
set -euo pipefail
python=$(command -v "${1:-python3}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet maturin==1.16.0 mypy==2.4.1
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
pyo3 = { version = "=0.30.1", features = ["experimental-inspect"] }
TOML
cat >pyproject.toml <<'TOML'
[build-system]
requires = ["maturin>=1.16,<2"]
build-backend = "maturin"

[project]
name = "finding"
version = "0.0.0"
TOML
cat >src/lib.rs <<'RUST'
#[pyo3::pymodule]
mod finding {
    use pyo3::prelude::*;
    use std::collections::{HashMap, HashSet};

    #[pyfunction]
    fn doubled(counts: HashMap<String, i64>) -> HashMap<String, i64> {
        counts.into_iter().map(|(name, count)| (name, 2 * count)).collect()
    }

    #[pyfunction]
    fn largest(numbers: HashSet<i64>) -> Option<i64> {
        numbers.into_iter().max()
    }
}
RUST
env/bin/maturin generate-stubs --quiet --interpreter env/bin/python --out . >said 2>&1 || { cat said; exit 1; }
cp "$(find target -name libfinding.so -print -quit)" finding.so

cat >calls.py <<'PY'
import finding

counts: dict[str, int] = {"a": 1}
numbers = {1, 2}
print(finding.doubled({"a": 1}))
print(finding.doubled(counts))
print(finding.doubled(finding.doubled(counts)))
print(finding.largest(numbers))
PY
env/bin/python calls.py >seen
find . -name "*.pyi" -not -path "./env/*" -exec grep -h "^def" {} + >>seen
env/bin/python -m mypy --no-error-summary calls.py >>seen || true
cat seen
diff <(grep -v note: seen) - <<'TXT'
{'a': 2}
{'a': 2}
{'a': 4}
2
def doubled(counts: dict[str, SupportsIndex]) -> dict[str, int]: ...
def largest(numbers: set[SupportsIndex]) -> int | None: ...
calls.py:6: error: Argument 1 to "doubled" has incompatible type "dict[str, int]"; expected "dict[str, SupportsIndex]"  [arg-type]
calls.py:7: error: Argument 1 to "doubled" has incompatible type "dict[str, int]"; expected "dict[str, SupportsIndex]"  [arg-type]
calls.py:8: error: Argument 1 to "largest" has incompatible type "set[int]"; expected "set[SupportsIndex]"  [arg-type]
TXT
echo "as described: PyO3 0.30.1, maturin 1.16.0, mypy 2.4.1"
