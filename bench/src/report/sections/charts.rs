//! The charts that the study asks for, from a record.

use anyhow::{Context, Result};

use super::effort::{self as tables, STARTS, fitting, with_gil};
use super::{Chart, NOTHING, one_line};
use crate::analysis::{Estimate, Verdict};
use crate::charts::{
    Bar, BarChart, BarSeries, EffortBar, Finding, ForestChart, ForestRow, HeatCell, HeatMap,
    HeatPanel, LadderChart, LadderRow, Line, LineChart, Look, Mark, Matrix, MatrixCell, Panel,
    Point, ScatterChart, ScatterPoint, Stack, Tone, bar_chart, forest_chart, heat_map,
    ladder_chart, line_chart, matrix, panels, scatter_chart,
};
use crate::effort::values::{Effort, Entry, Fitness, Seen};
use crate::format::{
    difference, digits, estimated_time, ratio, seconds, time as time_of, times, verdict,
};
use crate::report::figures::selection::number;
use crate::report::figures::terms::At;
use crate::report::figures::{Results, ladder};
use crate::study::{self, Case, ChartKind, Contender, Table, TableKind};

/// Each chart that the study asks for and the record has figures for.
pub fn charts(results: &Results) -> Result<Vec<Chart>> {
    let mut charts = Vec::new();
    for chart in &results.record.study.charts {
        let drawn = draw(results, chart).with_context(|| format!("chart {}", chart.file))?;
        if !drawn.marks.is_empty() {
            charts.push(drawn);
        }
    }
    Ok(charts)
}

fn draw(results: &Results, chart: &study::Chart) -> Result<Chart> {
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
    Ok(Chart {
        id: chart.file.clone(),
        title: chart.title.clone(),
        svg,
        marks,
        table: chart.table.clone(),
        of_effort: matches!(
            chart.kind,
            ChartKind::Effort
                | ChartKind::Builds
                | ChartKind::Portability
                | ChartKind::Mistakes
                | ChartKind::TradeOff
        ),
    })
}

/// A picture and what it shows.
type Drawn = (String, Vec<Mark>);

fn of_forest(drawn: &ForestChart) -> Result<Drawn> {
    let rows = drawn.rows.iter();
    Ok((forest_chart(drawn)?, marks(rows.map(|row| &row.mark))))
}

fn of_panels(chart: &study::Chart, drawn: &[Panel]) -> Result<Drawn> {
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

fn mark(name: &str, place: &str, figure: String, case: Option<&str>) -> Mark {
    Mark {
        name: name.to_owned(),
        place: place.to_owned(),
        figure,
        case: case.map(str::to_owned),
    }
}

/// The mark of a figure of one contender in one case.
fn in_case(name: &str, case: &Case, figure: String) -> Mark {
    mark(name, &case.name, figure, Some(&case.name))
}

/// A factor with what may be said of it.
fn judged(e: &Estimate, times: &str, of: &str) -> String {
    match verdict(e) {
        NOTHING => format!("{} {times} {of}", ratio(e)),
        word => format!("{} {times} {of}, {word}", ratio(e)),
    }
}

/// The contenders that a chart shows, each with its look.
fn contenders_of<'a>(
    results: &'a Results,
    chart: &study::Chart,
) -> impl Iterator<Item = (Look, &'a Contender)> {
    let contenders = results.contenders_in(chart).into_iter();
    contenders.map(|contender| (results.look(contender), contender))
}

