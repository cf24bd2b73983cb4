//! The figures that the page's script works with.

use serde::Serialize;

use crate::analysis::{Estimate, MARGIN};
use crate::charts::palette;
use crate::report::figures::{Results, guide};
use crate::study::Case;

/// All of them.
#[derive(Serialize)]
pub struct Data<'a> {
    reference: usize,
    baseline: usize,
    margin: f64,
    contenders: Vec<Named<'a>>,
    cases: Vec<CaseData<'a>>,
    guide: Option<guide::Evidence>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    title: String,
    colour: String,
    variant: bool,
    /// Whether it is in the table of cases though variants are not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    asked_for: bool,
}

#[derive(Serialize)]
struct CaseData<'a> {
    name: &'a str,
    about: &'a str,
    rows: Vec<CaseRow>,
    /// Two contenders, and how many times as long the first one takes.
    ratios: Vec<(usize, usize, Short)>,
}

#[derive(Serialize)]
struct CaseRow {
    /// Index of the contender.
    c: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Short>,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<Short>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crossing: Option<Short>,
    /// Where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
}

/// Centre, low end, high end, and the number of blocks where the ends are a range.
type Short = (f64, f64, f64, usize);

fn short(e: &Estimate) -> Short {
    // Six digits are more than anything here is known to.
    let digits = |value: f64| format!("{value:.5e}").parse().unwrap_or(value);
    let blocks = if e.range { e.blocks } else { 0 };
    (digits(e.centre), digits(e.low), digits(e.high), blocks)
}

/// What the script is given.
pub fn data(results: &Results) -> Data<'_> {
    let study = &results.record.study;
    let index = |name: &str| {
        let place = study.contenders.iter().position(|c| c.name == name);
        place.unwrap_or(0)
    };
    let contenders = study.contenders.iter();
    Data {
        reference: index(&study.header.reference),
        baseline: index(&study.header.baseline),
        margin: MARGIN,
        contenders: contenders
            .map(|contender| Named {
                name: &contender.name,
                title: results.marked(&contender.name),
                colour: palette(results.style(contender).colour),
                variant: contender.variant_of.is_some(),
                asked_for: study.names(contender),
            })
            .collect(),
        cases: study
            .cases
            .iter()
            .map(|case| of_case(results, case, &index))
            .filter(|case| !case.rows.is_empty())
            .collect(),
        guide: guide::evidence(results),
    }
}

fn of_case<'a>(
    results: &'a Results,
    case: &'a Case,
    index: &impl Fn(&str) -> usize,
) -> CaseData<'a> {
    let cells = results.cells(case);
    let rows = cells.iter().map(|cell| {
        let timed = cell.timed.as_ref();
        CaseRow {
            c: index(&cell.contender.name),
            time: timed.ok().map(|timed| short(&timed.time)),
            floor: timed.ok().and_then(|timed| timed.floor.as_ref().map(short)),
            crossing: timed
                .ok()
                .and_then(|timed| timed.crossing.as_ref().map(short)),
            failed: timed.err().map(|failure| failure.stage.clone()),
        }
    });
    let timed: Vec<&str> = cells
        .iter()
        .filter(|cell| cell.timed.is_ok())
        .map(|cell| cell.contender.name.as_str())
        .collect();
    let mut ratios = Vec::new();
    for (place, a) in timed.iter().enumerate() {
        for b in &timed[place + 1..] {
            let e = results.over(&case.name, a, b);
            ratios.extend(e.map(|e| (index(a), index(b), short(&e))));
        }
    }
    CaseData {
        name: &case.name,
        about: &case.about,
        rows: rows.collect(),
        ratios,
    }
}
