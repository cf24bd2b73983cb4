#!/usr/bin/env bash
# PyO3 0.30.1 and maturin 1.16.0: names in a stub that mean something in Python.
#
# One would guess: `maturin generate-stubs` writes Python. Where a name of Rust cannot stand there, it
#   leaves it out, or says so.
# What happens: an enum with the variant None makes `None: Final[Level]`, and the whole file is a
#   syntax error. A method with the name `int` stands before the others that return `-> int`, so
#   mypy takes the method for the type. maturin and PyO3 say nothing, and the module itself works.
# Why: names are written as they are (crate pyo3-introspection, src/stubs.rs). It renames what clashes in
#   the module, not what clashes in a class.
# Seen: CPython 3.11.7 and 3.14.10, rustc 1.95, mypy 2.4.1.
#
# usage: pyo3-stub-names.sh [PYTHON]   (CPython 3.10 or later, and cargo)
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

    #[pyclass(eq, eq_int)]
    #[derive(PartialEq)]
    enum Level {
        None,
        Some,
    }

    #[pyclass]
    struct Version;

    #[pymethods]
    impl Version {
        #[new]
        fn new() -> Self {
            Self
        }

        fn int(&self) -> i64 {
            3
        }

        fn minor(&self) -> i64 {
            12
        }
    }
}
RUST
env/bin/maturin generate-stubs --quiet --interpreter env/bin/python --out . >said 2>&1 || { cat said; exit 1; }
cp "$(find target -name libfinding.so -print -quit)" finding.so
env/bin/python -c 'import finding; print(getattr(finding.Level, "None"), finding.Version().minor())' >seen
stub=$(find . -name "*.pyi" -not -path "./env/*")
cat "$stub"
if env/bin/python -m py_compile "$stub" 2>said; then echo "Python compiles it" >>seen; fi
grep -o -E "None: .*|SyntaxError" said >>seen
sed -i '/^    None: /d' "$stub"
env/bin/python -m mypy --no-error-summary "$stub" | sed 's/^[^ ]* //' >>seen || true
cat seen
diff <(grep -v note: seen) - <<'TXT'
Level.None 12
None: Final[Level]
SyntaxError
error: Function "finding.Version.int" is not valid as a type  [valid-type]
TXT
echo "as described: PyO3 0.30.1, maturin 1.16.0, mypy 2.4.1"
