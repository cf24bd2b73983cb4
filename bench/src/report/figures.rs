//! The charts that the study asks for, from a record.

use anyhow::{Context, Result};
use regex::Regex;

use super::Results;
use super::effort::{self as tables, STARTS};
use super::regimes::{self, number};
use super::terms::At;
use crate::analysis::{Estimate, Verdict};
use crate::charts::{
    Bar, BarChart, BarSeries, EffortBar, ForestChart, ForestRow, HeatCell, HeatMap, HeatPanel,
    Line, LineChart, Matrix, MatrixCell, Panel, Point, Stack, Tone, bar_chart, forest_chart,
    heat_map, line_chart, matrix, panels,
};
use crate::effort::Effort;
use crate::effort::interpreters::Outcome;
use crate::effort::ledger::{Entry, Seen};
use crate::study::{Case, Chart, ChartKind, Contender, Table, TableKind};

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
        ChartKind::Effort => panels(&chart.title, &effort(results, chart)),
        ChartKind::Builds => panels(&chart.title, &builds(results, chart)),
        ChartKind::Portability => matrix(&portability(results, chart)),
        ChartKind::Mistakes => matrix(&mistakes(results, chart)),
        ChartKind::HeatMap => heat_map(&surface(results, chart)?),
        ChartKind::Bars => panels(&chart.title, &of_table(results, chart)?),
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

/// The contenders that a chart shows, each with its colour: those it names, or all but the rare.
fn contenders_of<'a>(
    results: &'a Results,
    chart: &'a Chart,
) -> impl Iterator<Item = (usize, &'a Contender)> {
    let all = results.record.study.contenders.iter().enumerate();
    all.filter(|(_, contender)| {
        if chart.contenders.is_empty() {
            !contender.rare
        } else {
            chart.contenders.contains(&contender.name)
        }
    })
}

