//! Builds of one contender: from nothing, with its dependencies compiled, after an edit of one
//! line, with nothing changed; on all cores and on one; with other toolchains.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::known::offline;
use super::launch::{is_there, launched};
use super::shipped::{self, only_wheel};
use super::values::{Builds, Cost, Start};
use super::{filled, in_its_words};
use crate::session::Session;
use crate::sources::copy_for_build;
use crate::study::{Contender, Edit, Toolchain};

/// How long one build may take.
pub const PATIENCE: Duration = Duration::from_secs(1800);

/// Lines of a failed build that go into the record.
const LAST_LINES: usize = 12;

/// Those that begin and are made like this, among others; added where there are none.
pub fn like<'b>(
    builds: &'b mut Vec<Builds>,
    start: Start,
    toolchain: Option<&Toolchain>,
    cores: Option<u32>,
) -> &'b mut Builds {
    let name = toolchain.map(|t| t.name.clone());
    let like = |b: &Builds| b.start == start && b.toolchain == name && b.cores == cores;
    let index = builds.iter().position(like).unwrap_or(builds.len());
    if index == builds.len() {
        builds.push(Builds {
            start,
            toolchain: name,
            cores,
            costs: Vec::new(),
            extension_bytes: None,
            failed: None,
        });
    }
    &mut builds[index]
}

/// Where and how one sequence of builds is made.
pub struct Sequence<'a> {
    pub session: &'a Session,
    pub contender: &'a Contender,
    /// The interpreter that is built for; its environment has the locked tools.
    pub python: &'a Path,
    pub toolchain: Option<&'a Toolchain>,
    pub cores: Option<u32>,
    /// Scratch folder of its own.
    pub place: PathBuf,
    /// Folder for compiled dependencies that outlives `place`; one below it when absent.
    pub cache: Option<PathBuf>,
}

