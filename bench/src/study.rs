//! The study: contenders, checks, cases and charts, as `study.toml` declares them.
//!
//! This is all that the harness knows of what it measures. [`Study::load`] reads the file and those
//! that it includes, expands each case over its parameters and refuses what does not fit together.

mod describe;
mod display;
mod files;
mod names;
mod parts;
mod validate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::version::satisfies;

use describe::{BuiltWith, Peer};
use files::Files;

pub use display::{ChartKind, ChartSpec, Guide, Part, Step, TableKind, TableSpec};
pub use names::{component, components};
pub use validate::measures;

/// The file in which a contender is described, in its own folder.
pub const DESCRIPTION: &str = "contender.toml";

/// Where in its folder a contender's mistakes are.
pub const MISTAKES: &str = "mistakes";

/// A study, checked and expanded.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    pub outcomes: Vec<Outcome>,
    #[serde(default)]
    pub criterion: Option<Criterion>,
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
    /// Where each thing that has a name stands, for errors: by what it is and its name.
    #[serde(skip)]
    places: BTreeMap<(&'static str, String), String>,
}

/// What `--only` and `--filter` named. It is shown wherever there is a choice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[serde(default)]
    pub contenders: Vec<String>,
    /// Whether the cases are those that `--filter` named.
    #[serde(default)]
    pub cases: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
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
    #[serde(default)]
    pub loop_case: Option<String>,
    /// Files below the root whose hashes belong into a record, such as lock files.
    #[serde(default)]
    pub locks: Vec<String>,
    /// Megabytes of address space that a process with contenders may take.
    #[serde(default = "four_gigabytes")]
    pub memory_limit_mb: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Blocks (processes) of the first stage; of the whole run where there is no `width`.
    pub blocks: u32,
    /// Slices of each contender in each case of a block.
    pub rounds: u32,
    /// Half width that the 95 % interval of each ratio should have, as a fraction: 0.02 is ±2 %.
    #[serde(default)]
    pub width: Option<f64>,
    /// Seconds that each case may take in all, shared evenly by its contenders. The first stage
    /// is done whatever it takes.
    #[serde(default = "ten")]
    pub case_seconds: f64,
    /// The same for a case that is optional; as for the others when absent.
    #[serde(default, alias = "rare_case_seconds")]
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

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // Each is a key of its own in the study.
pub struct Contender {
    pub name: String,
    pub title: String,
    /// The package, below the root; when absent that of the file that describes it.
    #[serde(default)]
    pub folder: String,
    /// What Python imports.
    pub module: String,
    /// The contender this one is another way of binding or writing.
    #[serde(default)]
    pub variant_of: Option<String>,
    /// Which of the study's `built_with` it takes what it does not say itself from.
    #[serde(default, skip_serializing)]
    built_with: Option<String>,
    /// Command that leaves one wheel in `{wheels}`; `{python}` and `{folder}` are filled in.
    #[serde(default = "pip_wheel")]
    pub build: Vec<String>,
    /// Files and folders below the root that the artefact is made from, besides `folder`.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Environment variable that names a folder where compiled dependencies are kept. It is what
    /// makes it possible to tell the dependencies' compilation from the contender's own.
    #[serde(default)]
    pub dependency_cache: Option<String>,
    /// What of the process it may leave other than it found it, such as `threads`.
    #[serde(default)]
    pub may_change: Vec<String>,
    /// Which files count as what: patterns relative to the root.
    #[serde(default)]
    pub lines: LinePatterns,
    /// Whether only a profile with `optional` has it.
    #[serde(default, alias = "rare")]
    pub optional: bool,
    /// The parts of the contract that it has; all when absent. After loading, what it takes part in
    /// says as much.
    #[serde(default, skip_serializing)]
    parts: Option<Vec<String>>,
    /// A short name for it, and what tests of the contract have to know. Others read these.
    #[serde(default, skip_serializing)]
    #[expect(dead_code)]
    nickname: Option<String>,
    #[serde(default, skip_serializing)]
    #[expect(dead_code)]
    conformance: toml::Table,
    /// Regular expression on the names of the cases that it has what it takes for; all when empty.
    #[serde(default)]
    pub cases: String,
    /// Names of the checks that it has what it takes for; all when absent.
    #[serde(default)]
    pub checks: Option<Vec<String>>,
    /// Whether it has the functions that repeat the work, which the floors call.
    #[serde(default = "yes")]
    pub floors: bool,
    /// Language of the kernel, such as "Rust".
    #[serde(default)]
    pub kernel: String,
    /// What carries the kernel across, such as "cffi".
    #[serde(default)]
    pub binding: String,
    /// Whether it is what a beginner would write first, where `variant_of` is what an expert does.
    #[serde(default)]
    pub naive: bool,
    /// The oldest Python that it is for, such as "3.11"; any when empty.
    #[serde(default)]
    pub oldest_python: String,
    /// Languages that whoever changes it has to know.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Commands that have to be installed before its first build.
    #[serde(default)]
    pub tools: Vec<String>,
    /// What else whoever changes its build has to know: packagers, generators, binding libraries.
    #[serde(default)]
    pub build_tools: Vec<String>,
    /// Command that downloads its dependencies, besides Python's; `CARGO_HOME` is an empty folder.
    #[serde(default)]
    pub fetch: Vec<String>,
    /// One line of the kernel and one of the glue, and what each becomes.
    #[serde(default)]
    pub edit: Edits,
    /// Mistakes of the study that it cannot have, and why. The mistakes have it after loading.
    #[serde(default, skip_serializing)]
    cannot: BTreeMap<String, String>,
    /// Its colour in every chart, an index into the palette. It stays the same when others are left
    /// out; in a record without it, the contender's place decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<usize>,
    /// Whether it does the same work as the others. What does not is compared with them in the
    /// regimes of peers only.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub equal_work: bool,
    /// What pip calls the packages that a peer consists of; empty of what is built here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distributions: Vec<String>,
    /// Whether it is installed into a folder of its own, so that another contender may have a module
    /// of the same name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own_site: bool,
    /// That folder. It belongs to one interpreter on one machine.
    #[serde(skip)]
    pub site: Option<PathBuf>,
}

