//! What the harness and its Python worker say to each other: one request, and the replies to it.
//!
//! `worker.rs` carries these, `bench/worker/ffi_bench_worker/modes.py` serves them. A field that is
//! missing or that nobody knows is an error that names it, on both sides.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};

use crate::analysis::Role;
use crate::environment::Python;
use crate::observed::Allocations;
use crate::study;

/// Most bytes by which the environment of one block is larger than that of another.
const PADDING: u64 = 4096;

/// What makes malloc write down what it does.
pub const MALLOC_DEBUG: &str = "libc_malloc_debug.so.0";

/// What one worker is asked to do; `modes.py` has a function of the same name for each.
#[derive(Debug, Serialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum Request<'a> {
    Facts,
    Present {
        modules: &'a [&'a str],
        distributions: &'a [&'a str],
    },
    Artefacts {
        contenders: Vec<WorkerContender<'a>>,
    },
    Files {
        module: &'a str,
        site: Option<&'a Path>,
    },
    Inputs {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        cases: Vec<WorkerCase<'a>>,
    },
    Answers {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        checks: Vec<WorkerCheck<'a>>,
        /// The file that the right answers go to.
        answers: &'a Path,
    },
    Verify {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        cases: Vec<WorkerCase<'a>>,
        checks: Vec<WorkerCheck<'a>>,
        /// The file that they are read from.
        answers: &'a Path,
        /// The answer to one input in so many is falsified.
        wrong_every: Option<u64>,
    },
    Calibrate {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        cases: Vec<CaseToCalibrate<'a>>,
        slice_ns: f64,
    },
    Block {
        prelude: PathBuf,
        cases: &'a [CaseToTime<'a>],
        seed: u64,
    },
    Count {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        cases: &'a [CaseToCount<'a>],
    },
    Allocate {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        cases: Vec<WorkerCase<'a>>,
        /// The file that malloc's trace goes to.
        trace: &'a Path,
    },
    Outcome {
        prelude: PathBuf,
        contender: WorkerContender<'a>,
        name: &'a str,
        setup: &'a str,
        call: &'a str,
        memory_mb: Option<u64>,
    },
}

impl Request<'_> {
    /// Environment variables of the worker that serves it, besides those that all have in common.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        // Blocks differ in their hash seed and in the size of their environment, which moves the
        // stack; both follow from the seed so that a block can be repeated.
        let seed = match self {
            Self::Block { seed, .. } => *seed,
            _ => 0,
        };
        #[allow(clippy::cast_possible_truncation)] // Below PADDING.
        let padding = "x".repeat(((seed >> 32) % PADDING) as usize);
        // Python takes a hash seed of 32 bits.
        let hash_seed = (seed % (1 << 32)).to_string();
        let mut variables = vec![
            ("PYTHONHASHSEED", hash_seed.into()),
            ("FFI_BENCH_PADDING", padding.into()),
        ];
        if let Self::Allocate { trace, .. } = self {
            variables.extend([
                ("LD_PRELOAD", MALLOC_DEBUG.into()),
                ("MALLOC_TRACE", (*trace).into()),
                ("PYTHONMALLOC", "malloc".into()),
            ]);
        }
        variables
    }
}

/// A contender as the worker knows it.
#[derive(Clone, Debug, Serialize)]
pub struct WorkerContender<'a> {
    /// The self-test gives several of these to one contender.
    pub name: String,
    module: &'a str,
    site: Option<&'a Path>,
    may_change: &'a [String],
    distributions: &'a [String],
}

impl<'a> From<&'a study::Contender> for WorkerContender<'a> {
    fn from(contender: &'a study::Contender) -> Self {
        Self {
            name: contender.name.clone(),
            module: &contender.module,
            site: contender.site.as_deref(),
            may_change: &contender.may_change,
            distributions: &contender.distributions,
        }
    }
}

/// A check, with the seed that its inputs follow from.
#[derive(Clone, Debug, Serialize)]
pub struct WorkerCheck<'a> {
    #[serde(flatten)]
    pub check: &'a study::Check,
    pub seed: u64,
}

