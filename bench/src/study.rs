//! The study: contenders, checks, cases and charts, as `study.toml` declares them.
//!
//! This is all that the harness knows of what it measures. [`Study::load`] reads the file and those
//! that it includes, expands each case over its parameters and refuses what does not fit together.

mod cases;
mod contenders;
mod describe;
mod display;
mod effort;
mod files;
mod names;
mod parts;
mod selection;
mod validate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use describe::{BuiltWith, Peer};
use files::Files;

pub use cases::{Case, Check, Experiment, Gate, Goal, NativeBenchmarks, Regime};
pub use contenders::{Contender, Edit, Edits, LinePatterns};
pub use display::{
    ChartKind, ChartSpec, Guide, Part, Step, SupportedPythons, TableKind, TableSpec,
};
pub use effort::{EffortPlan, Mistake, MistakesPlan, Toolchain};
pub use names::{component, components};
pub use validate::measures;

/// The file in which a contender is described, in its own folder.
pub const DESCRIPTION: &str = "contender.toml";

/// Where in its folder a contender's mistakes are.
pub const MISTAKES: &str = "mistakes";

/// A study, checked and expanded.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Other files that belong to it, relative to `study.toml`. A record holds what they say.
    #[serde(default, skip_serializing)]
    #[expect(dead_code)] // It is a key of the text, and `files` has read it.
    include: Vec<String>,
    #[serde(rename = "study")]
    pub header: Header,
    #[serde(rename = "profile")]
    pub profiles: BTreeMap<String, Profile>,
    /// What contenders that are built in the same way have in common. Theirs after loading.
    #[serde(default, skip_serializing)]
    built_with: BTreeMap<String, BuiltWith>,
    /// In this order in every table; after loading the peers are the last of them.
    #[serde(rename = "contender")]
    pub contenders: Vec<Contender>,
    /// What others install for the same job. Empty after loading: a peer is a contender by then.
    #[serde(rename = "peer", default, skip_serializing)]
    peers: Vec<Peer>,
    #[serde(rename = "check", default)]
    pub checks: Vec<Check>,
    /// What the groups of cases are about, in the order of the catalogue.
    #[serde(rename = "regime", default)]
    pub regimes: Vec<Regime>,
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
    #[serde(rename = "outcome", default)]
    pub outcomes: Vec<Experiment>,
    pub criterion: Option<NativeBenchmarks>,
    #[serde(rename = "gate", default)]
    pub gates: Vec<Gate>,
    #[serde(rename = "table", default)]
    pub tables: Vec<TableSpec>,
    #[serde(rename = "chart", default)]
    pub charts: Vec<ChartSpec>,
    /// How much faster something should be than something else.
    #[serde(rename = "goal", default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Goal>,
    #[serde(default)]
    pub guide: Guide,
    #[serde(default)]
    pub effort: EffortPlan,
    /// Other ways to compile some contenders, for comparison.
    #[serde(rename = "toolchain", default)]
    pub toolchains: Vec<Toolchain>,
    /// Mistakes that a developer makes, written out for each contender.
    #[serde(rename = "mistake", default)]
    pub mistakes: Vec<Mistake>,
    /// Only a record has it: a study names nothing.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub named: Named,
    /// The folder of `study.toml`. A record must not hold a path of the machine it was made on.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// What `--only` and `--filter` named. It is shown wherever there is a choice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Named {
    pub contenders: Vec<String>,
    /// Whether the cases are those that `--filter` named.
    pub cases: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub name: String,
    pub title: String,
    /// Folder that the contenders' folders are relative to, itself relative to `study.toml`.
    #[serde(default = "here")]
    pub root: String,
    /// Python file whose names set-up code and checks may use, relative to `study.toml`.
    pub prelude: String,
    /// Contender whose answers are right.
    pub reference: String,
    /// Whether the reference is timed as well. Otherwise it only gives the right answers.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub time_reference: bool,
    /// Contender that ratios are taken to, and that is timed against itself.
    pub baseline: String,
    pub seed: u64,
    /// The parts of the contract, `name` or `Class.method`, of which a contender may have some.
    #[serde(default, skip_serializing)]
    parts: Vec<String>,
    /// Folders of pure-Python packages that the cases import; installed, not measured.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Cases that the short table shows.
    #[serde(default)]
    pub summary: Vec<String>,
    /// Case that times the interpreter's loop around a call, alone.
    pub loop_case: Option<String>,
    /// Files below the root whose hashes belong into a record, such as lock files.
    #[serde(default)]
    pub locks: Vec<String>,
    /// Megabytes of address space that a process with contenders may take.
    #[serde(default = "four_gigabytes")]
    pub memory_limit_mb: u64,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Blocks (processes) of the first stage; of the whole run where there is no `width`.
    pub blocks: u32,
    /// Slices of each contender in each case of a block.
    pub rounds: u32,
    /// Half width that the 95 % interval of each ratio should have, as a fraction: 0.02 is ±2 %.
    pub width: Option<f64>,
    /// Seconds that each case may take in all, shared evenly by its contenders. The first stage
    /// is done whatever it takes.
    #[serde(default = "ten")]
    pub case_seconds: f64,
    /// The same for a case that is optional; as for the others when absent.
    #[serde(alias = "rare_case_seconds")]
    pub optional_case_seconds: Option<f64>,
    /// Seconds that Criterion measures each native benchmark.
    #[serde(default = "one")]
    pub criterion_seconds: f64,
    /// Minutes that the builds may take whose only purpose is to be measured; each contender is
    /// built once whatever that takes.
    #[serde(default)]
    pub effort_minutes: f64,
    /// How often each of these builds is made.
    #[serde(default = "once")]
    pub effort_repeats: u32,
    /// Whether wheels are tried on every interpreter, the first call from a fresh copy of the
    /// sources is made, and downloads are measured.
    #[serde(default)]
    pub elsewhere: bool,
    /// How often each mistake is run, plain and under `AddressSanitizer`.
    #[serde(default)]
    pub mistake_runs: u32,
    /// Whether what is marked as optional takes part.
    #[serde(default, alias = "rare")]
    pub optional: bool,
    /// Whether all is looked at that can be, whatever it takes: variants built from nothing,
    /// instructions in every case, what slow calls allocate, more imports.
    #[serde(default)]
    pub exhaustive: bool,
}

