//! What other programs read: tidy tables, one observation in a row, and the record in short.
//!
//! docs/record-format.md describes the columns and the fields.

use serde::Serialize;

use super::Table;
use super::verdicts::{RegimeVerdict, answer, verdicts};
use crate::analysis::{Estimate, Role, Verdict};
use crate::counts::Counts;
use crate::effort::values::{Effort, Entry, Seen, Sighting};
use crate::record::Failure;
use crate::report::figures::{CaseEstimates, Results};
use crate::study::{Case, Contender};

/// Version of `summary.json`.
const SCHEMA: u32 = 1;

/// The files of rows: their names, and their tables, which are empty where there is no row.
pub fn tables(results: &Results) -> [(&'static str, Table); 7] {
    [
        ("times.csv", times(results)),
        ("ratios.csv", ratios(results)),
        ("builds.csv", builds(results)),
        ("effort.csv", efforts(results)),
        ("portability.csv", portability(results)),
        ("mistakes.csv", mistakes(results)),
        ("instructions.csv", instructions(results)),
    ]
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Some names, and then the centre of an estimate, its low end and high end, the number of blocks, and
/// what the ends are.
fn estimated(names: [&str; 3], e: &Estimate) -> Vec<String> {
    let ends = [e.centre, e.low, e.high].map(|value| value.to_string());
    let mut row = [names.map(str::to_owned), ends].concat();
    let kind = if e.range { "range" } else { "interval" };
    row.extend([e.blocks.to_string(), kind.to_owned()]);
    row
}

/// The machine's word for what may be said of a ratio; empty for a range.
fn word(e: &Estimate) -> &'static str {
    match e.verdict() {
        _ if e.range => "",
        Verdict::Same => "same",
        Verdict::Different => "different",
        Verdict::Unresolved => "unresolved",
    }
}

/// Every case with what each contender did in it.
fn each_timed(results: &Results) -> impl Iterator<Item = (&Case, &Contender, CaseEstimates)> {
    let cases = results.record.study.cases.iter();
    cases.flat_map(|case| {
        let cells = results.all_cells(case).into_iter();
        cells.filter_map(move |cell| Some((case, cell.contender, cell.timed.ok()?)))
    })
}

fn times(results: &Results) -> Table {
    let mut rows =
        Table::new("case | contender | quantity | nanoseconds | low | high | blocks | ends");
    for (case, contender, timed) in each_timed(results) {
        let quantities = [
            ("call", Some(timed.time)),
            ("floor", timed.floor),
            ("crossing", timed.crossing),
        ];
        for (quantity, e) in quantities {
            let names = [&case.name, &contender.name, quantity];
            if let Some(e) = &e {
                rows.add_row(estimated(names, e));
            }
        }
    }
    rows
}

fn ratios(results: &Results) -> Table {
    let header = &results.record.study.header;
    let mut rows =
        Table::new("case | contender | relative_to | ratio | low | high | blocks | ends | verdict");
    for (case, contender, timed) in each_timed(results) {
        let against = [
            (&header.baseline, timed.ratio),
            (&header.reference, timed.speed_up.map(|e| e.inverse())),
        ];
        for (other, e) in against {
            let Some(e) = e else { continue };
            let mut row = estimated([&case.name, &contender.name, other], &e);
            row.push(word(&e).to_owned());
            rows.add_row(row);
        }
    }
    rows
}

/// The contenders whose effort is known.
fn each_effort(results: &Results) -> impl Iterator<Item = (&str, &Effort)> {
    let contenders = results.record.study.contenders.iter();
    contenders.filter_map(|c| Some((c.name.as_str(), results.effort(&c.name)?)))
}

/// The name that serde gives to a value of an enumeration.
fn named<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).ok();
    let text = value.as_ref().and_then(|value| value.as_str());
    text.unwrap_or_default().to_owned()
}

fn builds(results: &Results) -> Table {
    let mut rows = Table::new(
        "contender | start | toolchain | cores | repetition | seconds | cpu_seconds | largest_bytes | together_bytes | written_bytes",
    );
    for (contender, effort) in each_effort(results) {
        for builds in &effort.builds {
            for (repetition, cost) in builds.costs.iter().enumerate() {
                rows.add_row(vec![
                    contender.to_owned(),
                    named(&builds.start),
                    builds.toolchain.clone().unwrap_or_default(),
                    number(builds.cores),
                    (repetition + 1).to_string(),
                    cost.seconds.to_string(),
                    cost.cpu_seconds.to_string(),
                    cost.largest_bytes.to_string(),
                    number(cost.together_bytes),
                    number(cost.written_bytes),
                ]);
            }
        }
    }
    rows
}

