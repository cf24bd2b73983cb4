//! What a comparison says in words, alike in every output.

use crate::analysis::change::{Change, FALSE_ALARM};
use crate::analysis::interval::{CONFIDENCE, FEWEST_BLOCKS};
use crate::analysis::{Estimate, Verdict, median};
use crate::format::{factor, percent, ratio};
use crate::report::figures::comparison::{Comparison, ComparisonCell, ComparisonRow};
use crate::report::sections::NOTHING;
use crate::self_test::holds_one;

/// Cases that a sentence names at most.
const NAMED: usize = 8;

/// What the comparison comes to: paragraphs.
pub fn sentences(comparison: &Comparison) -> Vec<String> {
    let mut paragraphs: Vec<String> = (1..comparison.columns.len())
        .map(|column| of_pair(comparison, column))
        .collect();
    let unchanged = percent(1.0 - FALSE_ALARM);
    if let [only] = paragraphs.as_mut_slice() {
        let promise = format!(
            " With a probability of {unchanged}, no row is called changed if both records are of \
             the same thing."
        );
        only.push_str(&promise);
    } else {
        paragraphs.push(format!(
            "With a probability of {unchanged}, no row of these comparisons is called changed if \
             all records are of the same thing."
        ));
    }
    for (column, cases) in comparison.redefined.iter().enumerate() {
        if !cases.is_empty() {
            paragraphs.push(format!(
                "Not compared, because {} defines them otherwise: {}.",
                name_of(comparison, column),
                listed(cases)
            ));
        }
    }
    paragraphs
}

/// How to read the speed-ups.
pub fn of_speed_ups(comparison: &Comparison) -> String {
    match &comparison.reference {
        Some(reference) => format!(
            "Speed-up over {reference} on the interpreter above the column, with the {} confidence \
             interval, or with the range if n is given. A slower {reference} makes all numbers larger.",
            percent(CONFIDENCE)
        ),
        None => {
            "Speed-ups are not compared, because the records have different references.".to_owned()
        }
    }
}

fn of_pair(comparison: &Comparison, column: usize) -> String {
    let changes: Vec<&Change> = comparison.changes_of(column).collect();
    let count = |of: &dyn Fn(&Change) -> bool| changes.iter().filter(|c| of(c)).count();
    let mut sentences = vec![format!(
        "{} ratios to {} compared: {} changed, {} same, {} unresolved.",
        changes.len(),
        comparison.baseline,
        count(&|c| c.changed),
        count(&|c| verdict(c) == "same"),
        count(&|c| verdict(c) == "unresolved"),
    )];
    if !changes.is_empty() {
        let factors = changes.iter().map(|c| c.factor.centre);
        sentences.push(format!(
            "{} of the {} intervals of {} contain 1. The median ratio changed by {}.",
            count(&|c| holds_one(&c.factor)),
            changes.len(),
            percent(CONFIDENCE),
            percent(median(factors.map(|f| f.max(1.0 / f) - 1.0).collect())),
        ));
    }
    let untold = |row: &&ComparisonRow| {
        let tried = |column: usize| {
            matches!(
                row.cells[column],
                ComparisonCell::Timed { .. } | ComparisonCell::Failed
            )
        };
        row.changes[column - 1].is_none() && (tried(0) || tried(column))
    };
    let rows = match comparison.ratios().filter(untold).count() {
        0 => None,
        1 => Some("1 more row".to_owned()),
        rows => Some(format!("{rows} more rows")),
    };
    sentences.extend(rows.map(|rows| {
        format!(
            "{rows} cannot be compared: one of the two records has a failure, no measurement, or \
             fewer than {FEWEST_BLOCKS} blocks there."
        )
    }));
    let text = sentences.join(" ");
    if comparison.columns.len() == 2 {
        return text;
    }
    let [one, other] = [column, 0].map(|column| &comparison.columns[column].label);
    format!("{one} against {other}: {text}")
}

/// The first few of a list of names.
fn listed(names: &[String]) -> String {
    let first: Vec<String> = names
        .iter()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        rest => format!("{} and {rest} more", first.join(", ")),
    }
}

/// How a sentence names the record in a column.
fn name_of(comparison: &Comparison, column: usize) -> &str {
    match (comparison.columns.len(), column) {
        (2, 0) => "the record before",
        (2, _) => "the record after",
        _ => &comparison.columns[column].label,
    }
}

/// The verdict on a change.
pub fn verdict(change: &Change) -> &'static str {
    match (change.changed, change.factor.verdict()) {
        (true, _) if change.factor.centre > 1.0 => "slower",
        (true, _) => "faster",
        (false, Verdict::Same) => "same",
        (false, _) => "unresolved",
    }
}

/// A value of a cell with its interval, or why there is none.
pub fn with_interval(cell: &ComparisonCell, value: Option<Estimate>) -> String {
    value.as_ref().map_or_else(|| reason(cell), ratio)
}

/// The same without the interval; what is only roughly known says so.
pub fn without_interval(cell: &ComparisonCell, value: Option<Estimate>) -> String {
    match value {
        Some(e) if e.range => format!("≈ {}", factor(e.centre)),
        Some(e) => factor(e.centre),
        None => reason(cell),
    }
}

/// Why there is no value.
fn reason(cell: &ComparisonCell) -> String {
    match cell {
        ComparisonCell::Failed => "failed",
        ComparisonCell::Redefined => "another case",
        ComparisonCell::Timed { .. } | ComparisonCell::Absent => NOTHING,
    }
    .to_owned()
}

/// A change with its interval, and its verdict.
pub fn of_change(change: Option<&Change>) -> [String; 2] {
    match change {
        Some(change) => [ratio(&change.factor), verdict(change).to_owned()],
        None => [NOTHING, NOTHING].map(str::to_owned),
    }
}
