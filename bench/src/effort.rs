//! Effort: what it takes to have a contender, and what is shipped in the end.
//!
//! Everything here is measured in scratch copies of the sources, below the study's state. What
//! fails, or is not there, is a value with a reason, so that all the rest is measured.

pub mod builds;
pub mod first_call;
pub mod install;
pub mod interpreters;
pub mod known;
pub mod launch;
pub mod ledger;
pub mod places;
pub mod shipped;
pub mod work;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::builds::{Builds, Start};
use self::first_call::{Fetched, FirstCall};
use self::interpreters::{Fit, Interpreter};
use self::launch::Cost;
use self::ledger::Entry;
use self::places::Places;
use self::shipped::Shipped;
use crate::analysis::median;

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
    /// Places in the hand-written sources where the author alone keeps memory safe.
    pub places: Places,
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
    pub interpreters: Vec<Interpreter>,
    /// Hash of the mistakes' files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mistakes: String,
    /// What became of each mistake, by its name and the contender's.
    pub ledger: BTreeMap<String, BTreeMap<String, Entry>>,
    /// What there was no time for, in the words of the progress.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_time: Vec<String>,
}

impl Effort {
    /// The builds that began and were made like this.
    pub fn builds(
        &self,
        start: Start,
        toolchain: Option<&str>,
        cores: Option<u32>,
    ) -> Option<&Builds> {
        self.builds
            .iter()
            .find(|b| b.start == start && b.toolchain.as_deref() == toolchain && b.cores == cores)
    }

    /// Seconds from sources to wheel, compiled dependencies included.
    pub fn seconds(&self) -> Option<f64> {
        self.builds(Start::Nothing, None, None)?
            .median(|cost| cost.seconds)
    }

    /// Seconds of the same with the dependencies' compilation already done; absent for a
    /// contender that compiles none.
    pub fn own_seconds(&self) -> Option<f64> {
        self.builds(Start::Clean, None, None)?
            .median(|cost| cost.seconds)
    }
}

impl Builds {
    /// The middle one of what the builds took; none without any.
    pub fn median(&self, of: impl Fn(&Cost) -> f64) -> Option<f64> {
        let values: Vec<f64> = self.costs.iter().map(of).collect();
        (!values.is_empty()).then(|| median(values))
    }
}
