//! The charts that the study asks for, from a record.

use anyhow::{Context, Result};
use regex::Regex;

use super::Results;
use super::effort::{self as tables, STARTS};
use super::format::{
    difference, digits, estimated_time, ratio, seconds, time as time_of, times, verdict,
};
use super::ladder;
use super::regimes::{self, number};
use super::table::one_line;
use super::terms::At;
use crate::analysis::{Estimate, Verdict};
use crate::charts::{
    Bar, BarChart, BarSeries, EffortBar, Finding, ForestChart, ForestRow, HeatCell, HeatMap,
    HeatPanel, LadderChart, LadderRow, Line, LineChart, Look, Mark, Matrix, MatrixCell, Panel,
    Point, ScatterChart, ScatterPoint, Stack, Tone, bar_chart, forest_chart, heat_map,
    ladder_chart, line_chart, matrix, panels, scatter_chart,
};
use crate::effort::Effort;
use crate::effort::interpreters::Outcome;
use crate::effort::ledger::{Entry, Seen};
use crate::study::{Case, Chart, ChartKind, Contender, Table, TableKind};

/// A chart of the study, drawn.
pub struct Figure<'a> {
    pub chart: &'a Chart,
    pub svg: String,
    /// What it shows, in words.
    pub marks: Vec<Mark>,
}

/// Each chart that the study asks for.
pub fn charts(results: &Results) -> Result<Vec<Figure<'_>>> {
    let charts = results.record.study.charts.iter();
    charts
        .map(|chart| draw(results, chart).with_context(|| format!("chart {}", chart.file)))
        .collect()
}

fn draw<'a>(results: &Results, chart: &'a Chart) -> Result<Figure<'a>> {
    let (svg, marks) = match chart.kind {
        ChartKind::Lines => {
            let drawn = lines(results, chart)?;
            let points = drawn.lines.iter().flat_map(|line| &line.points);
            (line_chart(&drawn)?, marks(points.map(|p| &p.mark)))
        }
        ChartKind::Forest => of_forest(&forest(results, chart)?)?,
        ChartKind::Tuning => of_forest(&tuning(results, chart)?)?,
        ChartKind::SpeedUp => {
            let drawn = speed_up(results, chart)?;
            let bars = drawn.series.iter().flat_map(|series| &series.bars);
            (bar_chart(&drawn)?, marks(bars.flatten().map(|b| &b.mark)))
        }
        ChartKind::TradeOff => {
            let drawn = trade_off(results, chart)?;
            let points = drawn.points.iter();
            (scatter_chart(&drawn)?, marks(points.map(|p| &p.mark)))
        }
        ChartKind::Effort => of_panels(chart, &effort(results, chart))?,
        ChartKind::Builds => of_panels(chart, &builds(results, chart))?,
        ChartKind::Bars => of_panels(chart, &of_table(results, chart)?)?,
        ChartKind::Portability => of_matrix(&portability(results, chart))?,
        ChartKind::Mistakes => of_matrix(&mistakes(results, chart))?,
        ChartKind::Ladder => {
            let drawn = steps(results, chart)?;
            let rows = drawn.rows.iter();
            (ladder_chart(&drawn)?, marks(rows.map(|row| &row.mark)))
        }
        ChartKind::HeatMap => {
            let drawn = surface(results, chart)?;
            let cells = drawn.panels.iter().flat_map(|panel| &panel.cells);
            (heat_map(&drawn)?, marks(cells.map(|c| &c.mark)))
        }
    };
    Ok(Figure { chart, svg, marks })
}

/// A picture and what it shows.
type Drawn = (String, Vec<Mark>);

fn of_forest(drawn: &ForestChart) -> Result<Drawn> {
    let rows = drawn.rows.iter();
    Ok((forest_chart(drawn)?, marks(rows.map(|row| &row.mark))))
}

fn of_panels(chart: &Chart, drawn: &[Panel]) -> Result<Drawn> {
    let bars = drawn.iter().flat_map(|panel| &panel.bars);
    let svg = panels(&chart.title, drawn)?;
    Ok((svg, marks(bars.map(|bar| &bar.mark))))
}

fn of_matrix(drawn: &Matrix) -> Result<Drawn> {
    let cells = drawn.rows.iter().flat_map(|(_, cells)| cells);
    Ok((matrix(drawn)?, marks(cells.map(|cell| &cell.mark))))
}

