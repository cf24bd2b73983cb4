//! Records side by side: their speed-ups and ratios, and what has changed. Never seconds: each record
//! has measured its own speed-ups and ratios.

mod labels;
mod rows;

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::Results;
use super::selection::distinct;
use crate::analysis::Estimate;
use crate::analysis::change::{Change, RecordPair, changes};
use crate::record::Failure;

/// A record that takes part in a comparison.
pub struct Member {
    /// The folder that it lies in, as it may be shown.
    pub folder: String,
    pub results: Results,
}

/// What differs between records, the first of which is the one that the others are compared with.
pub struct Comparison {
    pub members: Vec<Member>,
    /// The records: a column of every table.
    pub columns: Vec<Column>,
    /// Every contender in every case that any record has, in the order of the studies.
    pub rows: Vec<ComparisonRow>,
    /// For each record, the cases that it defines otherwise than the first record that has them.
    pub redefined: Vec<Vec<String>>,
    pub baseline: String,
    /// Absent where the records do not agree in it; then there are no speed-ups to compare.
    pub reference: Option<String>,
}

/// One record of a comparison.
pub struct Column {
    /// Short, and no other record's.
    pub label: String,
    pub folder: String,
    pub interpreter: String,
    pub machine: String,
}

/// One contender in one case.
pub struct ComparisonRow {
    pub case: String,
    pub contender: String,
    pub title: String,
    /// Whether it is where not all contenders are.
    pub shown: bool,
    /// What each record says.
    pub cells: Vec<ComparisonCell>,
    /// What has changed from the first record to each of the others; absent where there is no
    /// interval to tell it by.
    pub changes: Vec<Option<Change>>,
}

/// What one record says of a contender in a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ComparisonCell {
    Timed {
        /// Times as fast as the reference; absent for the reference.
        speed_up: Option<Estimate>,
        /// Times as long as the baseline; absent for the baseline.
        ratio: Option<Estimate>,
    },
    Failed,
    /// The record means another case by this name.
    Redefined,
    /// Nobody tried.
    Absent,
}

impl Comparison {
    /// # Errors
    ///
    /// When the records take their ratios to different baselines, or have no row in common.
    pub fn new(members: Vec<Member>) -> Result<Self> {
        let first = &members[0].results;
        let header = &first.record.study.header;
        for member in &members {
            let other = &member.results.record.study.header.baseline;
            ensure!(
                header.baseline == *other,
                "not comparable: ratios are to {} in one record and to {other} in the other",
                header.baseline
            );
        }
        let agreed = members
            .iter()
            .all(|m| m.results.record.study.header.reference == header.reference);
        let (mut rows, redefined) = rows::rows(&members, agreed);
        ensure!(
            rows.iter().any(ComparisonRow::in_common),
            "not comparable: the records have no row in common"
        );
        find_changes(&members, &mut rows, &header.baseline);
        let title = |name: &str| first.title_of(name).to_owned();
        Ok(Self {
            columns: columns(&members),
            rows,
            redefined,
            baseline: title(&header.baseline),
            reference: agreed.then(|| title(&header.reference)),
            members,
        })
    }

