//! The files of a study, joined into one text; and on which line of which file something stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use toml::de::{DeTable, DeValue, Error};

/// A study is one text in one or more files: those that it includes are read as if they stood at
/// the end of it. So a table means the same wherever it stands, and nothing that is derived from
/// a study depends on how it is split.
pub struct Files {
    pub text: String,
    files: Vec<File>,
}

struct File {
    /// As it is shown, and as it can be opened.
    path: PathBuf,
    /// Where it begins in the text.
    begin: usize,
}

/// A line of a file.
#[derive(Clone, Debug)]
pub struct FileLine {
    pub path: PathBuf,
    pub line: usize,
}

/// What is read of a study to know its files.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    include: Vec<String>,
}

impl Files {
    pub fn read(path: &Path) -> Result<Self> {
        let mut files = Self {
            text: String::new(),
            files: Vec::new(),
        };
        files.add(path)?;
        let header: Header = toml::from_str(&files.text).map_err(|e| files.error(&e))?;
        // A folder without a name cannot be read.
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let folder = parent.unwrap_or(Path::new("."));
        let mut seen = BTreeSet::from([path.canonicalize()?]);
        for pattern in &header.include {
            let found = matching(folder, pattern);
            ensure!(
                !found.is_empty(),
                "in the study {}: `include` names {pattern}, and there is no such file",
                path.display()
            );
            for file in found {
                // What was named before stays where it was, and a pattern adds the others.
                if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                    files.add_included(&file)?;
                }
            }
        }
        Ok(files)
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the study {}", path.display()))?;
        self.files.push(File {
            path: path.to_owned(),
            begin: self.text.len(),
        });
        self.text.push_str(&text);
        self.text.push('\n');
        Ok(())
    }

    /// Adds a file that may hold tables only: any other key would become one of the last table of
    /// the file before.
    fn add_included(&mut self, path: &Path) -> Result<()> {
        let begin = self.text.len();
        self.add(path)?;
        // A fault is looked for in the file alone, or the next one would be told of it.
        let alone = DeTable::parse(&self.text[begin..])
            .map_err(|e| self.report(begin + e.span().map_or(0, |span| span.start), e.message()))?;
        for (key, value) in alone.get_ref() {
            let is_table = match value.get_ref() {
                DeValue::Table(_) => true,
                DeValue::Array(items) => items.iter().all(|item| item.get_ref().is_table()),
                _ => false,
            };
            let line = self.line(begin + key.span().start);
            ensure!(
                is_table,
                "in the study {line}: {} is outside of a table, and only the first file of a study \
                 may have such a key",
                key.get_ref()
            );
        }
        Ok(())
    }

    /// The study, and where each entry of its lists stands.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<(T, EntryLines)> {
        let study = toml::from_str(&self.text).map_err(|e| self.error(&e))?;
        let mut lines = EntryLines::default();
        let whole = DeTable::parse(&self.text).map_err(|e| self.error(&e))?;
        for (key, value) in whole.get_ref() {
            for item in value.get_ref().as_array().into_iter().flatten() {
                lines.add(key.get_ref(), self.line(item.span().start));
            }
        }
        Ok((study, lines))
    }

    fn error(&self, error: &Error) -> anyhow::Error {
        self.report(error.span().map_or(0, |span| span.start), error.message())
    }

    /// An error at some byte of the text, with the line that stands there.
    fn report(&self, at: usize, message: &str) -> anyhow::Error {
        let at = at.min(self.text.len());
        let begin = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        anyhow!("in the study {}: {message}\n  {line}", self.line(at))
    }

    fn line(&self, at: usize) -> FileLine {
        let mut files = self.files.iter().rev();
        let file = files.find(|file| file.begin <= at);
        let file = file.unwrap_or(&self.files[0]);
        FileLine {
            path: file.path.clone(),
            line: 1 + self.text[file.begin..at].matches('\n').count(),
        }
    }
}

/// Where each entry of each list of a study stands.
#[derive(Default)]
pub struct EntryLines(BTreeMap<String, Vec<FileLine>>);

impl EntryLines {
    pub fn of(&self, list: &str) -> &[FileLine] {
        self.0.get(list).map_or(&[], Vec::as_slice)
    }

    pub fn take(&mut self, list: &str) -> Vec<FileLine> {
        self.0.remove(list).unwrap_or_default()
    }

    pub fn add(&mut self, list: &str, line: FileLine) {
        self.0.entry(list.to_owned()).or_default().push(line);
    }
}

impl std::fmt::Display for FileLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, line {}", self.path.display(), self.line)
    }
}

/// The files that a path stands for, sorted. A `*` stands for any text within a name that does not
/// begin with a dot.
fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for part in pattern.split('/') {
        found = match part.split_once('*') {
            None => found.iter().map(|path| path.join(part)).collect(),
            Some((begin, end)) => {
                let fits = |name: &str| {
                    name.len() >= begin.len() + end.len()
                        && name.starts_with(begin)
                        && name.ends_with(end)
                        && !name.starts_with('.')
                };
                let entries = found.iter().filter_map(|path| fs::read_dir(path).ok());
                let names = entries.flatten().filter_map(Result::ok);
                let fitting = names.filter(|entry| entry.file_name().to_str().is_some_and(fits));
                let mut fitting: Vec<_> = fitting.map(|entry| entry.path()).collect();
                fitting.sort();
                fitting
            }
        };
    }
    found.retain(|path| path.is_file());
    found
}

#[cfg(test)]
mod tests {
    use super::super::Study;
    use super::*;

