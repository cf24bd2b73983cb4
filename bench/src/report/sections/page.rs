//! The page of a record: everything that the record says, before it is HTML.

use serde_json::{Value, json};

use super::document::PARTS;
use super::embedded::{Data, data};
use super::verdicts::{RegimeVerdict, answer, verdicts};
use super::{Chart, Section, effort, regimes};
use crate::analysis::MARGIN;
use crate::charts::palette;
use crate::counts::Counts;
use crate::format::date;
use crate::report::figures::{Results, guide};
use crate::self_test::SelfTest;
use crate::study::Case;

/// What stands on the page, by the names that its template has for it.
pub struct Page<'a> {
    /// Values that are shown as they are, or as Markdown.
    pub plain: Value,
    pub parts: Vec<Section>,
    pub charts: &'a [Chart],
    pub regimes: Vec<Section>,
    pub effort: Vec<Section>,
    /// The cases that the page defines.
    pub defined: Vec<&'a str>,
    /// What its script works with.
    pub data: Data<'a>,
}

/// The parts of the document that the page shows whole.
const PLACES: [&str; 6] = [
    "results",
    "failures",
    "self-test",
    "precision",
    "environment",
    "verification",
];

/// The page of a record.
pub fn page<'a>(results: &'a Results, charts: &'a [Chart]) -> Page<'a> {
    let record = &results.record;
    let study = &record.study;
    let header = &study.header;
    let of_parts = |wanted: &dyn Fn(&str) -> bool| -> Vec<Section> {
        let parts = PARTS.iter().filter(|(id, ..)| wanted(id));
        let sections = parts.map(|(id, title, items)| Section::named(id, title, items(results)));
        sections.collect()
    };
    let mut goals = of_parts(&|id| id == "goals");
    goals.retain(|section| !section.items.is_empty());
    let with_effort = record.contenders.values().any(|c| c.effort.is_some());
    let effort = with_effort.then(|| effort::sections(results));
    let mut shown: Vec<&Case> = study.cases.iter().collect();
    shown.retain(|case| !results.cells(case).is_empty());
    let verdicts = verdicts(results);
    let command = record.command.split_once(" run");
    Page {
        plain: json!({
            "title": header.title,
            "facts": facts(results),
            "has_guide": guide::evidence(results).is_some(),
            "contenders": contenders(results),
            "cases": shown.iter().map(|case| definition(case)).collect::<Vec<_>>(),
            "answer": answer(results),
            "verdicts": verdicts.iter().map(|of| card(results, of)).collect::<Vec<_>>(),
            "reference": results.title_of(&header.reference),
            "baseline": results.title_of(&header.baseline),
            "inputs": record.contenders.values().map(|c| c.verified_inputs).max().unwrap_or(0),
            "settings": { "rounds": record.settings.rounds, "blocks": record.settings.blocks },
            "margin": MARGIN * 100.0,
            "program": command.map_or("ffi-bench", |(program, _)| program),
            "command": record.command,
            "profile": record.profile,
            "finished": record.finished.is_some(),
            "isolated": record.isolated,
            "counted": matches!(record.counts, Some(Counts::Counted(_))),
            "observed": record.observed.is_some(),
            "tested": record.self_test.as_ref().map(SelfTest::tally),
            "failed": record.failures.len(),
            "warnings": record.warnings().len(),
        }),
        parts: of_parts(&|id| PLACES.contains(&id)),
        charts,
        regimes: goals
            .into_iter()
            .chain(regimes::sections(results))
            .collect(),
        effort: effort.unwrap_or_default(),
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

/// What one regime comes to, with the colour and the length of each bar.
fn card(results: &Results, verdict: &RegimeVerdict) -> Value {
    // The bars of a card have a scale of their own: the slowest is the longest.
    let factors = verdict.standings.iter().map(|standing| standing.factor[0]);
    let longest = factors.fold(1.0, f64::max);
    let mut card = json!(verdict);
    for (place, standing) in verdict.standings.iter().enumerate() {
        let contender = results.record.study.contender(&standing.contender);
        let colour = contender.map(|c| palette(results.style(c).colour));
        let bar = &mut card["standings"][place];
        bar["colour"] = json!(colour);
        bar["width"] = format!("{:.1}", 100.0 * standing.factor[0] / longest).into();
    }
    card["notes"] = verdict.notes.join(" ").into();
    card
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
