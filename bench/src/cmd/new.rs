//! `new contender`: a copy of a contender under another name, to begin from.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use regex::Regex;

use crate::cli::{Common, NewContender};
use crate::cmd::bench::{given, typed};
use crate::output::say;
use crate::sources::copy_tree;
use crate::study::{DESCRIPTION, Study, component};

pub fn run(common: &Common, options: &NewContender) -> Result<bool> {
    let study = Study::load(&common.study)?;
    let name = &options.name;
    let (of, last) = match name.rsplit_once('/') {
        Some((of, last)) => (Some(of), last),
        None => (None, name.as_str()),
    };
    component(last)?;
    let like = study
        .contender(&options.like)
        .filter(|like| !like.is_peer())
        .with_context(|| format!("--like {}: the study has no such contender", options.like))?;
    let variant_of = like.variant_of.as_deref();
    ensure!(
        of == variant_of,
        "a copy of {} is called {}, so that what its files name beside them is found",
        like.name,
        variant_of.map_or("NAME".to_owned(), |of| format!("{of}/NAME"))
    );
    let folder = Path::new(&like.folder).with_file_name(last);
    let (from, to) = (study.root().join(&like.folder), study.root().join(&folder));
    ensure!(
        study.contender(name).is_none() && !to.exists(),
        "there is a contender {name} or a folder {} already: choose another name",
        folder.display()
    );
    ensure!(
        from.join(DESCRIPTION).is_file(),
        "{} is not described in a {DESCRIPTION} of its folder, so it is no pattern",
        like.name
    );
    let module = options
        .module
        .clone()
        .unwrap_or_else(|| beside(&like.module, &like.name, last));
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
    let folder = folder.display().to_string();
    let in_cargo = crate_name(&to);
    let is_crate = in_cargo.is_some();
    let module_names = (like.module.clone(), module.clone());
    let hyphens = |name: &str| name.replace('_', "-");
    let distributions = (hyphens(&like.module), hyphens(&module));
    let folders = (like.folder.clone(), folder.clone());
    let mut forms = vec![module_names, distributions, folders];
    forms.extend(in_cargo.map(|old| (old, module.clone())));
    rename(&to, &forms)?;
    describe(&to.join(DESCRIPTION), name)?;
    // Only a study that includes it has it, and only then is it complete.
    let found = Study::load(&common.study)?.contender(name).is_some();
    let steps = left_to_do(&folder, found, is_crate).into_iter().enumerate();
    let steps = steps.map(|(at, step)| format!("{}. {step}\n", at + 1));
    let steps = steps.collect::<String>();
    let binary = std::env::args_os().next().unwrap_or("ffi-bench".into());
    let mut command = vec![binary];
    command.extend(given("--study", Some(&common.study)));
    command.extend(given("--python", Some(&common.python)));
    command.extend(["bench", "--profile", "quick", "--only", name].map(OsString::from));
    let see = format!("see its first figures:\n\n    {}\n", typed(&command));
    say(&format!(
        "{folder}/ is a copy of {}/ with the module {module}.",
        like.folder
    ));
    say(&if found && !is_crate {
        format!("It works as it is. Build it and {see}\nLeft to do:\n\n{steps}")
    } else {
        format!("Left to do:\n\n{steps}\nThen {see}")
    });
    say(
        "Even a copy without changes may differ from its original by some percent, because the \
         compiler places its loops elsewhere.",
    );
    Ok(true)
}

/// A module for a contender of this name, called after another's.
fn beside(module: &str, like: &str, name: &str) -> String {
    let name = name.replace(['-', ' '], "_");
    let last = like.rsplit('/').next().unwrap_or(like);
    match (module.strip_suffix(last), module.split_once('_')) {
        (Some(rest), _) => format!("{rest}{name}"),
        (None, Some((prefix, _))) => format!("{prefix}_{name}"),
        (None, None) => name,
    }
}

/// What cargo calls a package: two of a workspace need two names.
fn crate_name(folder: &Path) -> Option<String> {
    let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml"))
        .ok()?
        .parse()
        .ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}

/// Gives a package another name, in the texts and the names of its files.
fn rename(folder: &Path, forms: &[(String, String)]) -> Result<()> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let mut path = entry.path();
            let file_name = entry.file_name();
            if let Some(renamed) = file_name.to_str().map(|text| renamed(text, forms)) {
                let target = folder.join(renamed?);
                fs::rename(&path, &target)?;
                path = target;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                rewrite(&path, |text| renamed(text, forms))?;
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

/// Adapts the description: its own name and title, and nothing that belongs to one alone.
fn describe(path: &PathBuf, name: &str) -> Result<()> {
    rewrite(path, |text| {
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

fn left_to_do(folder: &str, found: bool, is_crate: bool) -> Vec<String> {
    let mut steps = vec![
        format!("Write the kernel and the glue in {folder}/, and say in its README.md what it is."),
        format!(
            "Adapt {folder}/{DESCRIPTION}: `title`, `kernel`, `binding`, `lines` and `edit`; \
             `parts`, if it has only some of the contract; `nickname`, if users import it."
        ),
    ];
    if !found {
        steps.insert(0, format!("Include {folder}/{DESCRIPTION} in the study."));
    }
    if is_crate {
        steps.push(format!(
            "Put {folder} into `members` of the root's Cargo.toml, and run `cargo update --workspace`."
        ));
    }
    steps.push(
        "Add a row to the table in README.md. CONTRIBUTING.md has what else a contender needs."
            .to_owned(),
    );
    steps
}
