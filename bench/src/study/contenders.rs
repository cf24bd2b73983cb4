//! A contender, as its own file describes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::cases::Check;
use super::{MISTAKES, is_true, yes};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    pub variant_of: Option<String>,
    /// Which of the study's `built_with` it takes what it does not say itself from.
    #[serde(skip_serializing)]
    pub(super) built_with: Option<String>,
    /// Command that leaves one wheel in `{wheels}`; `{python}` and `{folder}` are filled in.
    #[serde(default = "pip_wheel")]
    pub build: Vec<String>,
    /// Files and folders below the root that the artefact is made from, besides `folder`.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Environment variable that names a folder where compiled dependencies are kept. It is what
    /// makes it possible to tell the dependencies' compilation from the contender's own.
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
    #[serde(skip_serializing)]
    pub(super) parts: Option<Vec<String>>,
    /// A short name for it, and what tests of the contract have to know. Others read these.
    #[serde(skip_serializing)]
    #[expect(dead_code)]
    pub(super) nickname: Option<String>,
    #[serde(default, skip_serializing)]
    #[expect(dead_code)]
    pub(super) conformance: toml::Table,
    /// Regular expression on the names of the cases that it has what it takes for; all when empty.
    #[serde(default)]
    pub cases: String,
    /// Names of the checks that it has what it takes for; all when absent.
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
    pub(super) cannot: BTreeMap<String, String>,
    /// Its colour in every chart, an index into the palette. It stays the same when others are left
    /// out; in a record without it, the order of the contenders decides.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_site: bool,
    /// That folder. It belongs to one interpreter on one machine.
    #[serde(skip)]
    pub site: Option<PathBuf>,
}

/// Edits of one line after which a contender is built again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edits {
    pub kernel: Option<Edit>,
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

/// Patterns of files below the root, by what they are. `generated` files exist after the build.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinePatterns {
    pub kernel: Vec<String>,
    pub glue: Vec<String>,
    pub configuration: Vec<String>,
    pub stubs: Vec<String>,
    pub generated: Vec<String>,
}

impl LinePatterns {
    pub(super) fn each_mut(&mut self) -> [&mut Vec<String>; 5] {
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

impl Contender {
    /// Folder of its mistakes, relative to the root.
    pub fn mistakes(&self) -> PathBuf {
        Path::new(&self.folder).join(MISTAKES)
    }

    /// Whether it is a library that others install, and that is not built here.
    pub fn is_peer(&self) -> bool {
        !self.distributions.is_empty()
    }

    /// Whether it has what it takes for a check.
    pub fn takes(&self, check: &Check) -> bool {
        let checks = self.checks.as_ref();
        checks.is_none_or(|names| names.contains(&check.name))
    }
}

fn pip_wheel() -> Vec<String> {
    const COMMAND: &str = "{python} -m pip wheel --quiet --no-build-isolation --no-deps --no-index \
                           --wheel-dir {wheels} {folder}";
    COMMAND.split_whitespace().map(str::to_owned).collect()
}
