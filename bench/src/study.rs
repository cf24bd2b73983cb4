//! The study: contenders, checks, cases and charts, as `study.toml` declares them.
//!
//! This is all that the harness knows of what it measures. [`Study::load`] reads the file,
//! expands each case over its parameters and refuses what does not fit together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::analysis::interval::FEWEST_BLOCKS;

/// A study, checked and expanded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    #[serde(rename = "study")]
    pub header: Header,
    #[serde(rename = "profile")]
    pub profiles: BTreeMap<String, Profile>,
    #[serde(rename = "contender")]
    pub contenders: Vec<Contender>,
    #[serde(rename = "check", default)]
    pub checks: Vec<Check>,
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
    #[serde(default)]
    pub criterion: Option<Criterion>,
    #[serde(rename = "gate", default)]
    pub gates: Vec<Gate>,
    #[serde(rename = "chart", default)]
    pub charts: Vec<Chart>,
    /// The folder of `study.toml`. A record must not hold a path of the machine it was made on.
    #[serde(skip)]
    pub folder: PathBuf,
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
    /// Contender that ratios are taken to, and that is timed against itself.
    pub baseline: String,
    pub seed: u64,
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
    /// Seconds that Criterion measures each native benchmark.
    #[serde(default = "one")]
    pub criterion_seconds: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contender {
    pub name: String,
    pub title: String,
    pub folder: String,
    /// What Python imports.
    pub module: String,
    /// The contender this one is another way of binding or writing.
    #[serde(default)]
    pub variant_of: Option<String>,
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
    pub generated: Vec<String>,
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
    /// Contenders that document an exception where the reference has an answer.
    #[serde(default)]
    pub raises: BTreeMap<String, String>,
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
    /// The timed expression.
    pub call: String,
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
    /// Contenders that the case applies to; all when empty.
    #[serde(default)]
    pub contenders: Vec<String>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// Time per call against a parameter, with the floor.
    Lines,
    /// Ratios to the baseline with intervals.
    Forest,
    /// Times faster than the reference.
    SpeedUp,
    /// What building costs.
    Effort,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Name of the SVG file, without its ending.
    pub file: String,
    pub kind: ChartKind,
    pub title: String,
    /// Regular expression on case names.
    #[serde(default)]
    pub cases: String,
    /// Parameter on the horizontal axis.
    #[serde(default)]
    pub x: Option<String>,
    #[serde(default)]
    pub x_label: String,
}

fn here() -> String {
    ".".to_owned()
}
fn four_gigabytes() -> u64 {
    4096
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
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the study {}", path.display()))?;
        let mut study: Self =
            toml::from_str(&text).with_context(|| format!("in the study {}", path.display()))?;
        let path = path.canonicalize()?;
        path.parent()
            .unwrap_or(Path::new("/"))
            .clone_into(&mut study.folder);
        study.cases = study
            .cases
            .iter()
            .map(expand)
            .collect::<Result<Vec<_>>>()?
            .concat();
        study
            .validate()
            .with_context(|| format!("in the study {}", path.display()))?;
        Ok(study)
    }

    pub fn root(&self) -> PathBuf {
        let root = self.folder.join(&self.header.root);
        root.canonicalize().unwrap_or(root)
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

    pub fn profile(&self, name: &str) -> Result<Profile> {
        let known = || self.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
        self.profiles
            .get(name)
            .copied()
            .with_context(|| format!("the study has no profile '{name}'; it has {}", known()))
    }

    /// Narrows the study to some contenders and cases, as `--only` and `--filter` ask.
    /// The reference and the baseline stay: without them there is nothing to compare with.
    pub fn narrow(&mut self, only: &[String], filter: Option<&Regex>) -> Result<()> {
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
        }
        if let Some(filter) = filter {
            self.cases.retain(|c| filter.is_match(&c.name));
            ensure!(
                !self.cases.is_empty(),
                "--filter {filter}: no case has such a name"
            );
        }
        Ok(())
    }

    fn validate(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        for name in self
            .contenders
            .iter()
            .map(|c| &c.name)
            .chain(self.cases.iter().map(|c| &c.name))
        {
            ensure!(seen.insert(name), "the name '{name}' is used twice");
        }
        let check = |name: &str, by: &str| {
            ensure!(
                self.contender(name).is_some(),
                "{by} names '{name}', which is no contender"
            );
            Ok(())
        };
        check(&self.header.reference, "study.reference")?;
        check(&self.header.baseline, "study.baseline")?;
        for contender in &self.contenders {
            if let Some(of) = &contender.variant_of {
                check(of, &format!("variant_of of {}", contender.name))?;
            }
        }
        for case in &self.cases {
            for name in &case.contenders {
                check(name, &format!("case {}", case.name))?;
            }
        }
        for generated in &self.checks {
            for name in generated.raises.keys() {
                check(name, &format!("raises of check {}", generated.name))?;
            }
        }
        for (name, profile) in &self.profiles {
            ensure!(
                profile.blocks > 0 && profile.rounds > 0,
                "profile {name}: without blocks and rounds nothing is measured"
            );
            ensure!(
                profile.width.is_none_or(|width| width > 0.0 && width < 1.0),
                "profile {name}: `width` is a fraction, such as 0.02 for ±2 %"
            );
            ensure!(
                profile.width.is_none() || profile.blocks as usize >= FEWEST_BLOCKS,
                "profile {name}: a `width` needs at least {FEWEST_BLOCKS} blocks to begin with"
            );
        }
        for gate in &self.gates {
            let by = format!("the gate of {}", gate.case);
            check(&gate.contender, &by)?;
            ensure!(
                self.case(&gate.case).is_some(),
                "{by}: there is no such case"
            );
        }
        for name in self.header.summary.iter().chain(&self.header.loop_case) {
            ensure!(
                self.case(name).is_some(),
                "the study's header names '{name}', which is no case"
            );
        }
        for chart in &self.charts {
            ensure!(
                chart.kind != ChartKind::Lines || chart.x.is_some(),
                "chart {}: a chart of lines needs `x`, the parameter of its axis",
                chart.file
            );
            Regex::new(&chart.cases).with_context(|| format!("chart {}", chart.file))?;
        }
        if let Some(criterion) = &self.criterion {
            check(&criterion.contender, "criterion.contender")?;
        }
        Ok(())
    }
}

impl Case {
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
    fn narrowing_keeps_the_reference_and_the_baseline() {
        let mut study = load(SMALL).unwrap();
        study
            .narrow(&["a".to_owned()], Some(&Regex::new("x-").unwrap()))
            .unwrap();
        assert_eq!(study.contenders.len(), 2);
        assert_eq!(study.cases.len(), 2);
        assert!(study.narrow(&["z".to_owned()], None).is_err());
        assert!(
            study
                .narrow(&[], Some(&Regex::new("nothing").unwrap()))
                .is_err()
        );
    }
}