/// Edits of one line after which a contender is built again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    #[serde(default)]
    pub kernel: Option<Edit>,
    #[serde(default)]
    pub glue: Option<Edit>,
}

/// One line of a file, and what it becomes. It must change what is compiled.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Relative to the root.
    pub file: String,
    /// Text that stands in the file once.
    pub old: String,
    pub new: String,
}

/// What the measurement of effort needs, besides the contenders.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffortPlan {
    /// Folder of a package with nothing in it, relative to the root: what its build takes is the
    /// cost of pip.
    #[serde(default)]
    pub empty_package: Option<String>,
    /// Locked requirements of the build, relative to the root.
    #[serde(default)]
    pub requirements: Option<String>,
    /// Commands from a fresh copy of the sources to the first call, run in a shell; `{python}`,
    /// `{folder}` and `{module}` are filled in.
    #[serde(default)]
    pub steps: Vec<String>,
    /// What the last of these commands prints.
    #[serde(default)]
    pub answer: String,
    /// Arguments after which an interpreter puts `{module}` to the test, with nothing but its
    /// standard library; relative to the root.
    #[serde(default)]
    pub corpus: Vec<String>,
    /// Commands that look at a `{wheel}`, and what they say when its tags are right.
    #[serde(default, rename = "audit")]
    pub audits: Vec<Audit>,
    #[serde(default)]
    #[serde(alias = "ledger")]
    pub mistakes: Option<MistakesPlan>,
}

/// A tool that confirms what a wheel's tags say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub name: String,
    /// Arguments of Python; `{wheel}` is filled in.
    pub command: Vec<String>,
    /// Regular expression on the tags of the wheels that it is for.
    pub tags: String,
    /// Regular expression on its output: the part in parentheses is what it found.
    pub finding: String,
}

/// How the mistakes are built and run. `{folder}`, `{twin}` and `{out}` are filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MistakesPlan {
    /// Folder with a folder for each mistake, relative to the root.
    pub folder: String,
    /// Arguments of Python that build a module called `mistake` in `{out}`. Exit code 1: the
    /// compiler refused; 2: this machine lacks something.
    pub build: Vec<String>,
    /// What is added to build it with `AddressSanitizer`; the last line of output is then
    /// `{"preload": [...], "env": {...}}`.
    pub sanitizer: Vec<String>,
    /// What is added to ask the linter instead.
    pub lint: Vec<String>,
    /// Seconds that one run may take.
    pub seconds: f64,
}

/// A mistake, as the harness is to find it in `<contender's folder>/mistakes/<name>/wrong.*`, with
/// its correct twin `right.*`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mistake {
    pub name: String,
    pub title: String,
    pub about: String,
    /// Contenders in which it cannot be written, and why.
    #[serde(default)]
    pub cannot: BTreeMap<String, String>,
}

/// Another way to compile some contenders.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toolchain {
    pub name: String,
    pub about: String,
    /// Command that must be there.
    #[serde(default)]
    pub needs: Option<String>,
    /// Variables of the build's environment; `{root}` is the scratch copy of the sources.
    pub env: BTreeMap<String, String>,
    pub contenders: Vec<String>,
}

/// Patterns of files below the root, by what they are. `generated` files exist after the build.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePatterns {
    #[serde(default)]
    pub kernel: Vec<String>,
    #[serde(default)]
    pub glue: Vec<String>,
    #[serde(default)]
    pub configuration: Vec<String>,
    #[serde(default)]
    pub stubs: Vec<String>,
    #[serde(default)]
    pub generated: Vec<String>,
}

impl LinePatterns {
    fn each(&self) -> [&Vec<String>; 5] {
        let Self {
            kernel,
            glue,
            configuration,
            stubs,
            generated,
        } = self;
        [kernel, glue, configuration, stubs, generated]
    }

    fn each_mut(&mut self) -> [&mut Vec<String>; 5] {
        let Self {
            kernel,
            glue,
            configuration,
            stubs,
            generated,
        } = self;
        [kernel, glue, configuration, stubs, generated]
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub name: String,
    pub about: String,
    /// Python expression over `seed` and `count` that yields tuples of arguments.
    pub inputs: String,
    pub count: u64,
    /// Names that the calls use for the members of a tuple.
    pub names: Vec<String>,
    pub calls: Vec<String>,
    /// The parts of the contract that it needs, where `calls` does not tell.
    #[serde(default, skip_serializing)]
    pub uses: Option<Vec<String>>,
    /// Contenders that document an exception where the reference has an answer.
    #[serde(default)]
    pub raises: BTreeMap<String, String>,
}

/// What the cases of one group are about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// The group: what stands before the slash in the names of its cases.
    pub name: String,
    pub title: String,
    pub about: String,
    /// The case that stands for it where there is room for one; the first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Whether peers, and whoever else does other work, are compared here with the contenders.
    #[serde(default, skip_serializing_if = "is_false")]
    pub peers: bool,
}

