//! What an interpreter is, as it says itself.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use super::known::bare;
use super::values::TriedInterpreter;

const FACTS: &str = include_str!("facts.py");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    implementation: String,
    version: String,
    free_threaded: bool,
    executable: PathBuf,
}

/// What an interpreter says of itself.
pub fn inspect(python: &Path) -> Result<TriedInterpreter> {
    let output = bare(python)
        .args(["-c", FACTS])
        .output()
        .context("it cannot be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let facts: Facts = serde_json::from_str(text.trim()).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        let last = last.unwrap_or("it said nothing");
        anyhow!(
            "it does not run a program in Python ({}): {last}",
            output.status
        )
    })?;
    let thread = if facts.free_threaded { "t" } else { "" };
    Ok(TriedInterpreter {
        name: format!("{} {}{thread}", facts.implementation, facts.version),
        version: facts.version,
        free_threaded: facts.free_threaded,
        path: facts.executable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_says_what_it_is_and_something_else_does_not() {
        let python = inspect(Path::new("python3")).unwrap();
        assert!(python.name.ends_with(&python.version) && python.path.is_file());
        let error = inspect(Path::new("true")).unwrap_err().to_string();
        assert!(error.contains("does not run"), "{error}");
    }
}
