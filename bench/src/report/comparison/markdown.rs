//! A comparison as Markdown: whole, and as a part of a document.

use std::fmt::Write;

use super::terminal::of_two;
use super::words::{NOTHING, of_change, of_speed_ups, sentences, with_interval};
use super::{Column, Comparison, Row};
use crate::analysis::change::Change;
use crate::report::table::Table;
use crate::self_test::holds_one;

/// Rows that a summary shows at most.
const SHOWN: usize = 8;

/// The whole comparison as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("# {}\n\n", comparison.heading());
    let _ = writeln!(text, "## The records\n\n{}", legend(comparison));
    let _ = writeln!(text, "## Environments\n\n{}", environments(comparison));
    let _ = writeln!(text, "## Times faster\n\n{}", of_speed_ups(comparison));
    if comparison.reference.is_some() {
        let _ = writeln!(text, "\n{}", speed_ups(comparison, comparison.speed_ups()));
    }
    let _ = writeln!(
        text,
        "## Ratios\n\n{}\n",
        sentences(comparison).join("\n\n")
    );
    text.push_str(&ratios(comparison, comparison.ratios()));
    if comparison
        .failures
        .iter()
        .any(|failures| !failures.is_empty())
    {
        let _ = write!(text, "\n## What failed\n\n{}", failures(comparison));
    }
    text
}

fn legend(comparison: &Comparison) -> String {
    let mut table = Table::new(&[
        "record",
        "interpreter",
        "machine",
        "measured",
        "profile",
        "folder",
    ]);
    for (index, column) in comparison.columns.iter().enumerate() {
        table.row(&[
            &comparison.in_legend(index),
            &column.build,
            &column.machine,
            &column.measured,
            &column.profile,
            &column.folder,
        ]);
    }
    table.text
}

fn environments(comparison: &Comparison) -> String {
    if comparison.environments.is_empty() {
        return "The environments do not differ.\n".to_owned();
    }
    let mut table = Table::new(&comparison.headings(&["environment"]));
    for (name, values) in &comparison.environments {
        table.row(&[std::slice::from_ref(name), values].concat());
    }
    table.text
}

fn speed_ups<'a>(comparison: &Comparison, rows: impl Iterator<Item = &'a Row>) -> String {
    let mut headings = vec!["case".to_owned(), "contender".to_owned()];
    headings.extend(comparison.columns.iter().map(Column::on_interpreter));
    let mut table = Table::new(&headings);
    for row in rows {
        let cells = row
            .cells
            .iter()
            .map(|cell| with_interval(cell, cell.speed_up()));
        let names = [row.case.clone(), row.title.clone()];
        table.row(&names.into_iter().chain(cells).collect::<Vec<_>>());
    }
    table.text
}

fn ratios<'a>(comparison: &Comparison, rows: impl Iterator<Item = &'a Row>) -> String {
    if comparison.columns.len() == 2 {
        let mut table = Table::new(&[
            "case",
            "contender",
            "ratio before",
            "after",
            "change",
            "verdict",
        ]);
        for row in rows {
            table.row(&of_two(row));
        }
        return table.text;
    }
    let mut headings = vec!["case".to_owned(), "contender".to_owned()];
    let labels = || comparison.columns.iter().map(|column| &column.label);
    headings.extend(labels().map(|label| format!("ratio, {label}")));
    for label in labels().skip(1) {
        headings.extend([format!("change, {label}"), "verdict".to_owned()]);
    }
    let mut table = Table::new(&headings);
    for row in rows {
        let mut cells = vec![row.case.clone(), row.contender.clone()];
        cells.extend(
            row.cells
                .iter()
                .map(|cell| with_interval(cell, cell.ratio())),
        );
        cells.extend(
            row.changes
                .iter()
                .flat_map(|change| of_change(change.as_ref())),
        );
        table.row(&cells);
    }
    table.text
}

fn failures(comparison: &Comparison) -> String {
    let mut table = Table::new(&["record", "contender", "case", "verb", "message"]);
    for (column, failures) in comparison.columns.iter().zip(&comparison.failures) {
        for failure in failures {
            let case = failure.case.as_deref().unwrap_or(NOTHING);
            table.row(&[
                &column.label,
                &failure.contender,
                case,
                &failure.stage,
                &failure.message,
            ]);
        }
    }
    table.text
}

/// The comparison for a document: environments, sentences, and the rows that moved most. Of several
/// records also who they are, and the speed-ups of the cases that stand for all.
pub fn summary(comparison: &Comparison) -> String {
    let mut text = String::new();
    if comparison.columns.len() > 2 {
        let _ = writeln!(text, "{}", legend(comparison));
    }
    let _ = writeln!(text, "{}", environments(comparison));
    if comparison.columns.len() > 2 && comparison.reference.is_some() {
        let rows = comparison
            .speed_ups()
            .filter(|row| comparison.chosen.contains(&row.case));
        let table = speed_ups(comparison, rows.filter(|row| row.shown));
        let _ = writeln!(text, "{}\n\n{table}", of_speed_ups(comparison));
    }
    let _ = writeln!(text, "{}", sentences(comparison).join("\n\n"));
    let mut moved: Vec<(&Row, f64)> = comparison
        .rows
        .iter()
        .filter_map(|row| {
            Some((
                row,
                row.changes
                    .iter()
                    .flatten()
                    .filter_map(away)
                    .reduce(f64::max)?,
            ))
        })
        .collect();
    moved.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    if !moved.is_empty() {
        let most = moved.iter().take(SHOWN).map(|(row, _)| *row);
        let _ = writeln!(
            text,
            "\nOf the {} rows whose interval does not hold 1, those farthest from it:\n\n{}",
            moved.len(),
            ratios(comparison, most)
        );
    }
    text
}

/// How far the interval of a change stays away from 1; nothing where it holds it.
fn away(change: &Change) -> Option<f64> {
    let away = change.factor.low.ln().max(-change.factor.high.ln());
    (change.changed || !holds_one(&change.factor)).then_some(away)
}

impl Comparison {
    /// What to call it.
    pub fn heading(&self) -> String {
        let number = match self.columns.len() {
            2 => "Two".to_owned(),
            3 => "Three".to_owned(),
            4 => "Four".to_owned(),
            more => more.to_string(),
        };
        format!("{number} records compared")
    }
}
