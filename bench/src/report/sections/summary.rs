//! The record in short, and the records of a folder.

use super::{Item, NOTHING, Table, code, effort};
use crate::analysis::Estimate;
use crate::format::{time, times, verdict};
use crate::record::Record;
use crate::report::figures::Results;
use crate::study::{Case, Contender};

/// One row per contender: the study's summary cases, and the effort. What else is shown in short
/// follows, one row per case.
pub fn summary(results: &Results) -> Vec<Item> {
    let record = &results.record;
    let study = &record.study;
    let summary = study.header.summary.iter();
    let chosen: Vec<&Case> = summary.filter_map(|name| study.case(name)).collect();
    let mut table = Table::new("way out of Python")
        .and(chosen.iter().map(|case| code(&case.name)))
        .and(["build", "extension", "glue lines"]);
    for contender in study.contenders.iter().filter(|c| study.shows(c)) {
        let mut row = vec![results.marked(&contender.name)];
        row.extend(chosen.iter().map(|case| in_short(results, case, contender)));
        if let Some(effort) = results.effort(&contender.name) {
            let [build, _, _, extension, _, glue, _] = effort::in_short(effort);
            row.extend([build, extension, glue]);
        } else {
            let known = record.contenders.contains_key(&contender.name);
            row.push(if known { NOTHING } else { "failed" }.to_owned());
            row.resize(table.headings.len(), String::new());
        }
        table.add_row(row);
    }
    let reference = results.title_of(&study.header.reference);
    let text = format!(
        "In brackets: speed-up over {reference} on {}. ≈: there are too few runs for a confidence \
         interval. The record's `tables.md` has the intervals and verdicts.",
        record.environment.python.build()
    );
    let also = also_in_short(results).map(Item::from);
    let items = std::iter::once(table.into()).chain(also);
    items.chain([text.into()]).collect()
}

/// The cases that are shown in short besides those of the summary.
fn also_in_short(results: &Results) -> Option<Table> {
    let study = &results.record.study;
    let mut cases = study.in_short();
    cases.retain(|case| {
        !study.header.summary.contains(&case.name) && !results.cells(case).is_empty()
    });
    let is_shown = |c: &Contender, case: &Case| {
        case.applies_to(&c.name) && (study.shows(c) || study.among_peers(case))
    };
    let mut contenders: Vec<&Contender> = study.contenders.iter().collect();
    contenders.retain(|c| cases.iter().any(|case| is_shown(c, case)));
    let titles = contenders.iter().map(|c| results.marked(&c.name));
    let mut table = Table::new("case").and(titles);
    for case in cases {
        let cells = contenders.iter().map(|c| in_short(results, case, c));
        table.add_row(std::iter::once(code(&case.name)).chain(cells));
    }
    table.filled().filter(|_| !contenders.is_empty())
}

/// A time with its speed-up, or why there is none.
fn in_short(results: &Results, case: &Case, contender: &Contender) -> String {
    match results.timed(&case.name, &contender.name) {
        Some(timed) => {
            let faster = timed.speed_up.map(|s| format!(" ({})", with_doubts(&s)));
            format!("{}{}", time(timed.time.centre), faster.unwrap_or_default())
        }
        None if results.record.failed(&contender.name, &case.name).is_some() => "failed".to_owned(),
        None => NOTHING.to_owned(),
    }
}

/// A speed-up; whoever reads no word may take it for different from 1.
fn with_doubts(e: &Estimate) -> String {
    match verdict(e) {
        "different" => times(e),
        _ if e.range => format!("≈ {}", times(e)),
        doubt => format!("{}, {doubt}", times(e)),
    }
}

/// All records of a folder, the newest first, with what tells them apart.
pub fn index(records: &[(String, Record)]) -> Vec<Item> {
    let mut table = Table::new(
        "record | interpreter | machine | profile | contenders | cases | self-test | failures",
    );
    for (folder, record) in records.iter().rev() {
        let environment = &record.environment;
        let python = &environment.python;
        let link = in_link(folder);
        let state = match (&record.finished, record.isolated) {
            (None, _) => ", unfinished",
            (_, true) => ", isolated",
            _ => "",
        };
        let test = record.self_test.as_ref().map(|test| match test.tally() {
            (passed, 0) => format!("{passed} passed"),
            (_, failed) => format!("{failed} failed"),
        });
        let name = code(folder);
        table.add_row([
            format!("[{name}]({link}/tables.md), [page]({link}/report.html)"),
            format!("{} {}", python.implementation, python.version),
            format!("{}, {} cores", environment.cpu, environment.cores),
            format!("{}{state}", record.profile),
            record.contenders.len().to_string(),
            record.study.cases.len().to_string(),
            test.unwrap_or_else(|| NOTHING.to_owned()),
            record.failures.len().to_string(),
        ]);
    }
    vec![table.into()]
}

/// The name of a folder as it may stand in a link.
fn in_link(folder: &str) -> String {
    let bytes = folder.bytes().map(|byte| match byte {
        b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}
