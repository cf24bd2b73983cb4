//! Sums and differences of times that were measured in the same blocks, and straight lines through
//! them.
//!
//! What is added up comes from one contender (and the loop around its calls) in one process, so
//! what a process does to all of them cancels. As everywhere, each block gives one number.

use std::collections::BTreeMap;

use super::interval::{CONFIDENCE, estimate};
use super::{AMORTISED, Estimate, Role, Timings};

/// A time that is added (or, with a negative weight, subtracted).
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub case: String,
    pub contender: String,
    pub role: Role,
    pub weight: f64,
}

/// A straight line through the times over a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Nanoseconds where the parameter is 0.
    pub intercept: Estimate,
    /// Nanoseconds that each unit of the parameter adds.
    pub slope: Estimate,
    /// How far the mean times are from the line at most, as a fraction of the time.
    pub misfit: f64,
}

impl Timings {
    /// The sum, block by block; nothing where a term was not timed, or is a floor that still holds
    /// much of its own crossing.
    fn sums(&self, terms: &[Term]) -> Option<BTreeMap<u32, f64>> {
        let mut sums: Option<BTreeMap<u32, f64>> = None;
        for term in terms {
            let key = (term.case.clone(), term.contender.clone(), term.role);
            if term.role == Role::Floor && *self.iterations.get(&key)? < AMORTISED {
                return None;
            }
            let medians = self.medians.get(&key)?;
            let add = |sum: f64, block: &u32| Some(sum + term.weight * medians.get(block)?);
            let next: BTreeMap<u32, f64> = match &sums {
                None => medians
                    .iter()
                    .map(|(block, ns)| (*block, term.weight * ns))
                    .collect(),
                Some(sums) => sums
                    .iter()
                    .filter_map(|(block, sum)| Some((*block, add(*sum, block)?)))
                    .collect(),
            };
            sums = Some(next);
        }
        sums.filter(|sums| !sums.is_empty())
    }

    /// Nanoseconds of a sum of terms, divided by `per`.
    pub fn sum(&self, terms: &[Term], per: f64) -> Option<Estimate> {
        let values: Vec<f64> = self.sums(terms)?.values().map(|sum| sum / per).collect();
        Some(estimate(&values, self.pilot, CONFIDENCE))
    }

    /// One sum as a fraction of another.
    pub fn share(&self, part: &[Term], whole: &[Term]) -> Option<Estimate> {
        let (part, whole) = (self.sums(part)?, self.sums(whole)?);
        let values: Vec<f64> = part
            .iter()
            .filter_map(|(block, part)| Some(part / whole.get(block)?))
            .collect();
        (!values.is_empty()).then(|| estimate(&values, self.pilot, CONFIDENCE))
    }

    /// The line through a contender's times in some cases, each with the value of its parameter.
    ///
    /// Each block is fitted by itself, by least squares of the relative deviations: otherwise the
    /// longest times alone would decide where the line begins.
    pub fn line(&self, contender: &str, cases: &[(String, f64)]) -> Option<Line> {
        let rows: Vec<(f64, &BTreeMap<u32, f64>)> = cases
            .iter()
            .filter_map(|(case, x)| {
                let key = (case.clone(), contender.to_owned(), Role::Call);
                Some((*x, self.medians.get(&key)?))
            })
            .collect();
        let (first, others) = rows.split_first()?;
        let everywhere = |block: &&u32| others.iter().all(|(_, m)| m.contains_key(block));
        let blocks: Vec<u32> = first.1.keys().filter(everywhere).copied().collect();
        let points = |block: u32| rows.iter().map(move |(x, medians)| (*x, medians[&block]));
        let fits: Vec<(f64, f64)> = blocks
            .iter()
            .filter_map(|block| fitted(&points(*block).collect::<Vec<_>>()))
            .collect();
        if fits.is_empty() {
            return None;
        }
        let of = |values: Vec<f64>| estimate(&values, self.pilot, CONFIDENCE);
        let intercept = of(fits.iter().map(|fit| fit.0).collect());
        let slope = of(fits.iter().map(|fit| fit.1).collect());
        #[allow(clippy::cast_precision_loss)] // At most some thousand blocks.
        let number = blocks.len() as f64;
        let misfit = rows
            .iter()
            .map(|(x, medians)| {
                let mean = blocks.iter().map(|block| medians[block]).sum::<f64>() / number;
                ((intercept.centre + slope.centre * x) / mean - 1.0).abs()
            })
            .fold(0.0, f64::max);
        Some(Line {
            intercept,
            slope,
            misfit,
        })
    }
}

/// Intercept and slope by least squares of relative deviations; it takes two different places.
fn fitted(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in points {
        let weight = 1.0 / (y * y);
        w += weight;
        wx += weight * x;
        wy += weight * y;
        wxx += weight * x * x;
        wxy += weight * x * y;
    }
    let determinant = w * wxx - wx * wx;
    if determinant <= 1e-12 * w * wxx {
        return None;
    }
    let slope = (w * wxy - wx * wy) / determinant;
    Some(((wy - slope * wx) / w, slope))
}

