//! What is said of records side by side: environments first, then speed-ups, then ratios with their
//! changes.

mod chart;
mod counts;
mod environments;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use self::chart::{colour, pictures};
pub use self::counts::{CountChange, counts};
use self::environments::differences;
use self::words::{of_change, of_speed_ups, sentences, with_interval, without_interval};
use super::{Item, NOTHING, Section, Table};
use crate::analysis::MARGIN;
use crate::analysis::change::Change;
use crate::charts::palette;
use crate::format::{date, percent};
use crate::report::figures::comparison::{Column, Comparison, ComparisonRow};
use crate::self_test::holds_one;

/// Rows that a summary shows at most.
const SHOWN: usize = 8;

/// What stands on the page of a comparison.
pub struct ComparisonPage {
    /// Values that are shown as they are.
    pub plain: Value,
    pub sections: Vec<Section>,
    /// The colours of the records.
    pub colours: Vec<String>,
    /// The names of contenders, by their titles.
    pub names: BTreeMap<String, String>,
}

/// All that is said of a comparison.
pub fn sections(comparison: &Comparison) -> Vec<Section> {
    let sentences = sentences(comparison).into_iter().map(Item::from).collect();
    let ratios = ratios(comparison, comparison.ratios());
    let mut sections = vec![
        Section::named("records", "The records", vec![legend(comparison).into()]),
        Section::named(
            "environments",
            "Environments",
            vec![environments(comparison)],
        ),
        Section::named("speed-ups", "Times faster", speed_ups(comparison, |_| true)),
        Section::named(IN_WORDS, "Ratios", sentences),
        Section::new("", vec![ratios.into()]),
    ];
    sections.extend(failures(comparison));
    sections
}

/// The same as one document.
pub fn whole(comparison: &Comparison) -> Section {
    let items = sections(comparison).into_iter().map(Item::from).collect();
    Section::new(&heading(comparison), items)
}

/// The name of the section that says what the comparison comes to.
pub const IN_WORDS: &str = "in-words";

/// The page of a comparison, which has all intervals, and pictures.
///
/// # Errors
///
/// When a picture cannot be drawn.
pub fn page(comparison: &Comparison) -> Result<ComparisonPage> {
    let baseline = &comparison.baseline;
    let about = "All other records are compared with the first one. Each record has its own \
                 speed-ups and ratios. Only these are compared, and not times.";
    let mut faster = speed_ups(comparison, |_| true);
    let pictures = pictures(comparison)?;
    if !pictures.is_empty() {
        let marks = "Filled marks differ from 1. Marks with a bar are the same. Hollow marks are \
                     not resolved. Each colour is a record.";
        let pictures = pictures.into_iter().map(Item::Chart);
        faster.splice(1..1, std::iter::once(marks.into()).chain(pictures));
    }
    let of_changes = format!(
        "A change is a ratio of two ratios, with its 95 % confidence interval. *Same*: the interval \
         lies inside ±{}. *Slower* or *faster*: the interval that is corrected for the number of \
         rows lies outside. *Unresolved*: neither.",
        percent(MARGIN)
    );
    let mut ratios: Vec<Item> = sentences(comparison).into_iter().map(Item::from).collect();
    let rows = comparison.ratios();
    let table = ratios_of_several(comparison, rows, |row| &row.title);
    ratios.extend([of_changes.into(), table.into()]);
    let than = comparison.reference.as_ref();
    let than = than.map_or(String::new(), |reference| format!(" than {reference}"));
    let changed = format!("Ratios to {baseline}, and their changes");
    let mut sections = vec![
        Section::named(
            "records",
            "The records",
            vec![about.into(), legend(comparison).into()],
        ),
        Section::named(
            "environments",
            "Differences between the environments",
            vec![environments(comparison)],
        ),
        Section::named("speed-ups", &format!("Times faster{than}"), faster),
        Section::named("ratios", &changed, ratios),
    ];
    sections.extend(failures(comparison));
    let columns = || comparison.columns.iter();
    let rows = comparison.rows.iter();
    Ok(ComparisonPage {
        plain: json!({
            "title": comparison.members[0].results.record.study.header.title,
            "heading": heading(comparison),
            "labels": columns().map(|column| &column.label).collect::<Vec<_>>(),
        }),
        colours: (0..columns().count())
            .map(|column| palette(colour(column)))
            .collect(),
        sections,
        names: rows
            .map(|row| (row.title.clone(), row.contender.clone()))
            .collect(),
    })
}

/// What to call it.
fn heading(comparison: &Comparison) -> String {
    let number = match comparison.columns.len() {
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        4 => "Four".to_owned(),
        more => more.to_string(),
    };
    format!("{number} records compared")
}

fn legend(comparison: &Comparison) -> Table {
    let headings = "record | interpreter | machine | measured | profile | folder";
    let mut table = Table::new(headings).with_prose(0..5);
    let columns = comparison.columns.iter().zip(&comparison.members);
    for (index, (column, member)) in columns.enumerate() {
        let record = &member.results.record;
        let isolated = if record.isolated { ", isolated" } else { "" };
        let state = record.finished.as_ref().map_or(", not finished", |_| "");
        let of_two = match (comparison.columns.len(), index) {
            (2, 0) => " (before)",
            (2, _) => " (after)",
            _ => "",
        };
        table.add_row([
            format!("{}{of_two}", column.label),
            record.environment.python.build(),
            column.machine.clone(),
            date(&record.started).to_owned(),
            format!("{}{isolated}{state}", record.profile),
            column.folder.clone(),
        ]);
    }
    table
}

