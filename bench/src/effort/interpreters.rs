//! Portability by doing: every interpreter gets the wheel, or one that is built for it, in a fresh
//! environment, imports it and puts it through the study's corpus.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;

use super::builds::{Sequence, empty, execute, last_lines};
use super::facts::inspect;
use super::known::{bare, pip, with_network};
use super::shipped::only_wheel;
use super::values::{Fit, Fitness, Shipped, TriedInterpreter};
use super::{filled, in_its_words, unless_interrupted};
use crate::files::hash;
use crate::session::Session;
use crate::study::Contender;
use crate::version::{numbers, satisfies};

/// Variable that names the interpreters to try, instead of those that are found.
pub const CHOICE: &str = "PYTHONS";

const IMPORT: &str = include_str!("import_it.py");

/// Minor versions of Python 3 that are looked for.
const MINORS: std::ops::Range<u32> = 6..30;

/// What `import_it.py` prints: whether the GIL was on before the import and after it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gil {
    before: bool,
    after: bool,
}

/// The interpreters that the user chose, or all that are found; the measured one is always first.
/// Those that were chosen and do not work are given with the reason.
pub fn discover(session: &Session) -> (Vec<TriedInterpreter>, Vec<String>) {
    let chosen = std::env::var(CHOICE).unwrap_or_default();
    let chosen: Vec<PathBuf> = chosen.split_whitespace().map(PathBuf::from).collect();
    let mut candidates = vec![session.python.clone()];
    if chosen.is_empty() {
        candidates.extend(found());
    } else {
        candidates.extend(chosen.iter().cloned());
    }
    let mut interpreters: Vec<TriedInterpreter> = Vec::new();
    let mut broken = Vec::new();
    let mut names = BTreeSet::new();
    for candidate in candidates {
        match inspect(&candidate) {
            Ok(interpreter) if names.insert(interpreter.name.clone()) => {
                interpreters.push(interpreter);
            }
            Err(error) if chosen.contains(&candidate) => {
                broken.push(format!("{}: {error:#}", candidate.display()));
            }
            // One that is known already, or something on the PATH that cannot say what it is.
            Ok(_) | Err(_) => {}
        }
    }
    // The measured one first, then by version.
    if let Some((_, others)) = interpreters.split_first_mut() {
        others.sort_by_key(|i| (i.free_threaded, numbers(&i.version)));
    }
    (interpreters, broken)
}

