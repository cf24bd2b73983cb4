//! What has changed from one record to another.
//!
//! Seconds of two records are never compared: another machine, another day, another load. A
//! ratio to the baseline is measured within each record, so the ratio of two such ratios says
//! what changed, as far as the baseline stayed what it was.

use super::interval::{CONFIDENCE, Mean};
use super::{Estimate, Leg, MARGIN, Timings};

/// Probability that a comparison of two records of the same thing calls any of its rows changed.
pub const FALSE_ALARM: f64 = 0.001;

/// One row of a comparison.
#[derive(Clone, Debug)]
pub struct Change {
    pub case: String,
    pub contender: String,
    pub before: Estimate,
    pub after: Estimate,
    /// How many times as long, relative to the baseline, it takes now; 95 % interval.
    pub factor: Estimate,
    /// Whether the interval that all rows share excludes a change of less than [`MARGIN`].
    pub changed: bool,
}

/// Compares the rows that both records have, against the contender `baseline`.
///
/// `rows` are pairs of case and contender.
pub fn changes(
    before: &Timings,
    after: &Timings,
    rows: &[(String, String)],
    baseline: &str,
) -> Vec<Change> {
    let logs = |timings: &Timings, (case, contender): &(String, String)| {
        let baseline = (baseline, Leg::Call);
        let logs = timings.log_ratios(case, (contender, Leg::Call), baseline)?;
        Some((
            timings.ratio(case, (contender, Leg::Call), baseline)?,
            Mean::of(&logs)?,
        ))
    };
    let both: Vec<_> = rows
        .iter()
        .filter_map(|row| Some((row, logs(before, row)?, logs(after, row)?)))
        .collect();
    #[allow(clippy::cast_precision_loss)] // Some hundred rows.
    let shared = 1.0 - FALSE_ALARM / both.len().max(1) as f64;
    both.into_iter()
        .map(|(row, (before, old), (after, new))| {
            let (change, half) = new.difference(&old, CONFIDENCE);
            let (_, wide) = new.difference(&old, shared);
            let changed =
                (change - wide).exp() > 1.0 + MARGIN || (change + wide).exp() < 1.0 - MARGIN;
            Change {
                case: row.0.clone(),
                contender: row.1.clone(),
                before,
                after,
                factor: Estimate {
                    centre: change.exp(),
                    low: (change - half).exp(),
                    high: (change + half).exp(),
                    blocks: before.blocks.min(after.blocks),
                    range: false,
                },
                changed,
            }
        })
        .collect()
}
