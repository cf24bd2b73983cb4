//! `tables.md`, and the table that is spliced into other documents.

use std::fmt::Write;

use super::format::{difference, estimated_time, rate, ratio, time, times, verdict};
use super::goals::goals;
use super::table::{Table, code, inert, one_line};
use super::terminal::effort_cells;
use super::{Cell, NOT_EQUAL_MEANS, Outcome, Results, effort, regimes, trust, verdicts};
use crate::analysis::{Estimate, MARGIN, Role};
use crate::plan::SLICE_NS;
use crate::record::Record;
use crate::study::{Case, Contender};

/// The whole report as Markdown.
pub fn tables(results: &Results) -> String {
    let mut text = format!("# {}\n\n", results.record.study.header.title);
    header(&mut text, results);
    let _ = writeln!(text, "## In short\n\n{}", summary(results));
    let _ = writeln!(
        text,
        "## By regime, in words\n\n{}",
        verdicts::list(results)
    );
    if !results.record.failures.is_empty() {
        let _ = writeln!(text, "## What failed\n\n{}", failures(results));
    }
    if !results.record.study.goals.is_empty() {
        let _ = writeln!(text, "## Goals\n\n{}", goals(results));
    }
    text.push_str(&regimes::tables(results));
    text.push_str(&effort::tables(results));
    cases(&mut text, results);
    text.push_str(&trust::rankings(results));
    let _ = writeln!(text, "## Instructions\n\n{}", trust::counts(results));
    let _ = writeln!(text, "## Precision\n\n{}", trust::precision(results));
    text.push_str(&trust::again(results));
    text.push_str(&trust::positions(results));
    let _ = writeln!(text, "## Self-test\n\n{}", trust::self_test(results));
    let _ = writeln!(text, "## What was measured\n\n{}", verification(results));
    let _ = writeln!(text, "## Environment\n\n{}", environment(results));
    inert(&text)
}

fn header(text: &mut String, results: &Results) {
    let record = &results.record;
    let python = &record.environment.python;
    let state = if record.finished.is_some() {
        ""
    } else {
        ", **not finished**"
    };
    let isolated = if record.isolated {
        ", each contender alone with the baseline"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "Measured on {} with the profile `{}`{isolated}{state}, {}, {}.\nMade by `{}`; drawn from the record by `ffi-bench report`.\n",
        &record.started[..10.min(record.started.len())],
        record.profile,
        python.build(),
        record.environment.cpu,
        record.command,
    );
    let baseline = results.title_of(&record.study.header.baseline);
    let reference = results.title_of(&record.study.header.reference);
    let margin = MARGIN * 100.0;
    let _ = writeln!(
        text,
        "How to read the tables: *time* is one call, with the half width of its 95 % interval over \
         blocks (processes); a call that takes longer than half a second runs once in 3 blocks and \
         shows its range. The *floor* is the kernel alone, its crossing amortised over many runs; \
         what a call costs above it is the *crossing*. The *ratio* is to the row {baseline}, from the same \
         blocks, and its verdict is *same* (the interval lies inside ±{margin} %), *different* (it \
         lies outside) or *unresolved*. *Speed-up* is over {reference} on this interpreter, \
         with its own verdict. *Blocks* are those of the row, and what ended it: the wanted *width* of its \
         interval, its share of the case's *time*, or the *plan* of a profile with a fixed number.\n"
    );
}

/// One row per contender: the study's summary cases, and the effort. What else is shown in short
/// follows, one row per case.
pub fn summary(results: &Results) -> String {
    let record = &results.record;
    let chosen: Vec<&Case> = record
        .study
        .header
        .summary
        .iter()
        .filter_map(|name| record.study.case(name))
        .collect();
    let mut headings = vec!["way out of Python".to_owned()];
    headings.extend(chosen.iter().map(|case| format!("`{}`", case.name)));
    headings.extend([
        "build".to_owned(),
        "extension".to_owned(),
        "glue lines".to_owned(),
    ]);
    let mut table = Table::new(&headings);
    for contender in record
        .study
        .contenders
        .iter()
        .filter(|c| record.study.shows(c))
    {
        let mut row = vec![results.marked(&contender.name)];
        row.extend(chosen.iter().map(|case| in_short(results, case, contender)));
        match record
            .contenders
            .get(&contender.name)
            .and_then(|c| c.effort.as_ref())
        {
            Some(effort) => {
                let [build, _, _, extension, _, glue, _] = effort_cells(effort);
                row.extend([build, extension, glue]);
            }
            None if record.contenders.contains_key(&contender.name) => {
                row.extend(["–".to_owned(), String::new(), String::new()]);
            }
            None => row.extend(["failed".to_owned(), String::new(), String::new()]),
        }
        table.row(&row);
    }
    let reference = results.title_of(&record.study.header.reference);
    let python = &record.environment.python;
    format!(
        "{}\n{}In brackets: times faster than {reference} on {}; ≈ where there are too few runs for an \
         interval. Each row's intervals and verdicts are in the record's `tables.md`.\n",
        table.text,
        also_in_short(results),
        python.build()
    )
}

