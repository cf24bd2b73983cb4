//! Hands the header of `lev_capi` over to maturin.
//!
//! Maturin reads `header.h` in the target folder if there is one, whoever wrote it and
//! whenever. So it is written anew in every build.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    // Cargo runs a script again whenever a file that it names is missing.
    println!("cargo::rerun-if-changed=always");

    // Set by cargo from the metadata that the build script of lev_capi prints.
    let header = variable("DEP_LEV_CAPI_HEADER");
    let header = fs::read_to_string(header).expect("lev_capi has generated its header");
    fs::write(target_folder().join("header.h"), declarations(&header))
        .expect("the target folder can be written to");
}

/// The header as cffi reads it, with the three changes that `ffi_build.py` makes.
fn declarations(header: &str) -> String {
    // cffi parses declarations and no preprocessor; here that is guards and includes.
    let lines: Vec<&str> = header
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    let text = lines.join("\n");
    // The library has no functions that read a str in place.
    let items: Vec<&str> = text
        .split("\n\n")
        .filter(|item| !item.contains("lev_text"))
        .collect();
    // cffi takes a str for a char32_t *, and for no other type of 32 bits.
    items.join("\n\n").replace(
        "typedef uint32_t lev_code_point;",
        "typedef char32_t lev_code_point;",
    )
}

/// `OUT_DIR` is `<target folder>/[<triple>/]<profile>/build/<package>/out`.
fn target_folder() -> PathBuf {
    let out_dir = PathBuf::from(variable("OUT_DIR"));
    let folder = out_dir.ancestors().nth(4).expect("OUT_DIR is that deep");
    if folder.ends_with(variable("TARGET")) {
        folder.parent().expect("a triple lies in a folder").into()
    } else {
        folder.into()
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