fn efforts(results: &Results) -> Table {
    let mut rows = Table::new("contender | quantity | unit | value");
    for (contender, effort) in each_effort(results) {
        let lines = effort.lines;
        let quantities = [
            ("kernel", "lines", lines.kernel as u64),
            ("glue", "lines", lines.glue as u64),
            ("configuration", "lines", lines.configuration as u64),
            ("stubs", "lines", lines.stubs as u64),
            ("generated", "lines", lines.generated as u64),
            ("wheel", "bytes", effort.wheel_bytes),
            ("installed", "bytes", effort.shipped.installed_bytes),
            ("extension", "bytes", effort.extension_bytes),
            ("extension, stripped", "bytes", effort.stripped_bytes),
        ];
        for (quantity, unit, value) in quantities {
            let row = [contender, quantity, unit, &value.to_string()];
            rows.add_row(row);
        }
    }
    rows
}

fn portability(results: &Results) -> Table {
    let mut rows = Table::new("contender | interpreter | outcome | words");
    for (contender, effort) in each_effort(results) {
        for (interpreter, fit) in &effort.fits {
            let outcome = named(&fit.outcome);
            let row = [contender, interpreter, &outcome, &fit.words];
            rows.add_row(row);
        }
    }
    rows
}

fn mistakes(results: &Results) -> Table {
    let mut rows = Table::new("mistake | contender | how | outcome | times | words");
    for (mistake, entries) in &results.record.surroundings.mistakes {
        for (contender, entry) in entries {
            for [how, outcome, times, words] in sightings(entry) {
                let row = [mistake, contender, &how, &outcome, &times, &words];
                rows.add_row(row);
            }
        }
    }
    rows
}

/// How it was looked at, what came of it, how often, and the words for it.
fn sightings(entry: &Entry) -> Vec<[String; 4]> {
    let once = |how: &str, outcome: &str, words: &Option<String>| {
        words
            .iter()
            .map(|words| [how, outcome, "", words].map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let run = |how: &str, all: &[Sighting]| {
        let row = |sighting: &Sighting| {
            let (outcome, words) = match &sighting.seen {
                Seen::Unnoticed => ("unnoticed", String::new()),
                Seen::WrongAnswer(words) => ("wrong-answer", words.clone()),
                Seen::Exception(words) => ("exception", words.clone()),
                Seen::Crash(words) => ("crash", words.clone()),
                Seen::Report(words) => ("report", words.clone()),
                Seen::Hang => ("hang", String::new()),
            };
            let times = sighting.times.to_string();
            [how.to_owned(), outcome.to_owned(), times, words]
        };
        all.iter().map(row).collect::<Vec<_>>()
    };
    [
        once("language", "cannot-be-written", &entry.cannot),
        once("compiler", "refused", &entry.refused),
        once("linter", "caught", &entry.linted),
        run("plain", &entry.plain),
        run("sanitizer", &entry.sanitized),
    ]
    .concat()
}

fn instructions(results: &Results) -> Table {
    let mut rows =
        Table::new("case | contender | quantity | interpreter | extension | libc | other | total");
    let Some(Counts::Counted(counted)) = &results.record.counts else {
        return rows;
    };
    for (case, contenders) in &counted.rows {
        for (contender, roles) in contenders {
            for (role, count) in roles {
                let quantity = match role {
                    Role::Floor => "floor",
                    Role::Call | Role::Again => "call",
                };
                let mut row = [case, contender, quantity].map(str::to_owned).to_vec();
                let parts = [count.interpreter, count.extension, count.libc, count.other];
                row.extend(parts.map(|part| part.to_string()));
                row.push(count.total().to_string());
                rows.add_row(row);
            }
        }
    }
    rows
}

/// The record in short, for programs.
#[derive(Serialize)]
pub struct Summary<'a> {
    schema: u32,
    title: &'a str,
    started: &'a str,
    finished: Option<&'a str>,
    profile: &'a str,
    command: &'a str,
    isolated: bool,
    reference: &'a str,
    baseline: &'a str,
    machine: Machine<'a>,
    self_test: Option<SelfTest>,
    warnings: Vec<String>,
    failures: &'a [Failure],
    answer: Vec<String>,
    verdicts: Vec<RegimeVerdict>,
    contenders: Vec<InShort<'a>>,
    cases: Vec<CaseInShort<'a>>,
}

#[derive(Serialize)]
struct Machine<'a> {
    cpu: &'a str,
    cores: usize,
    kernel: &'a str,
    architecture: &'a str,
    implementation: &'a str,
    python: &'a str,
}

#[derive(Serialize)]
struct SelfTest {
    passed: usize,
    failed: usize,
}

#[derive(Serialize)]
struct InShort<'a> {
    name: &'a str,
    title: &'a str,
    variant_of: Option<&'a str>,
    kernel: &'a str,
    binding: &'a str,
    /// Absent when it failed as a whole, or nobody looked.
    build_seconds: Option<f64>,
    glue_lines: Option<usize>,
    stripped_bytes: Option<u64>,
    /// Whether it does the same work as the others; left out where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    equal_work: Option<bool>,
}

