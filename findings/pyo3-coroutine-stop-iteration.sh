#!/usr/bin/env bash
# PyO3 0.30.1 with experimental-async: an async function whose error is StopIteration.
#
# One would guess: awaiting it raises. In Python, StopIteration that leaves an `async def` becomes
#   RuntimeError (PEP 479), so that nobody takes it for the end of the coroutine.
# What happens: await gives a result, the value of the StopIteration. `__next__` of an empty
#   iterator with Rust's `?` gives None as if the function had returned it. No error is seen.
# Why: `Coroutine::poll` (src/coroutine.rs) raises StopIteration to return a value, and hands the
#   error of the function on as it is. The two cannot be told apart.
# Seen: CPython 3.11.7, rustc 1.95, Linux x86-64.
#
# usage: pyo3-coroutine-stop-iteration.sh [PYTHON]   (CPython 3.10 or later, and cargo)
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
pyo3 = { version = "=0.30.1", features = ["experimental-async"] }
TOML
cat >src/lib.rs <<'RUST'
#[pyo3::pymodule]
mod finding {
    use pyo3::prelude::*;

    #[pyfunction]
    async fn first(iterator: Py<PyAny>) -> PyResult<Py<PyAny>> {
        Python::attach(|py| iterator.call_method0(py, "__next__"))
    }
}
RUST
PYO3_PYTHON=$python cargo build --quiet
cp target/debug/libfinding.so finding.so

cat >awaits.py <<'PY'
import asyncio

import finding


async def first(iterator):
    return iterator.__next__()


def returns():
    return "of the generator"
    yield


async def main():
    for language, function in ("Python", first), ("PyO3", finding.first):
        for what, iterator in ("[1]", iter([1])), ("[]", iter([])), ("a generator", returns()):
            try:
                outcome = f"gives {await function(iterator)!r}"
            except RuntimeError as error:
                outcome = f"raises {error!r}"
            print(f"{language}, first of {what}: {outcome}")


asyncio.run(main())
PY
"$python" awaits.py | tee seen
diff seen - <<'TXT'
Python, first of [1]: gives 1
Python, first of []: raises RuntimeError('coroutine raised StopIteration')
Python, first of a generator: raises RuntimeError('coroutine raised StopIteration')
PyO3, first of [1]: gives 1
PyO3, first of []: gives None
PyO3, first of a generator: gives 'of the generator'
TXT
echo "as described: PyO3 0.30.1 on $("$python" -c 'import platform; print(platform.python_implementation(), platform.python_version())')"
