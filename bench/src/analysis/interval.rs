//! Means with intervals, and how many blocks a wanted interval takes.
//!
//! The number of blocks is fixed in two stages (Stein, 1945): the first blocks, the *pilot*, tell
//! the variance, the variance tells the number. Nobody looks again after that. Stein's interval
//! takes its variance from the pilot; the ordinary one takes it from all blocks, and is a little
//! too narrow where a pilot happened to be calm. The wider of the two is given: it also holds
//! where the machine became noisier after the pilot, or where the noise has heavy tails.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Estimate;

/// Below this number of blocks no interval is given.
pub const FEWEST_BLOCKS: usize = 4;

/// The confidence of what is shown for reading.
pub const CONFIDENCE: f64 = 0.95;

/// Mean with its interval of the given confidence; mean and range for fewer than
/// [`FEWEST_BLOCKS`] values. The first `pilot` values decided how many there are.
pub fn estimate(values: &[f64], pilot: usize, confidence: f64) -> Estimate {
    let centre = mean(values);
    if values.len() < FEWEST_BLOCKS {
        return Estimate {
            centre,
            low: values.iter().copied().fold(f64::INFINITY, f64::min),
            high: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            blocks: values.len(),
            range: true,
        };
    }
    let half = half_width(values, pilot, confidence);
    Estimate {
        centre,
        low: centre - half,
        high: centre + half,
        blocks: values.len(),
        range: false,
    }
}

/// The same for logarithms, given back as factors.
pub fn geometric(logs: &[f64], pilot: usize, confidence: f64) -> Estimate {
    let e = estimate(logs, pilot, confidence);
    Estimate {
        centre: e.centre.exp(),
        low: e.low.exp(),
        high: e.high.exp(),
        ..e
    }
}

fn half_width(values: &[f64], pilot: usize, confidence: f64) -> f64 {
    let n = count(values);
    let of = |sample: &[f64]| {
        t_quantile(confidence, count(sample) - 1.0) * (variance(sample) / n).sqrt()
    };
    let all = of(values);
    if (FEWEST_BLOCKS..values.len()).contains(&pilot) {
        all.max(of(&values[..pilot]))
    } else {
        all
    }
}

/// Blocks that it takes, by what the pilot says, for an interval of `half` to either side.
pub fn blocks_needed(pilot: &[f64], half: f64) -> u32 {
    let t = t_quantile(CONFIDENCE, count(pilot) - 1.0);
    let needed = (t * variance(pilot).sqrt() / half).powi(2).ceil();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates.
    let needed = needed as u32;
    needed.max(u32::try_from(pilot.len()).unwrap_or(u32::MAX))
}

/// A mean and the error of it: what two records are compared by.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    pub centre: f64,
    /// Variance of the mean.
    pub variance: f64,
    pub freedom: f64,
}

impl Mean {
    /// `None` for too few values.
    pub fn of(values: &[f64]) -> Option<Self> {
        (values.len() >= FEWEST_BLOCKS).then(|| Self {
            centre: mean(values),
            variance: variance(values) / count(values),
            freedom: count(values) - 1.0,
        })
    }

    /// The difference of two independent means with its interval (Welch, 1947).
    pub fn difference(&self, from: &Self, confidence: f64) -> (f64, f64) {
        let variance = self.variance + from.variance;
        let parts = self.variance.powi(2) / self.freedom + from.variance.powi(2) / from.freedom;
        let freedom = if parts > 0.0 {
            variance.powi(2) / parts
        } else {
            self.freedom + from.freedom
        };
        let half = t_quantile(confidence, freedom) * variance.sqrt();
        (self.centre - from.centre, half)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values)
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (count(values) - 1.0)
}

#[allow(clippy::cast_precision_loss)] // There are at most some thousand blocks.
fn count(values: &[f64]) -> f64 {
    values.len() as f64
}

/// How many standard errors an interval of this confidence reaches to either side.
pub fn t_quantile(confidence: f64, freedom: f64) -> f64 {
    let quantile = f64::midpoint(1.0, confidence);
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |t| t.inverse_cdf(quantile))
}
