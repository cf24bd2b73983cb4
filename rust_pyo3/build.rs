//! Notes how the crate is being compiled, for `build_info`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let root = workspace(Path::new(&variable("CARGO_MANIFEST_DIR")));
    let [manifest, lock] = ["Cargo.toml", "Cargo.lock"].map(|name| read(&root.join(name)));

    let output = Command::new(variable("RUSTC"))
        .arg("--version")
        .output()
        .expect("rustc runs");
    let compiler = String::from_utf8(output.stdout).expect("rustc prints UTF-8");
    println!("cargo::rustc-env=LEV_COMPILER={}", compiler.trim());

    let profile = variable("PROFILE");
    println!(
        "cargo::rustc-env=LEV_FLAGS=profile={profile} opt-level={}{} target={} target-feature={} rustflags={}",
        variable("OPT_LEVEL"),
        link_options(&manifest, &profile),
        variable("TARGET"),
        variable("CARGO_CFG_TARGET_FEATURE"),
        variable("CARGO_ENCODED_RUSTFLAGS").replace('\x1f', " "),
    );
    println!(
        "cargo::rustc-env=LEV_BINDING=PyO3 {}",
        locked_version(&lock, "pyo3")
    );
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}

fn workspace(package: &Path) -> PathBuf {
    let root = package
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").exists());
    root.expect("cargo writes Cargo.lock before it builds")
        .to_owned()
}

fn read(path: &Path) -> String {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the manifest says of `lto` and `codegen-units` in a profile. Cargo tells a
/// build script of neither.
fn link_options(manifest: &str, profile: &str) -> String {
    let header = format!("[profile.{profile}]");
    manifest
        .lines()
        .skip_while(|line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.starts_with("lto") || line.starts_with("codegen-units"))
        .map(|line| line.replace([' ', '"'], ""))
        .fold(String::new(), |options, option| options + " " + &option)
}

fn locked_version<'a>(lock: &'a str, package: &str) -> &'a str {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = lock.split_once(&entry).expect("Cargo.lock has the package");
    rest.split('"')
        .next()
        .expect("split gives at least one piece")
}
