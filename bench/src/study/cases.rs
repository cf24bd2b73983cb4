//! What is asked of the contenders: checks, cases by regime, outcomes, gates and goals.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use serde::{Deserialize, Serialize};

use super::contenders::Contender;

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
    #[serde(skip_serializing)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Whether peers, and whoever else does other work, are compared here with the contenders.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
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
    #[serde(skip_serializing)]
    pub uses: Option<Vec<String>>,
    /// The same work `n` times in one crossing.
    pub floor: Option<String>,
    /// Expression over `result` and the set-up's names that is compared with the reference's.
    #[serde(default = "result")]
    pub answer: String,
    /// Expression over the set-up's names: how much one call does, in `unit`s.
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
    pub each: Option<String>,
    /// Expression for the right answer of a case that the reference takes no part in.
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
pub struct NativeBenchmarks {
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
pub struct Experiment {
    pub name: String,
    pub about: String,
    #[serde(default)]
    pub setup: String,
    /// Expression whose value, or exception, is what is shown.
    pub call: String,
    /// Megabytes of address space that the process may take beyond what it has after the set-up.
    pub memory_mb: Option<u64>,
    /// Contenders that it applies to; all but the optional ones when empty.
    #[serde(default)]
    pub contenders: Vec<String>,
}
impl Experiment {
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
pub(super) fn expand(case: &Case) -> Result<Vec<Case>> {
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
            "case {}: a name in braces is not a parameter",
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
    let parameter = format!("{{{key}}}");
    let mut case = case.clone();
    case.name = case.name.replace(&parameter, &shown);
    case.about = case.about.replace(&parameter, &shown);
    let uses = case.uses.iter_mut().flatten();
    for text in [&mut case.call]
        .into_iter()
        .chain(case.calls.values_mut())
        .chain(uses)
    {
        *text = text.replace(&parameter, &shown);
    }
    case.params.insert(key.to_owned(), value.clone());
    case
}
fn minute() -> f64 {
    60.0
}
fn result() -> String {
    "result".to_owned()
}
