//! Which cases and contenders a table or a chart is about.

use regex::Regex;

use super::Results;
use crate::study::{Case, ChartSpec, Contender, TableSpec};

impl Results {
    /// The cases whose names match.
    pub fn matching(&self, pattern: &str) -> Result<Vec<&Case>, regex::Error> {
        let pattern = Regex::new(pattern)?;
        let cases = self.record.study.cases.iter();
        Ok(cases.filter(|case| pattern.is_match(&case.name)).collect())
    }

    /// The cases that a table is about.
    pub fn cases_of(&self, table: &TableSpec) -> Vec<&Case> {
        if table.cases.is_empty() {
            return Vec::new();
        }
        // The study has been checked; a record that was meddled with has no such cases.
        self.matching(&table.cases).unwrap_or_default()
    }

    /// Whether there are such cases, and all of them are about peers.
    pub fn among_peers(&self, cases: &[&Case]) -> bool {
        !cases.is_empty() && cases.iter().all(|c| self.record.study.among_peers(c))
    }

    /// The contenders that a table shows: those it names, or all that do the same work, and in a
    /// table of peers' cases whoever took part; and what the user named.
    pub fn contenders_of(&self, table: &TableSpec) -> Vec<&Contender> {
        let among_peers = self.among_peers(&self.cases_of(table));
        self.chosen(&table.contenders, |c| c.equal_work || among_peers)
    }

    /// The contenders that a chart shows: those it names, or all but the optional and those that do other
    /// work, and in a chart of peers' cases whoever took part; and what the user named.
    pub fn contenders_in(&self, chart: &ChartSpec) -> Vec<&Contender> {
        let cases = self.matching(&chart.cases).unwrap_or_default();
        let among_peers = self.among_peers(&cases);
        let study = &self.record.study;
        self.chosen(&chart.contenders, |c| among_peers || study.shows(c))
    }

    fn chosen(&self, named: &[String], else_if: impl Fn(&Contender) -> bool) -> Vec<&Contender> {
        let study = &self.record.study;
        let chosen = |c: &&Contender| {
            let listed = if named.is_empty() {
                else_if(c)
            } else {
                named.contains(&c.name)
            };
            listed || study.names(c)
        };
        study.contenders.iter().filter(chosen).collect()
    }
}

/// Each value once, in the order of first appearance.
pub fn distinct<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The value of a case's parameter, where it is a number.
pub fn number(case: &Case, parameter: &str) -> Option<f64> {
    let value = case.params.get(parameter)?;
    #[allow(clippy::cast_precision_loss)] // Lengths and counts.
    value
        .as_float()
        .or_else(|| value.as_integer().map(|i| i as f64))
}
