//! A record at a glance: what there is to say on one screen.

use super::page::facts;
use super::{Item, NOTHING, Table, distinct, one_line, verdicts};
use crate::analysis::Estimate;
use crate::format::{estimated_time, factor, ratio, time, verdict};
use crate::report::figures::{CaseEstimates, CaseResult, Results};
use crate::study::Case;

/// What a record shows in short.
pub struct Glance {
    pub title: String,
    pub facts: String,
    pub cases: Vec<InShort>,
    pub reference: String,
    pub python: String,
    /// What it comes to, and what there is to be warned of.
    pub paragraphs: Vec<String>,
}

/// A case that is shown in short.
pub struct InShort {
    pub case: String,
    pub about: String,
    pub rows: Vec<GlanceRow>,
}

/// What is said of a contender in a case.
pub struct GlanceRow {
    pub name: String,
    /// Whether it may be left out.
    pub spare: bool,
    /// All of it in a word.
    pub brief: String,
    pub said: Said,
}

pub enum Said {
    Timed {
        time: String,
        /// Empty of the reference.
        speed_up: String,
        /// How many times as fast as the reference; absent of the reference.
        factor: Option<f64>,
        /// Index into the palette.
        colour: usize,
    },
    Failed(String),
}

/// What the record shows in short.
pub fn glance(results: &Results) -> Glance {
    let study = &results.record.study;
    let warnings = results.record.warnings().into_iter();
    let warnings = warnings.map(|warning| format!("Warning: {warning}."));
    let mut cases = cases(results);
    cases.retain(|case| !case.rows.is_empty());
    Glance {
        title: study.header.title.clone(),
        facts: facts(results).join(" · "),
        cases,
        reference: results.title_of(&study.header.reference).to_owned(),
        python: results.record.environment.python.build(),
        paragraphs: verdicts::answer(results)
            .into_iter()
            .chain(warnings)
            .collect(),
    }
}

/// What the first blocks have shown: a row for each case that is shown in short, a column for each
/// of the contenders proper.
pub fn first_look(results: &Results, blocks: u32) -> Vec<Item> {
    let text = format!(
        "First results, after {blocks} of {} blocks: speed-up over {}. They are preliminary.",
        results.record.settings.blocks,
        results.title_of(&results.record.study.header.reference),
    );
    let mut table = row_for_each(&cases(results));
    table.cut(ROWS);
    vec![text.into(), table.into()]
}

/// Rows of a table that is shown on a screen, at most.
pub const ROWS: usize = 24;

/// The rows of a case, with variants that nobody named or without them, unless they are alone.
pub fn shown(case: &InShort, variants: bool) -> impl Iterator<Item = &GlanceRow> {
    let all = variants || case.rows.iter().all(|row| row.spare);
    case.rows.iter().filter(move |row| all || !row.spare)
}

/// A table with a row for each case and a column for each contender, but for variants.
pub fn row_for_each(cases: &[InShort]) -> Table {
    let rows = cases.iter().flat_map(|case| shown(case, false));
    let names = distinct(rows.map(|row| row.name.as_str()));
    let mut table = Table::new("case").and(names.iter().copied());
    for case in cases {
        let cell = |name: &&str| {
            let row = shown(case, false).find(|row| row.name == *name);
            row.map_or(NOTHING, |row| row.brief.as_str())
        };
        let cells = names.iter().map(cell);
        table.add_row(std::iter::once(case.case.as_str()).chain(cells));
    }
    table
}

fn cases(results: &Results) -> Vec<InShort> {
    let cases = results.record.study.in_short().into_iter();
    cases
        .map(|case| InShort {
            case: case.name.clone(),
            about: one_line(&case.about),
            rows: rows(results, case),
        })
        .collect()
}

fn rows(results: &Results, case: &Case) -> Vec<GlanceRow> {
    let study = &results.record.study;
    // Of cases that were named there are few, and everybody who took part in them is of interest.
    let all = study.named.cases || study.among_peers(case);
    let mut cells = results.cells(case);
    cells.retain(|cell| all || study.shows(cell.contender));
    cells.iter().map(|cell| row(results, cell)).collect()
}

fn row(results: &Results, cell: &CaseResult) -> GlanceRow {
    let contender = cell.contender;
    let (said, brief) = match &cell.timed {
        Err(failure) => {
            let message = format!("failed ({}): {}", failure.stage, failure.message);
            (Said::Failed(message), "failed".to_owned())
        }
        Ok(timed) => {
            let brief = match &timed.speed_up {
                Some(e) => format!("{}{}", factor(e.centre), doubt(e)),
                None => time(timed.time.centre),
            };
            let said = Said::Timed {
                time: estimated_time(&timed.time),
                speed_up: speed_up(timed),
                factor: timed.speed_up.map(|e| e.centre),
                colour: results.style(contender).colour,
            };
            (said, brief)
        }
    };
    let named = results.record.study.names(contender);
    GlanceRow {
        name: one_line(&contender.title),
        spare: contender.variant_of.is_some() && contender.equal_work && !named,
        brief,
        said,
    }
}

fn speed_up(timed: &CaseEstimates) -> String {
    let Some(e) = &timed.speed_up else {
        return String::new();
    };
    format!("{}{}", ratio(e), doubt(e))
}

fn doubt(e: &Estimate) -> &'static str {
    match verdict(e) {
        "same" => " =",
        "unresolved" => " ?",
        _ => "",
    }
}
