#!/usr/bin/env bash
# UniFFI 0.32.2, Python: records and enums compared with something else.
#
# One would guess: a record equals another with the same fields and nothing else, as a dataclass. Its
#   repr tells the fields, as its str does.
# What happens: `record == None` raises AttributeError, and so do `3 == record`, `record in list` and
#   `list.index` where an object of another type stands before it. A record of another type with the
#   same fields is equal; if that one has a field more, the order decides between True and
#   AttributeError. repr shows no fields. An enum with fields answers False for None.
# Why: the generated `__eq__` compares the fields of both, and asks for no type.
# Seen: CPython 3.11.7, rustc 1.95, Linux x86-64.
#
# usage: uniffi-record-equality.sh [PYTHON]   (cargo)
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
uniffi::setup_scaffolding!();

#[derive(uniffi::Record)]
pub struct Point { pub x: i64 }
#[derive(uniffi::Record)]
pub struct Price { pub x: i64 }
#[derive(uniffi::Record)]
pub struct Labelled { pub x: i64, pub label: String }
#[derive(uniffi::Enum)]
pub enum Shape { Circle { x: i64 }, Empty }

#[uniffi::export]
pub fn point() -> Point { Point { x: 1 } }
#[uniffi::export]
pub fn others(_price: Price, _labelled: Labelled, _shape: Shape) {}
RUST
cargo build --quiet
target/debug/finding generate --language python --no-format --out-dir . target/debug/libfinding.so >/dev/null
cp target/debug/libfinding.so .
cat >compares.py <<'PY'
import dataclasses

from finding import Labelled, Point, Price, Shape


@dataclasses.dataclass
class Data:
    x: int


point, circle = Point(x=1), Shape.CIRCLE(x=1)
for expression in (
    "point == Point(x=1)", "point == None", "3 == point", "point in [None, point]", "[3, point].index(point)",
    "point == Price(x=1)", "point == Labelled(x=1, label='a')", "Labelled(x=1, label='a') == point",
    "point == Data(1)", "Data(1) == point", "point == circle",
    "circle == None", "circle == point", "Data(1) == None",
    "str(point)", "repr(point)", "repr(circle)",
):
    try:
        print(f"{expression}: {eval(expression)}")
    except Exception as error:
        print(f"{expression}: {type(error).__name__}")
PY
"$python" compares.py | tee seen
diff seen - <<'TXT'
point == Point(x=1): True
point == None: AttributeError
3 == point: AttributeError
point in [None, point]: AttributeError
[3, point].index(point): AttributeError
point == Price(x=1): True
point == Labelled(x=1, label='a'): True
Labelled(x=1, label='a') == point: AttributeError
point == Data(1): True
Data(1) == point: True
point == circle: True
circle == None: False
circle == point: True
Data(1) == None: False
str(point): Point(x=1)
repr(point): Point()
repr(circle): Shape.CIRCLE()
TXT
echo "as described: UniFFI 0.32.2"
