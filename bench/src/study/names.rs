//! Which names and paths a study, or the study in a record, may give.
//!
//! A name becomes a file, a folder, an anchor of the page or a column, here or on another machine.
//! So every name is checked when it is read, and nobody who uses one has to.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use anyhow::{Context, Result, ensure};

use super::Study;

/// Bytes of a name at most: with an ending it is a file name everywhere.
const LONGEST: usize = 100;

/// What a name may have besides letters and digits.
const SIGNS: &str = " _-.,()=+%";

impl Study {
    /// # Errors
    ///
    /// When a name could lead out of its folder, or two names to the same file.
    pub fn names_fit(&self) -> Result<()> {
        let one = std::slice::from_ref::<String>;
        all("study", one(&self.header.name).iter(), component)?;
        all("profiles", self.profiles.keys(), component)?;
        let contenders = self.contenders.iter().map(|c| &c.name);
        all("contenders", contenders, components)?;
        all("cases", self.cases.iter().map(|c| &c.name), components)?;
        all("regimes", self.regimes.iter().map(|r| &r.name), component)?;
        all("checks", self.checks.iter().map(|c| &c.name), component)?;
        all("outcomes", self.outcomes.iter().map(|o| &o.name), component)?;
        all("tables", self.tables.iter().map(|t| &t.name), component)?;
        all("charts", self.charts.iter().map(|c| &c.file), component)?;
        all("guide", self.guide.data.iter().map(|d| &d.name), component)?;
        let toolchains = self.toolchains.iter().map(|t| &t.name);
        all("toolchains", toolchains, component)?;
        all("mistakes", self.mistakes.iter().map(|m| &m.name), component)?;
        self.paths_fit()
    }

    /// Every path below the root stays below it.
    fn paths_fit(&self) -> Result<()> {
        for contender in &self.contenders {
            let edits = [&contender.edit.kernel, &contender.edit.glue].into_iter();
            let own = Some(&contender.folder).filter(|_| !contender.is_peer());
            let paths = own.into_iter().chain(&contender.sources);
            for path in paths.chain(edits.flatten().map(|edit| &edit.file)) {
                below(path).with_context(|| contender.name.clone())?;
            }
        }
        let effort = &self.effort;
        let mistakes = effort.mistakes.iter().map(|mistakes| &mistakes.folder);
        let of_effort = effort.empty_package.iter().chain(&effort.requirements);
        let of_header = self.header.packages.iter().chain(&self.header.locks);
        mistakes
            .chain(of_effort)
            .chain(of_header)
            .try_for_each(|path| below(path))
    }
}

/// Whether each name is fit, and none is that of another but for capitals and separators.
fn all<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String>,
    fit: fn(&str) -> Result<()>,
) -> Result<()> {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for name in names {
        fit(name).context(what.to_owned())?;
        let folded = name.to_lowercase().replace([' ', '/'], "-");
        if let Some(other) = seen.insert(folded, name) {
            ensure!(other != name, "{what}: the name '{name}' is used twice");
            anyhow::bail!("{what}: '{other}' and '{name}' would be the same file somewhere");
        }
    }
    Ok(())
}

/// A name that may be a file's.
pub fn component(name: &str) -> Result<()> {
    ensure!(
        !name.contains('/'),
        "{name:?} contains a '/', which is not allowed in this name"
    );
    components(name)
}

/// A name of one or more parts, each of which may be a file's.
pub fn components(name: &str) -> Result<()> {
    let fits = |part: &str| {
        part.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || SIGNS.contains(c))
            && !part.ends_with(['.', ' '])
    };
    ensure!(
        name.len() <= LONGEST && name.split('/').all(fits),
        "{name:?} is not a name: a name has at most {LONGEST} bytes. It begins with a letter, a digit or \
         '_', contains only these and {SIGNS:?}, and does not end in '.' or a space"
    );
    Ok(())
}

/// A path that does not leave the folder that it is relative to.
fn below(path: &str) -> Result<()> {
    let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    ensure!(
        !path.is_empty()
            && !path.contains(char::is_control)
            && Path::new(path).components().all(stays),
        "{path:?} is not a path below the root of the study"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_a_file_and_nothing_else() {
        for name in [
            "a",
            "c_ext/abi3",
            "growth/1,000 (x=0.5)",
            "_x",
            "größe/2+2%",
        ] {
            components(name).unwrap();
        }
        let long = "x".repeat(LONGEST + 1);
        for name in [
            "",
            "..",
            ".",
            "../a",
            "a/../b",
            "/a",
            "a//b",
            "a/",
            ".hidden",
            "-rf",
            "=1+1",
            "a\\b",
            "a\0b",
            "a\nb",
            "\u{1b}[31m",
            "<b>",
            "a|b",
            "a`b",
            "a'b",
            "a\"b",
            "a&b",
            "a.",
            "a ",
            "a\u{202e}b",
            &long,
        ] {
            assert!(components(name).is_err(), "{name:?}");
            assert!(component(name).is_err(), "{name:?}");
        }
        assert!(component("a/b").is_err());
    }

    #[test]
    fn two_names_are_never_one_file() {
        let unique = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            all("charts", names.iter(), components)
        };
        unique(&["a", "b", "a/b"]).unwrap();
        for names in [
            ["a", "a"],
            ["a", "A"],
            ["a/b", "a-b"],
            ["a b", "a-b"],
            ["é", "É"],
        ] {
            assert!(unique(&names).is_err(), "{names:?}");
        }
    }

    #[test]
    fn a_path_stays_below_the_root() {
        for path in [".", "a", "a/b.toml", "./a"] {
            below(path).unwrap();
        }
        for path in ["", "/a", "..", "a/../../b", "a\nb"] {
            assert!(below(path).is_err(), "{path:?}");
        }
    }
}