/// From which value of a parameter on something holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum From {
    /// Everywhere that was looked.
    First(f64),
    /// At the second value and beyond, and not at the first.
    Between(f64, f64),
    /// Nowhere up to this value.
    Never(f64),
}

/// Where something begins to hold and goes on to; `values` ascend.
pub fn from_where(values: &[(f64, bool)]) -> Option<From> {
    let (last, holds_last) = *values.last()?;
    if !holds_last {
        return Some(From::Never(last));
    }
    let before = values.iter().rposition(|(_, holds)| !holds);
    Some(match before {
        None => From::First(values[0].0),
        Some(place) => From::Between(values[place].0, values[place + 1].0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Slice;

    fn slice(block: u32, case: &str, role: Role, iterations: u64, ns: f64) -> Slice {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let nanoseconds = (ns * iterations as f64).round() as u64;
        Slice {
            block,
            case: case.to_owned(),
            contender: "a".to_owned(),
            role,
            round: 0,
            position: 0,
            iterations,
            nanoseconds,
        }
    }

    fn term(case: &str, role: Role, weight: f64) -> Term {
        Term {
            case: case.to_owned(),
            contender: "a".to_owned(),
            role,
            weight,
        }
    }

    /// Blocks that differ by a factor of three: what is taken from one block at a time is exact.
    fn timings() -> Timings {
        let slices: Vec<Slice> = (0..8)
            .flat_map(|block| {
                let speed = 1.0 + f64::from(block % 3);
                [
                    slice(block, "call", Role::Call, 1000, 100.0 * speed),
                    slice(block, "noop", Role::Call, 1000, 40.0 * speed),
                    slice(block, "call", Role::Floor, 1000, 50.0 * speed),
                    slice(block, "slow", Role::Floor, 2, 50.0 * speed),
                ]
            })
            .collect();
        Timings::new(&slices, 8)
    }

    #[test]
    fn a_share_is_taken_block_by_block() {
        let whole = [term("call", Role::Call, 1.0)];
        let part = [
            term("call", Role::Call, 1.0),
            term("noop", Role::Call, -1.0),
        ];
        let share = timings().share(&part, &whole).unwrap();
        assert!((share.centre - 0.6).abs() < 1e-9 && share.high - share.low < 1e-9);
        let sum = timings().sum(&part, 2.0).unwrap();
        assert!(sum.low < 57.0 && sum.high > 57.0 && sum.high - sum.low > 10.0);
    }

    #[test]
    fn a_term_that_is_missing_or_not_amortised_gives_nothing() {
        let timings = timings();
        let with = |other: Term| timings.sum(&[term("call", Role::Call, 1.0), other], 1.0);
        assert!(with(term("call", Role::Floor, -1.0)).is_some());
        assert!(with(term("slow", Role::Floor, -1.0)).is_none());
        assert!(with(term("gone", Role::Call, -1.0)).is_none());
    }

    #[test]
    fn a_line_is_found_where_there_is_one() {
        let at = |block: u32, x: f64| {
            let ns = (20.0 + 0.5 * x) * (1.0 + 0.01 * f64::from(block));
            slice(block, &format!("x{x}"), Role::Call, 1000, ns)
        };
        let places = [0.0, 8.0, 64.0, 4096.0];
        let slices: Vec<Slice> = (0..10)
            .flat_map(|block| places.map(|x| at(block, x)))
            .collect();
        let cases: Vec<(String, f64)> = places.iter().map(|x| (format!("x{x}"), *x)).collect();
        let line = Timings::new(&slices, 10).line("a", &cases).unwrap();
        assert!((line.intercept.centre - 20.9).abs() < 0.01, "{line:?}");
        assert!((line.slope.centre - 0.5225).abs() < 0.001, "{line:?}");
        assert!(line.slope.low < 0.5225 && line.slope.high > 0.5225);
        assert!(line.misfit < 1e-3, "{line:?}");
        // Two of the same place make no line.
        let same: Vec<(String, f64)> = vec![("x8".to_owned(), 8.0); 2];
        assert!(Timings::new(&slices, 10).line("a", &same).is_none());
    }

    #[test]
    fn something_holds_from_where_it_stays() {
        let on = |values: &[bool]| {
            let values: Vec<(f64, bool)> =
                (1..).map(f64::from).zip(values.iter().copied()).collect();
            from_where(&values)
        };
        assert_eq!(on(&[true, true]), Some(From::First(1.0)));
        assert_eq!(on(&[true, false, true]), Some(From::Between(2.0, 3.0)));
        assert_eq!(on(&[true, false]), Some(From::Never(2.0)));
        assert_eq!(on(&[]), None);
    }
}
