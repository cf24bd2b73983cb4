//! Does the method see what is there, and nothing else? The judgement, from finished numbers.
//!
//! A limit is fixed before anything is measured. [`FALSE_ALARM`] is the probability that a sound
//! harness breaks any of them; the simulation in the tests below holds it to that.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::analysis::interval::{CONFIDENCE, Mean, blocks_needed, geometric};
use crate::analysis::{Estimate, Verdict};
use crate::format::{percent, ratio, verdict};

/// Probability, over all limits together, that a sound harness is called unsound when it has time
/// for all [`MOST_BLOCKS`].
pub const FALSE_ALARM: f64 = 0.001;

/// What the limit on A/A intervals takes of it; the rest is for the doses.
const FALSE_ALARM_OF_COVERAGE: f64 = 0.0002;

/// Blocks of the first stage, the wanted half width, and the blocks that are run if there is time.
pub const PILOT: usize = 10;
pub const WIDTH: f64 = 0.01;
pub const MOST_BLOCKS: u32 = 120;

/// How much more than its due a dosed contender does.
pub const DOSES: [f64; 4] = [1.0, 1.03, 1.1, 1.5];

/// What is written into a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SelfTest {
    /// Date and time (UTC).
    pub started: String,
    pub seconds: u64,
    pub rows: Vec<TestRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestRow {
    pub test: String,
    pub seen: String,
    /// Empty where something is only shown.
    pub limit: String,
    pub outcome: TestOutcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestOutcome {
    Passed,
    Failed,
    /// For the reader; nothing depends on it.
    Shown,
}

impl TestOutcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Shown => "shown",
        }
    }
}

impl SelfTest {
    pub fn passed(&self) -> bool {
        self.rows
            .iter()
            .all(|row| row.outcome != TestOutcome::Failed)
    }

    /// How many tests have passed, and how many have failed; what is only shown does not count.
    pub fn tally(&self) -> (usize, usize) {
        let with = |outcome| {
            self.rows
                .iter()
                .filter(|row| row.outcome == outcome)
                .count()
        };
        (with(TestOutcome::Passed), with(TestOutcome::Failed))
    }
}

pub fn row(test: &str, seen: String, limit: &str, good: bool) -> TestRow {
    TestRow {
        test: test.to_owned(),
        seen,
        limit: limit.to_owned(),
        outcome: if good {
            TestOutcome::Passed
        } else {
            TestOutcome::Failed
        },
    }
}

pub fn shown(test: &str, seen: String) -> TestRow {
    TestRow {
        test: test.to_owned(),
        seen,
        limit: String::new(),
        outcome: TestOutcome::Shown,
    }
}

/// The estimate of a comparison, from as many of its blocks as the rule that every run goes by takes.
fn by_the_rule(logs: &[f64]) -> Estimate {
    let pilot = &logs[..PILOT.min(logs.len())];
    let wanted = blocks_needed(pilot, WIDTH.ln_1p()) as usize;
    geometric(&logs[..wanted.min(logs.len())], PILOT, CONFIDENCE)
}

/// A contender against itself, again and again. `comparisons` are logarithms of ratios by block.
pub fn against_itself(comparisons: &[Vec<f64>]) -> TestRow {
    let estimates: Vec<Estimate> = comparisons.iter().map(|logs| by_the_rule(logs)).collect();
    let number = estimates.len();
    let misses = estimates.iter().filter(|e| !holds_one(e)).count();
    let different = estimates
        .iter()
        .filter(|e| e.verdict() == Verdict::Different)
        .count();
    let most = most_misses(number);
    row(
        "a contender against itself",
        format!(
            "{} of {number} intervals hold 1 ({different} called different), median half width {}",
            number - misses,
            percent(median_half_width(&estimates)),
        ),
        &format!("at least {}", number - most),
        misses <= most,
    )
}

pub fn holds_one(e: &Estimate) -> bool {
    e.low <= 1.0 && 1.0 <= e.high
}

/// The number of intervals of 95 % that may miss before chance is no explanation.
fn most_misses(number: usize) -> usize {
    let Ok(misses) = Binomial::new(1.0 - CONFIDENCE, number as u64) else {
        return 0;
    };
    (0..number)
        .find(|most| misses.sf(*most as u64) <= FALSE_ALARM_OF_COVERAGE)
        .unwrap_or(number)
}

fn median_half_width(estimates: &[Estimate]) -> f64 {
    crate::analysis::median(estimates.iter().map(half_width).collect())
}

/// Half the width of an interval, as a fraction.
pub fn half_width(e: &Estimate) -> f64 {
    (e.high / e.low).sqrt() - 1.0
}

