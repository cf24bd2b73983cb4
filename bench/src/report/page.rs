//! `report.html`: everything that a record says, in one file that needs nothing else.
//!
//! The page is filled in from the record: texts and tables as HTML, charts as the SVG of the files,
//! and the figures as JSON, from which its script draws the table of all cases and the guide. Its
//! policy forbids it to load anything.

mod embedded;

use std::collections::BTreeSet;

use anyhow::Result;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use pulldown_cmark::{Options, Parser, html};
use regex::{Captures, Regex};
use serde::Serialize;
use serde_json::{Value, json};

use super::figures::Figure;
use super::goals;
use super::guide;
use super::table::inert;
use super::verdicts::{answer, verdicts};
use super::{Results, effort, markdown, regimes, trust};
use crate::analysis::MARGIN;
use crate::charts::palette;
use crate::counts::Counts;
use crate::study::{Case, ChartKind};

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The page of a record.
pub fn page(results: &Results, figures: &[Figure]) -> Result<String> {
    let defined = defined(results);
    fill(
        TEMPLATE,
        &json!({
            "style": STYLE,
            "script": SCRIPT,
            "data": embedded(&embedded::data(results))?,
            "title": results.record.study.header.title,
            "facts": facts(results),
            "chips": chips(results),
            "answer": answer(results).iter().map(|sentence| with_links(&defined, sentence, "The answer")).collect::<Vec<_>>(),
            "summary": with_links(&defined, &markdown::summary(results), "In short"),
            "verdicts": regime_verdicts(results, &defined),
            "failures": with_links(&defined, &markdown::failures(results), "What failed"),
            "speed": figures.iter().filter(|f| !of_effort(f)).map(|f| drawn(results, f)).collect::<Vec<_>>(),
            "effort": figures.iter().filter(|f| of_effort(f)).map(|f| drawn(results, f)).collect::<Vec<_>>(),
            "regimes": regime_tables(results, &defined),
            "effort_tables": effort_tables(results),
            "has_guide": guide::evidence(results).is_some(),
            "contenders": contenders(results),
            "cases": results.record.study.cases.iter().filter(|case| !results.cells(case).is_empty()).map(definition).collect::<Vec<_>>(),
            "method": method(results),
            "self_test": with_links(&defined, &trust::self_test(results), "Self-test"),
            "precision": to_html(&trust::precision(results), "Precision"),
            "environment": to_html(&markdown::environment(results), "Environment"),
            "verification": to_html(&markdown::verification(results), "What was measured"),
            "commands": commands(results),
        }),
    )
}

/// Fills in a template of a page.
pub fn fill(template: &str, values: &Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_template("page.html", template)?;
    Ok(environment
        .get_template("page.html")?
        .render(Serde(values))?)
}

/// The style that all pages share.
pub fn style() -> &'static str {
    STYLE
}

/// Markdown as HTML, in which nothing that a record says is taken for HTML. Wide tables can be moved
/// sideways, by keyboard as well.
pub fn to_html(text: &str, name: &str) -> String {
    let options = Options::ENABLE_TABLES;
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(&inert(text), options));
    let name = escaped(name);
    // Headings stand below those of the page.
    body.replace("<h3>", "<h4>")
        .replace("</h3>", "</h4>")
        .replace(
            "<table>",
            &format!("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}, table\"><table>"),
        )
        .replace("</table>", "</table></div>")
}

/// The cases that the page defines, as their names stand in HTML.
fn defined(results: &Results) -> BTreeSet<String> {
    let cases = results.record.study.cases.iter();
    let measured = cases.filter(|case| !results.cells(case).is_empty());
    measured.map(|case| escaped(&case.name)).collect()
}

/// Markdown as HTML, in which the name of a case leads to its definition.
fn with_links(defined: &BTreeSet<String>, text: &str, name: &str) -> String {
    let code = Regex::new("<code>([^<]+)</code>").expect("a fixed expression");
    let link = |found: &Captures| match defined.get(&found[1]) {
        Some(case) => format!("<a href=\"#case-{case}\">{}</a>", &found[0]),
        None => found[0].to_owned(),
    };
    code.replace_all(&to_html(text, name), link).into_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// JSON that can stand in a script element.
pub fn embedded(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
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
        format!(
            "measured on {}",
            &record.started[..10.min(record.started.len())]
        ),
        format!("profile {}", record.profile),
    ]
}

