#!/usr/bin/env bash
# cbindgen 0.29.4: Option of a type alias for a function pointer.
#
# One would guess: `Option<callback>`, where `type callback = extern "C" fn() -> c_int`, becomes a
#   nullable function pointer in C, as `Option<extern "C" fn() -> c_int>` does.
# What happens: it becomes `Option_callback`, a struct that is declared and never defined, passed
#   by value. cbindgen says nothing. C that includes the header compiles, and C that calls the
#   function does not. With the Option inside of the alias the header is right.
# Seen: rustc 1.95, gcc 12.2, Linux x86-64.
#
# usage: cbindgen-option-of-alias.sh   (cargo and cc)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
cbindgen = { version = "=0.29.4", default-features = false }
TOML
cat >src/main.rs <<'RUST'
fn main() {
    for (file, header) in [("outside.rs", "outside.h"), ("inside.rs", "inside.h")] {
        cbindgen::Builder::new()
            .with_src(file)
            .with_language(cbindgen::Language::C)
            .generate()
            .unwrap()
            .write_to_file(header);
    }
}
RUST
cat >outside.rs <<'RUST'
pub type callback = unsafe extern "C" fn() -> std::ffi::c_int;
#[unsafe(no_mangle)]
pub extern "C" fn call(function: Option<callback>) {}
RUST
cat >inside.rs <<'RUST'
pub type callback = Option<unsafe extern "C" fn() -> std::ffi::c_int>;
#[unsafe(no_mangle)]
pub extern "C" fn call(function: callback) {}
RUST
cargo run --quiet
grep -n "callback" outside.h inside.h
for header in outside inside; do
    printf '#include <stddef.h>\n#include "%s.h"\n' $header >includes.c
    printf '#include <stddef.h>\n#include "%s.h"\nvoid use(void) { call(NULL); }\n' $header >calls.c
    for file in includes calls; do
        cc -c $file.c -o /dev/null 2>/dev/null && outcome=compiles || outcome="does not compile"
        echo "$header: C that $file it $outcome"
    done
done | tee seen
diff seen - <<'TXT'
outside: C that includes it compiles
outside: C that calls it does not compile
inside: C that includes it compiles
inside: C that calls it compiles
TXT
grep -q "typedef struct Option_callback Option_callback;" outside.h
grep -q "typedef int (\*callback)(void);" inside.h
echo "as described: cbindgen 0.29.4"