impl Sequence<'_> {
    pub fn source(&self) -> PathBuf {
        self.place.join("source")
    }

    pub fn wheels(&self) -> PathBuf {
        self.place.join("wheels")
    }

    /// Where the compiled dependencies are kept.
    fn cache(&self) -> PathBuf {
        self.cache
            .clone()
            .unwrap_or_else(|| self.place.join("cache"))
    }

    /// Builds from a new copy of the sources, with whatever dependencies are compiled already.
    pub fn build_fresh_copy(&self) -> Result<Cost> {
        let copy = empty(&self.source())?;
        copy_for_build(&self.session.study, &copy)?;
        self.build()
    }

    /// Builds from nothing; leaves the wheel.
    pub fn build_from_nothing(&self, builds: &mut Vec<Builds>) -> Result<()> {
        empty(&self.cache())?;
        self.measured(builds, Start::Nothing, Self::build_fresh_copy)
    }

    /// Makes sure of what the builds to come begin with: compiled dependencies, or all built once.
    pub fn prepared(&self, builds: &mut Vec<Builds>) -> Result<()> {
        if self.contender.dependency_cache.is_some() {
            if !self.cache().is_dir() {
                return self.build_from_nothing(builds);
            }
        } else if !self.wheels().is_dir() {
            self.build_fresh_copy()?;
        }
        Ok(())
    }

    /// Builds a new copy with the dependencies compiled, where there are any.
    pub fn own_code(&self, builds: &mut Vec<Builds>) -> Result<()> {
        if self.contender.dependency_cache.is_some() {
            self.measured(builds, Start::Clean, Self::build_fresh_copy)?;
        }
        Ok(())
    }

    /// Builds from nothing, then with the dependencies compiled; leaves the wheel.
    pub fn fresh(&self, builds: &mut Vec<Builds>) -> Result<()> {
        self.build_from_nothing(builds)?;
        self.own_code(builds)
    }

    /// Builds again in what was built last: with nothing changed, and after the edits.
    pub fn again(&self, builds: &mut Vec<Builds>) -> Result<()> {
        self.measured(builds, Start::Unchanged, Self::build)?;
        let edits = [
            (Start::GlueEdit, &self.contender.edit.glue),
            (Start::KernelEdit, &self.contender.edit.kernel),
        ];
        for (start, edit) in edits {
            let Some(edit) = edit else { continue };
            let before = shipped::contents(&only_wheel(&self.wheels())?)?;
            self.apply(edit)?;
            self.measured(builds, start, |sequence| {
                let cost = sequence.build()?;
                // A build that does not notice the edit is fast, and worth nothing.
                ensure!(
                    shipped::contents(&only_wheel(&sequence.wheels())?)? != before,
                    "what was built after the edit of {} is what was built before",
                    edit.file
                );
                Ok(cost)
            })?;
        }
        Ok(())
    }

    /// Notes what a build took, or why it failed; an interruption alone is no failure.
    fn measured(
        &self,
        builds: &mut Vec<Builds>,
        start: Start,
        build: impl Fn(&Self) -> Result<Cost>,
    ) -> Result<()> {
        let outcome = build(self).and_then(|cost| {
            let wheel = only_wheel(&self.wheels())?;
            Ok((cost, shipped::native_bytes(&wheel)?))
        });
        let entry = like(builds, start, self.toolchain, self.cores);
        match outcome {
            Ok((cost, bytes)) => {
                entry.costs.push(cost);
                entry.extension_bytes = Some(bytes);
                Ok(())
            }
            Err(error) => {
                entry.failed = Some(in_its_words(self.session, &error));
                Err(error)
            }
        }
    }

    fn apply(&self, edit: &Edit) -> Result<()> {
        let path = self.source().join(&edit.file);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", edit.file))?;
        ensure!(
            text.matches(&edit.old).count() == 1,
            "the line to edit stands not once in {}: {}",
            edit.file,
            edit.old
        );
        // Some build tools compare whole seconds: an edit is never in the second of a build.
        std::thread::sleep(Duration::from_millis(1100));
        fs::write(&path, text.replace(&edit.old, &edit.new))?;
        Ok(())
    }

    fn build(&self) -> Result<Cost> {
        let wheels = empty(&self.wheels())?;
        let folder = self.source().join(&self.contender.folder);
        let arguments = filled(
            &self.contender.build,
            &[
                ("{python}", &self.python.display().to_string()),
                ("{wheels}", &wheels.display().to_string()),
                ("{folder}", &folder.display().to_string()),
            ],
        );
        let (program, rest) = arguments
            .split_first()
            .context("its build command is empty")?;
        let mut command = offline(program, self.python)?;
        command.args(rest).current_dir(self.source());
        if let Some(variable) = &self.contender.dependency_cache {
            command.env(variable, self.cache());
        }
        for (name, value) in self.toolchain.iter().flat_map(|t| &t.env) {
            let root = self.source().display().to_string();
            command.env(name, value.replace("{root}", &root));
        }
        execute(&command, self.cores, &self.place.join("build.log"))
    }
}

/// Why a toolchain cannot be used here.
pub fn missing(toolchain: &Toolchain) -> Option<String> {
    let program = toolchain.needs.as_ref()?;
    (!is_there(program.as_ref())).then(|| format!("{program} is not installed"))
}

/// Runs a command with its output in a log, and gives what it took; an error carries the log's
/// last lines.
pub fn execute(command: &Command, cores: Option<u32>, log: &Path) -> Result<Cost> {
    let (cost, status) = launched(command, cores, log, PATIENCE)?;
    if !status.success() {
        let text = String::from_utf8_lossy(&fs::read(log)?).into_owned();
        bail!(
            "the command ended with {status} (all it said: {}):\n{}",
            log.display(),
            last_lines(&text)
        );
    }
    cost.context("the launcher left no report")
}

pub fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

/// An empty folder at this place.
pub fn empty(folder: &Path) -> Result<PathBuf> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(e).with_context(|| format!("cannot empty {}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder.to_owned())
}
