//! Which files a contender is made from: their hash, their copy for a clean build, their lines.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;

use crate::code::code_lines;
use crate::effort::values::Lines;
use crate::files::hash;
use crate::study::{Contender, DESCRIPTION, LinePatterns, MISTAKES, Study};

/// All files and links below a folder but those that git would ignore, sorted. Links are not
/// followed.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(folder);
    // The harness's own folder would be copied into itself where no .gitignore names `target`.
    walk.hidden(false).require_git(false).filter_entry(|entry| {
        entry.file_name() != ".git" && !entry.path().ends_with("target/ffi-bench")
    });
    let mut files: Vec<_> = walk
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
        .map(ignore::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

/// Hash of the files that a contender is built from. It identifies what was measured, whether or
/// not it was committed.
pub fn source_hash(root: &Path, contender: &Contender) -> Result<String> {
    let mut whole = Vec::new();
    let folder = [contender.folder.clone()];
    for place in folder.iter().chain(&contender.sources) {
        for file in files_below(&root.join(place)) {
            // A variant is a package of its own, and so is the contender without its variants. No
            // mistake is part of either.
            let inside = file
                .strip_prefix(root.join(&contender.folder))
                .unwrap_or(Path::new(""));
            if inside.starts_with("variants") || inside.starts_with(MISTAKES) || is_prose(&file) {
                continue;
            }
            let bytes = content(&file)?;
            let name = file
                .strip_prefix(root)
                .unwrap_or(&file)
                .display()
                .to_string();
            whole.extend(format!("{name} {}\n", hash(&bytes)).into_bytes());
        }
    }
    Ok(hash(&whole))
}

/// Hash of all files below a folder, prose and descriptions left out.
pub fn folder_hash(folder: &Path) -> Result<String> {
    let mut whole = Vec::new();
    for file in files_below(folder).iter().filter(|file| !is_prose(file)) {
        let bytes = content(file)?;
        let name = file.strip_prefix(folder).unwrap_or(file).display();
        whole.extend(format!("{name} {}\n", hash(&bytes)).into_bytes());
    }
    Ok(hash(&whole))
}

/// What is in a file; of a link, where it leads.
fn content(file: &Path) -> Result<Vec<u8>> {
    let bytes = match fs::read_link(file) {
        Ok(target) => Ok(target.into_os_string().into_encoded_bytes()),
        Err(_) => fs::read(file),
    };
    bytes.with_context(|| format!("cannot read {}", file.display()))
}

/// Whether a file is no source of any build: prose, and a contender's description. What of the
/// description bears on answers is part of what was verified, by [`crate::state::study_hash`]; how
/// it is built was in no hash when all descriptions stood in one file.
fn is_prose(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "md")
        || file.file_name().is_some_and(|name| name == DESCRIPTION)
}

/// Copies a tree without what git would ignore, and with new times of modification.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let copied = match fs::read_link(&file) {
            Ok(leads_to) => std::os::unix::fs::symlink(leads_to, &target),
            Err(_) => fs::copy(&file, &target).map(drop),
        };
        copied.with_context(|| format!("cannot copy to {}", target.display()))?;
    }
    Ok(())
}

/// Copies the whole tree for a build. No build sees the mistakes of contenders, or setuptools might
/// take them for a package.
pub fn copy_for_build(study: &Study, to: &Path) -> Result<()> {
    copy_tree(&study.root(), to)?;
    for contender in study.contenders.iter().filter(|c| !c.is_peer()) {
        let mistakes = to.join(contender.mistakes());
        if mistakes.is_dir() {
            fs::remove_dir_all(mistakes)?;
        }
    }
    Ok(())
}

/// Lines of code of a built copy of the tree, by what the study says the files are.
pub fn count_lines(copy: &Path, patterns: &LinePatterns) -> Result<Lines> {
    Ok(Lines {
        kernel: lines_of(copy, &patterns.kernel)?,
        glue: lines_of(copy, &patterns.glue)?,
        configuration: lines_of(copy, &patterns.configuration)?,
        stubs: lines_of(copy, &patterns.stubs)?,
        generated: lines_of(copy, &patterns.generated)?,
    })
}

