//! What the measurement of effort needs, besides the contenders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the measurement of effort needs, besides the contenders.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EffortPlan {
    /// Folder of a package with nothing in it, relative to the root: what its build takes is the
    /// cost of pip.
    pub empty_package: Option<String>,
    /// Locked requirements of the build, relative to the root.
    pub requirements: Option<String>,
    /// Commands from a fresh copy of the sources to the first call, run in a shell; `{python}`,
    /// `{folder}` and `{module}` are filled in.
    pub steps: Vec<String>,
    /// What the last of these commands prints.
    pub answer: String,
    /// Arguments after which an interpreter puts `{module}` to the test, with nothing but its
    /// standard library; relative to the root.
    pub corpus: Vec<String>,
    /// Commands that look at a `{wheel}`, and what they say when its tags are right.
    #[serde(rename = "audit")]
    pub audits: Vec<Audit>,
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
    pub needs: Option<String>,
    /// Variables of the build's environment; `{root}` is the scratch copy of the sources.
    pub env: BTreeMap<String, String>,
    pub contenders: Vec<String>,
}
