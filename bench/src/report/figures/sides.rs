//! Two revisions of the same contenders in one record: what changed from one to the other.

use super::Results;
use crate::analysis::interval::{CONFIDENCE, geometric};
use crate::analysis::{Estimate, Role};
use crate::counts::{Counts, Instructions};

/// The two sides, which stand before the names of contenders.
pub const BEFORE: &str = "before";
pub const AFTER: &str = "after";

/// A contender as one side has it.
pub fn side(of: &str, contender: &str) -> String {
    format!("{of}/{contender}")
}

/// What changed, for each contender in each case.
pub struct Sides {
    pub rows: Vec<RevisionRow>,
    /// A smaller difference, as a fraction, is called none.
    pub margin: f64,
}

pub struct RevisionRow {
    pub contender: String,
    pub case: String,
    /// Nanoseconds of a call, before and after; absent where it failed.
    pub times: [Option<Estimate>; 2],
    /// Time after over time before, from the blocks that hold both. Its interval is one of all rows
    /// together; absent where a side failed.
    pub ratio: Option<Estimate>,
    /// Instructions of a call, before and after.
    pub instructions: Option<[f64; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    Slower,
    Faster,
    /// The interval lies within the margin.
    Unchanged,
    Open,
    Failed,
}

impl Sides {
    /// All rows. The more rows there are, the likelier it is that one interval misses by chance: each
    /// of `m` gets an interval of 1 - 5 %/m, so that all hold together (Bonferroni).
    pub fn new(results: &Results, margin: f64) -> Self {
        let study = &results.record.study;
        let names: Vec<&str> = study
            .contenders
            .iter()
            .filter_map(|c| c.name.strip_prefix(&side(BEFORE, "")))
            .collect();
        let pairs: Vec<(&str, &str)> = names
            .iter()
            .flat_map(|name| {
                let cases = study.cases.iter();
                let cases = cases.filter(|case| case.applies_to(&side(AFTER, name)));
                cases.map(|case| (*name, case.name.as_str()))
            })
            .collect();
        #[allow(clippy::cast_precision_loss)] // A few hundred rows.
        let confidence = 1.0 - (1.0 - CONFIDENCE) / pairs.len().max(1) as f64;
        let rows = pairs.into_iter();
        let rows = rows.map(|(name, case)| change(results, name, case, confidence));
        Self {
            rows: rows.collect(),
            margin,
        }
    }

    pub fn judged(&self, row: &RevisionRow) -> Judgement {
        let (least, most) = (1.0 - self.margin, 1.0 + self.margin);
        match &row.ratio {
            None => Judgement::Failed,
            Some(change) if change.range => Judgement::Open,
            Some(change) if change.low > most => Judgement::Slower,
            Some(change) if change.high < least => Judgement::Faster,
            Some(change) if change.low > least && change.high < most => Judgement::Unchanged,
            Some(_) => Judgement::Open,
        }
    }

    pub fn slower(&self) -> bool {
        self.number(Judgement::Slower) > 0
    }

    /// How many rows were judged so.
    pub fn number(&self, judgement: Judgement) -> usize {
        let rows = self.rows.iter();
        rows.filter(|row| self.judged(row) == judgement).count()
    }
}

fn change(results: &Results, name: &str, case: &str, confidence: f64) -> RevisionRow {
    let [before, after] = [BEFORE, AFTER].map(|of| side(of, name));
    let timings = &results.timings;
    let time = |name: &str| {
        let time = timings.time(case, name, Role::Call);
        time.filter(|_| results.record.failed(name, case).is_none())
    };
    let times = [time(&before), time(&after)];
    let call = |name| (name, Role::Call);
    let logs = timings.log_ratios(case, call(&*after), call(&*before));
    let logs = logs.filter(|_| times.iter().all(Option::is_some));
    let counted = |name: &str| match &results.record.counts {
        Some(Counts::Counted(counts)) => {
            let row = counts.row(case, name, Role::Call);
            row.map(Instructions::total)
        }
        _ => None,
    };
    RevisionRow {
        contender: name.to_owned(),
        case: case.to_owned(),
        times,
        ratio: logs.map(|logs| geometric(&logs, timings.pilot, confidence)),
        instructions: counted(&before).zip(counted(&after)).map(<[f64; 2]>::from),
    }
}
