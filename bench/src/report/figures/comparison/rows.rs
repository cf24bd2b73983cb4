//! Every contender in every case that any of the records has.

use super::{ComparisonCell, ComparisonRow, Member};
use crate::record::Record;
use crate::report::figures::Results;
use crate::study::{Case, Contender};

/// Every contender in every case, and the cases that each record defines otherwise than the first
/// record that has them.
pub fn rows(members: &[Member], agreed: bool) -> (Vec<ComparisonRow>, Vec<Vec<String>>) {
    let records = || members.iter().map(|m| &m.results.record);
    let cases = union(records().flat_map(|r| &r.study.cases), |case| &case.name);
    let contenders = union(records().flat_map(|r| &r.study.contenders), |c| &c.name);
    let mut rows = Vec::new();
    let mut redefined = vec![Vec::new(); members.len()];
    for case in cases {
        let owner = records().find(|r| r.study.case(&case.name).is_some());
        let others: Vec<bool> = records()
            .map(|r| owner.is_some_and(|owner| redefines(owner, r, &case.name)))
            .collect();
        let having = records()
            .filter(|r| r.study.case(&case.name).is_some())
            .count();
        for (column, other) in others.iter().enumerate() {
            if *other {
                redefined[column].push(case.name.clone());
            }
        }
        let odd = others.iter().filter(|other| **other).count();
        if odd > 0 && odd + 1 == having {
            // No two records mean the same by this name.
            continue;
        }
        for contender in &contenders {
            let cells: Vec<ComparisonCell> = members
                .iter()
                .zip(&others)
                .map(|(member, other)| cell(&member.results, case, contender, *other))
                .collect();
            let tried = |cell: &ComparisonCell| {
                matches!(cell, ComparisonCell::Timed { .. } | ComparisonCell::Failed)
            };
            if cells.iter().any(tried) {
                rows.push(ComparisonRow {
                    case: case.name.clone(),
                    contender: contender.name.clone(),
                    title: contender.title.clone(),
                    shown: records().any(|r| {
                        let own = r.study.contender(&contender.name);
                        own.is_some_and(|own| r.study.shows(own))
                    }),
                    cells,
                    changes: vec![None; members.len() - 1],
                });
            }
        }
    }
    if !agreed {
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
            if let ComparisonCell::Timed { speed_up, .. } = cell {
                *speed_up = None;
            }
        }
    }
    (rows, redefined)
}

/// The first one of each name, in the order in which they come.
fn union<'a, T>(all: impl Iterator<Item = &'a T>, name: impl Fn(&T) -> &String) -> Vec<&'a T> {
    let mut found: Vec<&T> = Vec::new();
    for one in all {
        if !found.iter().any(|known| name(known) == name(one)) {
            found.push(one);
        }
    }
    found
}

/// Whether the second record has a case of this name, and measures something else by it.
fn redefines(owner: &Record, other: &Record, name: &str) -> bool {
    let (Some(a), Some(b)) = (owner.study.case(name), other.study.case(name)) else {
        return false;
    };
    (&a.params, &a.setup, &a.call, a.gc) != (&b.params, &b.setup, &b.call, b.gc)
        || owner.study.header.seed != other.study.header.seed
}

fn cell(results: &Results, case: &Case, contender: &Contender, redefined: bool) -> ComparisonCell {
    let study = &results.record.study;
    let (Some(case), Some(contender)) = (study.case(&case.name), study.contender(&contender.name))
    else {
        return ComparisonCell::Absent;
    };
    if !case.applies_to(&contender.name) {
        return ComparisonCell::Absent;
    }
    if redefined {
        return ComparisonCell::Redefined;
    }
    match results.timed(&case.name, &contender.name) {
        Some(timed) => ComparisonCell::Timed {
            speed_up: timed.speed_up,
            ratio: timed.ratio,
        },
        None if results.record.failed(&contender.name, &case.name).is_some() => {
            ComparisonCell::Failed
        }
        None => ComparisonCell::Absent,
    }
}
