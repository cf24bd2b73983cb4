//! Putting wheels into the environment.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::effort::builds::{empty, execute};
use crate::effort::known::pip;
use crate::effort::shipped::{self, only_wheel};
use crate::session::Session;
use crate::sources::copy_tree;

/// Builds and installs a package that is not measured.
pub fn install_package(session: &Session, folder: &Path) -> Result<()> {
    let wheels = empty(&session.state.folder.join("packages"))?;
    let copy = empty(&session.state.folder.join("source"))?;
    copy_tree(folder, &copy)?;
    let log = session.state.folder.join("package.log");
    let mut command = pip(
        &session.python,
        &["wheel", "--quiet", "--no-build-isolation"],
    )?;
    command.args(["--no-deps", "--no-index", "--wheel-dir"]);
    command.arg(&wheels).arg(&copy);
    execute(&command, None, &log).with_context(|| format!("cannot build {}", folder.display()))?;
    install(session, &only_wheel(&wheels)?, None, &log)
}

/// Installs a wheel, into a site if there is one, and makes sure that what Python imports is what is
/// in it.
pub fn install(session: &Session, wheel: &Path, site: Option<&Path>, log: &Path) -> Result<()> {
    let mut command = pip(&session.python, &["install", "--quiet", "--no-index"])?;
    if let Some(site) = site {
        command.arg("--target").arg(empty(site)?);
    }
    command.args(["--no-deps", "--force-reinstall"]).arg(wheel);
    execute(&command, None, log).context("cannot install the wheel")?;
    for (module, built) in shipped::modules(wheel)? {
        let imported = session.interpreter.files(&module, site)?;
        if let Some(difference) = difference(&built, &imported.files) {
            bail!(
                "pip says that it has installed {}, but {difference}; what Python imports as \
                 {module} is {}",
                wheel.file_name().unwrap_or_default().display(),
                imported.origin.as_deref().unwrap_or("nothing"),
            );
        }
    }
    Ok(())
}

/// The first file in which what was built and what is imported differ, in words.
fn difference(
    built: &BTreeMap<String, String>,
    imported: &BTreeMap<String, String>,
) -> Option<String> {
    let changed = built
        .iter()
        .find_map(|(name, hash)| match imported.get(name) {
            None => Some(format!("{name} is missing")),
            Some(other) if other != hash => Some(format!("{name} is another file")),
            Some(_) => None,
        });
    let mut more = imported.keys().filter(|name| !built.contains_key(*name));
    changed.or_else(|| Some(format!("{} is not in it", more.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_imported_has_the_files_of_the_wheel_and_no_other() {
        let files = |all: &[(&str, &str)]| {
            let all = all.iter();
            all.map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let built = files(&[("p/a.so", "1"), ("p/b.py", "2")]);
        let words = |imported| difference(&built, &files(imported));
        assert_eq!(words(&[("p/a.so", "1"), ("p/b.py", "2")]), None);
        assert_eq!(words(&[("p/b.py", "2")]).unwrap(), "p/a.so is missing");
        let old = [("p/a.so", "0"), ("p/b.py", "2")];
        assert_eq!(words(&old).unwrap(), "p/a.so is another file");
        let beside = [("p/a.so", "1"), ("p/a.old.so", "0"), ("p/b.py", "2")];
        assert_eq!(words(&beside).unwrap(), "p/a.old.so is not in it");
    }
}