/// How many times as fast as something else a contender should be.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The kind of work, as in the table.
    pub work: String,
    /// Regular expression on case names.
    pub cases: String,
    pub contender: String,
    /// The fastest of these in each case is what it is compared with; of all peers when empty.
    #[serde(default)]
    pub against: Vec<String>,
    pub at_least: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `group/name`; parameters in braces are filled in.
    pub name: String,
    pub about: String,
    /// In the file a list of values for each parameter; after expansion one value each.
    #[serde(default)]
    pub params: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub setup: String,
    /// The timed expression; a parameter in braces is filled in.
    pub call: String,
    /// Contenders that do the same by another expression, and that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calls: BTreeMap<String, String>,
    /// The parts of the contract that it needs, where its set-up and call do not tell.
    #[serde(default, skip_serializing)]
    pub uses: Option<Vec<String>>,
    /// The same work `n` times in one crossing.
    #[serde(default)]
    pub floor: Option<String>,
    /// Expression over `result` and the set-up's names that is compared with the reference's.
    #[serde(default = "result")]
    pub answer: String,
    /// Expression over the set-up's names: how much one call does, in `unit`s.
    #[serde(default)]
    pub work: Option<String>,
    /// What `work` counts, such as "cells" or "words".
    #[serde(default)]
    pub unit: String,
    /// Whether the garbage collector runs while the case is timed.
    #[serde(default)]
    pub gc: bool,
    /// Seconds that one contender may take for this case when it runs alone.
    #[serde(default = "minute")]
    pub timeout: f64,
    /// Contenders that the case applies to; all when empty. After loading it holds those that
    /// also have what it takes for the case.
    #[serde(default)]
    pub contenders: Vec<String>,
    /// Contenders that it does not apply to.
    #[serde(default)]
    pub except: Vec<String>,
    /// Expression that is evaluated anew for each iteration, before the clock starts; the call
    /// sees its value as `item`.
    #[serde(default)]
    pub each: Option<String>,
    /// Expression for the right answer of a case that the reference takes no part in.
    #[serde(default)]
    pub expect: Option<String>,
    /// Python modules without which the case is left out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether what one call allocates is looked at, too.
    #[serde(default)]
    pub memory: bool,
    /// Whether only a profile with `optional` has it.
    #[serde(default, alias = "rare")]
    pub optional: bool,
    /// Set-up variables that the native benchmark of the same name needs.
    #[serde(default)]
    pub criterion: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub command: Vec<String>,
    /// Contender whose floor the estimates stand beside.
    pub contender: String,
}

/// How many times as many instructions as the baseline a contender may take.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub case: String,
    pub contender: String,
    /// The least and the most.
    pub instructions: [f64; 2],
}

/// Something that is done once with each contender, to see what Python sees of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub name: String,
    pub about: String,
    #[serde(default)]
    pub setup: String,
    /// Expression whose value, or exception, is what is shown.
    pub call: String,
    /// Megabytes of address space that the process may take beyond what it has after the set-up.
    #[serde(default)]
    pub memory_mb: Option<u64>,
    /// Contenders that it applies to; all but the optional ones when empty.
    #[serde(default)]
    pub contenders: Vec<String>,
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
fn minute() -> f64 {
    60.0
}
fn yes() -> bool {
    true
}
#[allow(clippy::trivially_copy_pass_by_ref)] // As serde wants it.
fn is_true(value: &bool) -> bool {
    *value
}
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}
fn result() -> String {
    "result".to_owned()
}
fn pip_wheel() -> Vec<String> {
    const COMMAND: &str = "{python} -m pip wheel --quiet --no-build-isolation --no-deps --no-index \
                           --wheel-dir {wheels} {folder}";
    COMMAND.split_whitespace().map(str::to_owned).collect()
}

