//! Pages that need nothing else: `report.html`, and the page of a comparison.
//!
//! A page is filled in: texts and tables as HTML, charts as the SVG of the files, and the figures as
//! JSON, from which the script of `report.html` draws the table of all cases and the guide. The
//! policy of a page forbids it to load anything.

use std::collections::BTreeSet;

use anyhow::Result;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use pulldown_cmark::{Options, Parser, html};
use regex::{Captures, Regex};
use serde_json::{Value, json};

use super::data::embedded;
use super::markdown::{self, inert};
use crate::report::sections::comparison::ComparisonPage;
use crate::report::sections::page::Page;
use crate::report::sections::{Chart, Item, Section, distinct};

const STYLE: &str = include_str!("page/page.css");

/// The page of a record.
pub fn page(page: &Page) -> Result<String> {
    let defined: BTreeSet<String> = page.defined.iter().map(|case| escaped(case)).collect();
    let tables = |sections: &[Section]| -> Vec<Value> {
        let of = |s: &Section| {
            let html = with_links(&defined, &to_html(&s.items, &s.title));
            json!({ "name": s.id, "title": s.title, "html": html })
        };
        sections.iter().map(of).collect()
    };
    let charts = |of_effort: bool| -> Vec<Value> {
        let charts = page.charts.iter();
        let charts = charts.filter(|chart| chart.of_effort == of_effort);
        charts.map(|chart| drawn(page, chart)).collect()
    };
    let mut values = page.plain.clone();
    for mut part in tables(&page.parts) {
        let name = part["name"].as_str().unwrap_or_default().replace('-', "_");
        values["parts"][name] = part["html"].take();
    }
    values["speed"] = charts(false).into();
    values["effort"] = charts(true).into();
    values["regimes"] = tables(&page.regimes).into();
    values["effort_tables"] = tables(&page.effort).into();
    values["data"] = embedded(&page.data)?.into();
    values["script"] = include_str!("page/page.js").into();
    fill(include_str!("page/page.html"), values, defined)
}

/// The page of a comparison.
pub fn comparison(page: &ComparisonPage) -> Result<String> {
    let sections = page.sections.iter().map(|section| {
        let html = to_html(&section.items, &section.title);
        json!({ "id": section.id, "title": section.title, "html": html })
    });
    let mut values = page.plain.clone();
    values["names"] = embedded(&page.names)?.into();
    values["colours"] = embedded(&page.colours)?.into();
    values["sections"] = sections.collect();
    fill(include_str!("page/compare.html"), values, BTreeSet::new())
}

/// Fills in a template of a page, in which the names of defined cases lead to their definitions.
fn fill(template: &str, mut values: Value, defined: BTreeSet<String>) -> Result<String> {
    values["style"] = STYLE.into();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_filter("markdown", move |text: &str, name: &str| {
        let html = to_html(&[text.into()], name);
        minijinja::Value::from_safe_string(with_links(&defined, &html))
    });
    environment.add_template("page.html", template)?;
    Ok(environment
        .get_template("page.html")?
        .render(Serde(&values))?)
}

/// Items as HTML, in which nothing that a record says is taken for HTML. Wide tables can be moved
/// sideways, by keyboard as well.
fn to_html(items: &[Item], name: &str) -> String {
    let mut body = String::new();
    // Charts stand between what is above them and below them.
    for part in items.chunk_by(|a, b| is_chart(a) == is_chart(b)) {
        for item in part {
            if let Item::Chart(chart) = item {
                body.push_str(&figure(chart));
            }
        }
        let text = inert(&markdown::items(part));
        html::push_html(&mut body, Parser::new_ext(&text, Options::ENABLE_TABLES));
    }
    let name = escaped(name);
    let region = format!("role=\"region\" tabindex=\"0\" aria-label=\"{name}, table\"");
    // Headings stand below those of the page.
    body.replace("<h3>", "<h4>")
        .replace("</h3>", "</h4>")
        .replace(
            "<table>",
            &format!("<div class=\"scroll\" {region}><table>"),
        )
        .replace("</table>", "</table></div>")
}

fn is_chart(item: &Item) -> bool {
    matches!(item, Item::Chart(_))
}

/// A chart without a table of its own.
fn figure(chart: &Chart) -> String {
    let (id, title) = (escaped(&chart.id), escaped(&chart.title));
    let svg = inline(&chart.svg, &alt(chart));
    format!(
        "<figure id=\"chart-{id}\" class=\"chart\">\n<figcaption class=\"unseen\">{title}</figcaption>\n\
         <div class=\"picture\" role=\"region\" tabindex=\"0\" aria-label=\"{title}, chart\">\n{svg}\n\
         </div>\n</figure>\n"
    )
}

/// HTML in which the name of a case leads to its definition.
fn with_links(defined: &BTreeSet<String>, html: &str) -> String {
    let code = Regex::new("<code>([^<]+)</code>").expect("a fixed expression");
    let link = |found: &Captures| match defined.get(&found[1]) {
        Some(case) => format!("<a href=\"#case-{case}\">{}</a>", &found[0]),
        None => found[0].to_owned(),
    };
    code.replace_all(html, link).into_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What a chart is, for those who do not see it.
fn alt(chart: &Chart) -> String {
    let (title, number) = (&chart.title, chart.marks.len());
    format!("{title}: a chart of {number} figures, which the table below it lists")
}

/// A chart with the table behind it, and the way to its cases.
fn drawn(page: &Page, chart: &Chart) -> Value {
    let cases = chart.marks.iter().filter_map(|mark| mark.case.as_deref());
    let cases = distinct(cases);
    let table = chart.table.as_ref().map(|name| name.replace(' ', "-"));
    json!({
        "file": chart.id,
        "title": chart.title,
        "svg": inline(&chart.svg, &alt(chart)),
        "marks": chart.marks,
        "cases": cases,
        "table": table.filter(|id| page.regimes.iter().any(|table| table.id == *id)),
    })
}

/// The picture as a part of the page: as wide as there is room, with a text, and without the
/// indentation of the file.
fn inline(svg: &str, alt: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Role;
    use crate::report::figures::Results;
    use crate::report::sections;
    use crate::report::sections::charts::charts;
    use crate::report::tests::{results, timed};

    const CHARTS: &str = r#"
        [[chart]]
        file = "ratios"
        kind = "forest"
        title = "Ratios <of> \"all\""
        cases = "^size/"
    "#;

    fn drawn(results: &Results) -> String {
        let charts = charts(results).unwrap();
        page(&sections::page::page(results, &charts)).unwrap()
    }

    #[test]
    fn a_record_without_a_single_slice_still_makes_a_page() {
        let html = drawn(&results(CHARTS, &[]));
        assert!(html.contains("no self-test"), "{html}");
        // A chart of nothing is not shown.
        assert!(!html.contains("id=\"chart-ratios\"") && !html.contains("id=\"speed\""));
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
    fn a_chart_stands_between_what_is_above_it_and_below_it() {
        let chart = Chart {
            id: "c".to_owned(),
            title: "A & B".to_owned(),
            svg: "<svg width=\"1\"></svg>".to_owned(),
            marks: Vec::new(),
            table: None,
            of_effort: false,
        };
        let html = to_html(&["above".into(), Item::Chart(chart), "below".into()], "x");
        let places = [
            "<p>above",
            "aria-label=\"A &amp; B, chart",
            "<svg role",
            "<p>below",
        ];
        let places = places.map(|text| html.find(text).expect(text));
        assert!(places.is_sorted(), "{html}");
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
