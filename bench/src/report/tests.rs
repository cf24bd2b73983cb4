//! The one record that tests of reports are about, and what was timed in it.

use super::figures::Results;
use super::formats::markdown;
use super::sections::regimes::content;
use crate::analysis::{Role, Slice};
use crate::record::{MeasuredContender, Record};
use crate::study::{Contender, Study};

const BLOCKS: u32 = 5;

const STUDY: &str = r#"
    [study]
    name = "s"
    title = "S"
    prelude = "p.py"
    reference = "ref"
    baseline = "base"
    seed = 1
    loop_case = "call/empty"
    [profile.default]
    blocks = 5
    rounds = 1
    [[contender]]
    name = "ref"
    title = "Reference"
    folder = "ref"
    module = "ref"
    kernel = "Python"
    binding = "none"
    [[contender]]
    name = "base"
    title = "Base"
    folder = "base"
    module = "base"
    kernel = "C"
    binding = "C API"
    [[contender]]
    name = "other"
    title = "Other"
    folder = "other"
    module = "other"
    variant_of = "base"
    naive = true
    kernel = "C"
    binding = "cffi"
    [[case]]
    name = "call/empty"
    about = "Nothing"
    call = "None"
    contenders = ["base"]
    [[case]]
    name = "call/noop"
    about = "No operation"
    call = "noop()"
    [[case]]
    name = "size/1-8"
    about = "One of 8"
    params = { n = 1, length = 8 }
    call = "f()"
    floor = "f(n)"
    work = "8"
    unit = "bytes"
    [[case]]
    name = "size/10-8"
    about = "Ten of 8"
    params = { n = 10, length = 8 }
    call = "f()"
    floor = "f(n)"
    [[case]]
    name = "size/100-8"
    about = "A hundred of 8"
    params = { n = 100, length = 8 }
    call = "f()"
"#;

/// A record of that study, with these tables and slices.
pub fn results(tables: &str, slices: &[Slice]) -> Results {
    let study: Study = toml::from_str(&format!("{STUDY}{tables}")).unwrap();
    let candidate = |c: &Contender| (c.name.clone(), MeasuredContender::default());
    let record = Record {
        contenders: study.contenders.iter().map(candidate).collect(),
        ..Record::new(study, "default").unwrap()
    };
    Results::new(record, slices)
}

/// One slice in each block, of so many nanoseconds an iteration.
pub fn timed(case: &str, contender: &str, role: Role, ns: impl Fn(u32) -> u64) -> Vec<Slice> {
    timed_in(BLOCKS, case, contender, role, ns)
}

/// The same in so many blocks.
pub fn timed_in(
    blocks: u32,
    case: &str,
    contender: &str,
    role: Role,
    mut ns: impl FnMut(u32) -> u64,
) -> Vec<Slice> {
    let slice = |block| Slice {
        block,
        case: case.to_owned(),
        contender: contender.to_owned(),
        role,
        round: 0,
        position: 0,
        iterations: 100,
        nanoseconds: 100 * ns(block),
    };
    (0..blocks).map(slice).collect()
}

/// Calls that take as long in each block.
pub fn calls(rows: &[(&str, &str, u64)]) -> Vec<Slice> {
    let rows = rows.iter();
    rows.flat_map(|(case, contender, ns)| timed(case, contender, Role::Call, |_| *ns))
        .collect()
}

/// Calls in which each block is a little slower than the one before.
pub fn drifting(rows: &[(&str, &str, u64)]) -> Vec<Slice> {
    let rows = rows.iter();
    let drifting = |ns: u64| move |block| ns * 100 + u64::from(block);
    rows.flat_map(|(case, contender, ns)| timed(case, contender, Role::Call, drifting(*ns)))
        .collect()
}

/// The lines of the only table of the study, and of what explains it, as Markdown.
pub fn shown(results: &Results) -> Vec<String> {
    let [table] = results.record.study.tables.as_slice() else {
        panic!("one table at a time")
    };
    let text = markdown::items(&content(results, table).unwrap_or_default());
    text.lines().map(str::to_owned).collect()
}
