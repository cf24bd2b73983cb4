//! From raw slices to rows: pure functions, no clock and no disk.
//!
//! The unit of replication is the block. Slices within a process share its memory layout, its
//! hash seed and its neighbours, so hundreds of them are not hundreds of experiments. Each block
//! gives one number (the log of a ratio of medians); the interval is over these numbers.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

/// One timed batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    pub block: u32,
    pub case: String,
    pub contender: String,
    pub leg: Leg,
    pub round: u32,
    /// Place within the round, from 0.
    pub position: u32,
    pub iterations: u64,
    pub nanoseconds: u64,
}

/// What a slice ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// The case's call, once per iteration.
    Call,
    /// The same work, all iterations in one crossing.
    Floor,
    /// The baseline's call again, as a contender of its own: A/A.
    Again,
}

/// A mean with its 95 % interval, or, where there are too few blocks for one, the range.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// Below this number of blocks no interval is given.
pub const FEWEST_BLOCKS: usize = 4;

/// Nanoseconds per iteration of one (case, contender, leg), one median for each block.
pub type Medians = BTreeMap<u32, f64>;

/// Iterations below which a floor still holds too much of its own crossing to be subtracted.
pub const AMORTISED: u64 = 20;

/// What was timed: a case, a contender, and the leg.
type Key = (String, String, Leg);

/// The medians of everything that was timed.
#[derive(Debug, Default)]
pub struct Timings {
    medians: BTreeMap<Key, Medians>,
    /// The smallest number of iterations of any slice.
    iterations: BTreeMap<Key, u64>,
}

impl Timings {
    pub fn new(slices: &[Slice]) -> Self {
        let mut samples: BTreeMap<Key, BTreeMap<u32, Vec<f64>>> = BTreeMap::new();
        let mut iterations = BTreeMap::new();
        for slice in slices {
            let key = (slice.case.clone(), slice.contender.clone(), slice.leg);
            let fewest = iterations.entry(key.clone()).or_insert(slice.iterations);
            *fewest = slice.iterations.min(*fewest);
            #[allow(clippy::cast_precision_loss)] // Nanoseconds and iterations stay far below 2^52.
            let per_iteration = slice.nanoseconds as f64 / slice.iterations as f64;
            samples
                .entry(key)
                .or_default()
                .entry(slice.block)
                .or_default()
                .push(per_iteration);
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
        }
    }

    fn medians(&self, case: &str, contender: &str, leg: Leg) -> Option<&Medians> {
        self.medians
            .get(&(case.to_owned(), contender.to_owned(), leg))
    }

    /// Nanoseconds per iteration.
    pub fn time(&self, case: &str, contender: &str, leg: Leg) -> Option<Estimate> {
        let values: Vec<f64> = self
            .medians(case, contender, leg)?
            .values()
            .copied()
            .collect();
        Some(geometric(&values))
    }

    /// How many times as long `a` takes as `b`, from the blocks that timed both.
    pub fn ratio(&self, case: &str, a: (&str, Leg), b: (&str, Leg)) -> Option<Estimate> {
        let (a, b) = (self.medians(case, a.0, a.1)?, self.medians(case, b.0, b.1)?);
        let ratios: Vec<f64> = a
            .iter()
            .filter_map(|(block, a)| b.get(block).map(|b| a / b))
            .collect();
        (!ratios.is_empty()).then(|| geometric(&ratios))
    }

    /// Nanoseconds per iteration above the floor: what a single call pays to cross. Nothing where
    /// the kernel is so slow that the floor's slices hold fewer than [`AMORTISED`] iterations:
    /// there the crossing is lost beside the kernel anyhow.
    pub fn crossing(&self, case: &str, contender: &str) -> Option<Estimate> {
        let key = (case.to_owned(), contender.to_owned(), Leg::Floor);
        if *self.iterations.get(&key)? < AMORTISED {
            return None;
        }
        let call = self.medians(case, contender, Leg::Call)?;
        let floor = self.medians(case, contender, Leg::Floor)?;
        let differences: Vec<f64> = call
            .iter()
            .filter_map(|(block, c)| floor.get(block).map(|f| c - f))
            .collect();
        (!differences.is_empty()).then(|| mean(&differences))
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

/// Mean and t-interval of the logarithms, as factors.
fn geometric(values: &[f64]) -> Estimate {
    let logs: Vec<f64> = values.iter().map(|v| v.ln()).collect();
    let e = mean(&logs);
    Estimate {
        centre: e.centre.exp(),
        low: e.low.exp(),
        high: e.high.exp(),
        ..e
    }
}

/// Mean and 95 % t-interval; mean and range for fewer than [`FEWEST_BLOCKS`] values.
pub fn mean(values: &[f64]) -> Estimate {
    #[allow(clippy::cast_precision_loss)] // There are at most some thousand blocks.
    let n = values.len() as f64;
    let centre = values.iter().sum::<f64>() / n;
    if values.len() < FEWEST_BLOCKS {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        return Estimate {
            centre,
            low,
            high,
            blocks: values.len(),
            range: true,
        };
    }
    let variance = values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (n - 1.0);
    let half = t_quantile(n - 1.0) * (variance / n).sqrt();
    Estimate {
        centre,
        low: centre - half,
        high: centre + half,
        blocks: values.len(),
        range: false,
    }
}

/// The 97.5 % quantile of Student's t distribution.
fn t_quantile(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |t| t.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests;
