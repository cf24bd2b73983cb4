//! Instructions per call: what callgrind wrote, by the object files that they belong to.
//!
//! A count repeats to the instruction for one set of binaries on one machine, whatever else the
//! machine does. It is not time: instructions differ in what they cost, and valgrind knows
//! neither caches nor branches here. It says at once, and exactly, that something has changed.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::analysis::Role;

/// What a record says of instructions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// Why there are none.
    NotCounted(String),
    Counted(InstructionCounts),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InstructionCounts {
    /// What counts depend on besides the contenders. Only under an equal one may two counts be
    /// compared.
    pub fingerprint: BTreeMap<String, String>,
    /// Hash of what was imported, by contender.
    pub artefacts: BTreeMap<String, String>,
    /// By case, contender and role.
    pub rows: BTreeMap<String, BTreeMap<String, BTreeMap<Role, Instructions>>>,
    /// Rows that do not fit, with the reason, by case and contender.
    pub left_out: BTreeMap<String, BTreeMap<String, String>>,
}

/// Instructions of one iteration, by where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Instructions {
    pub interpreter: f64,
    pub extension: f64,
    pub libc: f64,
    pub other: f64,
}

impl Instructions {
    pub fn total(&self) -> f64 {
        self.interpreter + self.extension + self.libc + self.other
    }

    /// What `iterations` of them make of a difference between two segments.
    #[allow(clippy::cast_precision_loss)] // Far below 2^52.
    pub fn per_iteration(less: &Segment, more: &Segment, iterations: u64) -> Self {
        let of = |object: Object| {
            let at = |segment: &Segment| segment.0.get(&object).copied().unwrap_or(0) as f64;
            (at(more) - at(less)) / iterations as f64
        };
        Self {
            interpreter: of(Object::Interpreter),
            extension: of(Object::Extension),
            libc: of(Object::Libc),
            other: of(Object::Other),
        }
    }
}

impl InstructionCounts {
    pub fn row(&self, case: &str, contender: &str, role: Role) -> Option<&Instructions> {
        self.rows.get(case)?.get(contender)?.get(&role)
    }

    /// These counts, and those of earlier ones that are not among them and may stand beside them.
    pub fn over(mut self, earlier: Self) -> Self {
        if self.differences(&earlier).is_empty() {
            for (case, rows) in earlier.rows {
                let own = self.rows.entry(case).or_default();
                for (contender, roles) in rows {
                    own.entry(contender).or_insert(roles);
                }
            }
            for (name, hash) in earlier.artefacts {
                self.artefacts.entry(name).or_insert(hash);
            }
        }
        self
    }

    /// In what two fingerprints differ, in words; empty when counts may be compared.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let names: std::collections::BTreeSet<&String> = self
            .fingerprint
            .keys()
            .chain(other.fingerprint.keys())
            .collect();
        let of = |counted: &Self, name| {
            let value = counted.fingerprint.get(name);
            value.map_or("unknown".to_owned(), ToString::to_string)
        };
        names
            .into_iter()
            .filter(|name| self.fingerprint.get(*name) != other.fingerprint.get(*name))
            .map(|name| format!("{name}: {} and {}", of(self, name), of(other, name)))
            .collect()
    }
}

/// The kinds of object files that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    Interpreter,
    Extension,
    Libc,
    Other,
}

/// What callgrind counted between two marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment(BTreeMap<Object, u64>);

/// Reads one file of callgrind's, written with neither strings nor positions compressed.
///
/// `kind_of` says what an object file is. The format is that of Callgrind's manual, "Callgrind
/// Format Specification": a line of numbers after `calls=` is the cost of what was called, which
/// stands again where that is the function itself.
pub fn parse(text: &str, kind_of: impl Fn(&str) -> Object) -> Result<Segment> {
    let mut segment = Segment::default();
    let mut object = Object::Other;
    let mut called = false;
    let mut totals = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("ob=") {
            object = kind_of(path);
        } else if line.starts_with("calls=") {
            called = true;
        } else if let Some(sum) = line.strip_prefix("totals:") {
            totals = Some(sum.trim().parse::<u64>().context("no number in totals:")?);
        } else if line.starts_with(|c: char| c.is_ascii_digit()) && !std::mem::take(&mut called) {
            // Position and cost; a line without a cost has none.
            let cost = line.split_whitespace().nth(1);
            let cost: u64 = cost
                .map_or(Ok(0), str::parse)
                .context("no number in a line")?;
            *segment.0.entry(object).or_default() += cost;
        }
    }
    let sum: u64 = segment.0.values().sum();
    ensure!(
        totals == Some(sum),
        "callgrind's file is not understood: its parts add up to {sum}, its totals are {totals:?}"
    );
    Ok(segment)
}

