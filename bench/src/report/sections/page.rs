//! The page of a record: everything that the record says, before it is HTML.

use serde_json::{Value, json};

use super::document::{environment, failures, verification};
use super::embedded::{Data, data};
use super::goals::goals;
use super::summary::summary;
use super::verdicts::{RegimeVerdict, answer, verdicts};
use super::{Chart, Item, Section, effort, regimes, trust};
use crate::analysis::MARGIN;
use crate::charts::palette;
use crate::counts::Counts;
use crate::format::date;
use crate::report::figures::{Results, guide};
use crate::study::Case;

/// What stands on the page, by the names that its template has for it.
pub struct Page<'a> {
    /// Values that are shown as they are.
    pub plain: Value,
    /// Parts with a name for those who hear them.
    pub parts: Vec<(&'static str, &'static str, Vec<Item>)>,
    pub answer: Vec<Item>,
    pub verdicts: Vec<Card>,
    pub charts: &'a [Chart],
    pub regimes: Vec<Section>,
    pub effort: Vec<Section>,
    /// The cases that the page defines.
    pub defined: Vec<&'a str>,
    /// What its script works with.
    pub data: Data<'a>,
}

/// What one regime comes to, with the length of each bar.
pub struct Card {
    pub plain: Value,
    pub title: String,
    pub lead: String,
    pub notes: String,
}

/// The page of a record.
pub fn page<'a>(results: &'a Results, charts: &'a [Chart]) -> Page<'a> {
    let study = &results.record.study;
    let goals = (!study.goals.is_empty()).then(|| {
        let goals = goals(results);
        Section::named("goals", "Goals", goals)
    });
    let with_effort = results
        .record
        .contenders
        .values()
        .any(|c| c.effort.is_some());
    let failures = failures(results).map(Item::from).into_iter().collect();
    let mut shown: Vec<&Case> = study.cases.iter().collect();
    shown.retain(|case| !results.cells(case).is_empty());
    Page {
        plain: json!({
            "title": study.header.title,
            "facts": facts(results),
            "chips": chips(results),
            "has_guide": guide::evidence(results).is_some(),
            "contenders": contenders(results),
            "cases": shown.iter().map(|case| definition(case)).collect::<Vec<_>>(),
            "method": method(results),
            "commands": commands(results),
        }),
        parts: vec![
            ("summary", "In short", summary(results)),
            ("failures", "What failed", failures),
            ("self_test", "Self-test", trust::self_test(results)),
            ("precision", "Precision", trust::precision(results)),
            ("environment", "Environment", environment(results)),
            ("verification", "What was measured", verification(results)),
        ],
        answer: answer(results).into_iter().map(Item::from).collect(),
        verdicts: verdicts(results)
            .into_iter()
            .map(|v| card(results, v))
            .collect(),
        charts,
        regimes: goals
            .into_iter()
            .chain(regimes::sections(results))
            .collect(),
        effort: if with_effort {
            effort::sections(results)
        } else {
            Vec::new()
        },
        defined: shown.iter().map(|case| case.name.as_str()).collect(),
        data: data(results),
    }
}

/// What there is to know before anything else.
pub fn facts(results: &Results) -> Vec<String> {
    let record = &results.record;
    let environment = &record.environment;
    let python = &environment.python;
    vec![
        python.build(),
        format!("{}, {} processors", environment.cpu, environment.cores),
        format!("{}, {}", environment.kernel, environment.architecture),
        format!("measured on {}", date(&record.started)),
        format!("profile {}", record.profile),
    ]
}

/// How far it may be trusted, at a glance.
fn chips(results: &Results) -> Vec<Value> {
    let record = &results.record;
    let mut chips = Vec::new();
    let mut chip = |good: bool, text: &str, link: &str| {
        chips.push(json!({ "good": good, "text": text, "link": link }));
    };
    match &record.self_test {
        Some(test) => {
            let (passed, failed) = test.tally();
            let tally = format!("self-test: {passed} of {} passed", passed + failed);
            chip(failed == 0, &tally, "#self-test");
        }
        None => chip(false, "no self-test", "#self-test"),
    }
    if record.finished.is_none() {
        chip(false, "the measurement is not finished", "#method");
    }
    if record.isolated {
        chip(true, "each contender alone with the baseline", "#method");
    }
    match record.failures.len() {
        0 => {}
        1 => chip(false, "1 failure", "#failures"),
        n => chip(false, &format!("{n} failures"), "#failures"),
    }
    match record.warnings().len() {
        0 => chip(true, "no warning", "#environment"),
        1 => chip(false, "1 warning", "#environment"),
        n => chip(false, &format!("{n} warnings"), "#environment"),
    }
    chips
}

