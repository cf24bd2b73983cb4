//! A comparison as one page that needs nothing else.

use anyhow::Result;
use serde_json::{Value, json};

use super::chart::{colour, pictures};
use super::words::{NOTHING, of_change, of_speed_ups, sentences, with_interval};
use super::{Comparison, Row};
use crate::analysis::MARGIN;
use crate::charts::palette;
use crate::report::format::percent;
use crate::report::page::{fill, inline, style, to_html};

const TEMPLATE: &str = include_str!("../page/compare.html");

/// The page of a comparison.
pub fn page(comparison: &Comparison) -> Result<String> {
    let columns = comparison.columns.iter().enumerate();
    let pictures = pictures(comparison)?;
    let to_html = |text: &String| to_html(text, "In short");
    fill(
        TEMPLATE,
        &json!({
            "style": style(),
            "title": comparison.title,
            "heading": comparison.heading(),
            "columns": columns.map(|(index, column)| json!({
                "label": column.label,
                "colour": palette(colour(index)),
                "in_legend": comparison.in_legend(index),
                "on_interpreter": column.on_interpreter(),
                "interpreter": column.build,
                "machine": column.machine,
                "measured": column.measured,
                "profile": column.profile,
                "folder": column.folder,
            })).collect::<Vec<_>>(),
            "environments": comparison.environments,
            "reference": comparison.reference,
            "baseline": comparison.baseline,
            "margin": percent(MARGIN),
            "of_speed_ups": of_speed_ups(comparison),
            "speed_ups": comparison.speed_ups().map(speed_up).collect::<Vec<_>>(),
            "pictures": pictures.iter().map(|picture| json!({
                "case": picture.case,
                "title": picture.title,
                "svg": inline(&picture.svg, &format!(
                    "{}: a chart of {} figures, which the table below lists",
                    picture.title, picture.figures
                )),
            })).collect::<Vec<_>>(),
            "sentences": sentences(comparison).iter().map(to_html).collect::<Vec<_>>(),
            "ratios": comparison.ratios().map(ratio).collect::<Vec<_>>(),
            "failures": failures(comparison),
        }),
    )
}

fn speed_up(row: &Row) -> Value {
    let cells = row
        .cells
        .iter()
        .map(|cell| with_interval(cell, cell.speed_up()));
    named(row, &json!({ "cells": cells.collect::<Vec<_>>() }))
}

fn ratio(row: &Row) -> Value {
    let cells = row
        .cells
        .iter()
        .map(|cell| with_interval(cell, cell.ratio()));
    let changes = row.changes.iter().map(|change| {
        let [text, word] = of_change(change.as_ref());
        json!({ "text": text, "word": word, "sign": sign(&word) })
    });
    named(
        row,
        &json!({
            "cells": cells.collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "changed": row.changes.iter().flatten().any(|change| change.changed),
        }),
    )
}

/// What every row has, besides its values.
fn named(row: &Row, values: &Value) -> Value {
    let mut named = json!({
        "case": row.case,
        "title": row.title,
        "text": format!("{} {} {}", row.case, row.title, row.contender).to_lowercase(),
    });
    if let (Some(all), Some(values)) = (named.as_object_mut(), values.as_object()) {
        all.extend(values.clone());
    }
    named
}

/// Tells verdicts apart where there is no colour.
fn sign(word: &str) -> &'static str {
    match word {
        "same" => "=",
        "slower" => "▲",
        "faster" => "▼",
        "unresolved" => "?",
        _ => "",
    }
}

fn failures(comparison: &Comparison) -> Vec<Value> {
    let all = comparison.columns.iter().zip(&comparison.failures);
    all.flat_map(|(column, failures)| {
        failures.iter().map(|failure| {
            json!({
                "record": column.label,
                "contender": failure.contender,
                "case": failure.case.as_deref().unwrap_or(NOTHING),
                "verb": failure.stage,
                "message": failure.message,
            })
        })
    })
    .collect()
}
