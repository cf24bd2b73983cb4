//! What has changed from one record to others.
//!
//! Seconds of two records are never compared: another machine, another day, another load. A
//! ratio to the baseline is measured within each record, so the ratio of two such ratios says
//! what changed, as far as the baseline stayed what it was.

use super::interval::{CONFIDENCE, Mean};
use super::{Estimate, MARGIN, Role, Timings};

/// Probability that a comparison of records of the same thing calls any of its rows changed.
pub const FALSE_ALARM: f64 = 0.001;

/// One row of a comparison.
#[derive(Clone, Debug)]
pub struct Change {
    pub case: String,
    pub contender: String,
    /// How many times as long, relative to the baseline, it takes now; 95 % interval.
    pub factor: Estimate,
    /// Whether the interval that all rows share excludes a change of less than [`MARGIN`].
    pub changed: bool,
}

/// Two records, and the rows that both have, as pairs of case and contender.
pub struct RecordPair<'a> {
    pub before: &'a Timings,
    pub after: &'a Timings,
    pub rows: Vec<(String, String)>,
}

/// Compares the rows of each pair, against the contender `baseline`. What has too few blocks for an
/// interval is left out.
pub fn changes(pairs: &[RecordPair], baseline: &str) -> Vec<Vec<Change>> {
    let told: Vec<Vec<Told>> = pairs.iter().map(|pair| told(pair, baseline)).collect();
    // All rows of all pairs share one chance of a false alarm.
    let rows: usize = told.iter().map(Vec::len).sum();
    #[allow(clippy::cast_precision_loss)] // Some thousand rows.
    let shared = 1.0 - FALSE_ALARM / rows.max(1) as f64;
    told.iter()
        .map(|rows| rows.iter().map(|row| change(row, shared)).collect())
        .collect()
}

/// A row with the mean of the logarithms of its ratio in both records.
struct Told<'a> {
    row: &'a (String, String),
    before: Mean,
    after: Mean,
    /// The smaller number of blocks.
    blocks: usize,
}

fn told<'a>(pair: &'a RecordPair, baseline: &str) -> Vec<Told<'a>> {
    let logs = |timings: &Timings, (case, contender): &(String, String)| {
        timings.log_ratios(case, (contender, Role::Call), (baseline, Role::Call))
    };
    pair.rows
        .iter()
        .filter_map(|row| {
            let (before, after) = (logs(pair.before, row)?, logs(pair.after, row)?);
            Some(Told {
                row,
                before: Mean::of(&before)?,
                after: Mean::of(&after)?,
                blocks: before.len().min(after.len()),
            })
        })
        .collect()
}

fn change(told: &Told, shared: f64) -> Change {
    let (change, half) = told.after.difference(&told.before, CONFIDENCE);
    let (_, wide) = told.after.difference(&told.before, shared);
    let changed = (change - wide).exp() > 1.0 + MARGIN || (change + wide).exp() < 1.0 - MARGIN;
    Change {
        case: told.row.0.clone(),
        contender: told.row.1.clone(),
        factor: Estimate {
            centre: change.exp(),
            low: (change - half).exp(),
            high: (change + half).exp(),
            blocks: told.blocks,
            range: false,
        },
        changed,
    }
}
