#!/usr/bin/env bash
# UniFFI 0.32.2, Python: what a callback written in Python returns.
#
# One would guess: an integer out of range is refused as a result of a callback, as it is as an
#   argument of a function. KeyboardInterrupt and SystemExit reach the caller, or at least make the
#   call fail in Rust, as other exceptions do.
# What happens: the integer wraps: 300 for a u8 becomes 44, and 2**64 + 5 for an i64 becomes 5. After
#   KeyboardInterrupt or SystemExit, Rust gets Ok with the value 0, and goes on. Python prints
#   "Exception ignored", so Ctrl-C does not stop a loop of callbacks and changes a result of it.
# Why: the generated method lowers its result without the `check_lower` that arguments get, and ctypes
#   does not check ranges. `_uniffi_trait_interface_call` sets the status for `except Exception` only;
#   a status that is not set says success.
# Seen: CPython 3.11.7, rustc 1.95, Linux x86-64.
#
# usage: uniffi-callback-result.sh [PYTHON]   (cargo)
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
uniffi = { version = "=0.32.2", features = ["cli"] }

[profile.dev]
debug = 0
TOML
echo 'fn main() { uniffi::uniffi_bindgen_main() }' >src/main.rs
cat >src/lib.rs <<'RUST'
use std::sync::Arc;
uniffi::setup_scaffolding!();

#[derive(Debug, uniffi::Error)]
pub enum Refused { Value { value: i64 } }

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{self:?}") }
}

#[uniffi::export(with_foreign)]
pub trait Callback: Send + Sync {
    fn small(&self) -> u8;
    fn large(&self) -> Result<i64, Refused>;
}

#[uniffi::export]
pub fn takes(number: u8) -> u8 { number }
#[uniffi::export]
pub fn small(callback: Arc<dyn Callback>) -> u8 { callback.small() }
#[uniffi::export]
pub fn large(callback: Arc<dyn Callback>) -> String { format!("{:?}", callback.large()) }
RUST
cargo build --quiet
target/debug/finding generate --language python --no-format --out-dir . target/debug/libfinding.so >/dev/null
cp target/debug/libfinding.so .
cat >calls.py <<'PY'
import finding


class Callback(finding.Callback):
    def __init__(self, answer):
        self.answer = answer

    def small(self):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    large = small


def tries(what, function, *arguments):
    try:
        print(what, function(*arguments))
    except Exception as error:
        print(what, type(error).__name__)


tries("takes 300:", finding.takes, 300)
tries("small 7:", finding.small, Callback(7))
tries("small 300:", finding.small, Callback(300))
tries("small -1:", finding.small, Callback(-1))
tries("large 2**64 + 5:", finding.large, Callback(2**64 + 5))
for error in ValueError(), finding.Refused.Value(value=3), KeyboardInterrupt(), SystemExit(1):
    tries(f"large {type(error).__name__}:", finding.large, Callback(error))
PY
"$python" calls.py 2>said | tee seen
diff seen - <<'TXT'
takes 300: ValueError
small 7: 7
small 300: 44
small -1: 255
large 2**64 + 5: Ok(5)
large ValueError: InternalError
large Value: Err(Value { value: 3 })
large KeyboardInterrupt: Ok(0)
large SystemExit: Ok(0)
TXT
test "$(grep -c "^Exception ignored" said)" = 2
echo "as described: UniFFI 0.32.2"