fn card(results: &Results, verdict: RegimeVerdict) -> Card {
    // The bars of a card have a scale of their own: the slowest is the longest.
    let factors = verdict.standings.iter().map(|standing| standing.factor[0]);
    let longest = factors.fold(1.0, f64::max);
    let standings = verdict.standings.iter().map(|standing| {
        let contender = results.record.study.contender(&standing.contender);
        json!({
            "title": standing.title,
            "words": standing.words,
            "width": format!("{:.1}", 100.0 * standing.factor[0] / longest),
            "colour": contender.map(|c| palette(results.style(c).colour)),
        })
    });
    Card {
        plain: json!({
            "regime": verdict.regime,
            "title": verdict.title,
            "case": verdict.case,
            "cases": verdict.cases,
            "standings": standings.collect::<Vec<_>>(),
        }),
        title: verdict.title,
        lead: verdict.lead,
        notes: verdict.notes.join(" "),
    }
}

/// How it is measured, in five sentences.
fn method(results: &Results) -> Vec<String> {
    let record = &results.record;
    let settings = record.settings;
    let baseline = results.title_of(&record.study.header.baseline);
    let reference = results.title_of(&record.study.header.reference);
    let inputs = record.contenders.values().map(|c| c.verified_inputs).max();
    vec![
        format!(
            "Before anything is timed, every contender gives the answers of {reference} on {} generated \
             inputs and in every case; whoever does not is a row with its error.",
            inputs.unwrap_or(0)
        ),
        format!(
            "A block is one process that hosts all contenders and times each of them in {} rounds, whose \
             order is shuffled and balanced; a block gives one median, and blocks are what is \
             repeated.",
            settings.rounds
        ),
        format!(
            "The first {} blocks tell how many more each row needs; intervals hold 95 % (Student's t, in \
             two stages), and where there are fewer than four blocks the range is shown instead.",
            settings.blocks
        ),
        format!(
            "Ratios are taken within each block, so that what disturbs the machine disturbs both \
             sides; a ratio to {baseline} is called same when its interval lies inside ±{} %, different when \
             it lies outside, and unresolved otherwise.",
            MARGIN * 100.0
        ),
        "The floor of a case is its kernel alone, many runs of it in one crossing; what a call takes above \
         it is the crossing, and seconds of two records are never compared."
            .to_owned(),
    ]
}

/// The commands that made the record, and those that show it.
fn commands(results: &Results) -> Vec<String> {
    let record = &results.record;
    let program = record
        .command
        .split_once(" run")
        .map_or("ffi-bench", |(program, _)| program);
    let profile = &record.profile;
    let mut commands = vec![
        format!("{program} doctor"),
        format!("{program} build --profile {profile}"),
        format!("{program} verify --profile {profile}"),
        record.command.clone(),
    ];
    let mut add = |wanted: bool, verb: &str| {
        if wanted {
            commands.push(format!("{program} {verb}"));
        }
    };
    add(matches!(record.counts, Some(Counts::Counted(_))), "count");
    add(record.observed.is_some(), "observe");
    add(record.self_test.is_some(), "self-test");
    add(true, "report");
    commands
}

fn contenders(results: &Results) -> Vec<Value> {
    let record = &results.record;
    let contenders = record.study.contenders.iter();
    contenders
        .map(|contender| {
            let candidate = record.contenders.get(&contender.name);
            json!({
                "name": contender.name,
                "title": results.marked(&contender.name),
                "colour": palette(results.style(contender).colour),
                "variant_of": contender.variant_of.as_ref().map(|name| results.title_of(name)),
                "folder": contender.folder,
                "module": contender.module,
                "kernel": contender.kernel,
                "binding": contender.binding,
                "sources": candidate.map(|c| &c.sources),
                "files": [("kernel", &contender.lines.kernel), ("glue", &contender.lines.glue)],
                "state": match candidate {
                    Some(_) => "measured",
                    None if record.refused(&contender.name) => "failed",
                    None => "not measured",
                },
            })
        })
        .collect()
}

fn definition(case: &Case) -> Value {
    let params = case.params.iter();
    let params: Vec<String> = params
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    json!({
        "name": case.name,
        "about": case.about,
        "setup": case.setup.trim(),
        "call": case.call,
        "calls": case.calls,
        "floor": case.floor,
        "each": case.each,
        "answer": case.answer,
        "params": params.join(", "),
        "gc": case.gc,
        "work": case.work.as_ref().map(|work| format!("{work}, in {}", case.unit)),
    })
}