fn lines_of(copy: &Path, patterns: &[String]) -> Result<usize> {
    let files = matching(copy, patterns)?;
    let lines = |file: &PathBuf| -> Result<usize> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(code_lines(file, &text))
    };
    files.iter().map(lines).sum()
}

/// The files below a folder that some pattern is for, generated ones included.
pub fn matching(copy: &Path, patterns: &[String]) -> Result<Vec<PathBuf>> {
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let mut overrides = OverrideBuilder::new(copy);
    for pattern in patterns {
        overrides
            .add(pattern)
            .with_context(|| format!("in the line pattern '{pattern}'"))?;
    }
    let overrides = overrides.build()?;
    let mut walk = WalkBuilder::new(copy);
    // What git ignores counts here: it is what the build generated.
    walk.standard_filters(false).overrides(overrides);
    let files = walk.build().filter_map(Result::ok);
    let kept = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut kept: Vec<_> = kept.map(ignore::DirEntry::into_path).collect();
    kept.sort();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_code_only_and_patterns_choose_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a/build")).unwrap();
        fs::write(
            root.join("a/k.c"),
            "/* doc\n   more */\nint f(void) {\n\n  return 1; // one\n}\n",
        )
        .unwrap();
        fs::write(
            root.join("a/g.py"),
            "\"\"\"Doc.\n\nMore.\n\"\"\"\n# why\nx = 1\n\ny = 2\n",
        )
        .unwrap();
        fs::write(root.join("a/build/gen.c"), "int x;\n").unwrap();
        let patterns = LinePatterns {
            kernel: vec!["/a/*.c".to_owned()],
            glue: vec!["/a/**/*.py".to_owned()],
            configuration: vec![],
            stubs: vec![],
            generated: vec!["/a/build/**/*.c".to_owned()],
        };
        let lines = count_lines(root, &patterns).unwrap();
        assert_eq!(
            lines,
            Lines {
                kernel: 3,
                glue: 2,
                configuration: 0,
                stubs: 0,
                generated: 1
            }
        );
    }

    #[test]
    fn a_link_is_copied_as_a_link_and_its_lines_count_once() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("a/kernel")).unwrap();
        fs::create_dir_all(from.join("b")).unwrap();
        fs::write(from.join("a/kernel/k.c"), "int x;\n").unwrap();
        std::os::unix::fs::symlink("../a/kernel", from.join("b/kernel")).unwrap();
        std::os::unix::fs::symlink("../a/kernel/k.c", from.join("b/k.c")).unwrap();
        copy_tree(&from, &to).unwrap();
        assert_eq!(
            fs::read_to_string(to.join("b/kernel/k.c")).unwrap(),
            "int x;\n"
        );
        assert_eq!(
            matching(&to, &["*.c".to_owned()]).unwrap(),
            [to.join("a/kernel/k.c")]
        );
        let before = folder_hash(&from).unwrap();
        assert_eq!(folder_hash(&to).unwrap(), before);
    }

    #[test]
    fn the_source_hash_sees_the_sources_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a/variants/v")).unwrap();
        fs::create_dir_all(root.join("a/mistakes/m")).unwrap();
        fs::write(root.join("a/k.c"), "1").unwrap();
        fs::write(root.join("shared.c"), "1").unwrap();
        fs::write(root.join(".gitignore"), "build/\n").unwrap();
        let contender: Contender =
            toml::from_str("name='a'\ntitle='A'\nfolder='a'\nmodule='a'\nsources=['shared.c']")
                .unwrap();
        let now = || source_hash(root, &contender).unwrap();
        let before = now();
        fs::write(root.join("a/README.md"), "words").unwrap();
        fs::write(root.join("a/contender.toml"), "[[contender]]").unwrap();
        fs::write(root.join("a/mistakes/m/wrong.c"), "1").unwrap();
        fs::write(root.join("a/variants/v/k.c"), "2").unwrap();
        fs::create_dir_all(root.join("a/build")).unwrap();
        fs::write(root.join("a/build/x.o"), "2").unwrap();
        assert_eq!(now(), before);
        fs::write(root.join("shared.c"), "2").unwrap();
        assert_ne!(now(), before);
    }
}
