//! What every verb that runs Python starts from: the study, the interpreter and the state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::cli::Common;
use crate::effort::facts::inspect;
use crate::environment::Python;
use crate::protocol::{Reply, Request, WorkerCase};
use crate::state::{State, study_hash};
use crate::study::{Case, Contender, Study};
use crate::version::satisfies;
use crate::worker::{Died, Worker};

/// Minor versions of Python 3 that can be measured.
const MINORS: std::ops::Range<u32> = 10..16;

/// The longest silence to bear of a worker that runs no case.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Session {
    /// The study, narrowed to what `--only` and `--filter` ask for, and by [`Session::narrow`].
    pub study: Study,
    /// Hash of the whole study.
    pub study_hash: String,
    pub python: PathBuf,
    pub interpreter: Worker,
    pub state: State,
    /// Contenders that are not for this interpreter, and why.
    pub left_out: BTreeMap<String, String>,
}

impl Session {
    pub fn open(common: &Common) -> Result<Self> {
        let mut study = Study::load(&common.study)?;
        let study_hash = study_hash(&study)?;
        study.narrow(&common.only, common.filter.as_ref(), common.skip.as_ref())?;
        let python = find(&common.python)?;
        refuse_unsupported(&python)?;
        let state = State::open(&study, &python)?;
        for contender in study.contenders.iter_mut().filter(|c| c.own_site) {
            contender.site = Some(state.site(&contender.name));
        }
        let memory = study.header.memory_limit_mb.saturating_mul(1_000_000);
        let interpreter = Worker::new(&python, &state.folder, memory)?;
        let mut left_out = BTreeMap::new();
        if study.contenders.iter().any(|c| !c.oldest_python.is_empty()) {
            left_out = study.without_newer(&interpreter.facts()?.version);
        }
        Ok(Self {
            study,
            study_hash,
            python,
            interpreter,
            state,
            left_out,
        })
    }

    /// Leaves out what the profile does not have, peers that are not installed, and cases that need
    /// a Python module which is not there; gives the reasons for these.
    pub fn narrow(&mut self, common: &Common) -> Result<BTreeMap<String, String>> {
        self.study
            .without_optional(common.profile(), &common.only, common.filter.is_some())?;
        let peers = || self.study.contenders.iter().filter(|c| c.is_peer());
        let needed = self.study.cases.iter().flat_map(|c| &c.needs);
        let modules: BTreeSet<&str> = needed
            .chain(peers().map(|c| &c.module))
            .map(String::as_str)
            .collect();
        let distributions: BTreeSet<&str> = peers()
            .flat_map(|c| &c.distributions)
            .map(String::as_str)
            .collect();
        let mut left_out = self.left_out.clone();
        if modules.is_empty() {
            return Ok(left_out);
        }
        let (modules, distributions) = (Vec::from_iter(modules), Vec::from_iter(distributions));
        let present = self.interpreter.present(&modules, &distributions)?;
        left_out.extend(self.study.without_absent(&present));
        self.study.cases.retain(|case| {
            let missing = case.needs.iter().find(|name| !present.contains(name));
            if let Some(name) = missing {
                let reason = format!("the Python module {name} is not installed");
                left_out.insert(case.name.clone(), reason);
            }
            missing.is_none()
        });
        Ok(left_out)
    }

    /// What the interpreter says of itself.
    pub fn facts(&self) -> Result<Python> {
        self.interpreter.facts()
    }

    /// Some cases of one contender, as the worker knows them.
    pub fn cases<'a>(
        &self,
        contender: &Contender,
        cases: &[&'a Case],
    ) -> impl Iterator<Item = WorkerCase<'a>> {
        let seed = self.study.header.seed;
        let cases = cases.iter();
        cases.map(move |case| WorkerCase::of(case, seed, contender))
    }

    /// Asks the interpreter's worker, and bears silence as long as the study says of each case.
    pub fn ask(
        &self,
        request: &Request,
        receive: impl FnMut(Reply) -> Result<()>,
    ) -> Result<Result<usize, Died>> {
        self.interpreter
            .ask(request, &|case| self.patience(case), receive)
    }

    /// The longest silence to bear in a case.
    pub fn patience(&self, case: &str) -> Duration {
        let case = self.study.case(case);
        case.map_or(PATIENCE, |case| Duration::from_secs_f64(case.timeout))
    }
}

/// One sentence for an interpreter that neither the worker nor the contenders are written for.
fn refuse_unsupported(python: &Path) -> Result<()> {
    let found = inspect(python)
        .with_context(|| format!("{} is not a Python interpreter", python.display()))?;
    let measured = found.name.starts_with("CPython ") && { MINORS }
        .any(|minor| satisfies(&found.version, &format!(">=3.{minor},<3.{}", minor + 1)));
    ensure!(
        measured,
        "{} is {}, and only CPython 3.{} to 3.{} can be measured: give another with --python",
        python.display(),
        found.name,
        MINORS.start,
        MINORS.end - 1
    );
    Ok(())
}

/// An interpreter given by path, or by a name that is looked up in `PATH`. Links are not
/// followed: a virtual environment is recognised by the link.
fn find(python: &Path) -> Result<PathBuf> {
    let candidates: Vec<PathBuf> = if python.components().count() > 1 {
        vec![std::path::absolute(python)?]
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .map(|folder| folder.join(python))
            .collect()
    };
    let found = candidates.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| {
        anyhow::anyhow!(
            "there is no Python at {}: give another with --python",
            python.display()
        )
    })
}