/// A case as the worker knows it.
#[derive(Clone, Debug, Serialize)]
pub struct WorkerCase<'a> {
    pub name: &'a str,
    params: &'a BTreeMap<String, toml::Value>,
    setup: &'a str,
    call: &'a str,
    calls: &'a BTreeMap<String, String>,
    floor: Option<&'a str>,
    answer: &'a str,
    gc: bool,
    each: Option<&'a str>,
    expect: Option<&'a str>,
    needs: &'a [String],
    seed: u64,
    criterion: &'a [String],
    work: Option<&'a str>,
}

impl<'a> WorkerCase<'a> {
    pub fn new(case: &'a study::Case, seed: u64) -> Self {
        Self {
            name: &case.name,
            params: &case.params,
            setup: &case.setup,
            call: &case.call,
            calls: &case.calls,
            floor: case.floor.as_deref(),
            answer: &case.answer,
            gc: case.gc,
            each: case.each.as_deref(),
            expect: case.expect.as_deref(),
            needs: &case.needs,
            seed,
            criterion: &case.criterion,
            work: case.work.as_deref(),
        }
    }

    /// The case for a contender that may have no floors.
    pub fn of(case: &'a study::Case, seed: u64, contender: &study::Contender) -> Self {
        let mut new = Self::new(case, seed);
        new.floor = new.floor.filter(|_| contender.floors);
        new
    }
}

/// A case in which a contender is alone.
#[derive(Debug, Serialize)]
pub struct CaseToCalibrate<'a> {
    #[serde(flatten)]
    pub case: WorkerCase<'a>,
    /// Of the right answer, where there is one.
    pub digest: Option<&'a str>,
}

/// A case of a block.
#[derive(Debug, Serialize)]
pub struct CaseToTime<'a> {
    #[serde(flatten)]
    pub case: WorkerCase<'a>,
    pub digest: &'a str,
    pub rounds: u32,
    pub entries: Vec<CaseEntry<'a>>,
}

/// One contender's part in a case of a block.
#[derive(Debug, Serialize)]
pub struct CaseEntry<'a> {
    #[serde(flatten)]
    pub contender: WorkerContender<'a>,
    pub role: Role,
    pub iterations: u64,
    pub rounds: u32,
    /// Whether a slice comes first that is not kept.
    pub warm: bool,
    /// How many times the work that it says is done.
    pub dose: f64,
}

/// A case that is run under valgrind.
#[derive(Debug, Serialize)]
pub struct CaseToCount<'a> {
    #[serde(flatten)]
    pub case: WorkerCase<'a>,
    pub iterations: BTreeMap<Role, u64>,
}

/// What `with_pyperf.py` is asked.
#[derive(Debug, Serialize)]
pub struct Pyperf<'a> {
    pub prelude: PathBuf,
    pub cases: Vec<WorkerCase<'a>>,
    pub contenders: Vec<WorkerContender<'a>>,
}

/// One message of a worker.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Reply {
    Facts(Box<Python>),
    /// The modules and distributions, of those that were asked for, that there are.
    Present(Vec<String>),
    /// Hash of what is installed, by contender.
    Artefacts(BTreeMap<String, String>),
    Files(ModuleFiles),
    /// By case and variable: inputs for the native benchmarks, which are handed on as they are.
    Inputs(serde_json::Value),
    /// Number of generated inputs, by check.
    Answers(BTreeMap<String, u64>),
    /// So many generated inputs have been answered.
    Done(u64),
    Imported {
        artefact: String,
        build_info: BTreeMap<String, String>,
        /// Of the distributions of a peer.
        #[serde(deserialize_with = "nullable")]
        versions: Option<String>,
    },
    Check {
        check: String,
        inputs: u64,
        wrong: u64,
        /// The first wrong answer, in words.
        #[serde(deserialize_with = "nullable")]
        first: Option<String>,
    },
    Answered {
        case: String,
        answers: BTreeMap<Role, Answer>,
        /// Whether these have been compared with what the study expects.
        expected: bool,
    },
    Calibrated {
        case: String,
        found: BTreeMap<Role, Calibration>,
        /// What one call does, in the case's unit.
        #[serde(deserialize_with = "nullable")]
        work: Option<f64>,
    },
    Timed {
        case: String,
        slices: Vec<WorkerSlice>,
        /// Nanoseconds that each entry took, with all about it.
        spent: Vec<u64>,
    },
    Counted {
        case: String,
        role: Role,
        iterations: u64,
        /// Number of the segment that has these iterations once; the next has them twice.
        segment: u64,
    },
    Allocated {
        case: String,
        allocations: Allocations,
    },
    /// What came of an outcome.
    Gave(String),
    Raised(String),
    /// A case went wrong, and the worker goes on with the next.
    Failed {
        case: String,
        error: String,
    },
    /// The worker cannot go on.
    Fatal {
        reason: String,
        /// Whether the reason is what the contender did.
        proof: bool,
    },
    End,
}