/// The cases that are shown in short besides those of the summary; empty when there are none.
fn also_in_short(results: &Results) -> String {
    let study = &results.record.study;
    let mut cases = study.in_short();
    cases.retain(|case| {
        !study.header.summary.contains(&case.name) && !results.cells(case).is_empty()
    });
    let is_shown = |c: &Contender, case: &Case| {
        case.applies_to(&c.name) && (study.shows(c) || study.among_peers(case))
    };
    let contenders = study.contenders.iter();
    let contenders: Vec<&Contender> = contenders
        .filter(|c| cases.iter().any(|case| is_shown(c, case)))
        .collect();
    if contenders.is_empty() {
        return String::new();
    }
    let mut headings = vec!["case".to_owned()];
    headings.extend(contenders.iter().map(|c| results.marked(&c.name)));
    let mut table = Table::new(&headings);
    for case in cases {
        let mut row = vec![format!("`{}`", case.name)];
        row.extend(contenders.iter().map(|c| in_short(results, case, c)));
        table.row(&row);
    }
    format!("{}\n", table.text)
}

/// A time with its speed-up, or why there is none.
fn in_short(results: &Results, case: &Case, contender: &Contender) -> String {
    match results.timed(&case.name, &contender.name) {
        Some(timed) => {
            let faster = timed.speed_up.map(|s| format!(" ({})", with_doubts(&s)));
            format!("{}{}", time(timed.time.centre), faster.unwrap_or_default())
        }
        None if results.record.failed(&contender.name, &case.name).is_some() => "failed".to_owned(),
        None => "–".to_owned(),
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
pub fn index(records: &[(String, Record)]) -> String {
    let headings = [
        "record",
        "interpreter",
        "machine",
        "profile",
        "contenders",
        "cases",
        "self-test",
        "failures",
    ];
    let mut table = Table::new(&headings);
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
        table.row(&[
            format!(
                "[`{}`]({link}/tables.md), [page]({link}/report.html)",
                code(folder)
            ),
            format!("{} {}", python.implementation, python.version),
            format!("{}, {} cores", environment.cpu, environment.cores),
            format!("{}{state}", record.profile),
            record.contenders.len().to_string(),
            record.study.cases.len().to_string(),
            test.unwrap_or_else(|| "–".to_owned()),
            record.failures.len().to_string(),
        ]);
    }
    table.text
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

/// What failed, and why; empty when nothing did.
pub fn failures(results: &Results) -> String {
    let failures = &results.record.failures;
    if failures.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["contender", "case", "in", "what happened"]);
    for f in failures {
        let case = f.case.as_deref().unwrap_or("all");
        table.row(&[
            results.title_of(&f.contender),
            case,
            &f.stage,
            &one_line(&f.message),
        ]);
    }
    table.text
}

fn cases(text: &mut String, results: &Results) {
    text.push_str("## Every case\n\n");
    for case in &results.record.study.cases {
        let cells = results.cells(case);
        if cells.is_empty() {
            continue;
        }
        let _ = writeln!(text, "### {}\n\n{}.\n", case.name, case.about);
        let mut headings = vec!["contender", "time"];
        let per_second = format!("{}/s", case.unit);
        if results.record.work.contains_key(&case.name) {
            headings.push(&per_second);
        }
        headings.extend([
            "floor",
            "crossing",
            "ratio",
            "verdict",
            "speed-up",
            "its verdict",
            "blocks",
        ]);
        let mut table = Table::new(&headings);
        for cell in &cells {
            table.row(&case_row(results, case, cell));
        }
        if let Some(row) = loop_row(results, case) {
            table.row(&row);
        }
        text.push_str(&table.text);
        if cells.iter().any(|cell| !cell.contender.equal_work) {
            let _ = writeln!(text, "\n{NOT_EQUAL_MEANS}");
        }
        if let Some(e) = results.record.criterion.get(&case.name) {
            let _ = writeln!(
                text,
                "\nThe same kernel in Rust without Python, by Criterion: {} [{}, {}]{}.",
                time(e.mean),
                time(e.low),
                time(e.high),
                beside_floor(results, case, e.mean)
            );
        }
        text.push('\n');
    }
}

/// How Criterion's estimate compares with the floor it checks. They come from different
/// processes, so this is a look, not a verdict.
fn beside_floor(results: &Results, case: &Case, mean: f64) -> String {
    let contender = results
        .record
        .study
        .criterion
        .as_ref()
        .map(|c| c.contender.as_str());
    let floor = contender.and_then(|name| results.timed(&case.name, name)?.floor);
    floor.map_or(String::new(), |floor| {
        format!(
            "; the floor of {} is {:.2} times that",
            results.title_of(contender.unwrap_or("")),
            floor.centre / mean
        )
    })
}

/// What of each time is the interpreter's loop around the calls, where that may matter.
fn loop_row(results: &Results, case: &Case) -> Option<Vec<String>> {
    let header = &results.record.study.header;
    let loop_case = header
        .loop_case
        .as_ref()
        .filter(|name| **name != case.name)?;
    let timed = results.timed(&case.name, &header.baseline)?;
    if timed.time.centre > SLICE_NS / 50.0 {
        return None;
    }
    let mut contenders = results.record.study.contenders.iter();
    let time = contenders.find_map(|c| results.timings.time(loop_case, &c.name, Role::Call))?;
    Some(vec![
        "(the loop around it)".to_owned(),
        estimated_time(&time),
    ])
}

fn case_row(results: &Results, case: &Case, cell: &Cell) -> Vec<String> {
    let header = &results.record.study.header;
    // What is compared with itself is 1 times as long; without a comparison there is nothing.
    let unity = |of: &str| if cell.contender.name == of { "1" } else { "" }.to_owned();
    let mut row = vec![results.marked(&cell.contender.name)];
    let work = results.record.work.get(&case.name);
    match &cell.outcome {
        Outcome::Failed(failure) => {
            row.push(format!("failed ({}), see *What failed*", failure.stage));
        }
        Outcome::Timed(t) => {
            row.push(estimated_time(&t.time));
            row.extend(work.map(|work| rate(*work, t.time.centre)));
            row.push(t.floor.as_ref().map_or(String::new(), estimated_time));
            row.push(t.crossing.as_ref().map_or(String::new(), difference));
            for (e, of) in [
                (t.ratio.as_ref(), &header.baseline),
                (t.speed_up.as_ref(), &header.reference),
            ] {
                row.push(e.map_or_else(|| unity(of), ratio));
                row.push(e.map_or(String::new(), |e| verdict(e).to_owned()));
            }
            let why = results
                .quota(&case.name, &cell.contender.name)
                .map_or("", |quota| trust::why(quota.ended_by));
            row.push(format!("{}, {why}", t.time.blocks));
        }
    }
    row
}

/// Which sources and artefacts were measured.
pub fn verification(results: &Results) -> String {
    let mut table = Table::new(&["contender", "agreed on", "sources", "artefact", "build"]);
    for contender in &results.record.study.contenders {
        let Some(c) = results.record.contenders.get(&contender.name) else {
            continue;
        };
        let info: Vec<String> = c
            .build_info
            .iter()
            .map(|(k, v)| format!("{k}: {v}"))
            .collect();
        table.row(&[
            contender.title.clone(),
            format!("{} inputs", c.verified_inputs),
            format!("`{}`", c.sources),
            format!("`{}`", c.artefact),
            one_line(&info.join("; ")),
        ]);
    }
    let peers = results
        .record
        .study
        .contenders
        .iter()
        .any(Contender::is_peer);
    let of_peers = if peers {
        " The sources of a peer are the versions that pip installed."
    } else {
        ""
    };
    format!(
        "Before anything was timed, each contender agreed with the reference on every generated \
         input and every case. Sources and artefact are hashes of the files.{of_peers}\n\n{}",
        table.text
    )
}

/// The machine, the interpreter and the tools, and what there is to be warned of.
pub fn environment(results: &Results) -> String {
    let e = &results.record.environment;
    let p = &e.python;
    let number = |value: Option<f64>| value.map_or("unknown".to_owned(), |v| format!("{v:.2}"));
    let mut table = Table::new(&["environment", "value"]);
    let mut row = |name: &str, value: String| table.row(&[name, &one_line(&value)]);
    row("processor", format!("{}, {} cores", e.cpu, e.cores));
    row("kernel", format!("{} ({})", e.kernel, e.architecture));
    row(
        "load before and after",
        format!("{}, {}", number(e.load_before), number(e.load_after)),
    );
    row(
        "time stolen by the hypervisor",
        e.steal
            .map_or("unknown".to_owned(), |s| format!("{:.2} %", s * 100.0)),
    );
    row(
        "Python",
        format!(
            "{} {}, {}, {}",
            p.implementation, p.version, p.compiler, p.libc
        ),
    );
    for (name, hash) in &e.locks {
        row(name, format!("`{hash}`"));
    }
    row("Python's build", format!("{} {}", p.opt, p.config_args));
    row(
        "Python's loop",
        format!("{:.1} ns a turn of `total += i & 7`", p.loop_ns),
    );
    for (name, version) in &e.tools {
        row(name, version.clone());
    }
    let mut text = table.text;
    text.push('\n');
    for warning in results.record.warnings() {
        let _ = writeln!(text, "- Warning: {warning}.");
    }
    text
}
