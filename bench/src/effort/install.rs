//! What the environment has, and putting wheels into it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::effort::builds::{empty, execute, with_environment};
use crate::effort::shipped::only_wheel;
use crate::session::Session;
use crate::sources::copy_tree;

/// Modules that the interpreter can find already.
pub fn present(session: &Session) -> Result<Vec<String>> {
    let modules: Vec<&str> = session
        .study
        .contenders
        .iter()
        .map(|c| c.module.as_str())
        .collect();
    let answer = session
        .interpreter
        .ask_once(&json!({ "mode": "present", "modules": modules, "distributions": [] }))?;
    Ok(serde_json::from_value(answer["present"].clone())?)
}

/// Builds and installs a package that is not measured.
pub fn install_package(session: &Session, folder: &Path) -> Result<()> {
    let wheels = empty(&session.state.folder.join("packages"))?;
    let copy = empty(&session.state.folder.join("source"))?;
    copy_tree(folder, &copy)?;
    let log = session.state.folder.join("package.log");
    let arguments = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
    ];
    let mut command = with_environment(Command::new(&session.python), &session.python)?;
    command.args(arguments).arg(&wheels).arg(&copy);
    execute(&command, None, &log).with_context(|| format!("cannot build {}", folder.display()))?;
    install(session, &only_wheel(&wheels)?, &log)
}

pub fn install(session: &Session, wheel: &Path, log: &Path) -> Result<()> {
    let mut command = with_environment(Command::new(&session.python), &session.python)?;
    command
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--force-reinstall",
        ])
        .arg(wheel);
    execute(&command, None, log).context("cannot install the wheel")?;
    Ok(())
}
