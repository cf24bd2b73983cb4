//! `new contender`: a copy of a contender under another name, to begin from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use regex::Regex;

use crate::cli::{Common, NewContender};
use crate::output::say;
use crate::sources::copy_tree;
use crate::study::{Contender, DESCRIPTION, Study, component};

pub fn run(common: &Common, options: &NewContender) -> Result<bool> {
    let study = Study::load(&common.study)?;
    let name = &options.name;
    component(name)?;
    let like = study
        .contender(&options.like)
        .filter(|like| !like.is_peer())
        .with_context(|| format!("--like {}: the study has no such contender", options.like))?;
    let root = study.root();
    let (from, to) = (root.join(&like.folder), root.join(name));
    ensure!(
        study.contender(name).is_none() && !to.exists(),
        "there is a contender or a folder {name} already: choose another name"
    );
    ensure!(
        from.join(DESCRIPTION).is_file() && Path::new(&like.folder).components().count() == 1,
        "{} is not described in a {DESCRIPTION} of a folder at the top, so it is no pattern",
        like.name
    );
    let module = options
        .module
        .clone()
        .unwrap_or_else(|| beside(&like.module, name));
    ensure!(
        Regex::new("^[A-Za-z_][A-Za-z0-9_]*$")?.is_match(&module)
            && study.contenders.iter().all(|c| c.module != module),
        "{module} is no free name of a Python module: choose one with --module"
    );
    copy_tree(&from, &to)?;
    // Variants are packages of their own, and how the other was tuned says nothing of this one.
    for other in ["variants", "TUNING.md"] {
        let path = to.join(other);
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
    }
    rename(&to, &like.module, &module)?;
    describe(&to.join(DESCRIPTION), like, name)?;
    // Only a study that includes it has it, and only then is it complete.
    let found = Study::load(&common.study)?.contender(name).is_some();
    say(&left_to_do(name, &module, like, &to, found));
    Ok(true)
}

/// A module for a contender of this name, with the prefix of another's.
fn beside(module: &str, name: &str) -> String {
    let name = name.replace(['-', ' '], "_");
    match module.split_once('_') {
        Some((prefix, _)) => format!("{prefix}_{name}"),
        None => name,
    }
}

/// Gives a package another name, in the texts and the names of its files.
fn rename(folder: &Path, old: &str, new: &str) -> Result<()> {
    let hyphens = |name: &str| name.replace('_', "-");
    let forms = [
        (old.to_owned(), new.to_owned()),
        (hyphens(old), hyphens(new)),
    ];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let mut path = entry.path();
            let file_name = entry.file_name();
            if let Some(renamed) = file_name.to_str().map(|text| renamed(text, &forms)) {
                let target = folder.join(renamed?);
                fs::rename(&path, &target)?;
                path = target;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                rewrite(&path, |text| renamed(text, &forms))?;
            }
        }
    }
    Ok(())
}

/// A text with one name in place of another, where it stands as a whole word, or as in `PyInit_lev_c`
/// at the end of one.
fn renamed(text: &str, forms: &[(String, String)]) -> Result<String> {
    let mut text = text.to_owned();
    for (old, new) in forms {
        let word = Regex::new(&format!(r"(^|[^A-Za-z0-9]){}\b", regex::escape(old)))?;
        text = word.replace_all(&text, format!("${{1}}{new}")).into_owned();
    }
    Ok(text)
}

/// Changes a file; one that is no text stays as it is.
fn rewrite(path: &PathBuf, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let Ok(text) = fs::read_to_string(path) else {
        return Ok(());
    };
    fs::write(path, change(&text)?).with_context(|| format!("cannot write {}", path.display()))
}

/// Adapts the description: its own name, title and folder, and nothing that belongs to one alone.
fn describe(path: &PathBuf, like: &Contender, name: &str) -> Result<()> {
    rewrite(path, |text| {
        let folder = Regex::new(&format!(r#"(["'/]){}/"#, regex::escape(&like.folder)))?;
        let text = folder.replace_all(text, format!("${{1}}{name}/"));
        let lines =
            text.lines()
                .filter_map(|line| match line.split(" = ").next().unwrap_or_default() {
                    "name" => Some(format!("name = \"{name}\"")),
                    "title" => Some(format!("title = \"{name}\"")),
                    "nickname" | "colour" | "folder" => None,
                    _ => Some(line.to_owned()),
                });
        Ok(lines.map(|line| line + "\n").collect())
    })
}

fn left_to_do(name: &str, module: &str, like: &Contender, folder: &Path, found: bool) -> String {
    let mut steps = vec![
        format!("Write the kernel and the glue in {name}/, and say in its README.md what it is."),
        format!(
            "Adapt {name}/{DESCRIPTION}: `title`, `kernel`, `binding`, `lines` and `edit`; `parts`, \
             if it has only some of the contract; `nickname`, if users import it."
        ),
    ];
    if !found {
        steps.insert(0, format!("Include {name}/{DESCRIPTION} in the study."));
    }
    if folder.join("Cargo.toml").is_file() {
        steps.push(format!(
            "Put {name} into `members` of the root's Cargo.toml, and run `cargo update --workspace`. \
             Two packages of a workspace need two names."
        ));
    }
    steps.push(
        "Add a row to the table in README.md. CONTRIBUTING.md has what else a contender needs."
            .to_owned(),
    );
    steps.push(format!(
        "Look at it: `ffi-bench build --only {name}`, then `verify` and `run`, and `list`."
    ));
    let steps = steps.iter().enumerate();
    let steps: Vec<_> = steps
        .map(|(at, step)| format!("{}. {step}\n", at + 1))
        .collect();
    format!(
        "{name}/ is a copy of {}/ with the module {module}. Left to do:\n\n{}",
        like.folder,
        steps.concat()
    )
}
