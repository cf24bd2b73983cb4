//! Two revisions side by side: a conclusion, and a row for each contender in each case.

use std::fmt::Write;

use super::{Item, NOTHING, Table};
use crate::format::{estimated_time, instructions};
use crate::report::figures::Results;
use crate::report::figures::sides::{Judgement, RevisionRow, Sides};

/// Everything, fit for a pull request. `labels` name the revisions; `unchanged` are the contenders
/// whose sources are the same in both.
pub fn sections(
    comparison: &Sides,
    results: &Results,
    labels: &[String],
    unchanged: &[String],
) -> Vec<Item> {
    let environment = &results.record.environment;
    let mut items = vec![Item::from(conclusion(comparison))];
    items.push(Item::from(format!(
        "Before is {}, after is {}. Both were timed in the same processes, with {} {} on {}.",
        labels[0],
        labels[1],
        environment.python.implementation,
        environment.python.version,
        environment.cpu,
    )));
    if !unchanged.is_empty() {
        items.push(Item::from(format!(
            "The sources are the same in both revisions, so these rows show the noise: {}.",
            unchanged.join(", ")
        )));
    }
    items.push(table(comparison).into());
    items.push(Item::from(format!(
        "All intervals hold together with 95 % probability. Slower and faster: the interval \
         excludes a change of less than {0} %. Same: it lies within ±{0} %. Unresolved: it does \
         neither.",
        round(comparison.margin)
    )));
    items
}

fn conclusion(comparison: &Sides) -> String {
    let of = |judgement| comparison.number(judgement);
    let mut text = format!(
        "Of {} rows {} slower and {} faster. {} the same within ±{} %, {} unresolved",
        comparison.rows.len(),
        are(of(Judgement::Slower)),
        of(Judgement::Faster),
        are(of(Judgement::Unchanged)),
        round(comparison.margin),
        of(Judgement::Open),
    );
    if of(Judgement::Failed) > 0 {
        let _ = write!(text, ", {} failed", of(Judgement::Failed));
    }
    text + "."
}

fn are(number: usize) -> String {
    format!("{number} {}", if number == 1 { "is" } else { "are" })
}

/// A fraction as a percentage without zeros behind it.
fn round(fraction: f64) -> f64 {
    (fraction * 10_000.0).round() / 100.0
}

fn table(comparison: &Sides) -> Table {
    let mut table =
        Table::new("contender | case | before | after | change | instructions | verdict");
    for row in &comparison.rows {
        let time = |side: usize| {
            let time = row.times[side].as_ref();
            time.map_or_else(|| NOTHING.to_owned(), estimated_time)
        };
        table.add_row([
            row.contender.clone(),
            row.case.clone(),
            time(0),
            time(1),
            change(row),
            counted(row),
            verdict(comparison.judged(row)).to_owned(),
        ]);
    }
    table
}

fn change(row: &RevisionRow) -> String {
    let percent = |ratio: f64| format!("{:+.1}", (ratio - 1.0) * 100.0);
    let Some(change) = &row.ratio else {
        return NOTHING.to_owned();
    };
    let (centre, low, high) = (change.centre, change.low, change.high);
    let interval = format!("[{}, {}]", percent(low), percent(high));
    format!("{} % {interval}", percent(centre))
}

fn counted(row: &RevisionRow) -> String {
    let Some([before, after]) = row.instructions else {
        return NOTHING.to_owned();
    };
    let (from, to) = (instructions(before), instructions(after));
    format!("{from} → {to} ({:+.1} %)", (after / before - 1.0) * 100.0)
}

fn verdict(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Slower => "SLOWER",
        Judgement::Faster => "faster",
        Judgement::Unchanged => "same",
        Judgement::Open => "unresolved",
        Judgement::Failed => "failed",
    }
}
