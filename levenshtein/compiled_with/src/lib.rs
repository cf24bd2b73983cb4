//! How the crate that calls these macros is being compiled, for its `build_info`.
//!
//! Cargo tells a build script neither of link-time optimisation nor of codegen units, and what a
//! manifest says of them may have been overridden. A macro runs inside of the compiler, and so it
//! sees the compiler's own command line.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use proc_macro::{Literal, TokenStream, TokenTree};

/// Options that say where files go, and nothing of the code.
const OF_PLACES: [&str; 3] = ["metadata", "extra-filename", "incremental"];

/// The compiler and its version.
#[proc_macro]
pub fn compiler(_: TokenStream) -> TokenStream {
    let version = env::current_exe().and_then(|rustc| Command::new(rustc).arg("-V").output());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    literal(version.unwrap_or_default().trim())
}

/// The options of code generation.
#[proc_macro]
pub fn flags(_: TokenStream) -> TokenStream {
    literal(&code_generation(env::args()))
}

/// "`PyO3`" and its version, as Cargo.lock has it.
///
/// # Panics
///
/// Without cargo, or without `PyO3` in its lock: then the compilation ends.
#[proc_macro]
pub fn binding(_: TokenStream) -> TokenStream {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let mut locks = Path::new(&package)
        .ancestors()
        .map(|f| f.join("Cargo.lock"));
    let lock = locks.find_map(|path| fs::read_to_string(path).ok());
    let lock = lock.expect("cargo writes Cargo.lock before it builds");
    let (_, rest) = lock
        .split_once("name = \"pyo3\"\nversion = \"")
        .expect("Cargo.lock has PyO3");
    literal(&format!(
        "PyO3 {}",
        rest.split('"').next().unwrap_or_default()
    ))
}

fn literal(text: &str) -> TokenStream {
    TokenTree::from(Literal::string(text)).into()
}

/// What follows `-C`, `-Z` and `--target`. Without a level of optimisation it is 0.
fn code_generation(arguments: impl IntoIterator<Item = String>) -> String {
    let mut options: Vec<String> = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let mut value = |rest: &str| match rest.trim_start_matches('=') {
            "" => arguments.next().unwrap_or_default(),
            rest => rest.to_owned(),
        };
        if let Some(rest) = argument
            .strip_prefix("--codegen")
            .or(argument.strip_prefix("-C"))
        {
            options.push(value(rest));
        } else if let Some(rest) = argument.strip_prefix("-Z") {
            options.push(format!("-Z{}", value(rest)));
        } else if let Some(rest) = argument.strip_prefix("--target") {
            options.push(format!("target={}", value(rest)));
        } else if argument == "-O" {
            options.push("opt-level=3".to_owned());
        }
    }
    let key = |option: &str| option.split('=').next().unwrap_or_default().to_owned();
    options.retain(|option| !OF_PLACES.contains(&key(option).as_str()));
    for option in &mut options {
        if option == "lto" {
            "lto=fat".clone_into(option);
        }
    }
    if !options.iter().any(|option| key(option) == "opt-level") {
        options.insert(0, "opt-level=0".to_owned());
    }
    options.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_code_are_told_from_those_of_places() {
        let of = |line: &str| code_generation(line.split_whitespace().map(str::to_owned));
        assert_eq!(
            of(
                "rustc --crate-name x -C opt-level=3 -C lto -Ccodegen-units=1 -C metadata=1 \
                --out-dir /x -Zsanitizer=address --target=y -C incremental=/x"
            ),
            "opt-level=3 lto=fat codegen-units=1 -Zsanitizer=address target=y"
        );
        assert_eq!(
            of("rustc src/lib.rs --codegen lto=thin"),
            "opt-level=0 lto=thin"
        );
    }
}