fn environments(comparison: &Comparison) -> Item {
    let labels: Vec<&str> = if comparison.columns.len() == 2 {
        vec!["before", "after"]
    } else {
        comparison
            .columns
            .iter()
            .map(|c| c.label.as_str())
            .collect()
    };
    let columns = 1..=labels.len();
    let mut table = Table::new("environment").and(labels).with_prose(columns);
    for (name, values) in differences(&comparison.members) {
        table.add_row(std::iter::once(name).chain(values));
    }
    match table.filled() {
        Some(table) => table.into(),
        None => "The environments do not differ.".into(),
    }
}

fn speed_ups(comparison: &Comparison, wanted: impl Fn(&ComparisonRow) -> bool) -> Vec<Item> {
    let text = of_speed_ups(comparison).into();
    if comparison.reference.is_none() {
        return vec![text];
    }
    let columns = comparison.columns.iter().map(Column::on_interpreter);
    let mut table = Table::new("case | contender")
        .and(columns)
        .with_prose(2..comparison.columns.len() + 2);
    table.grouped = true;
    for row in comparison.speed_ups().filter(|row| wanted(row)) {
        let cells = row.cells.iter();
        let cells = cells.map(|cell| with_interval(cell, cell.speed_up()));
        let names = [row.case.clone(), row.title.clone()];
        table.add_row(names.into_iter().chain(cells));
    }
    vec![text, table.into()]
}

fn ratios<'a>(comparison: &Comparison, rows: impl Iterator<Item = &'a ComparisonRow>) -> Table {
    if comparison.columns.len() != 2 {
        return ratios_of_several(comparison, rows, |row| &row.contender);
    }
    let headings = "case | contender | ratio before | after | change | verdict";
    let mut table = Table::new(headings).with_prose([4]);
    for row in rows {
        let names = [row.case.clone(), row.contender.clone()];
        let ratios = row.cells.iter();
        let ratios = ratios.map(|cell| without_interval(cell, cell.ratio()));
        let change = of_change(row.changes[0].as_ref());
        table.add_row(names.into_iter().chain(ratios).chain(change));
    }
    table
}

fn ratios_of_several<'a>(
    comparison: &Comparison,
    rows: impl Iterator<Item = &'a ComparisonRow>,
    name: fn(&ComparisonRow) -> &String,
) -> Table {
    let labels = || comparison.columns.iter().map(|column| &column.label);
    let changes = labels().skip(1);
    let changes = changes.flat_map(|label| [format!("change, {label}"), "verdict".to_owned()]);
    let mut table = Table::new("case | contender")
        .and(labels().map(|label| format!("ratio, {label}")))
        .and(changes);
    table.grouped = true;
    for row in rows {
        let names = [row.case.clone(), name(row).clone()];
        let ratios = row.cells.iter();
        let ratios = ratios.map(|cell| with_interval(cell, cell.ratio()));
        let changes = row.changes.iter();
        let changes = changes.flat_map(|change| of_change(change.as_ref()));
        table.add_row(names.into_iter().chain(ratios).chain(changes));
    }
    let columns = 2..table.headings.len();
    table.with_prose(columns)
}

fn failures(comparison: &Comparison) -> Option<Section> {
    let headings = "failed in | contender | case | verb | message";
    let mut table = Table::new(headings).with_prose([0, 3, 4]);
    for (label, failure) in comparison.failures() {
        let case = failure.case.as_deref().unwrap_or(NOTHING);
        let (contender, stage) = (&failure.contender, &failure.stage);
        table.add_row([label, contender, case, stage, &failure.message]);
    }
    let table = table.filled()?;
    Some(Section::named(
        "failures",
        "What failed",
        vec![table.into()],
    ))
}

/// The comparison for a document: environments, sentences, and the rows that moved most. Of several
/// records also who they are, and the speed-ups of the cases that stand for all.
pub fn summary(comparison: &Comparison) -> Vec<Item> {
    let mut items = vec![environments(comparison)];
    if comparison.columns.len() > 2 {
        items.insert(0, legend(comparison).into());
        if comparison.reference.is_some() {
            let chosen = comparison.chosen();
            let wanted = |row: &ComparisonRow| row.shown && chosen.contains(&&row.case);
            items.extend(speed_ups(comparison, wanted));
        }
    }
    items.extend(sentences(comparison).into_iter().map(Item::from));
    let rows = comparison.rows.iter().filter_map(|row| {
        let away = row.changes.iter().flatten().filter_map(away);
        Some((row, away.reduce(f64::max)?))
    });
    let mut moved: Vec<(&ComparisonRow, f64)> = rows.collect();
    moved.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    if !moved.is_empty() {
        let most = moved.iter().take(SHOWN).map(|(row, _)| *row);
        let text = format!(
            "The intervals of {} rows do not contain 1. These are farthest from it:",
            moved.len()
        );
        items.extend([text.into(), ratios(comparison, most).into()]);
    }
    items
}

/// How far the interval of a change stays away from 1; nothing where it holds it.
fn away(change: &Change) -> Option<f64> {
    let away = change.factor.low.ln().max(-change.factor.high.ln());
    (change.changed || !holds_one(&change.factor)).then_some(away)
}
