//! The charts that the study asks for, from a record.

use anyhow::{Context, Result};
use regex::Regex;

use super::Results;
use crate::analysis::{Estimate, Verdict};
use crate::charts::{
    Bar, BarChart, BarSeries, EffortBar, ForestChart, ForestRow, Line, LineChart, Panel, Point,
    Stack, bar_chart, forest_chart, line_chart, panels,
};
use crate::record::Effort;
use crate::study::{Case, Chart, ChartKind, Contender};

/// File name (without ending) and SVG text of each chart.
pub fn charts(results: &Results) -> Result<Vec<(String, String)>> {
    let charts = results.record.study.charts.iter();
    charts
        .map(|chart| {
            let svg = draw(results, chart).with_context(|| format!("chart {}", chart.file))?;
            Ok((chart.file.clone(), svg))
        })
        .collect()
}

fn draw(results: &Results, chart: &Chart) -> Result<String> {
    match chart.kind {
        ChartKind::Lines => line_chart(&lines(results, chart)?),
        ChartKind::Forest => forest_chart(&forest(results, chart)?),
        ChartKind::SpeedUp => bar_chart(&speed_up(results, chart)?),
        ChartKind::Effort => panels(&chart.title, &effort(results)),
    }
}

fn cases_of<'a>(results: &'a Results, chart: &Chart) -> Result<Vec<&'a Case>> {
    let pattern = Regex::new(&chart.cases)?;
    Ok(results
        .record
        .study
        .cases
        .iter()
        .filter(|case| pattern.is_match(&case.name))
        .collect())
}

fn lines(results: &Results, chart: &Chart) -> Result<LineChart> {
    let axis = chart
        .x
        .as_deref()
        .context("a chart of lines needs the parameter `x`")?;
    let cases = cases_of(results, chart)?;
    let mut lines = Vec::new();
    for (colour, contender) in results.record.study.contenders.iter().enumerate() {
        let mut calls = Vec::new();
        let mut floors = Vec::new();
        for case in &cases {
            let Some(x) = case.params.get(axis).and_then(number) else {
                continue;
            };
            let Some(timed) = results.timed(&case.name, &contender.name) else {
                continue;
            };
            calls.push(point(x, &timed.time));
            floors.extend(timed.floor.as_ref().map(|floor| point(x, floor)));
        }
        let mut line = |name: String, dashed, points: Vec<Point>| {
            if !points.is_empty() {
                lines.push(Line {
                    name,
                    colour,
                    dashed,
                    points,
                });
            }
        };
        line(contender.title.clone(), false, calls);
        // A variant's floor is its contender's: the same kernel.
        if contender.variant_of.is_none() {
            line(format!("{}, floor", contender.title), true, floors);
        }
    }
    let y_label = "time per call".to_owned();
    Ok(LineChart {
        title: chart.title.clone(),
        x_label: chart.x_label.clone(),
        y_label,
        lines,
    })
}

fn number(value: &toml::Value) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)] // Lengths and counts.
    value
        .as_float()
        .or_else(|| value.as_integer().map(|i| i as f64))
}

fn point(x: f64, e: &Estimate) -> Point {
    Point {
        x,
        y: e.centre,
        low: e.low,
        high: e.high,
    }
}

fn forest(results: &Results, chart: &Chart) -> Result<ForestChart> {
    let header = &results.record.study.header;
    let mut rows = Vec::new();
    for case in cases_of(results, chart)? {
        for (colour, contender) in results.record.study.contenders.iter().enumerate() {
            // The reference is often a hundred times slower; its place is the chart of speed-ups.
            if contender.name == header.reference {
                continue;
            }
            let timed = results.timed(&case.name, &contender.name);
            if let Some(ratio) = timed.and_then(|timed| timed.ratio) {
                rows.push(ForestRow {
                    label: case.name.clone(),
                    name: contender.title.clone(),
                    colour,
                    centre: ratio.centre,
                    low: ratio.low,
                    high: ratio.high,
                    hollow: ratio.verdict() != Verdict::Different,
                });
            }
        }
    }
    let x_label = format!("times as long as {}", results.title_of(&header.baseline));
    Ok(ForestChart {
        title: chart.title.clone(),
        x_label,
        rows,
    })
}

fn speed_up(results: &Results, chart: &Chart) -> Result<BarChart> {
    let cases = cases_of(results, chart)?;
    let study = &results.record.study;
    let bar = |case: &Case, contender: &Contender| {
        let e = results.timed(&case.name, &contender.name)?.speed_up?;
        Some(Bar {
            hollow: !e.range && e.verdict() != Verdict::Different,
            value: e.centre,
            low: e.low,
            high: e.high,
        })
    };
    let series = study
        .contenders
        .iter()
        .enumerate()
        .filter(|(_, contender)| contender.name != study.header.reference)
        .map(|(colour, contender)| BarSeries {
            name: contender.title.clone(),
            colour,
            bars: cases.iter().map(|case| bar(case, contender)).collect(),
        })
        .collect();
    let reference = results.title_of(&study.header.reference);
    Ok(BarChart {
        title: chart.title.clone(),
        axis_label: format!("times as fast as {reference}"),
        log: true,
        categories: cases.iter().map(|case| case.name.clone()).collect(),
        series,
    })
}

#[allow(clippy::cast_precision_loss)] // Sizes and lines.
fn effort(results: &Results) -> Vec<Panel> {
    let panel = |title: &str, axis_label: &str, parts: &dyn Fn(&Effort) -> Vec<(&str, f64)>| {
        let bars = results
            .record
            .study
            .contenders
            .iter()
            .enumerate()
            .filter_map(|(colour, c)| {
                let effort = results.record.contenders.get(&c.name)?.effort.as_ref()?;
                let parts = parts(effort).into_iter();
                let parts = parts
                    .map(|(name, value)| Stack {
                        name: name.to_owned(),
                        value,
                    })
                    .collect();
                Some(EffortBar {
                    contender: c.title.clone(),
                    colour,
                    parts,
                })
            });
        Panel {
            title: title.to_owned(),
            axis_label: axis_label.to_owned(),
            bars: bars.collect(),
        }
    };
    vec![
        panel("Clean build", "seconds", &|e| {
            let own = e.own_seconds.unwrap_or(e.seconds);
            vec![
                ("own code", own),
                ("dependencies", (e.seconds - own).max(0.0)),
            ]
        }),
        panel("Extension, stripped", "kB", &|e| {
            // A contender without native code has no extension, which is not one of size 0.
            let size = (e.stripped_bytes > 0).then_some(e.stripped_bytes as f64 / 1e3);
            size.map(|size| ("extension", size)).into_iter().collect()
        }),
        panel("Written by hand", "lines", &|e| {
            vec![
                ("kernel", e.lines.kernel as f64),
                ("glue", e.lines.glue as f64),
                ("configuration", e.lines.configuration as f64),
            ]
        }),
        panel("Generated", "lines", &|e| {
            vec![("generated", e.lines.generated as f64)]
        }),
    ]
}