#[derive(Serialize)]
struct CaseInShort<'a> {
    name: &'a str,
    about: &'a str,
    rows: Vec<RowInShort<'a>>,
}

#[derive(Serialize)]
struct RowInShort<'a> {
    contender: &'a str,
    /// Nanoseconds of a call.
    time: Figure,
    /// Nanoseconds of the kernel alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<Figure>,
    /// Times as long as the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<Figure>,
    /// Times as fast as the reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    speed_up: Option<Figure>,
}

#[derive(Serialize)]
struct Figure {
    #[serde(flatten)]
    estimate: Estimate,
    /// `same`, `different`, `unresolved`; only of ratios, and not of a range.
    #[serde(skip_serializing_if = "str::is_empty")]
    verdict: &'static str,
}

fn figure(estimate: Estimate) -> Figure {
    Figure {
        estimate,
        verdict: "",
    }
}

fn judged(estimate: Estimate) -> Figure {
    Figure {
        estimate,
        verdict: word(&estimate),
    }
}

pub fn summary(results: &Results) -> Summary<'_> {
    let record = &results.record;
    let environment = &record.environment;
    let study = &record.study;
    Summary {
        schema: SCHEMA,
        title: &study.header.title,
        started: &record.started,
        finished: record.finished.as_deref(),
        profile: &record.profile,
        command: &record.command,
        isolated: record.isolated,
        reference: &study.header.reference,
        baseline: &study.header.baseline,
        machine: Machine {
            cpu: &environment.cpu,
            cores: environment.cores,
            kernel: &environment.kernel,
            architecture: &environment.architecture,
            implementation: &environment.python.implementation,
            python: &environment.python.version,
        },
        self_test: record.self_test.as_ref().map(|test| {
            let (passed, failed) = test.tally();
            SelfTest { passed, failed }
        }),
        warnings: record.warnings(),
        failures: &record.failures,
        answer: answer(results),
        verdicts: verdicts(results),
        contenders: study
            .contenders
            .iter()
            .map(|c| in_short(results, c))
            .collect(),
        cases: study
            .cases
            .iter()
            .map(|case| CaseInShort {
                name: &case.name,
                about: &case.about,
                rows: rows_in_short(results, case),
            })
            .filter(|case| !case.rows.is_empty())
            .collect(),
    }
}

fn rows_in_short<'a>(results: &'a Results, case: &'a Case) -> Vec<RowInShort<'a>> {
    let cells = results.all_cells(case).into_iter();
    let row = |(contender, timed): (&'a Contender, CaseEstimates)| RowInShort {
        contender: &contender.name,
        time: figure(timed.time),
        floor: timed.floor.map(figure),
        ratio: timed.ratio.map(judged),
        speed_up: timed.speed_up.map(judged),
    };
    let timed = cells.filter_map(|cell| Some((cell.contender, cell.timed.ok()?)));
    timed.map(row).collect()
}

fn in_short<'a>(results: &'a Results, contender: &'a Contender) -> InShort<'a> {
    let effort = results.effort(&contender.name);
    InShort {
        name: &contender.name,
        title: &contender.title,
        variant_of: contender.variant_of.as_deref(),
        kernel: &contender.kernel,
        binding: &contender.binding,
        build_seconds: effort.and_then(Effort::seconds),
        glue_lines: effort.map(|effort| effort.lines.glue),
        stripped_bytes: effort.map(|effort| effort.stripped_bytes),
        equal_work: (!contender.equal_work).then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::formats::data::csv;
    use crate::report::tests::{results, timed};

    fn lines(of: &Results, name: &str) -> Vec<String> {
        let tables = tables(of);
        let (_, table) = tables.iter().find(|(file, _)| *file == name).unwrap();
        let text = String::from_utf8(csv(table).unwrap()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_ratio_is_given_to_the_baseline_and_to_the_reference() {
        let mut slices = timed("size/1-8", "ref", Role::Call, |_| 900);
        slices.extend(timed("size/1-8", "base", Role::Call, |_| 450));
        let of = results("", &slices);
        let ratios = lines(&of, "ratios.csv");
        assert_eq!(ratios.len(), 3, "{ratios:?}");
        assert!(ratios[1].starts_with("size/1-8,ref,base,2,"), "{ratios:?}");
        assert!(ratios[1].ends_with(",5,interval,different"), "{ratios:?}");
        assert!(
            ratios[2].starts_with("size/1-8,base,ref,0.5,"),
            "{ratios:?}"
        );
        assert_eq!(lines(&of, "times.csv").len(), 3);
    }

    #[test]
    fn what_is_not_in_the_record_is_a_file_with_headings() {
        let of = results("", &[]);
        for (name, _) in tables(&of) {
            assert_eq!(lines(&of, name).len(), 1, "{name}");
        }
    }
}
