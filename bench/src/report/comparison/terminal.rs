//! A comparison for the terminal.

use std::fmt::Write;

use super::words::{NOTHING, of_change, of_speed_ups, sentences, with_interval, without_interval};
use super::{Column, Comparison, Row};
use crate::report::terminal::{columns, paragraph, table, under};

/// Before a contender below its case.
const INDENT: &str = "  ";

/// The whole comparison: the records, their environments, speed-ups, ratios, and what they come to.
pub fn terminal_table(comparison: &Comparison) -> String {
    let mut text = legend(comparison);
    text.push_str(&environments(comparison));
    text.push_str(&speed_ups(comparison));
    text.push_str(&if comparison.columns.len() == 2 {
        ratios_of_two(comparison)
    } else {
        ratios_of_several(comparison)
    });
    text.push_str(&failures(comparison));
    for said in sentences(comparison) {
        let _ = writeln!(text, "{}", paragraph(&said));
    }
    text
}

/// A few lines for each record. A folder is never broken, so that it can be copied.
fn legend(comparison: &Comparison) -> String {
    let labels = (0..comparison.columns.len()).map(|index| comparison.in_legend(index));
    let labels: Vec<String> = labels.collect();
    let width = labels.iter().map(|label| label.chars().count()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (label, column) in labels.iter().zip(&comparison.columns) {
        let about = format!(
            "{}\n{}, measured on {}, profile {}",
            column.build, column.machine, column.measured, column.profile
        );
        let _ = writeln!(text, "{label:width$}  {}", column.folder);
        let room = columns().unwrap_or(usize::MAX);
        for line in under(&" ".repeat(width), &about, room) {
            let _ = writeln!(text, "{line}");
        }
    }
    text + "\n"
}

fn environments(comparison: &Comparison) -> String {
    if comparison.environments.is_empty() {
        return "The environments do not differ.\n\n".to_owned();
    }
    let headings = comparison.headings(&["environment"]);
    let mut table = table(&headings).with_prose(1..headings.len());
    for (name, values) in &comparison.environments {
        table.add_row([std::slice::from_ref(name), values].concat());
    }
    format!("{table}\n\n")
}

fn speed_ups(comparison: &Comparison) -> String {
    let mut text = paragraph(&of_speed_ups(comparison)) + "\n";
    if comparison.reference.is_none() {
        return text + "\n";
    }
    let headings: Vec<String> = comparison
        .columns
        .iter()
        .map(Column::on_interpreter)
        .collect();
    let headings = ["times faster"]
        .into_iter()
        .chain(headings.iter().map(String::as_str));
    let headings: Vec<&str> = headings.collect();
    let mut table = table(&headings).with_prose(1..headings.len());
    let mut case = "";
    for row in comparison.speed_ups() {
        if row.case != case {
            case = &row.case;
            table.add_row([case]);
        }
        let cells = row.cells.iter();
        let cells = cells.map(|cell| with_interval(cell, cell.speed_up()));
        table.add_row(std::iter::once(format!("{INDENT}{}", row.title)).chain(cells));
    }
    let _ = writeln!(text, "{table}\n");
    text
}

fn ratios_of_two(comparison: &Comparison) -> String {
    let mut table = table(&[
        "case",
        "contender",
        "ratio before",
        "after",
        "change",
        "verdict",
    ])
    .with_prose([4]);
    for row in comparison.ratios() {
        table.add_row(of_two(row));
    }
    format!("{table}\n")
}

/// The cells of a row of two records.
pub fn of_two(row: &Row) -> [String; 6] {
    let [before, after] = [0, 1].map(|column| {
        let cell = &row.cells[column];
        without_interval(cell, cell.ratio())
    });
    let [change, verdict] = of_change(row.changes[0].as_ref());
    [
        row.case.clone(),
        row.contender.clone(),
        before,
        after,
        change,
        verdict,
    ]
}

/// A line for each record, because ratios and changes do not fit side by side.
fn ratios_of_several(comparison: &Comparison) -> String {
    let ratio = format!("ratio to {}", comparison.baseline);
    let change = format!("change from {}", comparison.columns[0].label);
    let mut table = table(&["ratios", "record", &ratio, &change, "verdict"]).with_prose(1..4);
    let mut case = "";
    for row in comparison.ratios() {
        if row.case != case {
            case = &row.case;
            table.add_row([case]);
        }
        for (index, (column, cell)) in comparison.columns.iter().zip(&row.cells).enumerate() {
            let [name, change, verdict] = if index == 0 {
                [
                    format!("{INDENT}{}", row.contender),
                    String::new(),
                    String::new(),
                ]
            } else {
                let [change, verdict] = of_change(row.changes[index - 1].as_ref());
                [String::new(), change, verdict]
            };
            let ratio = with_interval(cell, cell.ratio());
            table.add_row([name, column.label.clone(), ratio, change, verdict]);
        }
    }
    format!("{table}\n")
}

/// Who failed where; the records have the messages.
fn failures(comparison: &Comparison) -> String {
    let all = || comparison.columns.iter().zip(&comparison.failures);
    if all().all(|(_, failures)| failures.is_empty()) {
        return String::new();
    }
    let mut table = table(&["failed in", "contender", "case", "verb"]).with_prose([0, 3]);
    for (column, failures) in all() {
        for failure in failures {
            let case = failure.case.as_deref().unwrap_or(NOTHING);
            table.add_row([&column.label, &failure.contender, case, &failure.stage]);
        }
    }
    format!("{table}\n")
}

impl Comparison {
    /// The records after some other headings.
    pub fn headings<'a>(&'a self, first: &[&'a str]) -> Vec<&'a str> {
        let labels = self.columns.iter().map(|column| column.label.as_str());
        let labels: Vec<&str> = if self.columns.len() == 2 {
            vec!["before", "after"]
        } else {
            labels.collect()
        };
        [first, &labels].concat()
    }

    /// The label of a record where it is explained.
    pub fn in_legend(&self, column: usize) -> String {
        let label = &self.columns[column].label;
        match (self.columns.len(), column) {
            (2, 0) => format!("{label} (before)"),
            (2, _) => format!("{label} (after)"),
            _ => label.clone(),
        }
    }
}