fn marks<'a>(all: impl Iterator<Item = &'a Mark>) -> Vec<Mark> {
    all.filter(|mark| !mark.figure.is_empty())
        .cloned()
        .collect()
}

/// The mark of a figure of one contender in one case.
fn in_case(name: &str, case: &Case, figure: String) -> Mark {
    Mark {
        name: name.to_owned(),
        place: case.name.clone(),
        figure,
        case: Some(case.name.clone()),
    }
}

/// A ratio with what may be said of it.
fn judged(e: &Estimate, of: &str) -> String {
    match verdict(e) {
        "–" => format!("{} times {of}", ratio(e)),
        word => format!("{} times {of}, {word}", ratio(e)),
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

/// The contenders that a chart shows, each with its look: those it names, or all but the rare and
/// those that do other work; and what the user named.
fn contenders_of<'a>(
    results: &'a Results,
    chart: &'a Chart,
) -> impl Iterator<Item = (Look, &'a Contender)> {
    // In a chart of peers' cases and no others it is whoever took part.
    let cases = cases_of(results, chart).unwrap_or_default();
    let among_peers =
        !cases.is_empty() && cases.iter().all(|c| results.record.study.among_peers(c));
    let study = &results.record.study;
    let all = study.contenders.iter();
    all.filter(move |contender| {
        if chart.contenders.is_empty() {
            among_peers || study.shows(contender)
        } else {
            chart.contenders.contains(&contender.name) || study.names(contender)
        }
    })
    .map(|contender| (results.look(contender), contender))
}

fn lines(results: &Results, chart: &Chart) -> Result<LineChart> {
    let axis = chart
        .x
        .as_deref()
        .context("a chart of lines needs the parameter `x`")?;
    let cases = cases_of(results, chart)?;
    let mut lines = Vec::new();
    for (look, contender) in contenders_of(results, chart) {
        let mut calls = Vec::new();
        let mut floors = Vec::new();
        for case in &cases {
            let Some(x) = number(case, axis) else {
                continue;
            };
            let Some(timed) = results.timed(&case.name, &contender.name) else {
                continue;
            };
            let title = &contender.title;
            let mark = in_case(title, case, estimated_time(&timed.time));
            calls.push(point(x, &timed.time, mark));
            floors.extend(timed.floor.as_ref().map(|floor| {
                let name = format!("{title}, floor");
                point(x, floor, in_case(&name, case, estimated_time(floor)))
            }));
        }
        let mut line = |name: String, dashed, points: Vec<Point>| {
            if !points.is_empty() {
                lines.push(Line {
                    name,
                    look,
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

fn point(x: f64, e: &Estimate, mark: Mark) -> Point {
    Point {
        x,
        y: e.centre,
        low: e.low,
        high: e.high,
        mark,
    }
}

fn forest(results: &Results, chart: &Chart) -> Result<ForestChart> {
    let header = &results.record.study.header;
    let baseline = results.title_of(&header.baseline);
    let mut rows = Vec::new();
    for case in cases_of(results, chart)? {
        for (look, contender) in contenders_of(results, chart) {
            // The reference is often a hundred times slower; its place is the chart of speed-ups.
            if contender.name == header.reference {
                continue;
            }
            let timed = results.timed(&case.name, &contender.name);
            if let Some(ratio) = timed.and_then(|timed| timed.ratio) {
                rows.push(forest_row(case, contender, look, &ratio, baseline));
            }
        }
    }
    let x_label = format!("times as long as {baseline}");
    Ok(ForestChart {
        title: chart.title.clone(),
        x_label,
        rows,
    })
}

fn forest_row(case: &Case, contender: &Contender, look: Look, e: &Estimate, of: &str) -> ForestRow {
    ForestRow {
        label: case.name.clone(),
        name: contender.title.clone(),
        look,
        centre: e.centre,
        low: e.low,
        high: e.high,
        finding: finding(e),
        mark: in_case(&contender.title, case, judged(e, of)),
    }
}

/// What a chart shows of an estimate's verdict.
pub fn finding(e: &Estimate) -> Finding {
    match e.verdict() {
        Verdict::Different => Finding::Different,
        Verdict::Same => Finding::Same,
        Verdict::Unresolved => Finding::Unresolved,
    }
}

/// What each first version takes, as a multiple of the expert's.
fn tuning(results: &Results, chart: &Chart) -> Result<ForestChart> {
    let table = table_of(results, chart)?;
    let mut rows: Vec<ForestRow> = regimes::first_versions(results, table)
        .into_iter()
        .map(|pair| {
            let look = results.look(pair.variant);
            forest_row(pair.case, pair.variant, look, &pair.over, &pair.other.title)
        })
        .collect();
    // Rows of the same case stand together.
    rows.sort_by_key(|row| {
        let cases = &results.record.study.cases;
        cases.iter().position(|case| case.name == row.label)
    });
    Ok(ForestChart {
        title: chart.title.clone(),
        x_label: "times as long as the tuned one".to_owned(),
        rows,
    })
}

/// The speed-up in one case over what the contender takes to have.
fn trade_off(results: &Results, chart: &Chart) -> Result<ScatterChart> {
    let cases = cases_of(results, chart)?;
    let study = &results.record.study;
    let reference = results.title_of(&study.header.reference);
    // A record of some cases only may have none for this chart.
    let Some(case) = cases.first() else {
        return Ok(ScatterChart {
            title: chart.title.clone(),
            x_label: chart.x_label.clone(),
            y_label: format!("times as fast as {reference}"),
            points: Vec::new(),
        });
    };
    let points = contenders_of(results, chart).filter_map(|(look, contender)| {
        let candidate = results.record.contenders.get(&contender.name)?;
        let x = quantity(chart.x.as_deref()?, candidate.effort.as_ref()?)?;
        let timed = results.timed(&case.name, &contender.name)?;
        let (y, low, high, figure) = match timed.speed_up {
            Some(e) => (e.centre, e.low, e.high, ratio(&e)),
            None if contender.name == study.header.reference => (1.0, 1.0, 1.0, "1".to_owned()),
            None => return None,
        };
        Some(ScatterPoint {
            name: contender.title.clone(),
            look,
            x,
            y,
            low,
            high,
            mark: Mark {
                name: contender.title.clone(),
                place: format!("{} {}", digits(x), chart.x_label),
                figure: format!("{figure} times as fast as {reference}"),
                case: Some(case.name.clone()),
            },
        })
    });
    Ok(ScatterChart {
        title: chart.title.clone(),
        x_label: chart.x_label.clone(),
        y_label: format!("times as fast as {reference}, {}", case.name),
        points: points.collect(),
    })
}

/// What is on the axis of effort.
#[allow(clippy::cast_precision_loss)] // Sizes and lines.
fn quantity(name: &str, effort: &Effort) -> Option<f64> {
    let lines = effort.lines;
    match name {
        "glue" => Some(lines.glue as f64),
        "written" => Some((lines.kernel + lines.glue + lines.configuration) as f64),
        "build" => effort.seconds(),
        "size" => Some(effort.shipped.installed_bytes as f64 / 1e3),
        _ => None,
    }
}

fn speed_up(results: &Results, chart: &Chart) -> Result<BarChart> {
    let cases = cases_of(results, chart)?;
    let study = &results.record.study;
    let reference = results.title_of(&study.header.reference);
    let bar = |case: &Case, contender: &Contender| {
        let e = results.timed(&case.name, &contender.name)?.speed_up?;
        let figure = format!("{} times as fast as {reference}", ratio(&e));
        Some(Bar {
            mark: in_case(&contender.title, case, figure),
            // Of a range there is no verdict, and nothing to doubt in a chart of factors.
            finding: if e.range {
                Finding::Different
            } else {
                finding(&e)
            },
            value: e.centre,
            low: e.low,
            high: e.high,
        })
    };
    let series = contenders_of(results, chart)
        .filter(|(_, contender)| contender.name != study.header.reference)
        .map(|(look, contender)| BarSeries {
            name: contender.title.clone(),
            look,
            bars: cases.iter().map(|case| bar(case, contender)).collect(),
        })
        .collect();
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
            let reference = results.title_of(&header.reference);
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
                        mark: in_case(
                            &contender.title,
                            case,
                            format!("{} times as fast as {reference}", ratio(&e)),
                        ),
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

/// The steps of a table of kind ladder, with the number of the step that each is compared with.
fn steps(results: &Results, chart: &Chart) -> Result<LadderChart> {
    let table = table_of(results, chart)?;
    let number = |title: &str| {
        let place = table.steps.iter().position(|step| step.title == title);
        place.map_or(0, |place| place + 1)
    };
    let rungs = ladder::rungs(results, table).unwrap_or_default();
    let rows = rungs.into_iter().filter_map(|rung| {
        let time = rung.time?;
        let first = rung.step.title == table.steps[0].title;
        let factor = match rung.over_first {
            Some(e) => (e.centre, e.low, e.high),
            None if first => (1.0, 1.0, 1.0),
            None => return None,
        };
        let contender = results.record.study.contender(&rung.step.contender)?;
        let mut written = time_of(time.centre);
        let mut figure = estimated_time(&time);
        if let Some(e) = &rung.over_first {
            written = format!("{}, {written}", times(e));
            figure = format!("{figure}, {} times as fast as the first", ratio(e));
        }
        let mut over = String::new();
        if let Some((other, e)) = &rung.over {
            over = format!("{} step {}", times(e), number(&other.title));
            figure = format!("{figure}, {}", judged_faster(e, &other.title));
        }
        let finding = match &rung.over {
            // Of a range there is no verdict, and nothing to doubt in a chart of factors.
            Some((_, e)) if !e.range => finding(e),
            _ => Finding::Different,
        };
        Some(LadderRow {
            name: format!("{}. {}", number(&rung.step.title), rung.step.title),
            cause: rung.step.cause.clone(),
            look: results.look(contender),
            factor: factor.0,
            low: factor.1,
            high: factor.2,
            finding,
            figure: written,
            over,
            mark: Mark {
                name: rung.step.title.clone(),
                place: rung.step.cause.clone(),
                figure,
                case: Some(rung.step.case.clone()),
            },
        })
    });
    Ok(LadderChart {
        title: chart.title.clone(),
        axis_label: "times as fast as the first step".to_owned(),
        rows: rows.collect(),
    })
}

fn judged_faster(e: &Estimate, other: &str) -> String {
    match verdict(e) {
        "–" => format!("{} times as fast as {other}", ratio(e)),
        word => format!("{} times as fast as {other}, {word}", ratio(e)),
    }
}

/// The table that a chart draws.
fn table_of<'a>(results: &'a Results, chart: &Chart) -> Result<&'a Table> {
    let mut tables = results.record.study.tables.iter();
    tables
        .find(|table| chart.table.as_ref() == Some(&table.name))
        .context("there is no such table")
}

/// A panel for each column of a table of differences, or for each case of a table of parts.
fn of_table(results: &Results, chart: &Chart) -> Result<Vec<Panel>> {
    let table = table_of(results, chart)?;
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
        let bars = contenders_of(results, chart).filter_map(|(look, contender)| {
            let at = At {
                case: None,
                contender: &contender.name,
            };
            let terms = results.terms(part, at);
            let e = results.timings.sum(&terms, part.per)?;
            results.sound(&terms).then(|| TimedBar {
                look,
                contender: contender.title.clone(),
                parts: vec![(part.name.clone(), e.centre)],
                interval: (e.low, e.centre, e.high),
                figure: difference(&e),
            })
        });
        in_one_unit(&part.name, None, bars.collect())
    });
    Ok(panels.collect())
}

/// One case taken apart, contender by contender, with the interval of the whole call. A part that is
/// negative has no length: the table shows it.
fn split(results: &Results, chart: &Chart, table: &Table, case: &Case) -> Option<Panel> {
    let bars: Vec<_> = contenders_of(results, chart)
        .filter_map(|(look, contender)| {
            let split = regimes::split(results, table, case, contender)?;
            let named = table.parts.iter().map(|part| part.name.clone());
            let parts = named
                .zip(split.parts)
                .chain(std::iter::once(("left over".to_owned(), split.left_over)));
            let parts: Vec<(String, Estimate)> =
                parts.filter_map(|(name, e)| Some((name, e?))).collect();
            let named = parts
                .iter()
                .map(|(name, e)| format!("{name} {}", difference(e)));
            Some(TimedBar {
                look,
                contender: contender.title.clone(),
                figure: format!(
                    "{}: {}",
                    estimated_time(&split.whole),
                    named.collect::<Vec<_>>().join(", ")
                ),
                parts: parts
                    .into_iter()
                    .map(|(name, e)| (name, e.centre))
                    .collect(),
                interval: (split.whole.low, split.whole.centre, split.whole.high),
            })
        })
        .collect();
    (!bars.is_empty()).then(|| in_one_unit(&case.name, Some(&case.name), bars))
}

/// A bar whose lengths are nanoseconds.
struct TimedBar {
    look: Look,
    contender: String,
    parts: Vec<(String, f64)>,
    /// Of what the parts are parts of.
    interval: (f64, f64, f64),
    figure: String,
}

/// A panel of times in the unit that fits the longest.
fn in_one_unit(title: &str, case: Option<&String>, bars: Vec<TimedBar>) -> Panel {
    let length = |bar: &TimedBar| bar.parts.iter().map(|(_, ns)| ns.max(0.0)).sum::<f64>();
    let longest = bars.iter().map(length).fold(0.0, f64::max);
    let (unit, axis_label) = match longest {
        ns if ns < 1e4 => (1.0, "ns"),
        ns if ns < 1e7 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    let bars = bars.into_iter().map(|bar| {
        let parts = bar.parts.into_iter().map(|(name, ns)| Stack {
            name,
            value: ns / unit,
        });
        let (low, value, high) = bar.interval;
        EffortBar {
            mark: Mark {
                name: bar.contender.clone(),
                place: title.to_owned(),
                figure: bar.figure,
                case: case.cloned(),
            },
            contender: bar.contender,
            look: bar.look,
            parts: parts.collect(),
            interval: Some((low / unit, value / unit, high / unit)),
        }
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
        let bars = contenders_of(results, chart).filter_map(|(look, c)| {
            let effort = results.record.contenders.get(&c.name)?.effort.as_ref()?;
            let parts = parts(effort).into_iter();
            let parts: Vec<Stack> = parts
                .map(|(name, value)| Stack {
                    name: name.to_owned(),
                    value,
                })
                .collect();
            let named = parts
                .iter()
                .map(|part| format!("{} {}", part.name, digits(part.value)));
            Some(EffortBar {
                mark: Mark {
                    name: c.title.clone(),
                    place: format!("{title}, {axis_label}"),
                    figure: named.collect::<Vec<_>>().join(", "),
                    case: None,
                },
                contender: c.title.clone(),
                look,
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
        let bars = contenders_of(results, chart).filter_map(|(look, c)| {
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
            let several = value.is_some() && all().count() > 1;
            let figure = value.map_or_else(String::new, |value| {
                let spread = format!(" ({} to {})", digits(low), digits(high));
                let spread = if several { &spread } else { "" };
                format!("{}{spread}", seconds(value))
            });
            Some(EffortBar {
                mark: Mark {
                    name: c.title.clone(),
                    place: (*name).to_owned(),
                    figure,
                    case: None,
                },
                contender: c.title.clone(),
                look,
                parts: value
                    .map(|value| Stack {
                        name: "build".to_owned(),
                        value,
                    })
                    .into_iter()
                    .collect(),
                interval: value.filter(|_| several).map(|value| (low, value, high)),
            })
        });
        Panel {
            title: (*name).to_owned(),
            axis_label: "seconds".to_owned(),
            bars: bars.collect(),
        }
    };
    // A profile may make only some of these builds.
    let made = |panel: &Panel| panel.bars.iter().any(|bar| !bar.parts.is_empty());
    STARTS.iter().map(panel).filter(made).collect()
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
            let cell = match fit.gil_turned_on {
                Some(true) => {
                    MatrixCell::new(format!("{text}, turns the GIL on"), tone.max(Tone::Poor))
                }
                Some(false) => MatrixCell::new(format!("{text}, without the GIL"), tone),
                None => MatrixCell::new(text, tone),
            };
            let words = one_line(&fit.words);
            cell.saying(&contender.title, &interpreter.name, &words)
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
                    let said = tables::said(entry).replace('`', "");
                    MatrixCell::new(words, tone(entry)).saying(
                        &contender.title,
                        &mistake.title,
                        &one_line(&said),
                    )
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
