//! A ladder: how a time becomes shorter, one cause at a time.

use super::Results;
use crate::analysis::{Estimate, Role, RowName};
use crate::study::{self, Step};

/// One step, as far as it was measured.
pub struct Rung<'a> {
    pub step: &'a Step,
    pub time: Option<Estimate>,
    /// The step that it is compared with, and how many times as fast it is.
    pub over: Option<(&'a Step, Estimate)>,
    /// How many times as fast as the first step it is.
    pub over_first: Option<Estimate>,
    pub failed: bool,
}

/// The steps of a ladder; nothing where none of them was measured.
pub fn rungs<'a>(results: &'a Results, table: &'a study::TableSpec) -> Option<Vec<Rung<'a>>> {
    let rung = |(place, step): (usize, &'a Step)| {
        let before = table.step_before(place);
        Rung {
            step,
            time: time(results, step),
            over: before.and_then(|before| Some((before, faster(results, step, before)?))),
            over_first: table.steps[..place]
                .first()
                .and_then(|first| faster(results, step, first)),
            failed: results.record.failed(&step.contender, &step.case).is_some(),
        }
    };
    let rungs: Vec<Rung> = table.steps.iter().enumerate().map(rung).collect();
    let measured = rungs.iter().any(|rung| rung.time.is_some());
    measured.then_some(rungs)
}

fn row(step: &Step) -> RowName<'_> {
    (&step.case, &step.contender, Role::Call)
}

fn time(results: &Results, step: &Step) -> Option<Estimate> {
    let timed = results.timed(&step.case, &step.contender)?;
    Some(timed.time)
}

/// How many times as fast one step is as another, from the processes that timed both.
fn faster(results: &Results, step: &Step, other: &Step) -> Option<Estimate> {
    time(results, step)?;
    time(results, other)?;
    results.timings.ratio_across(row(other), row(step))
}