    /// A name for the place in a document that this kind of comparison belongs to.
    pub fn name(&self) -> &'static str {
        let isolated = |member: &Member| member.results.record.isolated;
        let first = isolated(&self.members[0]);
        let mixed = self.members.iter().any(|m| isolated(m) != first);
        match (self.columns.len(), mixed) {
            (2, true) => "isolated",
            (2, false) => "again",
            _ => "several",
        }
    }

    /// Whether any row has become slower.
    pub fn slower(&self) -> bool {
        let changes = self.rows.iter().flat_map(|row| &row.changes).flatten();
        changes
            .into_iter()
            .any(|c| c.changed && c.factor.centre > 1.0)
    }

    /// The records of which no change can be told, because no row has an interval in both.
    pub fn untold(&self) -> Vec<&str> {
        let others = self.columns.iter().enumerate().skip(1);
        others
            .filter(|(column, _)| self.changes_of(*column).next().is_none())
            .map(|(_, column)| column.label.as_str())
            .collect()
    }

    /// What has changed from the first record to the one in this column.
    pub fn changes_of(&self, column: usize) -> impl Iterator<Item = &Change> {
        self.rows
            .iter()
            .filter_map(move |row| row.changes[column - 1].as_ref())
    }

    /// The cases that stand for all: those of the first record's summary, and what else any of the
    /// records shows in short.
    pub fn chosen(&self) -> Vec<&String> {
        let records = || self.members.iter().map(|member| &member.results.record);
        let in_short = records().flat_map(|record| record.study.in_short());
        let summary = self.members[0].results.record.study.header.summary.iter();
        distinct(summary.chain(in_short.map(|case| &case.name)))
    }

    /// What failed, and the label of the record that it failed in.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Failure)> {
        let all = self.columns.iter().zip(&self.members);
        all.flat_map(|(column, member)| {
            let failures = member.results.record.failures.iter();
            failures.map(|failure| (column.label.as_str(), failure))
        })
    }

    /// Rows with a speed-up, or with a reason why there is none.
    pub fn speed_ups(&self) -> impl Iterator<Item = &ComparisonRow> {
        let agreed = self.reference.is_some();
        self.rows
            .iter()
            .filter(move |row| agreed && row.shows(ComparisonCell::speed_up))
    }

    /// Rows with a ratio, or with a reason why there is none.
    pub fn ratios(&self) -> impl Iterator<Item = &ComparisonRow> {
        self.rows
            .iter()
            .filter(|row| row.shows(ComparisonCell::ratio))
    }
}

impl Column {
    /// What stands above the speed-ups of this record: they say nothing without the interpreter.
    pub fn on_interpreter(&self) -> String {
        if self.label.contains(&self.interpreter) {
            self.label.clone()
        } else {
            format!("{}, {}", self.label, self.interpreter)
        }
    }
}

impl ComparisonRow {
    /// Whether two records have measured something of it that can stand side by side.
    fn in_common(&self) -> bool {
        let have = |of: fn(&ComparisonCell) -> Option<Estimate>| {
            let cells = self.cells.iter();
            cells.filter(|cell| of(cell).is_some()).count() > 1
        };
        have(ComparisonCell::speed_up) || have(ComparisonCell::ratio)
    }

    /// Whether it belongs into a table of such values. A contender that is the measure of them has
    /// none, and no row unless it failed.
    fn shows(&self, of: fn(&ComparisonCell) -> Option<Estimate>) -> bool {
        let mut cells = self.cells.iter();
        cells.any(|cell| of(cell).is_some() || *cell == ComparisonCell::Failed)
    }
}

impl ComparisonCell {
    pub fn speed_up(&self) -> Option<Estimate> {
        match self {
            Self::Timed { speed_up, .. } => *speed_up,
            _ => None,
        }
    }

    pub fn ratio(&self) -> Option<Estimate> {
        match self {
            Self::Timed { ratio, .. } => *ratio,
            _ => None,
        }
    }
}

fn columns(members: &[Member]) -> Vec<Column> {
    let mut columns: Vec<Column> = members.iter().map(column).collect();
    let labels = labels::labels(&columns);
    for (column, label) in columns.iter_mut().zip(labels) {
        column.label = label;
    }
    columns
}

fn column(member: &Member) -> Column {
    let environment = &member.results.record.environment;
    Column {
        label: String::new(),
        folder: member.folder.clone(),
        interpreter: environment.python.name(),
        machine: environment.cpu.clone(),
    }
}

/// Puts into each row what has changed from the first record to each of the others.
fn find_changes(members: &[Member], rows: &mut [ComparisonRow], baseline: &str) {
    let before = &members[0].results.timings;
    let pairs: Vec<RecordPair> = members
        .iter()
        .enumerate()
        .skip(1)
        .map(|(column, member)| RecordPair {
            before,
            after: &member.results.timings,
            rows: rows
                .iter()
                .filter(|row| {
                    row.cells[0]
                        .ratio()
                        .and(row.cells[column].ratio())
                        .is_some()
                })
                .map(|row| (row.case.clone(), row.contender.clone()))
                .collect(),
        })
        .collect();
    for (place, found) in changes(&pairs, baseline).into_iter().enumerate() {
        let mut found: BTreeMap<(String, String), Change> = found
            .into_iter()
            .map(|change| ((change.case.clone(), change.contender.clone()), change))
            .collect();
        for row in rows.iter_mut() {
            row.changes[place] = found.remove(&(row.case.clone(), row.contender.clone()));
        }
    }
}
