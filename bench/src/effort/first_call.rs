//! From a copy of the sources to the first call: what has to be downloaded, and the commands that
//! a newcomer types, really run.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::builds::{empty, execute, last_lines};
use super::known::{bare, cargo_home, offline, pip, with_network};
use super::launch::is_there;
use super::values::{Fetched, FirstCall};
use super::{filled, in_its_words, unless_interrupted};
use crate::session::Session;
use crate::sources::copy_for_build;
use crate::study::Contender;

/// Endings of what is downloaded; everything else is made from it.
const ARCHIVES: [&str; 4] = ["crate", "whl", "gz", "zip"];

/// Downloads what a contender's first build needs, into an empty folder.
pub fn fetch(session: &Session, contender: &Contender, place: &Path) -> Result<Fetched> {
    let outcome = download(session, contender, place);
    let cleared = fs::remove_dir_all(place);
    match unless_interrupted(outcome)? {
        Ok(fetched) => Ok(cleared.map(|()| fetched)?),
        Err(error) => Ok(Fetched::Failed {
            message: in_its_words(session, &error),
        }),
    }
}

fn download(session: &Session, contender: &Contender, place: &Path) -> Result<Fetched> {
    let root = session.study.root();
    let downloads = empty(&place.join("downloads"))?;
    let log = place.join("fetch.log");
    if let Some((program, rest)) = contender.fetch.split_first() {
        let home = empty(&downloads.join("cargo"))?;
        keep_cargo_settings(&home)?;
        let mut command = offline(program, &session.python)?;
        with_network(&mut command)
            .args(rest)
            .current_dir(&root)
            .env("CARGO_HOME", &home);
        execute(&command, None, &log)?;
    }
    let wanted = python_requirements(&root.join(&contender.folder))?;
    if !wanted.is_empty() {
        let pins = place.join("pins.txt");
        fs::write(&pins, pins_of(session)?)?;
        let arguments = ["download", "--quiet", "--no-cache-dir"];
        let mut command = pip(&session.python, &arguments)?;
        with_network(&mut command)
            .args(["--only-binary", ":all:", "--constraint"])
            .arg(&pins)
            .arg("--dest")
            .arg(downloads.join("python"))
            .args(wanted);
        execute(&command, None, &log)?;
    }
    let (count, bytes) = archives(&downloads)?;
    Ok(Fetched::Archives { count, bytes })
}

/// A mirror that the user has set up is used, too.
fn keep_cargo_settings(home: &Path) -> Result<()> {
    let usual = cargo_home();
    for name in ["config.toml", "config"] {
        let Some(file) = usual.as_ref().map(|folder| folder.join(name)) else {
            continue;
        };
        if file.is_file() {
            fs::copy(&file, home.join(name))?;
        }
    }
    Ok(())
}

/// What a package's `pyproject.toml` asks for, to be built and to run.
fn python_requirements(folder: &Path) -> Result<Vec<String>> {
    let file = folder.join("pyproject.toml");
    let Ok(text) = fs::read_to_string(&file) else {
        return Ok(Vec::new());
    };
    let project: toml::Table =
        toml::from_str(&text).with_context(|| format!("in {}", file.display()))?;
    let list = |section: &str, key: &str| {
        let values = project.get(section).and_then(|s| s.get(key)?.as_array());
        let texts = values.into_iter().flatten().filter_map(toml::Value::as_str);
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut all = list("build-system", "requires");
    all.extend(list("project", "dependencies"));
    Ok(all)
}

/// The locked versions without their hashes, as pip takes them for constraints.
fn pins_of(session: &Session) -> Result<String> {
    let Some(file) = &session.study.effort.requirements else {
        return Ok(String::new());
    };
    let path = session.study.root().join(file);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let pins = text
        .lines()
        .filter(|line| line.contains("==") && !line.starts_with(['#', ' ']));
    Ok(pins
        .map(|line| line.trim_end_matches(['\\', ' ']).to_owned() + "\n")
        .collect())
}

/// Number and bytes of the archives below a folder.
fn archives(folder: &Path) -> Result<(usize, u64)> {
    let mut found = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            let (count, bytes) = archives(&path)?;
            found = (found.0 + count, found.1 + bytes);
        } else if path
            .extension()
            .and_then(OsStr::to_str)
            .is_some_and(|e| ARCHIVES.contains(&e))
        {
            found = (found.0 + 1, found.1 + entry.metadata()?.len());
        }
    }
    Ok(found)
}

/// Runs the study's steps in a fresh copy of the sources, as a newcomer would: with the network,
/// and without the locked tools.
pub fn first_call(session: &Session, contender: &Contender, place: &Path) -> Result<FirstCall> {
    let plan = &session.study.effort;
    // Not the environment that contenders are installed into, but what it was made with.
    let python = fs::canonicalize(&session.python)?;
    let steps = filled(
        &plan.steps,
        &[
            ("{folder}", &contender.folder),
            ("{module}", &contender.module),
        ],
    );
    let mut outcome = FirstCall {
        steps: filled(&steps, &[("{python}", "python3")]),
        seconds: Vec::new(),
        failed: None,
        missing: contender
            .tools
            .iter()
            .filter(|tool| !is_there(OsStr::new(tool)))
            .cloned()
            .collect(),
    };
    let run = |outcome: &mut FirstCall| -> Result<()> {
        let copy = empty(&place.join("source"))?;
        copy_for_build(&session.study, &copy)?;
        let log = place.join("step.log");
        for step in filled(&steps, &[("{python}", &python.display().to_string())]) {
            let mut command = bare("sh");
            with_network(&mut command)
                .args(["-c", &step])
                .current_dir(&copy)
                .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
            outcome.seconds.push(execute(&command, None, &log)?.seconds);
        }
        let said = fs::read_to_string(&log)?;
        ensure!(
            last_lines(&said).lines().last().unwrap_or_default().trim() == plan.answer,
            "the first call gave not {}, but: {}",
            plan.answer,
            last_lines(&said)
        );
        Ok(())
    };
    if let Err(error) = unless_interrupted(run(&mut outcome))? {
        outcome.failed = Some(in_its_words(session, &error));
    }
    let _ = fs::remove_dir_all(place);
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_those_of_the_build_and_of_the_run() {
        let folder = tempfile::tempdir().unwrap();
        assert!(python_requirements(folder.path()).unwrap().is_empty());
        fs::write(
            folder.path().join("pyproject.toml"),
            "[build-system]\nrequires = ['setuptools>=80', 'cffi']\n[project]\nname = 'x'\ndependencies = ['cffi>=2']\n",
        )
        .unwrap();
        assert_eq!(
            python_requirements(folder.path()).unwrap(),
            ["setuptools>=80", "cffi", "cffi>=2"]
        );
    }

    #[test]
    fn only_archives_were_downloaded() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        for (name, bytes) in [("a/b/x.crate", 3), ("y.whl", 4), ("a/lib.rs", 100)] {
            fs::write(folder.path().join(name), vec![0; bytes]).unwrap();
        }
        assert_eq!(archives(folder.path()).unwrap(), (2, 7));
    }
}
