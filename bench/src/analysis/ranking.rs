//! Who is faster than whom, when all are compared with all.

use std::collections::BTreeMap;

use super::interval::{CONFIDENCE, geometric};
use super::{MARGIN, Role, Timings};

/// The contenders of a case with their ranks, the first ones first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Contender and rank: 1 more than the number of those that are shown to be faster than it.
    pub ranks: Vec<(String, usize)>,
    /// Comparisons that share the 95 %.
    pub comparisons: usize,
}

/// Ranks contenders by all pairs at once.
///
/// The more pairs are looked at, the likelier it is that one interval misses by chance. Each of
/// `m` pairs therefore gets an interval of 1 - 5 %/m, so that with 95 % probability all of them
/// hold together (Bonferroni). One contender is faster than another when that interval excludes
/// a difference of [`MARGIN`]; whoever cannot be told apart shares a rank.
///
/// `None` where fewer than two were timed, or two of them never in the same block.
pub fn rank(timings: &Timings, case: &str, contenders: &[&str]) -> Option<Ranking> {
    let timed: Vec<(&str, f64)> = contenders
        .iter()
        .filter_map(|name| {
            let time = timings.time(case, name, Role::Call).filter(|e| !e.range)?;
            Some((*name, time.centre))
        })
        .collect();
    let comparisons = timed.len() * timed.len().saturating_sub(1) / 2;
    #[allow(clippy::cast_precision_loss)] // A few contenders.
    let confidence = 1.0 - (1.0 - CONFIDENCE) / comparisons.max(1) as f64;
    if comparisons == 0 {
        return None;
    }
    let mut faster: BTreeMap<&str, usize> = timed.iter().map(|(name, _)| (*name, 0)).collect();
    for (place, (a, _)) in timed.iter().enumerate() {
        for (b, _) in &timed[place + 1..] {
            let logs = timings.log_ratios(case, (a, Role::Call), (b, Role::Call))?;
            let ratio = geometric(&logs, timings.pilot, confidence);
            let slower = if ratio.range {
                None
            } else if ratio.low > 1.0 + MARGIN {
                Some(a)
            } else if ratio.high < 1.0 - MARGIN {
                Some(b)
            } else {
                None
            };
            if let Some(count) = slower.and_then(|name| faster.get_mut(name)) {
                *count += 1;
            }
        }
    }
    let mut order = timed;
    order.sort_by(|(a, x), (b, y)| faster[a].cmp(&faster[b]).then(x.total_cmp(y)));
    Some(Ranking {
        ranks: order
            .iter()
            .map(|(name, _)| ((*name).to_owned(), faster[name] + 1))
            .collect(),
        comparisons,
    })
}
