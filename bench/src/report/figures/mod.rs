//! What a record comes to: a record in, values out.

pub mod comparison;
pub mod export;
pub mod goals;
pub mod guide;
pub mod ladder;
pub mod selection;
pub mod sides;
pub mod split;
pub mod standings;
pub mod terms;

use std::collections::BTreeMap;

use crate::analysis::interval::{CONFIDENCE, geometric};
use crate::analysis::position::first_position;
use crate::analysis::{Estimate, Role, Slice, Timings};
use crate::charts::Style;
use crate::effort::values::{Effort, Fitness as Fits};
use crate::observed::Import;
use crate::plan::SampleSize;
use crate::record::{Failure, Record};
use crate::study::{Case, Contender};

/// What stands behind the title of whoever does other work than the contenders.
pub const NOT_EQUAL: &str = "not equal work";

/// A record with its slices analysed.
pub struct Results {
    pub record: Record,
    pub timings: Timings,
    /// The effect of being first in a round, by case; over all cases under no name.
    positions: BTreeMap<Option<String>, Estimate>,
}

/// What one contender did in one case.
#[derive(Debug)]
pub struct CaseResult<'a> {
    pub contender: &'a Contender,
    pub timed: Result<CaseEstimates, &'a Failure>,
}

/// All estimates of one contender in one case.
#[derive(Debug)]
pub struct CaseEstimates {
    /// Nanoseconds per call.
    pub time: Estimate,
    /// Nanoseconds of the kernel alone, where the case has a floor.
    pub floor: Option<Estimate>,
    /// Nanoseconds of a call above the floor.
    pub crossing: Option<Estimate>,
    /// Times as long as the baseline; absent for the baseline.
    pub ratio: Option<Estimate>,
    /// Times as fast as the reference; absent for the reference.
    pub speed_up: Option<Estimate>,
}

impl Results {
    pub fn new(record: Record, slices: &[Slice]) -> Self {
        let pilot = record.settings.blocks as usize;
        let cases = record.study.cases.iter();
        let cases = cases.map(|case| Some(case.name.clone()));
        let positions = std::iter::once(None).chain(cases).filter_map(|case| {
            let position = first_position(slices, case.as_deref(), pilot)?;
            Some((case, position))
        });
        let positions = positions.collect();
        Self {
            record,
            timings: Timings::new(slices, pilot),
            positions,
        }
    }

    /// How many times as long the first slice of a round takes, in a case or in all of them.
    pub fn first_position(&self, case: Option<&str>) -> Option<Estimate> {
        self.positions.get(&case.map(str::to_owned)).copied()
    }

    /// How long a row was measured, and why so long.
    pub fn sample_size(&self, case: &str, contender: &str) -> Option<SampleSize> {
        let plan = self.record.plan.as_ref()?;
        plan.get(case)?.get(contender).copied()
    }

    /// The interpreters that wheels were tried on, but for those that no contender is for.
    pub fn interpreters(&self) -> Vec<&str> {
        let supported = |name: &&str| {
            let efforts = self.record.contenders.values();
            let mut fits = efforts.filter_map(|c| c.effort.as_ref()?.fits.get(*name));
            fits.any(|fit| fit.outcome != Fits::DoesNotApply)
        };
        let interpreters = self.record.surroundings.interpreters.iter();
        let names = interpreters.map(|interpreter| interpreter.name.as_str());
        names.filter(supported).collect()
    }

    /// What every contender that is compared in a case did in it, in the study's order. A contender
    /// that failed is there with its failure; one that was not asked is not.
    pub fn cells(&self, case: &Case) -> Vec<CaseResult<'_>> {
        let mut cells = self.all_cells(case);
        cells.retain(|cell| self.compares(case, cell.contender));
        cells
    }

    /// The same of every contender that took part in the case, compared or not.
    pub fn all_cells(&self, case: &Case) -> Vec<CaseResult<'_>> {
        let contenders = self.record.study.contenders.iter();
        contenders
            .filter(|contender| case.applies_to(&contender.name))
            .filter_map(|contender| {
                let timed = match self.timed(&case.name, &contender.name) {
                    Some(timed) => Ok(timed),
                    None => Err(self.record.failed(&contender.name, &case.name)?),
                };
                Some(CaseResult { contender, timed })
            })
            .collect()
    }

    /// The estimates of one contender in one case, if it was timed and nothing spoke against it.
    pub fn timed(&self, case: &str, contender: &str) -> Option<CaseEstimates> {
        if self.record.failed(contender, case).is_some() {
            return None;
        }
        let header = &self.record.study.header;
        let against = |other: &str| {
            let other = (other != contender).then_some(other)?;
            self.over(case, contender, other)
        };
        Some(CaseEstimates {
            time: self.timings.time(case, contender, Role::Call)?,
            floor: self.timings.time(case, contender, Role::Floor),
            crossing: self.timings.crossing(case, contender),
            ratio: against(&header.baseline),
            speed_up: against(&header.reference).map(|ratio| ratio.inverse()),
        })
    }

    /// How many times as long one contender takes in a case as another; nothing where one failed.
    pub fn over(&self, case: &str, one: &str, other: &str) -> Option<Estimate> {
        let failed = |name: &str| self.record.failed(name, case).is_some();
        if failed(one) || failed(other) {
            return None;
        }
        self.timings
            .ratio(case, (one, Role::Call), (other, Role::Call))
    }

    /// The effort of a contender, as far as somebody looked.
    pub fn effort(&self, contender: &str) -> Option<&Effort> {
        self.record.contenders.get(contender)?.effort.as_ref()
    }

    /// The baseline against itself: what is seen where there is nothing to see.
    pub fn again(&self, case: &str) -> Option<Estimate> {
        let baseline = self.record.study.header.baseline.as_str();
        self.timings
            .ratio(case, (baseline, Role::Again), (baseline, Role::Call))
    }

    /// How a contender is recognised in charts.
    pub fn style(&self, contender: &Contender) -> Style {
        let mut all = self.record.study.contenders.iter();
        let place = all.position(|c| c.name == contender.name);
        Style {
            colour: contender.colour.or(place).unwrap_or(0),
            variant: contender.variant_of.is_some(),
        }
    }

    /// Whether a contender is compared with the others in a case: who does other work than they do is
    /// so among peers, and where it was named.
    pub fn compares(&self, case: &Case, contender: &Contender) -> bool {
        let study = &self.record.study;
        contender.equal_work || study.among_peers(case) || study.names(contender)
    }

    /// A contender's title, with a word where it does other work than those beside it.
    pub fn marked(&self, contender: &str) -> String {
        match self.record.study.contender(contender) {
            Some(c) if !c.equal_work => format!("{} ({NOT_EQUAL})", c.title),
            _ => self.title_of(contender).to_owned(),
        }
    }

    pub fn title_of<'a>(&'a self, contender: &'a str) -> &'a str {
        self.record
            .study
            .contender(contender)
            .map_or(contender, |c| &c.title)
    }
}

/// Nanoseconds that an import takes, warm or cold.
pub fn import_time(samples: &[Import], cold: bool) -> Option<Estimate> {
    let times = samples.iter().filter(|s| s.cold == cold).map(|s| s.ns);
    let logs: Vec<f64> = times.map(f64::ln).collect();
    (!logs.is_empty()).then(|| geometric(&logs, logs.len(), CONFIDENCE))
}