/// A contender that does `dose` times the work, against itself, in one case.
///
/// All blocks are used: in a process of its own luck a fast call may be twice as slow from the
/// first slice to the last, and a few such blocks must not hide 10 %.
pub fn dosed(case: &str, dose: f64, logs: &[f64]) -> TestRow {
    let e = geometric(logs, logs.len(), CONFIDENCE);
    let test = format!("{dose:.2} times the work, {case}");
    let seen = format!("{} {}", ratio(&e), verdict(&e));
    let different = e.verdict() == Verdict::Different;
    if dose <= 1.0 {
        row(&test, seen, "not different", !different)
    } else if dose < 1.05 {
        let excludes = if holds_one(&e) { "holds" } else { "excludes" };
        shown(&test, format!("{seen}, {excludes} 1"))
    } else {
        // What is found must be a slow-down, not just any difference.
        row(&test, seen, "different", different && e.low > 1.0)
    }
}

/// The interval that someone gives who takes samples for experiments: two samples of logarithms.
pub fn pooled(a: &[f64], b: &[f64]) -> Option<Estimate> {
    let (a, b) = (Mean::of(a)?, Mean::of(b)?);
    let (centre, half) = a.difference(&b, CONFIDENCE);
    Some(Estimate {
        centre: centre.exp(),
        low: (centre - half).exp(),
        high: (centre + half).exp(),
        blocks: 1,
        range: false,
    })
}

/// What another method would have said of a contender against itself.
pub fn another_method(test: &str, estimates: &[Estimate]) -> TestRow {
    let hold = estimates.iter().filter(|e| holds_one(e)).count();
    let different = estimates
        .iter()
        .filter(|e| e.verdict() == Verdict::Different)
        .count();
    let worst = estimates
        .iter()
        .map(|e| e.centre.max(1.0 / e.centre) - 1.0)
        .fold(0.0, f64::max);
    shown(
        test,
        format!(
            "{hold} of {} intervals hold 1 ({different} called different), median half width {}, \
             worst ratio off by {}",
            estimates.len(),
            percent(median_half_width(estimates)),
            percent(worst),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::Random;

    #[test]
    fn the_limit_on_misses_is_the_binomial_one() {
        // Of 40 intervals with 5 % each: P(more than 7) = 0.0007, P(more than 8) = 0.00013.
        assert_eq!(most_misses(40), 8);
        assert_eq!(most_misses(0), 0);
    }

    #[test]
    fn intervals_that_are_too_narrow_are_found_out() {
        let comparisons: Vec<Vec<f64>> = (0..40)
            .map(|k| vec![if k < 9 { 0.01 } else { 0.0 }; PILOT])
            .collect();
        assert_eq!(against_itself(&comparisons).outcome, TestOutcome::Failed);
        assert_eq!(
            against_itself(&comparisons[1..]).outcome,
            TestOutcome::Passed
        );
    }

    #[test]
    fn a_dose_must_be_found_and_none_must_not() {
        let logs = |ratio: f64| -> Vec<f64> {
            let noise = [0.004, -0.004].repeat(PILOT / 2);
            noise.iter().map(|x| x + ratio.ln()).collect()
        };
        for (dose, ratio, outcome) in [
            (1.0, 1.0, TestOutcome::Passed),
            (1.0, 1.1, TestOutcome::Failed),
            (1.03, 1.0, TestOutcome::Shown),
            (1.1, 1.1, TestOutcome::Passed),
            (1.1, 1.02, TestOutcome::Failed),
            (1.5, 0.5, TestOutcome::Failed),
        ] {
            assert_eq!(
                dosed("g/c", dose, &logs(ratio)).outcome,
                outcome,
                "{dose} {ratio}"
            );
        }
    }

    /// All limits together on a sound method: 40 comparisons and three cases with doses, at three
    /// levels of noise. One block in twenty is four times as noisy, and one in a hundred is off by
    /// a factor of two. Not one alarm in 3,000 runs means, with 95 % confidence, at most one in
    /// a thousand.
    #[test]
    fn a_sound_harness_is_called_unsound_less_often_than_stated() {
        let mut random = Random(11);
        let (mut alarms, mut runs) = (0, 0);
        for noise in [0.005, 0.02, 0.05] {
            for _ in 0..1000 {
                let mut logs = |ratio: f64| -> Vec<f64> {
                    (0..MOST_BLOCKS)
                        .map(|_| {
                            let tail = if random.uniform() < 0.05 { 4.0 } else { 1.0 };
                            let bad_luck = match random.uniform() {
                                u if u < 0.005 => 2f64.ln(),
                                u if u < 0.01 => -2f64.ln(),
                                _ => 0.0,
                            };
                            ratio.ln() + bad_luck + noise * tail * random.normal()
                        })
                        .collect()
                };
                let comparisons: Vec<Vec<f64>> = (0..40).map(|_| logs(1.0)).collect();
                let mut rows = vec![against_itself(&comparisons)];
                for _ in 0..3 {
                    rows.extend(DOSES.map(|dose| dosed("g/c", dose, &logs(dose))));
                }
                runs += 1;
                alarms += u32::from(rows.iter().any(|row| row.outcome == TestOutcome::Failed));
            }
        }
        assert!(alarms == 0, "{alarms} of {runs}");
    }
}
