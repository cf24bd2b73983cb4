//! Generates the header.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=cbindgen.toml");

    // The header goes to OUT_DIR and never over the committed copy, which a test
    // compares with it.
    let header = PathBuf::from(variable("OUT_DIR")).join("lev.h");
    cbindgen::generate(variable("CARGO_MANIFEST_DIR"))
        .expect("cbindgen can read src/")
        .write_to_file(&header);
    println!("cargo::metadata=header={}", header.display());
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
