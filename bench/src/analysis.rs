//! From raw slices to rows: pure functions, no clock and no disk.
//!
//! The unit of replication is the block. Slices within a process share its memory layout, its
//! hash seed and its neighbours, so hundreds of them are not hundreds of experiments. Each block
//! gives one number (the log of a ratio of medians); the interval is over these numbers.

pub mod change;
pub mod interval;
pub mod parts;
pub mod position;
pub mod ranking;

use std::collections::BTreeMap;

use interval::{CONFIDENCE, estimate, geometric};
use serde::{Deserialize, Serialize};

/// One timed batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    pub block: u32,
    pub case: String,
    pub contender: String,
    pub role: Role,
    pub round: u32,
    /// Place within the round, from 0.
    pub position: u32,
    pub iterations: u64,
    pub nanoseconds: u64,
}

impl Slice {
    #[allow(clippy::cast_precision_loss)] // Nanoseconds and iterations stay far below 2^52.
    pub fn per_iteration(&self) -> f64 {
        self.nanoseconds as f64 / self.iterations as f64
    }
}

/// What a slice ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The case's call, once per iteration.
    Call,
    /// The same work, all iterations in one crossing.
    Floor,
    /// The baseline's call again, as a contender of its own: A/A.
    Again,
}

/// A mean with its 95 % interval, or, where there are too few blocks for one, the range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    pub centre: f64,
    pub low: f64,
    pub high: f64,
    pub blocks: usize,
    /// True when `low` and `high` are the smallest and largest value seen, not a 95 % interval.
    pub range: bool,
}

/// What may be said of a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The interval lies inside ±2 %.
    Same,
    /// The interval lies outside ±2 %.
    Different,
    /// Neither: a noisy run must not pass as "no difference".
    Unresolved,
}

/// A difference smaller than this, either way, is called none.
pub const MARGIN: f64 = 0.02;

/// Nanoseconds per iteration of one (case, contender, role), one median for each block.
pub type Medians = BTreeMap<u32, f64>;

/// Iterations below which a floor still holds too much of its own crossing to be subtracted.
pub const AMORTISED: u64 = 20;

/// What was timed, as it is asked for: a case, a contender, and the role.
pub type RowName<'a> = (&'a str, &'a str, Role);

/// What was timed: a case, a contender, and the role.
type Key = (String, String, Role);

/// The medians of everything that was timed.
#[derive(Debug, Default)]
pub struct Timings {
    medians: BTreeMap<Key, Medians>,
    /// The smallest number of iterations of any slice.
    iterations: BTreeMap<Key, u64>,
    /// Blocks that decided how many there are.
    pub pilot: usize,
}

impl Timings {
    /// `pilot` is the number of blocks of the first stage; see [`interval`].
    pub fn new(slices: &[Slice], pilot: usize) -> Self {
        let mut samples: BTreeMap<Key, BTreeMap<u32, Vec<f64>>> = BTreeMap::new();
        let mut iterations = BTreeMap::new();
        for slice in slices {
            let key = (slice.case.clone(), slice.contender.clone(), slice.role);
            let fewest = iterations.entry(key.clone()).or_insert(slice.iterations);
            *fewest = slice.iterations.min(*fewest);
            samples
                .entry(key)
                .or_default()
                .entry(slice.block)
                .or_default()
                .push(slice.per_iteration());
        }
        let of_blocks = |blocks: BTreeMap<u32, Vec<f64>>| {
            blocks
                .into_iter()
                .map(|(block, values)| (block, median(values)))
                .collect()
        };
        let medians = samples
            .into_iter()
            .map(|(key, blocks)| (key, of_blocks(blocks)))
            .collect();
        Self {
            medians,
            iterations,
            pilot,
        }
    }

    fn medians(&self, case: &str, contender: &str, role: Role) -> Option<&Medians> {
        self.medians
            .get(&(case.to_owned(), contender.to_owned(), role))
    }

    /// Nanoseconds per iteration.
    pub fn time(&self, case: &str, contender: &str, role: Role) -> Option<Estimate> {
        let medians = self.medians(case, contender, role)?;
        let logs: Vec<f64> = medians.values().map(|time| time.ln()).collect();
        Some(geometric(&logs, self.pilot, CONFIDENCE))
    }

    /// How many times as long `a` takes as `b`, from the blocks that timed both.
    pub fn ratio(&self, case: &str, a: (&str, Role), b: (&str, Role)) -> Option<Estimate> {
        let logs = self.log_ratios(case, a, b)?;
        Some(geometric(&logs, self.pilot, CONFIDENCE))
    }

    /// The logarithms of that ratio, one for each block that timed both, in order.
    pub fn log_ratios(&self, case: &str, a: (&str, Role), b: (&str, Role)) -> Option<Vec<f64>> {
        self.logs_across((case, a.0, a.1), (case, b.0, b.1))
    }

    /// How many times as long `a` takes as `b`, which may be another case, from the blocks that
    /// timed both.
    pub fn ratio_across(&self, a: RowName, b: RowName) -> Option<Estimate> {
        let logs = self.logs_across(a, b)?;
        Some(geometric(&logs, self.pilot, CONFIDENCE))
    }

    fn logs_across(&self, a: RowName, b: RowName) -> Option<Vec<f64>> {
        let (a, b) = (self.medians(a.0, a.1, a.2)?, self.medians(b.0, b.1, b.2)?);
        let logs: Vec<f64> = a
            .iter()
            .filter_map(|(block, a)| b.get(block).map(|b| (a / b).ln()))
            .collect();
        (!logs.is_empty()).then_some(logs)
    }

    /// Nanoseconds per iteration above the floor: what a single call pays to cross. Nothing where
    /// the kernel is so slow that the floor's slices hold fewer than [`AMORTISED`] iterations:
    /// there the crossing is lost beside the kernel anyhow.
    pub fn crossing(&self, case: &str, contender: &str) -> Option<Estimate> {
        let key = (case.to_owned(), contender.to_owned(), Role::Floor);
        if *self.iterations.get(&key)? < AMORTISED {
            return None;
        }
        let call = self.medians(case, contender, Role::Call)?;
        let floor = self.medians(case, contender, Role::Floor)?;
        let differences: Vec<f64> = call
            .iter()
            .filter_map(|(block, c)| floor.get(block).map(|f| c - f))
            .collect();
        (!differences.is_empty()).then(|| estimate(&differences, self.pilot, CONFIDENCE))
    }
}

impl Estimate {
    /// The verdict on a ratio.
    pub fn verdict(&self) -> Verdict {
        let (least, most) = (1.0 - MARGIN, 1.0 + MARGIN);
        if self.range {
            Verdict::Unresolved
        } else if self.low > least && self.high < most {
            Verdict::Same
        } else if self.high < least || self.low > most {
            Verdict::Different
        } else {
            Verdict::Unresolved
        }
    }

    /// The estimate of 1/x.
    pub fn inverse(&self) -> Self {
        Self {
            centre: 1.0 / self.centre,
            low: 1.0 / self.high,
            high: 1.0 / self.low,
            ..*self
        }
    }
}

/// The middle value. Panics when there is none; a block without slices has no median to ask for.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

#[cfg(test)]
pub mod tests;
