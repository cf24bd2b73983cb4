//! How many times as fast as others a contender should be, and whether it is.

use super::Results;
use crate::analysis::Estimate;
use crate::study::{Case, Contender, Goal};

/// A goal in one case.
pub struct Aim<'a> {
    pub goal: &'a Goal,
    pub case: &'a Case,
    pub time: Estimate,
    /// The fastest of those that it is compared with, its time, and how many times as fast the
    /// contender is.
    pub against: Option<(&'a Contender, Estimate, Estimate)>,
}

/// Every goal in every case that was measured.
pub fn aims(results: &Results) -> Vec<Aim<'_>> {
    let mut aims = Vec::new();
    for goal in &results.record.study.goals {
        // The study has been checked; a record that was meddled with has no such cases.
        for case in results.matching(&goal.cases).unwrap_or_default() {
            if let Some(timed) = results.timed(&case.name, &goal.contender) {
                aims.push(Aim {
                    goal,
                    case,
                    time: timed.time,
                    against: fastest(results, goal, case),
                });
            }
        }
    }
    aims
}

/// The fastest of those that the goal is about, of whoever shared processes with the contender.
fn fastest<'a>(
    results: &'a Results,
    goal: &Goal,
    case: &Case,
) -> Option<(&'a Contender, Estimate, Estimate)> {
    let wanted = |c: &&Contender| {
        if goal.against.is_empty() {
            c.is_peer() && c.name != goal.contender
        } else {
            goal.against.contains(&c.name)
        }
    };
    let others = results.record.study.contenders.iter().filter(wanted);
    let timed = others.filter_map(|other| {
        let time = results.timed(&case.name, &other.name)?.time;
        let faster = results.over(&case.name, &other.name, &goal.contender)?;
        Some((other, time, faster))
    });
    timed.min_by(|a, b| a.1.centre.total_cmp(&b.1.centre))
}