impl Reply {
    /// An error for whoever gets a reply to something else.
    pub fn unexpected(&self) -> anyhow::Error {
        anyhow::anyhow!("the worker sent an unexpected reply: {self:?}")
    }
}

/// The folder of a module, and the hash of each of its files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleFiles {
    #[serde(rename = "place", deserialize_with = "nullable")]
    pub origin: Option<String>,
    pub files: BTreeMap<String, String>,
}

/// An answer to a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub digest: String,
    /// The answer itself, shortened.
    pub text: String,
}

/// What a contender needed when it ran alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Iterations that fill a slice.
    pub iterations: u64,
    /// Nanoseconds per iteration.
    pub ns: f64,
}

/// One slice, which the worker writes as a list.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSlice {
    /// Number of the entry in the request.
    pub entry: usize,
    pub round: u32,
    pub position: u32,
    pub iterations: u64,
    pub nanoseconds: u64,
}

/// What a worker announced last, in mapped memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Case or check; empty before the first.
    pub case: String,
    /// Empty where nobody is in particular.
    pub contender: String,
}

/// What `import_probe.py` prints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    pub ns: f64,
    #[serde(deserialize_with = "nullable")]
    pub resident_kb: Option<f64>,
    #[serde(deserialize_with = "nullable")]
    pub private_kb: Option<f64>,
    #[serde(deserialize_with = "nullable")]
    pub threads: Option<u32>,
    pub modules: u32,
    pub files: Vec<String>,
}

/// A field that may be null, and must be there all the same.
fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        serde_json::from_str::<Reply>(line).unwrap_err().to_string()
    }

    #[test]
    fn a_missing_field_is_named() {
        let said = error(r#"{"check": {"check": "a", "inputs": 1, "wrong": 0}}"#);
        assert!(said.starts_with("missing field `first`"), "{said}");
        let said =
            error(r#"{"calibrated": {"case": "a", "found": {"call": {"ns": 1}}, "work": 1}}"#);
        assert!(said.starts_with("missing field `iterations`"), "{said}");
        let said = error(r#"{"facts": {"executable": "python"}}"#);
        assert!(said.starts_with("missing field `implementation`"), "{said}");
    }

    #[test]
    fn an_unknown_field_is_named() {
        let said = error(r#"{"failed": {"case": "a", "error": "e", "role": "call"}}"#);
        assert!(said.starts_with("unknown field `role`"), "{said}");
        let said = error(
            r#"{"answered": {"case": "a", "answers": {"call": {"digest": "1", "text": "1", "x": 1}}, "expected": true}}"#,
        );
        assert!(said.starts_with("unknown field `x`"), "{said}");
        let said = error(r#"{"case": "a"}"#);
        assert!(said.starts_with("unknown variant `case`"), "{said}");
    }

    #[test]
    fn a_slice_is_a_list_of_five_numbers() {
        let read = serde_json::from_str::<WorkerSlice>;
        assert_eq!(read("[1, 2, 3, 4, 5]").unwrap().nanoseconds, 5);
        assert!(read("[1, 2, 3, 4]").is_err());
        assert!(read("[1, 2, 3, 4, 5, 6]").is_err());
    }

    #[test]
    fn what_a_worker_is_started_with_follows_from_the_seed_of_its_block() {
        let environment = |seed| {
            let prelude = PathBuf::new();
            let cases = &[];
            let variables = Request::Block {
                prelude,
                cases,
                seed,
            }
            .environment();
            variables
                .into_iter()
                .map(|(_, value)| value)
                .collect::<Vec<_>>()
        };
        assert_eq!(environment((3 << 32) + 7), ["7", "xxx"]);
        assert_eq!(Request::Facts.environment()[0].1, "0");
    }
}