fn here() -> String {
    ".".to_owned()
}
fn four_gigabytes() -> u64 {
    4096
}
fn once() -> u32 {
    1
}
fn ten() -> f64 {
    10.0
}
fn one() -> f64 {
    1.0
}
fn yes() -> bool {
    true
}
#[allow(clippy::trivially_copy_pass_by_ref)] // As serde wants it.
fn is_true(value: &bool) -> bool {
    *value
}

impl Study {
    /// Reads, expands and checks a study file.
    pub fn load(path: &Path) -> Result<Self> {
        let files = Files::read(path)?;
        let (mut study, mut lines): (Self, _) = files.parse()?;
        let path = path.canonicalize()?;
        path.parent()
            .unwrap_or(Path::new("/"))
            .clone_into(&mut study.folder);
        ensure!(
            study.named.is_empty(),
            "in the study {}: `named` is a key of records",
            path.display()
        );
        study
            .resolve(&mut lines)
            .and_then(|()| study.validate(&lines))
            .and_then(|()| study.assign())
            .with_context(|| format!("in the study {}", path.display()))?;
        study.paint();
        Ok(study)
    }

    pub fn root(&self) -> PathBuf {
        let root = self.folder.join(&self.header.root);
        root.canonicalize().unwrap_or(root)
    }

    /// Whether a contender is timed: the reference may be there for its answers only.
    pub fn times(&self, contender: &str) -> bool {
        self.header.time_reference || contender != self.header.reference
    }

    pub fn prelude(&self) -> PathBuf {
        self.folder.join(&self.header.prelude)
    }

    pub fn contender(&self, name: &str) -> Option<&Contender> {
        self.contenders.iter().find(|c| c.name == name)
    }

    pub fn reference(&self) -> Result<&Contender> {
        self.contender(&self.header.reference)
            .context("the study has no reference")
    }

    pub fn baseline(&self) -> Result<&Contender> {
        self.contender(&self.header.baseline)
            .context("the study has no baseline")
    }

    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|c| c.name == name)
    }

    pub fn profile(&self, name: &str) -> Result<Profile> {
        let known = || self.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
        self.profiles
            .get(name)
            .copied()
            .with_context(|| format!("the study has no profile '{name}'; it has {}", known()))
    }
}

impl Named {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Profile {
    /// Seconds that a case may take in all.
    pub fn seconds_of(&self, case: &Case) -> f64 {
        let optional = self.optional_case_seconds.filter(|_| case.optional);
        optional.unwrap_or(self.case_seconds)
    }
}

#[cfg(test)]
mod tests;