#[derive(Serialize)]
struct Chip {
    good: bool,
    text: String,
    link: &'static str,
}

/// How far it may be trusted, at a glance.
fn chips(results: &Results) -> Vec<Chip> {
    let record = &results.record;
    let mut chips = Vec::new();
    let mut chip = |good, text: String, link| chips.push(Chip { good, text, link });
    match &record.self_test {
        Some(test) => {
            let (passed, failed) = test.tally();
            chip(
                failed == 0,
                format!("self-test: {passed} of {} passed", passed + failed),
                "#self-test",
            );
        }
        None => chip(false, "no self-test".to_owned(), "#self-test"),
    }
    if record.finished.is_none() {
        chip(
            false,
            "the measurement is not finished".to_owned(),
            "#method",
        );
    }
    if record.isolated {
        chip(
            true,
            "each contender alone with the baseline".to_owned(),
            "#method",
        );
    }
    match record.failures.len() {
        0 => {}
        1 => chip(false, "1 failure".to_owned(), "#failures"),
        n => chip(false, format!("{n} failures"), "#failures"),
    }
    match record.warnings().len() {
        0 => chip(true, "no warning".to_owned(), "#environment"),
        1 => chip(false, "1 warning".to_owned(), "#environment"),
        n => chip(false, format!("{n} warnings"), "#environment"),
    }
    chips
}

fn regime_verdicts(results: &Results, defined: &BTreeSet<String>) -> Vec<Value> {
    let of = |verdict: &super::verdicts::RegimeVerdict| {
        // The bars of a card have a scale of their own: the slowest is the longest.
        let factors = verdict.standings.iter().map(|standing| standing.factor[0]);
        let longest = factors.fold(1.0, f64::max);
        let standings = verdict.standings.iter().map(|standing| {
            let contender = results.record.study.contender(&standing.contender);
            json!({
                "title": standing.title,
                "words": standing.words,
                "width": format!("{:.1}", 100.0 * standing.factor[0] / longest),
                "colour": contender.map(|c| palette(results.look(c).colour)),
            })
        });
        json!({
            "regime": verdict.regime,
            "title": verdict.title,
            "case": verdict.case,
            "cases": verdict.cases,
            "lead": with_links(defined, &verdict.lead, &verdict.title),
            "standings": standings.collect::<Vec<_>>(),
            "notes": with_links(defined, &verdict.notes.join(" "), &verdict.title),
        })
    };
    verdicts(results).iter().map(of).collect()
}

fn of_effort(figure: &Figure) -> bool {
    matches!(
        figure.chart.kind,
        ChartKind::Effort
            | ChartKind::Builds
            | ChartKind::Portability
            | ChartKind::Mistakes
            | ChartKind::TradeOff
    )
}

