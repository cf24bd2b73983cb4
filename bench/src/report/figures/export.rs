//! What other programs are given of records: the slices of one, the ratios of many.

use std::collections::BTreeMap;

use super::Results;
use crate::analysis::{Role, Slice};
use crate::counts::{Counts, Instructions};

/// The slices of one contender by case: for each block the iterations of a slice, and the seconds
/// of one call in each slice. Floors are left out.
pub fn processes(slices: &[Slice], contender: &str) -> BTreeMap<String, Vec<(u64, Vec<f64>)>> {
    let mut cases: BTreeMap<String, BTreeMap<u32, (u64, Vec<f64>)>> = BTreeMap::new();
    let calls = |slice: &&Slice| slice.contender == contender && slice.role == Role::Call;
    for slice in slices.iter().filter(calls) {
        let blocks = cases.entry(slice.case.clone()).or_default();
        let (iterations, values) = blocks.entry(slice.block).or_default();
        *iterations = slice.iterations;
        values.push(slice.per_iteration() / 1e9);
    }
    let of_case = |blocks: BTreeMap<u32, _>| blocks.into_values().collect();
    let cases = cases.into_iter();
    cases
        .map(|(case, blocks)| (case, of_case(blocks)))
        .collect()
}

/// What of a record may be compared with other records: by `case contender`, the ratio to the
/// baseline, and the instructions.
pub fn series(results: &Results) -> BTreeMap<String, f64> {
    let (record, timings) = (&results.record, &results.timings);
    let baseline = &record.study.header.baseline;
    let mut found = BTreeMap::new();
    for case in &record.study.cases {
        for contender in &record.study.contenders {
            let (case, name) = (&case.name, &contender.name);
            let ratio = timings.ratio(case, (name, Role::Call), (baseline, Role::Call));
            if let Some(ratio) = ratio.filter(|_| name != baseline) {
                found.insert(format!("{case} {name} ratio"), ratio.centre);
            }
            if let Some(Counts::Counted(counts)) = &record.counts
                && let Some(row) = counts.row(case, name, Role::Call)
            {
                found.insert(
                    format!("{case} {name} instructions"),
                    Instructions::total(row),
                );
            }
        }
    }
    found
}