fn lines(results: &Results, chart: &study::Chart) -> Result<LineChart> {
    let axis = chart
        .x
        .as_deref()
        .context("a chart of lines needs the parameter `x`")?;
    let cases = results.matching(&chart.cases)?;
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

fn forest(results: &Results, chart: &study::Chart) -> Result<ForestChart> {
    let header = &results.record.study.header;
    let baseline = results.title_of(&header.baseline);
    let mut rows = Vec::new();
    for case in results.matching(&chart.cases)? {
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
        mark: in_case(&contender.title, case, judged(e, "times", of)),
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
fn tuning(results: &Results, chart: &study::Chart) -> Result<ForestChart> {
    let table = table_of(results, chart)?;
    let mut rows: Vec<ForestRow> = results
        .first_versions(table)
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
fn trade_off(results: &Results, chart: &study::Chart) -> Result<ScatterChart> {
    let cases = results.matching(&chart.cases)?;
    let study = &results.record.study;
    let reference = results.title_of(&study.header.reference);
    // A record of some cases only may have none for this chart.
    let case = cases.first();
    let points = contenders_of(results, chart).filter_map(|(look, contender)| {
        let case = case?;
        let x = quantity(chart.x.as_deref()?, results.effort(&contender.name)?)?;
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
            mark: mark(
                &contender.title,
                &format!("{} {}", digits(x), chart.x_label),
                format!("{figure} times as fast as {reference}"),
                Some(&case.name),
            ),
        })
    });
    Ok(ScatterChart {
        title: chart.title.clone(),
        x_label: chart.x_label.clone(),
        y_label: format!(
            "times as fast as {reference}, {}",
            case.map_or("", |case| &case.name)
        ),
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

fn speed_up(results: &Results, chart: &study::Chart) -> Result<BarChart> {
    let cases = results.matching(&chart.cases)?;
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

fn surface(results: &Results, chart: &study::Chart) -> Result<HeatMap> {
    let (x, y) = (chart.x.as_deref(), chart.y.as_deref());
    let (x, y) = x
        .zip(y)
        .context("a heat map needs the parameters `x` and `y`")?;
    let header = &results.record.study.header;
    let cases = results.matching(&chart.cases)?;
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
fn steps(results: &Results, chart: &study::Chart) -> Result<LadderChart> {
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
            figure = format!("{figure}, {}", judged(e, "times as fast as", &other.title));
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
            mark: mark(
                &rung.step.title,
                &rung.step.cause,
                figure,
                Some(&rung.step.case),
            ),
        })
    });
    Ok(LadderChart {
        title: chart.title.clone(),
        axis_label: "times as fast as the first step".to_owned(),
        rows: rows.collect(),
    })
}

/// The table that a chart draws.
fn table_of<'a>(results: &'a Results, chart: &study::Chart) -> Result<&'a Table> {
    let mut tables = results.record.study.tables.iter();
    tables
        .find(|table| chart.table.as_ref() == Some(&table.name))
        .context("there is no such table")
}

/// A panel for each column of a table of differences, or for each case of a table of parts.
fn of_table(results: &Results, chart: &study::Chart) -> Result<Vec<Panel>> {
    let table = table_of(results, chart)?;
    if table.kind == TableKind::Parts {
        let wanted = results.matching(&chart.cases)?;
        let mut cases = results.cases_of(table);
        cases.retain(|case| wanted.iter().any(|of| of.name == case.name));
        let panels = cases.into_iter();
        return Ok(panels
            .filter_map(|case| split(results, chart, table, case))
            .collect());
    }
    let panels = table.parts.iter().map(|part| {
        let bars = contenders_of(results, chart).filter_map(|(look, contender)| {
            let e = results.part(part, At::none(&contender.name))?;
            let mark = mark(&contender.title, &part.name, difference(&e), None);
            let parts = vec![(part.name.as_str(), e.centre)];
            Some(bar(look, mark, parts, Some((e.low, e.centre, e.high))))
        });
        in_one_unit(&part.name, bars.collect())
    });
    Ok(panels.collect())
}

/// One case taken apart, contender by contender, with the interval of the whole call. A part that is
/// negative has no length: the table shows it.
fn split(results: &Results, chart: &study::Chart, table: &Table, case: &Case) -> Option<Panel> {
    let bars = contenders_of(results, chart).filter_map(|(look, contender)| {
        let split = results.split(table, case, contender)?;
        let names = table.parts.iter().map(|part| part.name.as_str());
        let parts = names.chain(["left over"]);
        let parts = parts.zip(split.parts.into_iter().chain([split.left_over]));
        let parts: Vec<(&str, Estimate)> = parts.filter_map(|(name, e)| Some((name, e?))).collect();
        let listed = parts.iter();
        let listed = listed.map(|(name, e)| format!("{name} {}", difference(e)));
        let listed = listed.collect::<Vec<_>>().join(", ");
        let figure = format!("{}: {listed}", estimated_time(&split.whole));
        let parts = parts.iter().map(|(name, e)| (*name, e.centre));
        let whole = split.whole;
        Some(bar(
            look,
            in_case(&contender.title, case, figure),
            parts.collect(),
            Some((whole.low, whole.centre, whole.high)),
        ))
    });
    let bars: Vec<EffortBar> = bars.collect();
    (!bars.is_empty()).then(|| in_one_unit(&case.name, bars))
}

/// A panel of times in the unit that fits the longest.
fn in_one_unit(title: &str, mut bars: Vec<EffortBar>) -> Panel {
    let length = |bar: &EffortBar| {
        bar.parts
            .iter()
            .map(|part| part.value.max(0.0))
            .sum::<f64>()
    };
    let longest = bars.iter().map(length).fold(0.0, f64::max);
    let (unit, axis_label) = match longest {
        ns if ns < 1e4 => (1.0, "ns"),
        ns if ns < 1e7 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    for bar in &mut bars {
        for part in &mut bar.parts {
            part.value /= unit;
        }
        let interval = bar.interval;
        bar.interval = interval.map(|(low, value, high)| (low / unit, value / unit, high / unit));
    }
    Panel {
        title: title.to_owned(),
        axis_label: axis_label.to_owned(),
        bars,
    }
}

#[allow(clippy::cast_precision_loss)] // Sizes and lines.
fn effort(results: &Results, chart: &study::Chart) -> Vec<Panel> {
    let panel = |title: &str, axis_label: &str, parts: &dyn Fn(&Effort) -> Vec<(&str, f64)>| {
        let bars = contenders_of(results, chart).filter_map(|(look, c)| {
            let parts = parts(results.effort(&c.name)?);
            let named = parts.iter();
            let named = named.map(|(name, value)| format!("{name} {}", digits(*value)));
            let figure = named.collect::<Vec<_>>().join(", ");
            let place = format!("{title}, {axis_label}");
            let mark = mark(&c.title, &place, figure, None);
            Some(bar(look, mark, parts, None))
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

/// A bar of whatever the mark names.
fn bar(
    look: Look,
    mark: Mark,
    parts: Vec<(&str, f64)>,
    interval: Option<(f64, f64, f64)>,
) -> EffortBar {
    let parts = parts.into_iter().map(|(name, value)| Stack {
        name: name.to_owned(),
        value,
    });
    EffortBar {
        contender: mark.name.clone(),
        mark,
        look,
        parts: parts.collect(),
        interval,
    }
}

/// A panel for each place that a build can start from.
fn builds(results: &Results, chart: &study::Chart) -> Vec<Panel> {
    let panel = |(start, name): &(_, &str)| {
        let bars = contenders_of(results, chart).filter_map(|(look, c)| {
            let effort = results.effort(&c.name)?;
            let builds = effort.builds(*start, None, None);
            let costs = || builds.into_iter().flat_map(|b| &b.costs);
            let all = || costs().map(|cost| cost.seconds);
            let low = all().fold(f64::INFINITY, f64::min);
            let high = all().fold(0.0, f64::max);
            let value = builds.and_then(|b| b.median(|cost| cost.seconds));
            let several = value.is_some() && all().count() > 1;
            let figure = builds.filter(|_| value.is_some());
            let figure = figure.map_or_else(String::new, |_| {
                tables::spread(builds, |cost| cost.seconds, seconds)
            });
            let parts = value.map(|value| ("build", value)).into_iter().collect();
            let interval = value.filter(|_| several).map(|value| (low, value, high));
            Some(bar(
                look,
                mark(&c.title, name, figure, None),
                parts,
                interval,
            ))
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

fn portability(results: &Results, chart: &study::Chart) -> Matrix {
    let interpreters = &results.record.surroundings.interpreters;
    let rows = contenders_of(results, chart).filter_map(|(_, contender)| {
        let effort = results.effort(&contender.name)?;
        let cells = interpreters.iter().map(|interpreter| {
            let Some(fit) = effort.fits.get(&interpreter.name) else {
                return MatrixCell::new(NOTHING, Tone::Nothing);
            };
            let tone = match fit.outcome {
                Fitness::Serves => Tone::Good,
                Fitness::Rebuilt => Tone::Fair,
                Fitness::DoesNotBuild | Fitness::Fails => Tone::Bad,
                Fitness::DoesNotApply | Fitness::NotTried => Tone::Nothing,
            };
            let turned_on = fit.gil_turned_on == Some(true);
            let tone = if turned_on {
                tone.max(Tone::Poor)
            } else {
                tone
            };
            let text = format!("{}{}", fitting(fit.outcome), with_gil(fit));
            let words = one_line(&fit.words);
            MatrixCell::new(text, tone).saying(&contender.title, &interpreter.name, &words)
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

fn mistakes(results: &Results, chart: &study::Chart) -> Matrix {
    let mistakes = &results.record.surroundings.mistakes;
    let contenders: Vec<&Contender> = contenders_of(results, chart)
        .map(|(_, contender)| contender)
        .filter(|c| mistakes.values().any(|of| of.contains_key(&c.name)))
        .collect();
    let rows = results.record.study.mistakes.iter().filter_map(|mistake| {
        let entries = mistakes.get(&mistake.name)?;
        let cells = contenders.iter().map(|contender| {
            let entry = entries.get(&contender.name);
            entry.map_or_else(
                || MatrixCell::new(NOTHING, Tone::Nothing),
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
