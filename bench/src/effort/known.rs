//! The known environment: what builds, installs and downloads may read of the user's settings.
//!
//! Cargo, rustc, compilers, pip and setuptools read dozens of variables and files, and more with
//! each version. So nothing is inherited but what is listed here, and a file that cannot be kept
//! out is a reason to refuse.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::study::Study;

/// Where things lie, which tools are meant, and where crates were fetched from. The C compiler and
/// the toolchain of Rust are the user's to choose; each contender reports them.
const INHERITED: [&str; 20] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "LANG",
    "LC_*",
    "TZ",
    // A Python that was built as a shared library may not start without it.
    "LD_LIBRARY_PATH",
    // macOS's way of choosing its tools.
    "DEVELOPER_DIR",
    "SDKROOT",
    // Managers of versions find the tools by these.
    "ASDF_*",
    "MISE_*",
    "PYENV_*",
    "CC",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_REGISTRIES_*_INDEX",
    "CARGO_REGISTRY_DEFAULT",
];

/// What a download needs besides, behind proxies and with registries of one's own.
const OF_THE_NETWORK: [&str; 25] = [
    "*_proxy",
    "*_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "SSH_AUTH_SOCK",
    "NETRC",
    "CARGO_HTTP_*",
    "CARGO_NET_*",
    // Tokens among them, which no build needs.
    "CARGO_REGISTRIES_*",
    "CARGO_REGISTRY_*",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
];

/// Tables of cargo's configuration that do not reach the compiler.
const HARMLESS: [&str; 12] = [
    "alias",
    "cache",
    "cargo-new",
    "credential-alias",
    "doc",
    "future-incompat-report",
    "http",
    "net",
    "registries",
    "registry",
    "source",
    "term",
];

/// Settings of cargo's configuration that variables take the place of: those of [`offline`], and
/// for the target folder that of whoever starts cargo.
const REPLACED: [&str; 5] = [
    "rustc-workspace-wrapper",
    "rustc-wrapper",
    "rustdocflags",
    "rustflags",
    "target-dir",
];

/// A command with nothing of the user's environment but what is listed.
pub fn bare(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    inherit(&mut command, &INHERITED);
    command
}

/// What takes part in a build or an install: no network, no settings of the user's, the tools of
/// the interpreter's environment first.
pub fn offline(program: impl AsRef<std::ffi::OsStr>, python: &Path) -> Result<Command> {
    let mut command = bare(program);
    let tools = python.parent().unwrap_or(Path::new("/")).to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    let path: OsString = std::env::join_paths(folders)?;
    command
        .env("PATH", path)
        .env("PYO3_PYTHON", python)
        .env("PYTHONNOUSERSITE", "1")
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        // Pip takes this for: no files at all.
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("CARGO_NET_OFFLINE", "true")
        // Variables come before cargo's files, and empty ones mean: none.
        .env("RUSTFLAGS", "")
        .env("RUSTDOCFLAGS", "")
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "");
    Ok(command)
}

/// The interpreter's pip.
pub fn pip(python: &Path, arguments: &[&str]) -> Result<Command> {
    let mut command = offline(python, python)?;
    command.args(["-m", "pip"]).args(arguments);
    Ok(command)
}

/// Lets a command reach the registries that the user has set up.
pub fn with_network(command: &mut Command) -> &mut Command {
    command.env_remove("PIP_CONFIG_FILE");
    inherit(command, &OF_THE_NETWORK);
    command.env_remove("CARGO_NET_OFFLINE")
}

fn inherit(command: &mut Command, names: &[&str]) {
    for (name, value) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| names.iter().any(|pattern| matches(pattern, name)))
        {
            command.env(name, value);
        }
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, after)) => name.starts_with(before) && name.ends_with(after),
        None => pattern == name,
    }
}

/// One sentence for each file of the user's that would change what is built, and cannot be kept
/// out.
pub fn foreign_settings(study: &Study) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let distutils = home.as_ref().map(|home| home.join(".pydistutils.cfg"));
    if let Some(file) = distutils.filter(|file| file.is_file()) {
        sentences.push(format!(
            "{} has settings that setuptools builds with: move it away while contenders are built",
            file.display()
        ));
    }
    let uses_cargo = |tools: &[String]| tools.iter().any(|tool| tool == "cargo");
    if !study.contenders.iter().any(|c| uses_cargo(&c.tools)) {
        return Ok(sentences);
    }
    // The root's own file belongs to the study.
    let root = study.root();
    let mut folders: Vec<PathBuf> = root.ancestors().skip(1).map(|f| f.join(".cargo")).collect();
    folders.extend(cargo_home());
    folders.dedup();
    for folder in folders {
        for file in ["config", "config.toml"].map(|name| folder.join(name)) {
            let Ok(text) = fs::read_to_string(&file) else {
                continue;
            };
            let settings: toml::Table =
                toml::from_str(&text).with_context(|| format!("in {}", file.display()))?;
            let foreign = foreign(&settings);
            if !foreign.is_empty() {
                sentences.push(format!(
                    "{} sets {}, and cargo would build with it: move it away while contenders are \
                     built",
                    file.display(),
                    foreign.join(", ")
                ));
            }
        }
    }
    sentences.dedup();
    Ok(sentences)
}

/// Where cargo keeps its settings and what it has downloaded.
pub fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")))
}

/// The settings that would reach a compiler.
fn foreign(settings: &toml::Table) -> Vec<String> {
    let mut all = Vec::new();
    for (name, value) in settings {
        let Some(table) = value.as_table() else {
            all.push(name.clone());
            continue;
        };
        match name.as_str() {
            "build" => {
                let keys = table.keys().filter(|key| !REPLACED.contains(&key.as_str()));
                all.extend(keys.map(|key| format!("build.{key}")));
            }
            "target" => {
                for (target, of) in table {
                    let keys = of.as_table().into_iter().flat_map(toml::Table::keys);
                    let keys =
                        keys.filter(|key| *key != "runner" && !REPLACED.contains(&key.as_str()));
                    all.extend(keys.map(|key| format!("target.{target}.{key}")));
                }
            }
            _ if HARMLESS.contains(&name.as_str()) => {}
            _ => all.extend(table.keys().map(|key| format!("{name}.{key}"))),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_reach_a_compiler_are_told_from_those_that_do_not() {
        let of = |text: &str| foreign(&toml::from_str(text).unwrap());
        let harmless = "[source.crates-io]\nreplace-with = 'here'\n[net]\noffline = true\n\
                        [term]\nquiet = true\n[build]\nrustflags = ['-g']\n\
                        [target.x86_64-unknown-linux-gnu]\nrustflags = ['-g']\nrunner = 'echo'\n";
        assert!(of(harmless).is_empty());
        assert_eq!(of("[profile.release]\nlto = false"), ["profile.release"]);
        assert_eq!(of("[build]\njobs = 1"), ["build.jobs"]);
        assert_eq!(of("[env]\nA = '1'"), ["env.A"]);
        assert_eq!(of("[target.x]\nlinker = 'ld'"), ["target.x.linker"]);
        assert_eq!(of("include = ['more.toml']"), ["include"]);
    }

    #[test]
    fn a_pattern_has_at_most_one_star() {
        assert!(matches("LC_*", "LC_ALL") && matches("*_proxy", "https_proxy"));
        assert!(!matches("CC", "CCACHE") && !matches("LC_*", "XLC_ALL"));
    }
}
