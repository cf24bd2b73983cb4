//! Generates the header and notes how the crate is being compiled.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-env-changed=RUSTFLAGS");

    // The header goes to OUT_DIR and never over the committed copy, which a test
    // compares with it.
    let header = PathBuf::from(variable("OUT_DIR")).join("lev.h");
    cbindgen::generate(variable("CARGO_MANIFEST_DIR"))
        .expect("cbindgen can read src/")
        .write_to_file(&header);
    println!("cargo::metadata=header={}", header.display());

    let version = Command::new(variable("RUSTC"))
        .arg("--version")
        .output()
        .expect("rustc runs");
    let version = String::from_utf8(version.stdout).expect("rustc prints UTF-8");
    println!("cargo::rustc-env=LEV_COMPILER={}", version.trim());
    println!(
        "cargo::rustc-env=LEV_FLAGS=profile={} opt-level={} target={} target-feature={} rustflags={}",
        variable("PROFILE"),
        variable("OPT_LEVEL"),
        variable("TARGET"),
        variable("CARGO_CFG_TARGET_FEATURE"),
        variable("CARGO_ENCODED_RUSTFLAGS").replace('\x1f', " "),
    );
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
