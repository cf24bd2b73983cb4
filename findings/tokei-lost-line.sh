#!/usr/bin/env bash
# tokei 15.0.0: a line of Rust that has a string and stands before a doc comment.
#
# One would guess: it is a line of code, as it is before any other line.
# What happens: it is counted neither as code nor as comment nor as blank, so the three do not add
#   up to the lines of the file. Before an ordinary comment the line is counted.
# Seen: rustc 1.95, Linux x86-64.
#
# usage: tokei-lost-line.sh   (cargo)
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
tokei = { version = "=15.0.0", default-features = false }
TOML
cat >src/main.rs <<'RUST'
use tokei::{Config, LanguageType};

fn main() {
    for comment in ["// Ordinary.", "/// Documentation."] {
        let text = format!("const NAME: &str = \"name\";\n{comment}\nfn f() {{}}\n");
        let stats = LanguageType::Rust.parse_from_str(text, &Config::default()).summarise();
        println!("{comment} code {} comments {} blanks {}", stats.code, stats.comments, stats.blanks);
    }
}
RUST
cargo run --quiet | tee seen
diff seen - <<'TXT'
// Ordinary. code 2 comments 1 blanks 0
/// Documentation. code 1 comments 1 blanks 0
TXT
echo "as described: tokei 15.0.0"
