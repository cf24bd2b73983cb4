//! What is looked at once for each contender, outside of the blocks: what importing it costs, what
//! a call allocates, what Python sees of things that go wrong.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a record holds of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Observed {
    /// By contender; every sample is kept.
    pub imports: BTreeMap<String, Vec<Import>>,
    /// By case and contender.
    pub allocations: BTreeMap<String, BTreeMap<String, Allocations>>,
    /// By outcome and contender.
    pub outcomes: BTreeMap<String, BTreeMap<String, SeenOutcome>>,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

/// One import in a process of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    pub round: u32,
    /// Whether the system had been made to forget the files.
    pub cold: bool,
    pub ns: f64,
    /// Resident memory that came with it, and how much of that is shared with nobody. Absent where
    /// the system does not tell.
    pub resident_kb: Option<f64>,
    pub private_kb: Option<f64>,
    /// Threads that were there afterwards besides the first.
    pub threads: Option<u32>,
    /// Modules that it imported.
    pub modules: u32,
}

/// What one call allocates, in Python's heap and outside of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Allocations {
    pub count: u64,
    /// Most bytes alive at once during the call.
    pub peak: u64,
    /// Bytes alive when the call has returned and its result is held.
    pub held: u64,
}

/// What Python sees of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenOutcome {
    Value(String),
    Exception(String),
    /// The process did not survive it.
    Death(String),
}