fn lines(results: &Results, chart: &Chart) -> Result<LineChart> {
    let axis = chart
        .x
        .as_deref()
        .context("a chart of lines needs the parameter `x`")?;
    let cases = cases_of(results, chart)?;
    let mut lines = Vec::new();
    for (colour, contender) in contenders_of(results, chart) {
        let mut calls = Vec::new();
        let mut floors = Vec::new();
        for case in &cases {
            let Some(x) = number(case, axis) else {
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
        for (colour, contender) in contenders_of(results, chart) {
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
    let series = contenders_of(results, chart)
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

fn surface(results: &Results, chart: &Chart) -> Result<HeatMap> {
    let (x, y) = (chart.x.as_deref(), chart.y.as_deref());
    let (x, y) = x
        .zip(y)
        .context("a heat map needs the parameters `x` and `y`")?;
    let header = &results.record.study.header;
    let cases = cases_of(results, chart)?;
    let panels = contenders_of(results, chart)
        .filter(|(_, contender)| contender.name != header.reference)
        .filter_map(|(_, contender)| {
            let cells: Vec<HeatCell> = cases
                .iter()
                .filter_map(|case| {
                    let timed = results.timed(&case.name, &contender.name)?;
                    let e = timed.speed_up?;
                    Some(HeatCell {
                        x: number(case, x)?,
                        y: number(case, y)?,
                        value: e.centre,
                        doubtful: e.low <= 1.0 && e.high >= 1.0,
                        same: timed.ratio.is_some_and(|r| r.verdict() == Verdict::Same),
                    })
                })
                .collect();
            (!cells.is_empty()).then(|| HeatPanel {
                name: contender.title.clone(),
                cells,
            })
        })
        .collect();
    let note = format!(
        "times as fast as {}; black line: where it is overtaken; dashed: not shown to differ; = same as {}",
        results.title_of(&header.reference),
        results.title_of(&header.baseline)
    );
    Ok(HeatMap {
        title: chart.title.clone(),
        x_label: chart.x_label.clone(),
        y_label: chart.y_label.clone(),
        notes: vec![note],
        panels,
    })
}

/// A panel for each column of a table of differences, or for each case of a table of parts.
fn of_table(results: &Results, chart: &Chart) -> Result<Vec<Panel>> {
    let tables = &results.record.study.tables;
    let table = tables
        .iter()
        .find(|table| chart.table.as_ref() == Some(&table.name));
    let table = table.context("there is no such table")?;
    if table.kind == TableKind::Parts {
        let pattern = Regex::new(&chart.cases)?;
        let cases = regimes::cases_of(results, table);
        return Ok(cases
            .into_iter()
            .filter(|case| pattern.is_match(&case.name))
            .filter_map(|case| split(results, chart, table, case))
            .collect());
    }
    let panels = table.parts.iter().map(|part| {
        let bars = contenders_of(results, chart).filter_map(|(colour, contender)| {
            let at = At {
                case: None,
                contender: &contender.name,
            };
            let terms = results.terms(part, at);
            let e = results.timings.sum(&terms, part.per)?;
            results.sound(&terms).then(|| {
                (
                    colour,
                    contender.title.clone(),
                    vec![(part.name.clone(), e.centre)],
                    Some((e.low, e.centre, e.high)),
                )
            })
        });
        in_one_unit(&part.name, bars.collect())
    });
    Ok(panels.collect())
}

/// One case taken apart, contender by contender, with the interval of the whole call. A part that is
/// negative has no length: the table shows it.
fn split(results: &Results, chart: &Chart, table: &Table, case: &Case) -> Option<Panel> {
    let bars: Vec<_> = contenders_of(results, chart)
        .filter_map(|(colour, contender)| {
            let split = regimes::split(results, table, case, contender)?;
            let named = table.parts.iter().map(|part| part.name.clone());
            let parts = named
                .zip(split.parts)
                .chain(std::iter::once(("left over".to_owned(), split.left_over)));
            let parts = parts
                .filter_map(|(name, e)| Some((name, e?.centre)))
                .collect();
            let whole = (split.whole.low, split.whole.centre, split.whole.high);
            Some((colour, contender.title.clone(), parts, Some(whole)))
        })
        .collect();
    (!bars.is_empty()).then(|| in_one_unit(&case.name, bars))
}

/// Colour, title, parts in nanoseconds, and the interval of what they are parts of.
type TimedBar = (usize, String, Vec<(String, f64)>, Option<(f64, f64, f64)>);

/// A panel of times in the unit that fits the longest.
fn in_one_unit(title: &str, bars: Vec<TimedBar>) -> Panel {
    let length = |bar: &TimedBar| bar.2.iter().map(|(_, ns)| ns.max(0.0)).sum::<f64>();
    let longest = bars.iter().map(length).fold(0.0, f64::max);
    let (unit, axis_label) = match longest {
        ns if ns < 1e4 => (1.0, "ns"),
        ns if ns < 1e7 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    let bars = bars
        .into_iter()
        .map(|(colour, contender, parts, interval)| EffortBar {
            contender,
            colour,
            parts: parts
                .into_iter()
                .map(|(name, ns)| Stack {
                    name,
                    value: ns / unit,
                })
                .collect(),
            interval: interval.map(|(low, value, high)| (low / unit, value / unit, high / unit)),
        });
    Panel {
        title: title.to_owned(),
        axis_label: axis_label.to_owned(),
        bars: bars.collect(),
    }
}

#[allow(clippy::cast_precision_loss)] // Sizes and lines.
fn effort(results: &Results, chart: &Chart) -> Vec<Panel> {
    let panel = |title: &str, axis_label: &str, parts: &dyn Fn(&Effort) -> Vec<(&str, f64)>| {
        let bars = contenders_of(results, chart).filter_map(|(colour, c)| {
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
                interval: None,
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
            let Some(all) = e.seconds() else {
                return Vec::new();
            };
            let own = e.own_seconds().unwrap_or(all);
            vec![("own code", own), ("dependencies", (all - own).max(0.0))]
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

/// A panel for each place that a build can start from.
fn builds(results: &Results, chart: &Chart) -> Vec<Panel> {
    let panel = |(start, name): &(_, &str)| {
        let bars = contenders_of(results, chart).filter_map(|(colour, c)| {
            let effort = results.record.contenders.get(&c.name)?.effort.as_ref()?;
            let builds = effort.builds(*start, None, None);
            let all = || {
                builds
                    .into_iter()
                    .flat_map(|b| &b.costs)
                    .map(|cost| cost.seconds)
            };
            let (low, high) = (
                all().fold(f64::INFINITY, f64::min),
                all().fold(0.0, f64::max),
            );
            let value = builds.and_then(|b| b.median(|cost| cost.seconds));
            Some(EffortBar {
                contender: c.title.clone(),
                colour,
                parts: value
                    .map(|value| Stack {
                        name: "build".to_owned(),
                        value,
                    })
                    .into_iter()
                    .collect(),
                interval: value
                    .filter(|_| all().count() > 1)
                    .map(|value| (low, value, high)),
            })
        });
        Panel {
            title: (*name).to_owned(),
            axis_label: "seconds".to_owned(),
            bars: bars.collect(),
        }
    };
    STARTS.iter().map(panel).collect()
}

fn portability(results: &Results, chart: &Chart) -> Matrix {
    let interpreters = &results.record.surroundings.interpreters;
    let rows = contenders_of(results, chart).filter_map(|(_, contender)| {
        let effort = results
            .record
            .contenders
            .get(&contender.name)?
            .effort
            .as_ref()?;
        let cells = interpreters.iter().map(|interpreter| {
            let Some(fit) = effort.fits.get(&interpreter.name) else {
                return MatrixCell::new("–", Tone::Nothing);
            };
            let (text, tone) = match fit.outcome {
                Outcome::Serves => ("one wheel serves", Tone::Good),
                Outcome::Rebuilt => ("rebuilt and works", Tone::Fair),
                Outcome::DoesNotBuild => ("does not build", Tone::Bad),
                Outcome::Fails => ("fails", Tone::Bad),
                Outcome::DoesNotApply => ("does not apply", Tone::Nothing),
                Outcome::NotTried => ("not tried", Tone::Nothing),
            };
            match fit.gil_turned_on {
                Some(true) => {
                    MatrixCell::new(format!("{text}, turns the GIL on"), tone.max(Tone::Poor))
                }
                Some(false) => MatrixCell::new(format!("{text}, without the GIL"), tone),
                None => MatrixCell::new(text, tone),
            }
        });
        Some((contender.title.clone(), cells.collect()))
    });
    Matrix {
        title: chart.title.clone(),
        columns: interpreters.iter().map(|i| i.name.clone()).collect(),
        rows: rows.collect(),
        legend: Vec::new(),
    }
}

fn mistakes(results: &Results, chart: &Chart) -> Matrix {
    let ledger = &results.record.surroundings.ledger;
    let contenders: Vec<&Contender> = contenders_of(results, chart)
        .map(|(_, contender)| contender)
        .filter(|c| ledger.values().any(|of| of.contains_key(&c.name)))
        .collect();
    let rows = results.record.study.mistakes.iter().filter_map(|mistake| {
        let entries = ledger.get(&mistake.name)?;
        let cells = contenders.iter().map(|contender| {
            let entry = entries.get(&contender.name);
            entry.map_or_else(
                || MatrixCell::new("–", Tone::Nothing),
                |entry| {
                    let words = tables::verdicts(entry).join("; ").replace("**", "");
                    MatrixCell::new(words, tone(entry))
                },
            )
        });
        Some((mistake.title.clone(), cells.collect()))
    });
    Matrix {
        title: chart.title.clone(),
        columns: contenders.iter().map(|c| c.title.clone()).collect(),
        rows: rows.collect(),
        legend: [
            (Tone::Good, "cannot be written, or does not compile"),
            (Tone::Fair, "caught before it runs, or a Python exception"),
            (Tone::Poor, "a crash"),
            (Tone::Bad, "silent, at least sometimes"),
        ]
        .map(|(tone, name)| (tone, name.to_owned()))
        .into(),
    }
}

/// The worst that was seen; a linter helps whoever runs one.
fn tone(entry: &Entry) -> Tone {
    if entry.cannot.is_some() || entry.refused.is_some() {
        return Tone::Good;
    }
    let worst = entry.plain.iter().map(|sighting| match sighting.seen {
        Seen::Unnoticed | Seen::WrongAnswer(_) => Tone::Bad,
        Seen::Crash(_) | Seen::Hang | Seen::Report(_) => Tone::Poor,
        Seen::Exception(_) => Tone::Fair,
    });
    let worst = worst.max().unwrap_or(Tone::Nothing);
    if entry.linted.is_some() {
        worst.min(Tone::Fair)
    } else {
        worst
    }
}