/// A chart with the table behind it, and the way to its cases.
fn drawn(results: &Results, figure: &Figure) -> Value {
    let mut cases: Vec<&str> = Vec::new();
    for case in figure.marks.iter().filter_map(|mark| mark.case.as_deref()) {
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    let alt = match figure.marks.len() {
        0 => format!("{}: no data", figure.chart.title),
        n => format!(
            "{}: a chart of {n} figures, which the table below it lists",
            figure.chart.title
        ),
    };
    let marks = figure.marks.iter().map(|mark| {
        json!({ "name": mark.name, "place": mark.place, "figure": mark.figure, "case": mark.case })
    });
    json!({
        "file": figure.chart.file,
        "title": figure.chart.title,
        "kind": figure.chart.kind,
        "svg": inline(&figure.svg, &alt),
        "marks": marks.collect::<Vec<_>>(),
        "cases": cases,
        "table": figure.chart.table.as_ref().filter(|name| is_shown(results, name)),
    })
}

/// Whether a table of the study is on the page, which it is if there is something in it.
fn is_shown(results: &Results, name: &str) -> bool {
    let mut tables = results.record.study.tables.iter();
    let table = tables.find(|table| table.name == name);
    table.is_some_and(|table| regimes::content(results, table).is_some())
}

/// The picture as a part of the page: as wide as there is room, with a text, and without the
/// indentation of the file.
pub fn inline(svg: &str, alt: &str) -> String {
    let lines: Vec<&str> = svg
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("<?xml") && !line.starts_with("<!--"))
        .collect();
    let svg = lines.join("\n");
    let root = svg.find('>').unwrap_or(0);
    let (head, body) = svg.split_at(root);
    // Its size on the page is the style's matter.
    let size = Regex::new(r#" (width|height)="[0-9.]+""#).expect("a fixed expression");
    let head = size.replace_all(head, "");
    format!("{head} role=\"img\" aria-label=\"{}\"{body}", escaped(alt))
}

fn regime_tables(results: &Results, defined: &BTreeSet<String>) -> Vec<Value> {
    let study = &results.record.study;
    let goals = (!study.goals.is_empty()).then(|| {
        json!({
            "name": "goals",
            "title": "Goals",
            "html": with_links(defined, &goals::goals(results), "Goals"),
        })
    });
    let tables = study.tables.iter();
    let tables = tables.filter_map(|table| {
        let content = regimes::content(results, table)?;
        Some(json!({
            "name": table.name.replace(' ', "-"),
            "title": table.title,
            "html": with_links(defined, &content, &table.title),
        }))
    });
    goals.into_iter().chain(tables).collect()
}

fn effort_tables(results: &Results) -> Vec<Value> {
    let record = &results.record;
    let known = record.contenders.values().any(|c| c.effort.is_some());
    if !known {
        return Vec::new();
    }
    effort::SECTIONS
        .iter()
        .map(|(name, title, content)| {
            let title = *title;
            json!({ "name": name, "title": title, "html": to_html(&content(results), title) })
        })
        .collect()
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
                "colour": palette(results.look(contender).colour),
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

#[cfg(test)]
mod tests {
    use super::super::figures::charts;
    use super::super::regimes::tests::{results, timed};
    use super::*;
    use crate::analysis::Role;

    const CHARTS: &str = r#"
        [[chart]]
        file = "ratios"
        kind = "forest"
        title = "Ratios <of> \"all\""
        cases = "^size/"
    "#;

    fn drawn(results: &Results) -> String {
        page(results, &charts(results).unwrap()).unwrap()
    }

    #[test]
    fn a_record_without_a_single_slice_still_makes_a_page() {
        let html = drawn(&results(CHARTS, &[]));
        assert!(
            html.contains("no data") && html.contains("no self-test"),
            "{html}"
        );
        assert!(!html.contains("Which way is yours?"));
        assert!(!html.contains("id=\"failures\""));
    }

    #[test]
    fn nothing_that_a_record_says_is_taken_for_html() {
        let mut slices = timed("size/1-8", "base", Role::Call, |block| {
            100 + u64::from(block)
        });
        slices.extend(timed("size/1-8", "other", Role::Call, |block| {
            300 + u64::from(block)
        }));
        let mut of = results(CHARTS, &slices);
        let evil = "</script><img src=x onerror=alert(1)>";
        of.record.study.cases[2].about = evil.to_owned();
        of.record.study.contenders[2].title = evil.to_owned();
        of.record.fail("ref", None, "build", evil.to_owned());
        let html = drawn(&of);
        assert!(!html.contains(evil) && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;img"));
        assert!(html.contains("id=\"failures\""));
    }

    #[test]
    fn a_chart_has_a_text_and_a_table_behind_it() {
        let mut slices = timed("size/1-8", "base", Role::Call, |block| {
            100 + u64::from(block)
        });
        slices.extend(timed("size/1-8", "other", Role::Call, |block| {
            300 + u64::from(block)
        }));
        let html = drawn(&results(CHARTS, &slices));
        assert!(html.contains("role=\"img\""));
        assert!(html.contains("a chart of 1 figures") || html.contains("a chart of 1 figure,"));
        assert!(html.contains("id=\"table-ratios\""));
        assert!(html.contains("data-case=\"size/1-8\""));
    }

    #[test]
    fn the_same_record_gives_the_same_page() {
        let slices = timed("size/1-8", "base", Role::Call, |block| {
            100 + u64::from(block)
        });
        let draw = || drawn(&results(CHARTS, &slices));
        assert_eq!(draw(), draw());
    }
}