    const HEADER: &str = "[study]\nname = \"s\"\ntitle = \"S\"\nprelude = \"p.py\"\n\
                          reference = \"a\"\nbaseline = \"b\"\nseed = 1\n\
                          [profile.default]\nblocks = 2\nrounds = 2\n\
                          [built_with.make]\ntools = [\"make\"]\nfetch = [\"get\", \"{module}\"]\n\
                          lines.kernel = [\"./*.c\"]\nlines.stubs = [\"./*.pyi\"]\n";
    const CASES: &str = "[[case]]\nname = \"g/x\"\nabout = \"\"\ncall = \"f()\"\n";

    fn contender(name: &str) -> String {
        format!("[[contender]]\nname = \"{name}\"\ntitle = \"T\"\nmodule = \"m_{name}\"\n")
    }

    /// Loads a study of two contenders in folders of their own, with one file changed.
    fn load(file: &str, change: impl Fn(String) -> String) -> Result<Study> {
        let folder = tempfile::tempdir()?;
        let include = "include = [\"b/contender.toml\", \"*/contender.toml\", \"cases/g.toml\"]\n";
        for (name, text) in [
            ("study.toml", format!("{include}{HEADER}")),
            ("a/contender.toml", contender("a")),
            ("b/contender.toml", contender("b")),
            ("cases/g.toml", CASES.to_owned()),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap())?;
            fs::write(&path, if name == file { change(text) } else { text })?;
        }
        Study::load(&folder.path().join("study.toml"))
    }

    fn error(file: &str, change: impl Fn(String) -> String) -> String {
        format!("{:#}", load(file, change).unwrap_err())
    }

    #[test]
    fn a_pattern_gives_what_was_not_named_before_it() {
        let study = load("", |text| text).unwrap();
        let names: Vec<_> = study.contenders.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(study.contenders[0].folder, "b");
        assert_eq!(study.cases.len(), 1);
    }

    #[test]
    fn a_record_is_the_same_however_the_study_is_split() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.toml");
        let with_folder = |name: &str| contender(name) + &format!("folder = \"{name}\"\n");
        let whole = [HEADER, &with_folder("b"), &with_folder("a"), CASES].concat();
        fs::write(&path, whole).unwrap();
        let text = |study: Study| serde_json::to_string(&study).unwrap();
        let whole = text(Study::load(&path).unwrap());
        assert_eq!(whole, text(load("", |text| text).unwrap()));
    }

    #[test]
    fn what_a_contender_does_not_say_is_that_of_its_way_to_be_built() {
        let own = "built_with = \"make\"\nlines.kernel = [\"./src/*.c\", \"/shared/*.c\"]\n\
                   edit.glue = { file = \"./x.c\", old = \"1\", new = \"2\" }\n";
        let study = load("a/contender.toml", |text| text + own).unwrap();
        let a = study.contender("a").unwrap();
        assert_eq!(a.tools, ["make"]);
        assert_eq!(a.fetch, ["get", "m_a"]);
        assert_eq!(a.lines.kernel, ["/a/src/*.c", "/shared/*.c"]);
        assert_eq!(a.lines.stubs, ["/a/*.pyi"]);
        assert_eq!(a.edit.glue.as_ref().unwrap().file, "a/x.c");
        let unknown = |text: String| text + "built_with = \"ninja\"\n";
        let found = error("a/contender.toml", unknown);
        assert!(
            found.contains("names 'ninja'; the study has make"),
            "{found}"
        );
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        let other = |text: &str| text.to_owned();
        for (file, text, line, message) in [
            (
                "cases/g.toml",
                CASES.replace("about", "abuot"),
                "g.toml, line 3:",
                "unknown field `abuot`",
            ),
            (
                "cases/g.toml",
                CASES.replace("\"f()\"", "\"f()"),
                "g.toml, line 4:",
                "invalid basic string",
            ),
            (
                "cases/g.toml",
                format!("# One.\n{CASES}except = [\"c\"]"),
                "g.toml, line 2:",
                "case g/x names 'c', which is not a contender",
            ),
            (
                "cases/g.toml",
                format!("{CASES}\n{CASES}"),
                "g.toml, line 6:",
                "the name 'g/x' is used twice, first in",
            ),
            (
                "cases/g.toml",
                format!("{CASES}[[table]]\nname = \"t\"\nkind = \"slopes\"\ntitle = \"T\"\n"),
                "g.toml, line 5:",
                "table t: it needs `x`",
            ),
            (
                "a/contender.toml",
                contender("a") + "checks = [\"k\"]",
                "contender.toml, line 1:",
                "a names 'k', which is not a check",
            ),
            (
                "a/contender.toml",
                other("name = \"a\"\n"),
                "contender.toml, line 1:",
                "name is outside of a table",
            ),
            (
                "study.toml",
                other("include = [\"none.toml\"]"),
                "study.toml:",
                "`include` names none.toml, and there is no such file",
            ),
        ] {
            let found = error(file, |_| text.clone());
            assert!(found.contains(line) && found.contains(message), "{found}");
        }
    }

    #[test]
    fn what_a_contender_cannot_have_is_said_by_the_mistake() {
        let mistake = "[effort.mistakes]\nfolder = \"m\"\nbuild = []\nsanitizer = []\nlint = []\n\
                       seconds = 1\n[[mistake]]\nname = \"leak\"\ntitle = \"L\"\nabout = \"\"\n";
        let cannot = |of: &str| {
            format!(
                "{mistake}\n[[contender]]\nname = \"c\"\ntitle = \"C\"\n\
                                         folder = \"c\"\nmodule = \"c\"\ncannot.{of} = \"why\"\n"
            )
        };
        let study = load("study.toml", |text| text + &cannot("leak")).unwrap();
        assert_eq!(study.mistakes[0].cannot["c"], "why");
        let found = error("study.toml", |text| text + &cannot("lack"));
        assert!(
            found.contains("c says that it cannot have the mistake 'lack'"),
            "{found}"
        );
    }
}
