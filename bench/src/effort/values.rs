//! What a record keeps of the effort: values only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What it took to build one contender, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// The profile that it was measured with; empty when the contender was only installed.
    pub profile: String,
    /// Builds by where they start, with what toolchain and on how many cores. The first is the
    /// one that was installed.
    pub builds: Vec<Builds>,
    pub wheel_bytes: u64,
    /// Native libraries in the wheel, as shipped and stripped; 0 without any.
    pub extension_bytes: u64,
    pub stripped_bytes: u64,
    pub shipped: Shipped,
    pub lines: Lines,
    #[serde(rename = "places")]
    pub unchecked: Unchecked,
    /// What had to be downloaded before the first build; absent when nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched: Option<Fetched>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_call: Option<FirstCall>,
    /// How it fits each interpreter, by the interpreter's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fits: BTreeMap<String, Fit>,
}

/// Lines of code (neither blank nor comment).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    pub kernel: usize,
    pub glue: usize,
    pub configuration: usize,
    pub stubs: usize,
    pub generated: usize,
}

/// What the efforts of all contenders have in common.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// Builds of a package with nothing in it: what pip itself takes.
    pub empty_package: Vec<Builds>,
    /// The interpreters that wheels were tried on.
    pub interpreters: Vec<TriedInterpreter>,
    /// Hash of the mistakes' files.
    #[serde(default, rename = "mistakes", skip_serializing_if = "String::is_empty")]
    pub mistakes_hash: String,
    /// What became of each mistake, by its name and the contender's.
    #[serde(rename = "ledger")]
    pub mistakes: BTreeMap<String, BTreeMap<String, Entry>>,
    /// What there was no time for, in the words of the progress.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_time: Vec<String>,
}

/// What is there when a build starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Sources, those of the dependencies included, and nothing compiled.
    Nothing,
    /// The dependencies are compiled; only where there are any.
    Clean,
    /// All is built already.
    Unchanged,
    /// All is built, then one line of the glue was edited.
    GlueEdit,
    /// All is built, then one line of the kernel was edited.
    KernelEdit,
}

/// The same build, repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Builds {
    pub start: Start,
    /// The study's name for a toolchain other than the contender's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// Processors that it was kept to; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
    pub costs: Vec<Cost>,
    /// Native libraries in the wheel that the last of them left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_bytes: Option<u64>,
    /// Why there are no, or fewer, costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What a command took, with everything that it started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Wall time.
    pub seconds: f64,
    /// Time on processors, of all processes.
    pub cpu_seconds: f64,
    /// Peak resident memory of the largest process.
    pub largest_bytes: u64,
    /// The most memory that all processes held at one time, from looks at least 20 ms apart. What they
    /// share is counted once. Linux only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together_bytes: Option<u64>,
    /// Bytes that were given to the system to write to files. Linux only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_bytes: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shipped {
    /// Which interpreter, which of its binary interfaces, and which system: the three tags of
    /// the wheel's name.
    pub tag: String,
    /// Bytes of all files, unpacked.
    pub installed_bytes: u64,
    /// Pythons that it claims to be for, such as ">=3.10".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_python: Option<String>,
    /// Python packages that it needs to run, as its metadata says.
    pub packages: Vec<String>,
    /// Shared libraries that it asks the system for.
    pub libraries: Vec<String>,
    /// Bytes by what they are: code, constants, data, unwinding, symbols, other.
    pub sections: BTreeMap<String, u64>,
    /// Symbols that others may use.
    pub exported: Vec<String>,
    /// What each audit of the tags found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub audits: BTreeMap<String, String>,
}

/// Operations in hand-written sources where the author alone keeps memory safe, by kind. In Rust an
/// operation inside an `unsafe` block counts besides the block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unchecked {
    pub unsafe_blocks: usize,
    pub reference_counts: usize,
    pub allocations: usize,
    pub pointers: usize,
    pub casts: usize,
}

/// What was downloaded into an empty folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fetched {
    /// Archives of crates and of Python packages, those of their own dependencies included.
    Archives {
        count: usize,
        bytes: u64,
    },
    Failed {
        message: String,
    },
}

/// From a copy of the sources to the first call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstCall {
    /// The commands as they were run.
    pub steps: Vec<String>,
    /// Seconds that each took; fewer than steps after a failure.
    pub seconds: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Commands that must have been installed before, and are not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// One interpreter of this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedInterpreter {
    /// Implementation and version, with a "t" behind the version when it has no GIL.
    pub name: String,
    pub version: String,
    pub free_threaded: bool,
    /// Absent in a record: whoever reads it has other paths.
    #[serde(skip)]
    pub path: PathBuf,
}

/// How a contender fits an interpreter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    pub outcome: Fitness,
    /// What the corpus said, or the reason.
    pub words: String,
    /// Whether the import turned the GIL on; absent where it is always on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gil_turned_on: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fitness {
    /// The wheel that was built for the measured interpreter installs and works.
    Serves,
    /// One that was built for this interpreter does.
    Rebuilt,
    DoesNotBuild,
    /// It installs, and does not work.
    Fails,
    /// It does not claim to be for such an interpreter.
    DoesNotApply,
    /// What it takes to try it could not be had here.
    NotTried,
}

/// What became of one mistake with one contender.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Why it cannot be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cannot: Option<String>,
    /// The compiler's words, where it refused the mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// The linter's words, where it objected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linted: Option<String>,
    /// What was seen of it when it was run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plain: Vec<Sighting>,
    /// The same under `AddressSanitizer`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sanitized: Vec<Sighting>,
    /// What could not be tried on this machine, or is wrong with the correct twin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One way in which it showed, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    pub seen: Seen,
    pub times: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The right answer came out all the same.
    Unnoticed,
    /// Another answer, and nothing was said.
    WrongAnswer(String),
    Exception(String),
    /// The process was ended by this.
    Crash(String),
    /// `AddressSanitizer`'s name for it.
    Report(String),
    /// It had not ended when its time was up.
    Hang,
}
