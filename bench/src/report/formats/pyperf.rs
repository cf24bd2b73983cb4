//! The JSON of pyperf, version 1.0: a suite of benchmarks, each with the values of its processes.
//!
//! The format is described in pyperf's documentation, under "API" and "JSON format".

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
pub struct Suite {
    version: &'static str,
    metadata: BTreeMap<String, String>,
    benchmarks: Vec<Benchmark>,
}

#[derive(Serialize)]
struct Benchmark {
    metadata: Name,
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Name {
    name: String,
}

/// One process.
#[derive(Serialize)]
struct Run {
    metadata: Loops,
    /// Seconds of one call, a value for each slice.
    values: Vec<f64>,
}

#[derive(Serialize)]
struct Loops {
    loops: u64,
}

/// What one process measured: how many calls are in a slice, and the seconds of one call in each.
pub type Process = (u64, Vec<f64>);

impl Suite {
    /// A suite of benchmarks, each with a name and the processes that measured it.
    pub fn new(
        metadata: BTreeMap<String, String>,
        benchmarks: impl IntoIterator<Item = (String, Vec<Process>)>,
    ) -> Self {
        let run = |(loops, values)| Run {
            metadata: Loops { loops },
            values,
        };
        let benchmarks = benchmarks.into_iter().map(|(name, processes)| Benchmark {
            metadata: Name { name },
            runs: processes.into_iter().map(run).collect(),
        });
        Self {
            version: "1.0",
            metadata,
            benchmarks: benchmarks.collect(),
        }
    }
}