impl Study {
    /// Reads, expands and checks a study file.
    pub fn load(path: &Path) -> Result<Self> {
        let files = Files::read(path)?;
        let (mut study, places): (Self, _) = files.parse()?;
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
            .resolve(&places)
            .with_context(|| format!("in the study {}", path.display()))?;
        study
            .validate()
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

    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|c| c.name == name)
    }

    /// Whether `--only` named a contender.
    pub fn names(&self, contender: &Contender) -> bool {
        self.named.contenders.contains(&contender.name)
    }

    /// Whether a contender is shown where not all of them are: one that was named, and otherwise all
    /// but the optional and those that do other work.
    pub fn shows(&self, contender: &Contender) -> bool {
        self.names(contender) || (!contender.optional && contender.equal_work)
    }

    /// The cases that are shown where not all of them are: those of the summary and those that were
    /// named; and of a contender that was named and takes part in none of these, all of its own.
    pub fn in_short(&self) -> Vec<&Case> {
        let chosen = |case: &&Case| self.named.cases || self.header.summary.contains(&case.name);
        let takes_part = |name: &String| {
            let mut chosen = self.cases.iter().filter(chosen);
            chosen.any(|case| case.applies_to(name))
        };
        let mut others = self.named.contenders.clone();
        others.retain(|name| !takes_part(name));
        let of_others = |case: &&Case| others.iter().any(|name| case.applies_to(name));
        let cases = self.cases.iter();
        cases
            .filter(|case| chosen(case) || of_others(case))
            .collect()
    }

    /// Whether a case is one in which peers are compared with contenders.
    pub fn among_peers(&self, case: &Case) -> bool {
        let mut regimes = self.regimes.iter();
        regimes.any(|regime| regime.peers && regime.name == case.group())
    }

    pub fn profile(&self, name: &str) -> Result<Profile> {
        let known = || self.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
        self.profiles
            .get(name)
            .copied()
            .with_context(|| format!("the study has no profile '{name}'; it has {}", known()))
    }

    /// Narrows the study to some contenders and cases, as `--only`, `--filter` and `--skip` ask, and
    /// notes what they name.
    /// The reference and the baseline stay: without them there is nothing to compare with.
    pub fn narrow(
        &mut self,
        only: &[String],
        filter: Option<&Regex>,
        skip: Option<&Regex>,
    ) -> Result<()> {
        for name in only {
            ensure!(
                self.contender(name).is_some(),
                "--only {name}: the study has no such contender; it has {}",
                self.contenders
                    .iter()
                    .map(|c| &*c.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        if !only.is_empty() {
            let kept: BTreeSet<String> = only
                .iter()
                .chain([&self.header.reference, &self.header.baseline])
                .cloned()
                .collect();
            self.contenders.retain(|c| kept.contains(&c.name));
            self.named.contenders.extend_from_slice(only);
            self.without_orphans();
        }
        if let Some(filter) = filter {
            self.named.cases = true;
            self.cases.retain(|c| filter.is_match(&c.name));
            ensure!(
                !self.cases.is_empty(),
                "--filter {filter}: no case has such a name"
            );
        }
        if let Some(skip) = skip {
            self.cases.retain(|c| !skip.is_match(&c.name));
            ensure!(!self.cases.is_empty(), "--skip {skip}: no case is left");
        }
        Ok(())
    }

    /// Shows what was measured as another version of the study declares it: its summary, regimes,
    /// tables, charts, goals and guide, and the contenders' titles,
    /// colours, languages and build tools. What was measured stays as it is.
    ///
    /// # Errors
    ///
    /// When the other one is not a version of this study.
    pub fn show_as(&mut self, other: &Self) -> Result<()> {
        ensure!(
            self.header.name == other.header.name,
            "the record is of the study {}, not of {}",
            self.header.name,
            other.header.name
        );
        let shown = other.clone();
        self.header.title = shown.header.title;
        self.header.summary = shown.header.summary;
        self.regimes = shown.regimes;
        self.tables = shown.tables;
        self.charts = shown.charts;
        self.goals = shown.goals;
        self.guide = shown.guide;
        for contender in &mut self.contenders {
            if let Some(shown) = other.contender(&contender.name) {
                contender.title.clone_from(&shown.title);
                contender.colour = shown.colour;
                contender.languages.clone_from(&shown.languages);
                contender.build_tools.clone_from(&shown.build_tools);
            }
        }
        Ok(())
    }

    /// Leaves out what is optional, unless the profile wants it or it was asked for: a contender by
    /// name, cases by a filter.
    pub fn without_optional(
        &mut self,
        profile: &str,
        only: &[String],
        filtered: bool,
    ) -> Result<()> {
        if self.profile(profile)?.optional {
            return Ok(());
        }
        let always = [&self.header.reference, &self.header.baseline];
        self.contenders
            .retain(|c| !c.optional || only.contains(&c.name) || always.contains(&&c.name));
        self.cases.retain(|c| !c.optional || filtered);
        self.without_orphans();
        Ok(())
    }

    /// Leaves out the contenders that are for a newer Python than this one; gives the reasons.
    pub fn without_newer(&mut self, python: &str) -> BTreeMap<String, String> {
        let mut left_out = BTreeMap::new();
        let always = [self.header.reference.clone(), self.header.baseline.clone()];
        self.contenders.retain(|contender| {
            let oldest = &contender.oldest_python;
            let fits = oldest.is_empty()
                || always.contains(&contender.name)
                || satisfies(python, &format!(">={oldest}"));
            if !fits {
                let reason = format!("it is for Python {oldest} or later, and this is {python}");
                left_out.insert(contender.name.clone(), reason);
            }
            fits
        });
        self.without_orphans();
        left_out
    }

    /// Leaves out the peers that are not installed; gives the reasons. `present` are the modules and
    /// the distributions that the interpreter has.
    pub fn without_absent(&mut self, present: &[String]) -> BTreeMap<String, String> {
        let mut left_out = BTreeMap::new();
        self.contenders.retain(|contender| {
            if !contender.is_peer() {
                return true;
            }
            let missing = |name: &&String| !present.contains(name);
            let reason = if let Some(name) = contender.distributions.iter().find(missing) {
                format!("{name} is not installed: `make peers` installs it")
            } else if missing(&&contender.module) {
                format!(
                    "its adapter {} is not installed: `make peers` installs it",
                    contender.module
                )
            } else {
                return true;
            };
            left_out.insert(contender.name.clone(), reason);
            false
        });
        self.without_orphans();
        left_out
    }

    /// Leaves out the cases that none of the contenders takes part in.
    fn without_orphans(&mut self) {
        let contenders = &self.contenders;
        self.cases
            .retain(|case| contenders.iter().any(|c| case.applies_to(&c.name)));
    }

    /// Gives a colour to each contender that has none. What is always measured gets the colours in
    /// turn; what is optional is a variant, and gets that of what it is a variant of.
    fn paint(&mut self) {
        let common = self.contenders.iter_mut().filter(|c| !c.optional);
        for (place, contender) in common.enumerate() {
            contender.colour.get_or_insert(place);
        }
        let painted = self.contenders.clone();
        for contender in &mut self.contenders {
            let of = |c: &&Contender| Some(&c.name) == contender.variant_of.as_ref();
            let inherited = painted.iter().find(of).and_then(|other| other.colour);
            contender.colour = contender.colour.or(inherited);
        }
    }

    /// Works out which contenders each case applies to.
    fn assign(&mut self) -> Result<()> {
        let mut able = Vec::new();
        for contender in &self.contenders {
            let pattern = Regex::new(&contender.cases)
                .with_context(|| format!("cases of {}", contender.name))?;
            able.push((contender, pattern));
        }
        for case in &mut self.cases {
            let able = able.iter().filter(|(contender, pattern)| {
                let name = &contender.name;
                case.applies_to(name)
                    && !case.except.contains(name)
                    && pattern.is_match(&case.name)
                    && contender.has(&parts::of_case(case, name, &self.header.parts))
            });
            case.contenders = able.map(|(contender, _)| contender.name.clone()).collect();
            ensure!(
                !case.contenders.is_empty(),
                "case {}: no contender takes part in it",
                case.name
            );
            ensure!(
                case.expect.is_some() || case.applies_to(&self.header.reference),
                "case {}: the reference takes no part in it, so it needs `expect`, the right answer",
                case.name
            );
        }
        Ok(())
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

impl Contender {
    /// Whether it is a library that others install, and that is not built here.
    pub fn is_peer(&self) -> bool {
        !self.distributions.is_empty()
    }

    /// Folder of its mistakes, relative to the root.
    pub fn mistakes(&self) -> PathBuf {
        Path::new(&self.folder).join(MISTAKES)
    }

    /// Whether it has what it takes for a check.
    pub fn takes(&self, check: &Check) -> bool {
        let checks = self.checks.as_ref();
        checks.is_none_or(|names| names.contains(&check.name))
    }
}

impl Outcome {
    pub fn applies_to(&self, contender: &Contender) -> bool {
        if self.contenders.is_empty() {
            !contender.optional && contender.equal_work
        } else {
            self.contenders.contains(&contender.name)
        }
    }
}

impl Case {
    /// What stands before the slash in its name.
    pub fn group(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    pub fn applies_to(&self, contender: &str) -> bool {
        self.contenders.is_empty() || self.contenders.iter().any(|c| c == contender)
    }
}

/// One case for each combination of its parameters' values.
fn expand(case: &Case) -> Result<Vec<Case>> {
    let mut cases = vec![case.clone()];
    for (key, values) in &case.params {
        let Some(values) = values.as_array() else {
            bail!(
                "case {}: parameter '{key}' is not a list of values",
                case.name
            )
        };
        cases = cases
            .iter()
            .flat_map(|c| {
                values
                    .iter()
                    .map(|value| fill(c, key, value))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    for case in &cases {
        ensure!(
            !case.name.contains(['{', '}']),
            "case {}: a brace names no parameter",
            case.name
        );
        ensure!(
            case.name.contains('/'),
            "case {}: a name has the form group/name",
            case.name
        );
    }
    Ok(cases)
}

fn fill(case: &Case, key: &str, value: &toml::Value) -> Case {
    let shown = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let place = format!("{{{key}}}");
    let mut case = case.clone();
    case.name = case.name.replace(&place, &shown);
    case.about = case.about.replace(&place, &shown);
    let uses = case.uses.iter_mut().flatten();
    for text in [&mut case.call]
        .into_iter()
        .chain(case.calls.values_mut())
        .chain(uses)
    {
        *text = text.replace(&place, &shown);
    }
    case.params.insert(key.to_owned(), value.clone());
    case
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        [study]
        name = "s"
        title = "S"
        prelude = "p.py"
        reference = "a"
        baseline = "b"
        seed = 1
        [profile.quick]
        blocks = 2
        rounds = 2
        [[contender]]
        name = "a"
        title = "A"
        folder = "a"
        module = "a"
        [[contender]]
        name = "b"
        title = "B"
        folder = "b"
        module = "b"
        [[case]]
        name = "g/{kind}-{size}"
        about = "{size} of {kind}"
        params = { kind = ["x", "y"], size = [1, 2] }
        call = "f(size)"
    "#;

    fn load(text: &str) -> Result<Study> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("study.toml");
        std::fs::write(&path, text)?;
        Study::load(&path)
    }

    #[test]
    fn a_case_is_expanded_over_every_combination_of_its_parameters() {
        let study = load(SMALL).unwrap();
        let names: Vec<_> = study.cases.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["g/x-1", "g/x-2", "g/y-1", "g/y-2"]);
        assert_eq!(study.cases[1].about, "2 of x");
        assert_eq!(study.cases[1].params["size"].as_integer(), Some(2));
    }

    #[test]
    fn a_study_that_does_not_fit_together_is_refused_by_name() {
        for (from, to, message) in [
            (
                "reference = \"a\"",
                "reference = \"c\"",
                "'c', which is no contender",
            ),
            ("name = \"b\"", "name = \"a\"", "'a' is used twice"),
            ("seed = 1", "sead = 1", "unknown field `sead`"),
            (
                "{kind}-{size}",
                "{kind}-{siz}",
                "a brace names no parameter",
            ),
            ("[1, 2]", "1", "'size' is not a list"),
        ] {
            let error = format!("{:#}", load(&SMALL.replace(from, to)).unwrap_err());
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn what_a_study_says_of_its_regimes_must_fit_together_too() {
        let case = "call = \"f(size)\"";
        let with = |line: &str| format!("{case}\n{line}");
        let contender = |line: &str| format!("module = \"b\"\n{line}");
        let table = |lines: &str| with(&format!("[[table]]\nname = \"t\"\ntitle = \"T\"\n{lines}"));
        let chart = |lines: &str| with(&format!("[[chart]]\nfile = \"c\"\ntitle = \"C\"\n{lines}"));
        for (from, to, message) in [
            (
                case,
                with("[[regime]]\nname = \"h\"\ntitle = \"H\"\nabout = \"h\""),
                "case g/x-1: there is no regime 'g'",
            ),
            (case, with("except = [\"c\"]"), "case g/x-1 names 'c'"),
            (
                case,
                with("except = [\"a\", \"b\"]"),
                "no contender takes part in it",
            ),
            (case, with("contenders = [\"b\"]"), "so it needs `expect`"),
            (
                "module = \"b\"",
                contender("naive = true"),
                "`naive` needs `variant_of`",
            ),
            (
                "module = \"b\"",
                contender("checks = [\"c\"]"),
                "b names 'c', which is no check",
            ),
            ("module = \"b\"", contender("cases = \"(\""), "cases of b"),
            (case, table("kind = \"slopes\""), "table t: it needs `x`"),
            (
                case,
                table("kind = \"break-even\"\nx = \"size\""),
                "and `y`, that of its rows",
            ),
            (
                case,
                table("kind = \"times\"\ncontenders = [\"c\"]"),
                "table t: it names 'c'",
            ),
            (
                case,
                table("kind = \"times\"\ncases = \"(\""),
                "table t: regex",
            ),
            (
                case,
                chart("kind = \"bars\"\ntable = \"t\""),
                "chart c: bars need `table`",
            ),
            (
                case,
                chart("kind = \"heat-map\"\nx = \"size\""),
                "a heat map needs `x` and `y`",
            ),
            (
                case,
                with(&["[[regime]]\nname = \"g\"\ntitle = \"G\"\nabout = \"g\""; 2].join("\n")),
                "regimes: the name 'g' is used twice",
            ),
            (
                "module = \"a\"",
                "module = \"a\"\nchecks = []".to_owned(),
                "a is the reference, so",
            ),
        ] {
            let error = format!("{:#}", load(&SMALL.replace(from, &to)).unwrap_err());
            assert!(error.contains(message), "{message}: {error}");
        }
    }

    #[test]
    fn a_case_applies_to_those_that_are_named_not_excepted_and_able() {
        let contenders_of = |text: &str| {
            let study = load(text).unwrap();
            let cases = study.cases.iter().map(|c| c.contenders.join(" "));
            cases.collect::<Vec<_>>()
        };
        assert_eq!(contenders_of(SMALL), ["a b"; 4]);
        let except = SMALL.replace("call = ", "except = [\"b\"]\ncall = ");
        assert_eq!(contenders_of(&except), ["a"; 4]);
        let able = SMALL.replace("module = \"b\"", "module = \"b\"\ncases = \"x-\"");
        assert_eq!(contenders_of(&able), ["a b", "a b", "a", "a"]);
        let alone = SMALL.replace("call = ", "contenders = [\"b\"]\nexpect = \"1\"\ncall = ");
        assert_eq!(contenders_of(&alone), ["b"; 4]);
    }

    /// The names of the contenders and cases that are left of a study in which `b`, `c` and the
    /// case `h/only` are optional, and `h/only` is of `c` alone.
    fn left(profile: &str, only: &[&str], filtered: bool) -> String {
        let more = r#"
            [[contender]]
            name = "c"
            title = "C"
            folder = "c"
            module = "c"
            optional = true
            [profile.all]
            blocks = 2
            rounds = 2
            optional = true
            [[case]]
            name = "g/rare"
            about = "rare"
            call = "f(1)"
            optional = true
            [[case]]
            name = "h/only"
            about = "c's own"
            call = "f(2)"
            contenders = ["c"]
            expect = "2"
        "#;
        let text = SMALL.replace("module = \"b\"", "module = \"b\"\nrare = true") + more;
        let mut study = load(&text.replace("[1, 2]", "[1]")).unwrap();
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        study.without_optional(profile, &only, filtered).unwrap();
        let contenders = study.contenders.iter().map(|c| c.name.as_str());
        let cases = study.cases.iter().map(|c| c.name.as_str());
        contenders.chain(cases).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_rare_is_left_out_unless_it_is_asked_for() {
        // The baseline stays, optional or not; a case that nobody is left for goes.
        assert_eq!(left("quick", &[], false), "a b g/x-1 g/y-1");
        assert_eq!(left("quick", &["c"], false), "a b c g/x-1 g/y-1 h/only");
        assert_eq!(left("quick", &[], true), "a b g/x-1 g/y-1 g/rare");
        assert_eq!(left("all", &[], false), "a b c g/x-1 g/y-1 g/rare h/only");
    }

    #[test]
    fn a_contender_that_names_its_checks_takes_no_other() {
        let check = "[[check]]\nname = \"k\"\nabout = \"\"\ninputs = \"[]\"\ncount = 1\nnames = []\ncalls = []\n";
        let takes = |line: &str| {
            let text = SMALL.replace("module = \"b\"", &format!("module = \"b\"\n{line}"));
            let study = load(&format!("{text}\n{check}")).unwrap();
            study.contenders[1].takes(&study.checks[0])
        };
        assert!(takes("") && takes("checks = [\"k\"]") && !takes("checks = []"));
    }

    #[test]
    fn a_contender_with_some_parts_takes_part_where_these_are_enough() {
        let check = |name: &str, call: &str| {
            format!(
                "[[check]]\nname = \"{name}\"\nabout = \"\"\ninputs = \"[]\"\ncount = 1\n\
                 names = []\ncalls = [\"{call}\"]\n"
            )
        };
        let case = |name: &str, more: &str| {
            format!("[[case]]\nname = \"h/{name}\"\nabout = \"\"\n{more}\n")
        };
        let text = [
            SMALL.replace(
                "seed = 1",
                "seed = 1\nparts = [\"f\", \"f_repeated\", \"Box\", \"Box.near\"]",
            ),
            case("one", "call = \"f(1)\"\nfloor = \"f_repeated(1, n)\""),
            case(
                "box",
                "setup = \"box = contender.Box()\"\ncall = \"box.near(1)\"",
            ),
            case("told", "call = \"made()\"\nuses = [\"Box\"]"),
            check("k", "f(1)"),
            check("boxes", "Box().near(1)"),
        ]
        .concat();
        let of = |line: &str| {
            let module = format!("module = \"b\"\n{line}");
            load(&text.replace("module = \"b\"", &module))
        };
        let taken = |study: &Study| {
            let cases = study.cases.iter().filter(|c| c.applies_to("b"));
            let names: Vec<_> = cases.filter_map(|c| c.name.strip_prefix("h/")).collect();
            let b = study.contender("b").unwrap();
            let checks = study.checks.iter().filter(|check| b.takes(check));
            let checks: Vec<_> = checks.map(|check| check.name.as_str()).collect();
            format!("{} | {} | {}", names.join(" "), checks.join(" "), b.floors)
        };
        assert_eq!(taken(&of("").unwrap()), "one box told | k boxes | true");
        assert_eq!(taken(&of("parts = [\"f\"]").unwrap()), "one | k | false");
        let both = of("parts = [\"f\", \"f_repeated\"]").unwrap();
        assert_eq!(taken(&both), "one | k | true");
        let boxes = of("parts = [\"Box\", \"Box.near\"]").unwrap();
        assert_eq!(taken(&boxes), "box told | boxes | true");
        let error = format!("{:#}", of("parts = [\"g\"]").unwrap_err());
        assert!(
            error.contains("b has the part 'g', which is none"),
            "{error}"
        );
        // What it has is said once more by nothing in a record.
        let record = serde_json::to_string(&both).unwrap();
        assert!(!record.contains("\"parts\":[\"f"), "{record}");
    }

    const PEER: &str = r#"
        [[peer]]
        name = "lib"
        title = "Library"
        module = "adapters.lib"
        distributions = ["lib"]
        cases = "x-"
        checks = []
    "#;

    fn with_peer(more: &str) -> String {
        format!("{SMALL}{PEER}{more}")
    }

    #[test]
    fn a_peer_is_a_rare_contender_that_is_not_built_and_does_other_work() {
        let study = load(&with_peer("")).unwrap();
        let peer = study.contenders.last().unwrap();
        assert_eq!(peer.name, "lib");
        assert!(peer.is_peer() && peer.optional && !peer.equal_work && !peer.floors);
        assert!(!study.contenders[0].is_peer() && study.contenders[0].equal_work);
        let taken = |name: &str| study.case(name).unwrap().applies_to("lib");
        assert!(taken("g/x-1") && !taken("g/y-1"));
        // A record holds it as a contender, and reads it again.
        let text = serde_json::to_string(&study).unwrap();
        assert!(!text.contains("\"peer\""), "{text}");
        let again: Study = serde_json::from_str(&text).unwrap();
        assert!(again.contender("lib").unwrap().is_peer());
    }

    #[test]
    fn of_a_study_without_peers_a_record_says_nothing_new() {
        let text = serde_json::to_string(&load(SMALL).unwrap()).unwrap();
        for key in ["peer", "equal_work", "distributions", "calls", "goal"] {
            assert!(!text.contains(&format!("\"{key}")), "{key}: {text}");
        }
    }

    #[test]
    fn a_peer_that_is_not_installed_is_left_out_with_the_reason() {
        let left_out = |present: &[&str]| {
            let mut study = load(&with_peer("")).unwrap();
            let present: Vec<String> = present.iter().map(|&name| name.to_owned()).collect();
            let reasons = study.without_absent(&present);
            assert_eq!(study.contender("lib").is_none(), !reasons.is_empty());
            assert!(study.contender("a").is_some(), "a contender is built");
            reasons.get("lib").cloned().unwrap_or_default()
        };
        assert_eq!(left_out(&["lib", "adapters.lib"]), "");
        assert!(left_out(&["adapters.lib"]).starts_with("lib is not installed: `make peers`"));
        assert!(left_out(&["lib"]).contains("adapter adapters.lib is not installed"));
    }

    #[test]
    fn a_call_of_ones_own_is_filled_in_and_belongs_to_what_is_verified() {
        let own = SMALL.replace("call = ", "calls = { b = \"g({size})\" }\ncall = ");
        let study = load(&own).unwrap();
        assert_eq!(study.cases[1].calls["b"], "g(2)");
        let hash = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("p.py"), "").unwrap();
            let path = folder.path().join("study.toml");
            std::fs::write(&path, text).unwrap();
            crate::state::study_hash(&Study::load(&path).unwrap()).unwrap()
        };
        assert_ne!(hash(&own), hash(SMALL));
        assert_ne!(hash(&own), hash(&own.replace("g({size})", "h({size})")));
    }

    #[test]
    fn what_a_study_says_of_peers_goals_and_ladders_must_fit_together() {
        let unequal = |lines: &str| {
            let lines = format!("module = \"c\"\nequal_work = false\n{lines}");
            let c = "[[contender]]\nname = \"c\"\ntitle = \"C\"\nfolder = \"c\"\n";
            with_peer(&format!("{c}{lines}"))
        };
        let case = |line: &str| SMALL.replace("call = ", &format!("{line}\ncall = "));
        let goal = |contender: &str, cases: &str, against: &str| {
            with_peer(&format!(
                "[[goal]]\nwork = \"w\"\ncases = \"{cases}\"\ncontender = \"{contender}\"\n\
                 against = [{against}]\nat_least = 2"
            ))
        };
        let ladder = |steps: &str| {
            let table = "[[table]]\nname = \"t\"\nkind = \"ladder\"\ntitle = \"T\"\n";
            format!("{SMALL}{table}steps = [{steps}]")
        };
        let step = |title: &str, case: &str, contender: &str, over: &str| {
            format!(
                "{{ title = \"{title}\", cause = \"\", case = \"{case}\", \
                 contender = \"{contender}\"{over} }}, "
            )
        };
        let first = step("one", "g/x-1", "a", "");
        for (text, message) in [
            (unequal(""), "so it names its `cases` and its `checks`"),
            (unequal("cases = \"x\""), "so it names its `cases`"),
            (
                SMALL.replace(
                    "module = \"b\"",
                    "module = \"b\"\nequal_work = false\ncases = \"x\"\nchecks = []",
                ),
                "b does not do equal work, so nothing is right",
            ),
            (
                SMALL.replace("module = \"b\"", "module = \"b\"\ndistributions = [\"b\"]"),
                "b has `distributions`, so it is a `[[peer]]`",
            ),
            (
                with_peer("").replace("distributions = [\"lib\"]", "distributions = []"),
                "lib names no distribution",
            ),
            (
                with_peer("").replace("\"lib\"", "\"a\""),
                "'a' is used twice",
            ),
            (
                case("calls = { c = \"g()\" }"),
                "`calls` names 'c', which is no contender",
            ),
            (
                case("except = [\"b\"]\ncalls = { b = \"g()\" }"),
                "`calls` names 'b', which takes no part in it",
            ),
            (goal("c", "x", ""), "the goal for w: it names 'c'"),
            (goal("a", "x", "\"c\""), "the goal for w: it names 'c'"),
            (goal("a", "z", ""), "no case has a name like z"),
            (ladder(""), "a ladder, and nothing else, has `steps`"),
            (
                ladder(&step("one", "g/z", "a", "")),
                "names 'g/z', which is no case",
            ),
            (
                ladder(&step("one", "g/x-1", "c", "")),
                "step 'one' names 'c'",
            ),
            (ladder(&format!("{first}{first}")), "'one' is used twice"),
            (
                ladder(&step("one", "g/x-1", "a", ", over = \"two\"")),
                "`over` is the title of no step before it",
            ),
            (
                ladder(&first) + "\n[[chart]]\nfile = \"c\"\nkind = \"ladder\"\ntitle = \"C\"",
                "a ladder needs `table`",
            ),
        ] {
            let error = format!("{:#}", load(&text).unwrap_err());
            assert!(error.contains(message), "{message}: {error}");
        }
        load(&unequal("cases = \"x\"\nchecks = []")).unwrap();
        load(&goal("a", "x", "\"lib\"")).unwrap();
        let second = step("two", "g/x-2", "b", ", over = \"one\"");
        load(&ladder(&format!("{first}{second}"))).unwrap();
    }

    #[test]
    fn a_colour_stays_when_others_are_left_out_and_a_rare_variant_inherits_its_own() {
        let mut study = load(SMALL).unwrap();
        let mut optional = study.contenders[1].clone();
        optional.name = "optional".to_owned();
        optional.optional = true;
        optional.variant_of = Some(study.contenders[1].name.clone());
        study.contenders.insert(0, optional);
        study.paint();
        let colours = |study: &Study| -> Vec<Option<usize>> {
            study.contenders.iter().map(|c| c.colour).collect()
        };
        let all = colours(&study);
        assert_eq!(all[..3], [Some(1), Some(0), Some(1)]);
        study.contenders.remove(1);
        study.paint();
        assert_eq!(colours(&study)[..2], [Some(1), Some(1)]);
    }

    /// What `--only` and `--filter` leave of a study with a contender `c` that is optional and has the
    /// cases `own/` alone, and whose summary is `g/x-1`.
    fn narrowed(only: &[&str], filter: Option<&str>) -> Study {
        let c = "[[contender]]\nname = \"c\"\ntitle = \"C\"\nfolder = \"c\"\nmodule = \"c\"\n\
                 optional = true\ncases = \"own/\"\n\
                 [[case]]\nname = \"own/case\"\nabout = \"c's own\"\ncall = \"f(3)\"\n\
                 except = [\"a\", \"b\"]\nexpect = \"3\"\n";
        let text = SMALL.replace("seed = 1", "seed = 1\nsummary = [\"g/x-1\"]") + c;
        let mut study = load(&text).unwrap();
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        let filter = filter.map(|pattern| Regex::new(pattern).unwrap());
        study.narrow(&only, filter.as_ref(), None).unwrap();
        study
    }

    #[test]
    fn what_was_named_is_shown() {
        let shown = |study: &Study| {
            let contenders = study.contenders.iter().filter(|c| study.shows(c));
            let contenders = contenders.map(|c| c.name.as_str());
            let cases = study.in_short().into_iter().map(|c| c.name.as_str());
            contenders.chain(cases).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(&narrowed(&[], None)), "a b g/x-1");
        assert_eq!(shown(&narrowed(&["c"], None)), "a b c g/x-1 own/case");
        assert_eq!(shown(&narrowed(&["b"], None)), "a b g/x-1");
        assert_eq!(shown(&narrowed(&[], Some("y"))), "a b g/y-1 g/y-2");
        // A record keeps it; of what was not named it says nothing.
        let text = |study: &Study| serde_json::to_string(study).unwrap();
        let named = narrowed(&["c"], Some("own"));
        let again: Study = serde_json::from_str(&text(&named)).unwrap();
        assert_eq!(again.named, named.named);
        assert!(!text(&narrowed(&[], None)).contains("named"));
        let error = load(&format!("{SMALL}\n[named]\ncontenders = [\"b\"]")).unwrap_err();
        assert!(error.to_string().contains("a key of records"), "{error}");
    }

    #[test]
    fn narrowing_keeps_the_reference_and_the_baseline() {
        let mut study = load(SMALL).unwrap();
        study
            .narrow(&["a".to_owned()], Some(&Regex::new("x-").unwrap()), None)
            .unwrap();
        assert_eq!(study.contenders.len(), 2);
        assert_eq!(study.cases.len(), 2);
        assert!(study.narrow(&["z".to_owned()], None, None).is_err());
        assert!(
            study
                .narrow(&[], Some(&Regex::new("nothing").unwrap()), None)
                .is_err()
        );
        let skip = |pattern: &str| {
            let mut study = load(SMALL).unwrap();
            study
                .narrow(&[], None, Some(&Regex::new(pattern).unwrap()))
                .map(|()| study.cases.len())
        };
        assert_eq!(skip("x-").unwrap(), 2);
        assert_eq!(skip("nothing").unwrap(), 4);
        assert!(skip(".").is_err());
    }
}