/// What kind of object file a path is. `site_packages` is where contenders are installed.
pub fn kind_of(path: &str, executable: &str, sites: [&str; 2]) -> Object {
    let name = path.rsplit('/').next().unwrap_or(path);
    let libc = [
        "libc.",
        "libc-",
        "libm.",
        "libm-",
        "libpthread",
        "libdl",
        "librt",
        "ld-",
        "ld.",
    ];
    if sites.iter().any(|site| path.starts_with(site)) {
        Object::Extension
    } else if path == executable || name.starts_with("libpython") || path.contains("/lib-dynload/")
    {
        Object::Interpreter
    } else if libc.iter().any(|start| name.starts_with(start)) {
        Object::Libc
    } else {
        Object::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# callgrind format
version: 1
positions: line
events: Ir
summary: 1060

ob=/usr/bin/python3.11
fl=???
fn=eval
0 100
cob=/site/lev.so
cfi=lev.c
cfn=distance
calls=7 20
0 900
0 10

ob=/site/lev.so
fl=lev.c
fn=distance
20 850
+1 0
cob=/usr/lib/libc.so.6
cfn=malloc
calls=1 0
20 50

ob=/usr/lib/libc.so.6
fn=malloc
0 60

ob=/usr/lib/libgcc_s.so.1
fn=x
0 40

totals: 1060
";

    fn kind(path: &str) -> Object {
        kind_of(path, "/usr/bin/python3.11", ["/site/", "/state/sites"])
    }

    #[test]
    fn a_file_is_summed_by_object_without_what_was_called() {
        let segment = parse(FILE, kind).unwrap();
        let expected = [
            (Object::Interpreter, 110),
            (Object::Extension, 850),
            (Object::Libc, 60),
            (Object::Other, 40),
        ];
        assert_eq!(segment, Segment(expected.into_iter().collect()));
    }

    #[test]
    fn a_file_that_does_not_add_up_is_refused() {
        let error = parse(&FILE.replace("totals: 1060", "totals: 1061"), kind).unwrap_err();
        assert!(error.to_string().contains("add up to 1060"), "{error}");
        assert!(parse("", kind).is_err());
    }

    #[test]
    fn the_difference_of_two_segments_is_divided_by_the_iterations() {
        let segment = |n: u64| Segment([(Object::Extension, 1000 + n * 7)].into_iter().collect());
        let found = Instructions::per_iteration(&segment(10), &segment(20), 10);
        assert_eq!(found.extension.to_bits(), 7.0f64.to_bits());
        assert_eq!(found.total().to_bits(), 7.0f64.to_bits());
    }

    #[test]
    fn object_files_are_known_by_where_they_are() {
        assert_eq!(
            kind("/usr/lib/python3.11/lib-dynload/math.so"),
            Object::Interpreter
        );
        assert_eq!(kind("/opt/lib/libpython3.13.so.1.0"), Object::Interpreter);
        assert_eq!(kind("/lib64/ld-linux-x86-64.so.2"), Object::Libc);
        assert_eq!(kind("/site/_cffi_backend.so"), Object::Extension);
        assert_eq!(kind("???"), Object::Other);
    }

    #[test]
    fn counts_under_different_fingerprints_say_in_what_they_differ() {
        let counted = |libc: &str| InstructionCounts {
            fingerprint: [("libc".to_owned(), libc.to_owned())].into_iter().collect(),
            artefacts: BTreeMap::new(),
            rows: BTreeMap::new(),
            left_out: BTreeMap::new(),
        };
        assert!(counted("a").differences(&counted("a")).is_empty());
        assert_eq!(counted("a").differences(&counted("b")), ["libc: a and b"]);
    }
}