/// Programs that look like interpreters: on the `PATH`, and where pyenv and uv keep theirs.
fn found() -> Vec<PathBuf> {
    let mut names = vec![
        "python3".to_owned(),
        "pypy3".to_owned(),
        "graalpy".to_owned(),
    ];
    for minor in MINORS {
        names.extend(["python3", "pypy3"].map(|name| format!("{name}.{minor}")));
        names.push(format!("python3.{minor}t"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .filter(|file| file.is_file())
        .collect();
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let pyenv = std::env::var_os("PYENV_ROOT").map_or_else(|| home.join(".pyenv"), PathBuf::from);
    for versions in [pyenv.join("versions"), home.join(".local/share/uv/python")] {
        let entries = fs::read_dir(versions).into_iter().flatten().flatten();
        let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
        folders.sort();
        let programs = folders.iter().map(|folder| folder.join("bin/python3"));
        all.extend(programs.filter(|file| file.is_file()));
    }
    all
}

/// Where an interpreter's environments lie, and what has been made of them.
pub struct Workshop<'a> {
    session: &'a Session,
    interpreter: &'a TriedInterpreter,
    place: PathBuf,
    /// Its environment with the locked tools, and the folder with their wheels; made when first
    /// needed.
    tools: Option<Result<(PathBuf, PathBuf), String>>,
}

impl<'a> Workshop<'a> {
    pub fn new(session: &'a Session, interpreter: &'a TriedInterpreter) -> Self {
        let slug = interpreter.name.to_lowercase().replace(' ', "-");
        Self {
            session,
            interpreter,
            place: session.state.folder.join("interpreters").join(slug),
            tools: None,
        }
    }

    /// Tries a contender's wheel, and where it is for others only, one that is built here.
    /// Only an interruption is an error.
    pub fn fit(&mut self, contender: &Contender, wheel: &Path, shipped: &Shipped) -> Result<Fit> {
        let fit = |outcome, words| Fit {
            outcome,
            words,
            gil_turned_on: None,
        };
        if let Some(needs) = &shipped.requires_python
            && !satisfies(&self.interpreter.version, needs)
        {
            let reason = format!("it is for Python {needs}");
            return Ok(fit(Fitness::DoesNotApply, reason));
        }
        if !shipped.packages.is_empty()
            && let Some(reason) = self.lacks_tools()?
        {
            return Ok(fit(Fitness::NotTried, reason));
        }
        let installed = self.install(contender, wheel, shipped);
        let Err(error) = unless_interrupted(installed)? else {
            return self.put_to_the_test(contender, Fitness::Serves);
        };
        let words = in_its_words(self.session, &error);
        if !words.contains("is not a supported wheel on this platform") {
            return Ok(fit(Fitness::Fails, words));
        }
        if let Some(reason) = self.lacks_tools()? {
            return Ok(fit(Fitness::NotTried, reason));
        }
        let built = self.build(contender);
        let installed = built.and_then(|wheel| self.install(contender, &wheel, shipped));
        match unless_interrupted(installed)? {
            Ok(()) => self.put_to_the_test(contender, Fitness::Rebuilt),
            Err(error) => Ok(fit(
                Fitness::DoesNotBuild,
                in_its_words(self.session, &error),
            )),
        }
    }

    /// Why the locked tools cannot be had for this interpreter, if so: for want of network, say.
    fn lacks_tools(&mut self) -> Result<Option<String>> {
        let tools = unless_interrupted(self.tools())?;
        Ok(tools.err().map(|error| in_its_words(self.session, &error)))
    }

    fn environment(&self) -> PathBuf {
        self.place.join("environment")
    }

    /// Installs a wheel into a fresh environment, with what it needs to run.
    fn install(&mut self, contender: &Contender, wheel: &Path, shipped: &Shipped) -> Result<()> {
        let wheels = if shipped.packages.is_empty() {
            None
        } else {
            Some(self.tools()?.1)
        };
        let environment = empty(&self.environment())?;
        let log = self.place.join("install.log");
        let mut venv = bare(&self.interpreter.path);
        venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
        execute(&venv, None, &log).context("cannot make an environment")?;
        let python = environment.join("bin/python");
        // Its own pip, as the measured environment has it, working on the other one.
        let mut pip = pip(&self.session.python, &["--python"])?;
        pip.arg(&python);
        pip.args(["install", "--quiet", "--no-index"]);
        if let Some(wheels) = wheels {
            pip.arg("--find-links").arg(wheels);
        }
        pip.arg(wheel);
        execute(&pip, None, &log)
            .with_context(|| format!("cannot install {}", contender.module))?;
        Ok(())
    }

    /// Imports what was installed, and puts it through the corpus.
    fn put_to_the_test(&self, contender: &Contender, good: Fitness) -> Result<Fit> {
        let log = self.place.join("test.log");
        let python = self.environment().join("bin/python");
        let run = |arguments: &[String]| -> Result<String> {
            let mut command = bare(&python);
            command
                .arg("-I")
                .args(arguments)
                .current_dir(self.session.study.root());
            execute(&command, None, &log)?;
            Ok(last_lines(&fs::read_to_string(&log)?)
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned())
        };
        let tried = || -> Result<Fit> {
            let probe = self.place.join("import_it.py");
            fs::write(&probe, IMPORT)?;
            let said = run(&[probe.display().to_string(), contender.module.clone()])?;
            let gil: Gil =
                serde_json::from_str(&said).with_context(|| format!("the import said: {said}"))?;
            let corpus = &self.session.study.effort.corpus;
            let words = if corpus.is_empty() {
                "it imports".to_owned()
            } else {
                run(&filled(corpus, &[("{module}", &contender.module)]))?
            };
            Ok(Fit {
                outcome: good,
                words,
                gil_turned_on: (!gil.before).then_some(gil.after),
            })
        };
        let failed = |error| Fit {
            outcome: Fitness::Fails,
            words: in_its_words(self.session, &error),
            gil_turned_on: None,
        };
        Ok(unless_interrupted(tried())?.unwrap_or_else(failed))
    }

    /// Builds a wheel with this interpreter.
    fn build(&mut self, contender: &Contender) -> Result<PathBuf> {
        let (python, _) = self.tools()?;
        let sequence = Sequence {
            session: self.session,
            contender,
            python: &python,
            toolchain: None,
            cores: None,
            place: self.place.join("build"),
            cache: Some(self.session.state.folder.join("interpreters/cache")),
        };
        sequence.build_fresh_copy()?;
        only_wheel(&sequence.wheels())
    }

    /// The interpreter of an environment with the locked tools, and the folder of their wheels.
    fn tools(&mut self) -> Result<(PathBuf, PathBuf)> {
        if self.tools.is_none() {
            let made = unless_interrupted(self.make_tools())?;
            self.tools = Some(made.map_err(|error| in_its_words(self.session, &error)));
        }
        match &self.tools {
            Some(Ok(made)) => Ok(made.clone()),
            Some(Err(message)) => Err(anyhow!("{message}")),
            None => unreachable!("it was made just now"),
        }
    }

    fn make_tools(&self) -> Result<(PathBuf, PathBuf)> {
        let requirements = self.session.study.effort.requirements.as_ref();
        let requirements = requirements.context("the study names no requirements of the build")?;
        let requirements = self.session.study.root().join(requirements);
        let stamp = self.place.join("tools.stamp");
        let (folder, wheels) = (self.place.join("tools"), self.place.join("wheels"));
        let python = folder.join("bin/python");
        let identity = hash(&fs::read(&requirements)?);
        if fs::read_to_string(&stamp).is_ok_and(|of| of == identity) {
            return Ok((python, wheels));
        }
        empty(&folder)?;
        empty(&wheels)?;
        let log = self.place.join("tools.log");
        let mut venv = bare(&self.interpreter.path);
        venv.args(["-m", "venv"]).arg(&folder);
        execute(&venv, None, &log).context("cannot make an environment for the build")?;
        let locked = |mut command: Command| -> Result<()> {
            command.args(["--quiet", "--require-hashes", "--only-binary", ":all:"]);
            command.arg("--requirement").arg(&requirements);
            execute(&command, None, &log)?;
            Ok(())
        };
        let folder = wheels.display().to_string();
        let mut download = pip(&python, &["download", "--dest", &folder])?;
        with_network(&mut download);
        locked(download).context("cannot download the locked tools of the build for it")?;
        locked(pip(
            &python,
            &["install", "--no-index", "--find-links", &folder],
        )?)
        .context("cannot install the locked tools of the build for it")?;
        ensure!(python.is_file(), "there is no {}", python.display());
        fs::write(&stamp, identity)?;
        Ok((python, wheels))
    }

    /// Leaves only what the next time can use again.
    pub fn clear(&self) {
        for name in ["environment", "build"] {
            let _ = fs::remove_dir_all(self.place.join(name));
        }
    }
}
