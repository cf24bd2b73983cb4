//! The charts that the study asks for, from a record.

use anyhow::{Context, Result};

use super::effort::{self as tables, STARTS, fitting, with_gil};
use super::{Chart, NOTHING, one_line};
use crate::analysis::{Estimate, Verdict};
use crate::charts::{
    Bar, Content, Finding, ForestRow, Grid, GridCell, Grids, Interval, Mark, Panel, Picture, Point,
    Series, Shade, Style, Tone,
};
use crate::effort::values::{Cost, Effort, Entry, Fitness, Seen};
use crate::format::{
    difference, digits, estimated_time, factor_in_a_cell, ratio, seconds, time as time_of, times,
    verdict,
};
use crate::report::figures::selection::number;
use crate::report::figures::terms::PartContext;
use crate::report::figures::{Results, ladder};
use crate::study::{Case, ChartKind, ChartSpec, Contender, TableKind, TableSpec};

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

fn draw(results: &Results, chart: &ChartSpec) -> Result<Chart> {
    let bars = |panels| picture(chart, Content::Bars(panels));
    let grids = |grids| picture(chart, Content::Grids(grids));
    let (of_effort, picture) = match chart.kind {
        ChartKind::Lines => (false, lines(results, chart)?),
        ChartKind::Forest => (false, ratios(results, chart)?),
        ChartKind::Tuning => (false, tuning(results, chart)?),
        ChartKind::SpeedUp => (false, speed_ups(results, chart)?),
        ChartKind::HeatMap => (false, grids(surface(results, chart)?)),
        ChartKind::Bars => (false, bars(of_table(results, chart)?)),
        ChartKind::Ladder => (false, bars(vec![steps(results, chart)?])),
        ChartKind::TradeOff => (true, trade_off(results, chart)?),
        ChartKind::Effort => (true, bars(effort(results, chart))),
        ChartKind::Builds => (true, bars(builds(results, chart))),
        ChartKind::Portability => (true, grids(portability(results, chart))),
        ChartKind::Mistakes => (true, grids(mistakes(results, chart))),
    };
    Ok(Chart {
        of_effort,
        table: chart.table.clone(),
        ..Chart::new(&chart.file, &picture)?
    })
}

fn picture(chart: &ChartSpec, content: Content) -> Picture {
    Picture {
        title: chart.title.clone(),
        x_label: chart.x_label.clone(),
        y_label: chart.y_label.clone(),
        content,
    }
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

/// What a chart draws of an estimate.
pub fn interval(e: &Estimate) -> Interval {
    Interval {
        value: e.centre,
        low: e.low,
        high: e.high,
    }
}

/// A factor with what may be said of it.
fn judged(e: &Estimate, times: &str, of: &str) -> String {
    match verdict(e) {
        NOTHING => format!("{} {times} {of}", ratio(e)),
        word => format!("{} {times} {of}, {word}", ratio(e)),
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

/// The same of a speed-up: of a range there is no verdict, and nothing to doubt among factors.
fn finding_of_speed_up(e: &Estimate) -> Finding {
    if e.range {
        Finding::Different
    } else {
        finding(e)
    }
}

/// The contenders that a chart shows, each with its style.
fn contenders_of<'a>(
    results: &'a Results,
    chart: &ChartSpec,
) -> impl Iterator<Item = (Style, &'a Contender)> {
    let contenders = results.contenders_in(chart).into_iter();
    contenders.map(|contender| (results.style(contender), contender))
}

fn lines(results: &Results, chart: &ChartSpec) -> Result<Picture> {
    let axis = chart.x.as_deref();
    let axis = axis.context("a chart of lines needs the parameter `x`")?;
    let cases = results.matching(&chart.cases)?;
    let mut lines = Vec::new();
    for (style, contender) in contenders_of(results, chart) {
        let (title, floor) = (&contender.title, format!("{}, floor", contender.title));
        let (mut calls, mut floors) = (Vec::new(), Vec::new());
        for case in &cases {
            let timed = results.timed(&case.name, &contender.name);
            let Some((x, timed)) = number(case, axis).zip(timed) else {
                continue;
            };
            let point = |name: &str, e: &Estimate| Point {
                x,
                y: interval(e),
                mark: in_case(name, case, estimated_time(e)),
            };
            calls.push(point(title, &timed.time));
            floors.extend(timed.floor.as_ref().map(|e| point(&floor, e)));
        }
        // A variant's floor is its contender's: the same kernel.
        if contender.variant_of.is_some() {
            floors.clear();
        }
        for (name, dashed, points) in [(title, false, calls), (&floor, true, floors)] {
            lines.push(Series {
                name: name.clone(),
                style,
                dashed,
                points,
            });
        }
    }
    Ok(Picture {
        y_label: "time per call".to_owned(),
        ..picture(chart, Content::Times(lines))
    })
}

/// A row for each case and contender but the reference, with the factor, what is found of it, and its
/// figure in words.
fn forest(
    results: &Results,
    chart: &ChartSpec,
    x_label: String,
    factor: impl Fn(&Case, &Contender) -> Option<(Estimate, Finding, String)>,
) -> Result<Picture> {
    let mut rows = Vec::new();
    for case in results.matching(&chart.cases)? {
        for (style, contender) in contenders_of(results, chart) {
            // The reference is often a hundred times slower; its place is the chart of speed-ups.
            if contender.name == results.record.study.header.reference {
                continue;
            }
            if let Some((e, finding, figure)) = factor(case, contender) {
                rows.push(forest_row(case, contender, style, &e, finding, figure));
            }
        }
    }
    Ok(Picture {
        x_label,
        ..picture(chart, Content::Forest(rows))
    })
}

fn forest_row(
    case: &Case,
    contender: &Contender,
    style: Style,
    e: &Estimate,
    finding: Finding,
    figure: String,
) -> ForestRow {
    ForestRow {
        label: case.name.clone(),
        name: contender.title.clone(),
        style,
        factor: interval(e),
        finding,
        mark: in_case(&contender.title, case, figure),
    }
}

fn ratios(results: &Results, chart: &ChartSpec) -> Result<Picture> {
    let baseline = results.title_of(&results.record.study.header.baseline);
    let label = format!("times as long as {baseline}");
    forest(results, chart, label, |case, contender| {
        let e = results.timed(&case.name, &contender.name)?.ratio?;
        Some((e, finding(&e), judged(&e, "times", baseline)))
    })
}

fn speed_ups(results: &Results, chart: &ChartSpec) -> Result<Picture> {
    let reference = results.title_of(&results.record.study.header.reference);
    let label = format!("times as fast as {reference}");
    forest(results, chart, label, |case, contender| {
        let e = results.timed(&case.name, &contender.name)?.speed_up?;
        let figure = format!("{} times as fast as {reference}", ratio(&e));
        Some((e, finding_of_speed_up(&e), figure))
    })
}

/// What each first version takes, as a multiple of the expert's.
fn tuning(results: &Results, chart: &ChartSpec) -> Result<Picture> {
    let first_versions = results
        .first_versions(table_of(results, chart)?)
        .into_iter();
    let mut rows: Vec<ForestRow> = first_versions
        .map(|pair| {
            let (e, style) = (&pair.over, results.style(pair.variant));
            let figure = judged(e, "times", &pair.other.title);
            forest_row(pair.case, pair.variant, style, e, finding(e), figure)
        })
        .collect();
    // Rows of the same case stand together.
    rows.sort_by_key(|row| {
        let cases = &results.record.study.cases;
        cases.iter().position(|case| case.name == row.label)
    });
    Ok(Picture {
        x_label: "times as long as the tuned one".to_owned(),
        ..picture(chart, Content::Forest(rows))
    })
}

/// The speed-up in one case over what the contender takes to have.
fn trade_off(results: &Results, chart: &ChartSpec) -> Result<Picture> {
    let cases = results.matching(&chart.cases)?;
    let header = &results.record.study.header;
    let reference = results.title_of(&header.reference);
    // A record of some cases only may have none for this chart.
    let case = cases.first();
    let points = contenders_of(results, chart).filter_map(|(style, contender)| {
        let case = case?;
        let x = quantity(chart.x.as_deref()?, results.effort(&contender.name)?)?;
        let timed = results.timed(&case.name, &contender.name)?;
        let (y, figure) = match timed.speed_up {
            Some(e) => (interval(&e), ratio(&e)),
            None if contender.name == header.reference => (UNITY, "1".to_owned()),
            None => return None,
        };
        let place = format!("{} {}", digits(x), chart.x_label);
        let figure = format!("{figure} times as fast as {reference}");
        let mark = mark(&contender.title, &place, figure, Some(&case.name));
        Some(Series {
            name: contender.title.clone(),
            style,
            dashed: false,
            points: vec![Point { x, y, mark }],
        })
    });
    let of = case.map_or("", |case| &case.name);
    Ok(Picture {
        y_label: format!("times as fast as {reference}, {of}"),
        ..picture(chart, Content::Factors(points.collect()))
    })
}

/// What everything is compared with, compared with itself.
const UNITY: Interval = Interval {
    value: 1.0,
    low: 1.0,
    high: 1.0,
};

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

/// A cell of words, which says more when it is pointed at.
fn words(text: &str, tone: Tone, row: &str, column: &str, details: &str) -> GridCell {
    let details = match details {
        "" => String::new(),
        details => format!(" ({details})"),
    };
    GridCell {
        text: text.to_owned(),
        shade: Shade::Tone(tone),
        doubtful: false,
        mark: mark(row, column, format!("{text}{details}"), None),
    }
}

fn nothing() -> GridCell {
    let mark = Mark::default();
    GridCell {
        mark,
        ..words(NOTHING, Tone::Nothing, "", "", "")
    }
}

/// How many times as fast as the reference a contender is over two parameters.
fn surface(results: &Results, chart: &ChartSpec) -> Result<Grids> {
    let (x, y) = (chart.x.as_deref(), chart.y.as_deref());
    let axes = x.zip(y);
    let (x, y) = axes.context("a heat map needs the parameters `x` and `y`")?;
    let header = &results.record.study.header;
    let reference = results.title_of(&header.reference);
    let cases = results.matching(&chart.cases)?;
    let at = |case: &Case| number(case, x).zip(number(case, y));
    let cell = |case: &Case, contender: &Contender| {
        let timed = results.timed(&case.name, &contender.name)?;
        let e = timed
            .speed_up
            .filter(|e| e.centre.is_finite() && e.centre > 0.0)?;
        let same = timed.ratio.is_some_and(|r| r.verdict() == Verdict::Same);
        let figure = format!("{} times as fast as {reference}", ratio(&e));
        Some(GridCell {
            text: factor_in_a_cell(e.centre) + if same { "\u{a0}=" } else { "" },
            shade: Shade::Factor(e.centre),
            doubtful: e.low <= 1.0 && e.high >= 1.0,
            mark: in_case(&contender.title, case, figure),
        })
    };
    let shown = || contenders_of(results, chart).filter(|(_, c)| c.name != header.reference);
    let mut measured: Vec<(f64, f64)> = Vec::new();
    for case in &cases {
        if shown().any(|(_, contender)| cell(case, contender).is_some()) {
            measured.extend(at(case));
        }
    }
    let xs = ascending(measured.iter().map(|at| at.0));
    // The smallest value of the parameter stands at the bottom, as on any axis.
    let ys: Vec<f64> = ascending(measured.iter().map(|at| at.1))
        .into_iter()
        .rev()
        .collect();
    let grids = shown().filter_map(|(_, contender)| {
        let row = |y: &f64| {
            let of = |x: &f64| {
                let case = cases.iter().find(|case| at(case) == Some((*x, *y)));
                case.and_then(|case| cell(case, contender))
            };
            let cells: Vec<Option<GridCell>> = xs.iter().map(of).collect();
            (y.to_string(), cells)
        };
        let rows: Vec<_> = ys.iter().map(row).collect();
        let any = rows
            .iter()
            .any(|(_, cells)| cells.iter().any(Option::is_some));
        let rows = rows.into_iter().map(|(y, cells)| {
            let cells = cells.into_iter().map(|cell| cell.unwrap_or_else(nothing));
            (y, cells.collect())
        });
        any.then(|| Grid {
            name: contender.title.clone(),
            columns: xs.iter().map(f64::to_string).collect(),
            rows: rows.collect(),
        })
    });
    Ok(Grids {
        note: format!(
            "times as fast as {reference}; black line: where it is overtaken; dashed: not shown to differ; \
             = same as {}",
            results.title_of(&header.baseline)
        ),
        all: grids.collect(),
        ..Grids::default()
    })
}

fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// The steps of a table of kind ladder, with the number of the step that each is compared with.
fn steps(results: &Results, chart: &ChartSpec) -> Result<Panel> {
    let table = table_of(results, chart)?;
    let number = |title: &str| {
        let place = table.steps.iter().position(|step| step.title == title);
        place.map_or(0, |place| place + 1)
    };
    let rungs = ladder::rungs(results, table).unwrap_or_default();
    let bars = rungs.into_iter().filter_map(|rung| {
        let (step, time) = (rung.step, rung.time?);
        let first = step.title == table.steps[0].title;
        let factor = match &rung.over_first {
            Some(e) => interval(e),
            None if first => UNITY,
            None => return None,
        };
        let contender = results.record.study.contender(&step.contender)?;
        let mut behind = vec![time_of(time.centre)];
        let mut figure = estimated_time(&time);
        if let Some(e) = &rung.over_first {
            behind[0] = format!("{}, {}", times(e), behind[0]);
            figure = format!("{figure}, {} times as fast as the first", ratio(e));
        }
        if let Some((other, e)) = &rung.over {
            behind.push(format!("{} step {}", times(e), number(&other.title)));
            figure = format!("{figure}, {}", judged(e, "times as fast as", &other.title));
        }
        let over = rung.over.as_ref();
        Some(Bar {
            name: format!("{}. {}", number(&step.title), step.title),
            note: step.cause.clone(),
            style: results.style(contender),
            finding: over.map_or(Finding::Different, |(_, e)| finding_of_speed_up(e)),
            parts: vec![("factor".to_owned(), factor.value)],
            interval: Some(factor),
            behind,
            mark: mark(&step.title, &step.cause, figure, Some(&step.case)),
        })
    });
    Ok(Panel {
        title: String::new(),
        axis_label: "times as fast as the first step".to_owned(),
        log: true,
        bars: bars.collect(),
    })
}

/// The table that a chart draws.
fn table_of<'a>(results: &'a Results, chart: &ChartSpec) -> Result<&'a TableSpec> {
    let mut tables = results.record.study.tables.iter();
    tables
        .find(|table| chart.table.as_ref() == Some(&table.name))
        .context("there is no such table")
}

/// A panel for each column of a table of differences, or for each case of a table of parts.
fn of_table(results: &Results, chart: &ChartSpec) -> Result<Vec<Panel>> {
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
        let bars = contenders_of(results, chart).filter_map(|(style, contender)| {
            let e = results.part(part, PartContext::none(&contender.name))?;
            let mark = mark(&contender.title, &part.name, difference(&e), None);
            let parts = vec![(part.name.clone(), e.centre)];
            Some(bar(style, mark, parts, Some(interval(&e))))
        });
        in_one_unit(&part.name, bars.collect())
    });
    Ok(panels.collect())
}

/// One case taken apart, contender by contender, with the interval of the whole call. A part that is
/// negative has no length: the table shows it.
fn split(results: &Results, chart: &ChartSpec, table: &TableSpec, case: &Case) -> Option<Panel> {
    let bars = contenders_of(results, chart).filter_map(|(style, contender)| {
        let split = results.split(table, case, contender)?;
        let names = table.parts.iter().map(|part| part.name.as_str());
        let parts = names.chain(["left over"]);
        let parts = parts.zip(split.parts.into_iter().chain([split.left_over]));
        let parts: Vec<(&str, Estimate)> = parts.filter_map(|(name, e)| Some((name, e?))).collect();
        let listed = parts.iter();
        let listed = listed.map(|(name, e)| format!("{name} {}", difference(e)));
        let listed = listed.collect::<Vec<_>>().join(", ");
        let figure = format!("{}: {listed}", estimated_time(&split.whole));
        let parts = parts.iter().map(|(name, e)| ((*name).to_owned(), e.centre));
        let mark = in_case(&contender.title, case, figure);
        Some(bar(
            style,
            mark,
            parts.collect(),
            Some(interval(&split.whole)),
        ))
    });
    let bars: Vec<Bar> = bars.collect();
    (!bars.is_empty()).then(|| in_one_unit(&case.name, bars))
}

/// A panel of times in the unit that fits the longest.
fn in_one_unit(title: &str, mut bars: Vec<Bar>) -> Panel {
    let length = |bar: &Bar| bar.parts.iter().map(|(_, ns)| ns.max(0.0)).sum::<f64>();
    let longest = bars.iter().map(length).fold(0.0, f64::max);
    let (unit, axis_label) = match longest {
        ns if ns < 1e4 => (1.0, "ns"),
        ns if ns < 1e7 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    for bar in &mut bars {
        for (_, ns) in &mut bar.parts {
            *ns /= unit;
        }
        bar.interval = bar.interval.map(|of| Interval {
            value: of.value / unit,
            low: of.low / unit,
            high: of.high / unit,
        });
    }
    panel(title, axis_label, bars)
}

fn panel(title: &str, axis_label: &str, bars: Vec<Bar>) -> Panel {
    Panel {
        title: title.to_owned(),
        axis_label: axis_label.to_owned(),
        log: false,
        bars,
    }
}

/// A bar of what the mark names.
fn bar(style: Style, mark: Mark, parts: Vec<(String, f64)>, interval: Option<Interval>) -> Bar {
    Bar {
        name: mark.name.clone(),
        note: String::new(),
        style,
        finding: Finding::Different,
        parts,
        interval,
        behind: Vec::new(),
        mark,
    }
}

#[allow(clippy::cast_precision_loss)] // Sizes and lines.
fn effort(results: &Results, chart: &ChartSpec) -> Vec<Panel> {
    let of = |title: &str, unit: &str, parts: &dyn Fn(&Effort) -> Vec<(&str, f64)>| {
        let bars = contenders_of(results, chart).filter_map(|(style, c)| {
            let parts = parts(results.effort(&c.name)?).into_iter();
            let parts: Vec<_> = parts
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            let named = parts.iter();
            let named = named.map(|(name, value)| format!("{name} {}", digits(*value)));
            let figure = named.collect::<Vec<_>>().join(", ");
            let mark = mark(&c.title, &format!("{title}, {unit}"), figure, None);
            Some(bar(style, mark, parts, None))
        });
        panel(title, unit, bars.collect())
    };
    vec![
        of("Clean build", "seconds", &|e| {
            let Some(all) = e.seconds() else {
                return Vec::new();
            };
            let own = e.own_seconds().unwrap_or(all);
            vec![("own code", own), ("dependencies", (all - own).max(0.0))]
        }),
        of("Extension, stripped", "kB", &|e| {
            // A contender without native code has no extension, which is not one of size 0.
            let size = (e.stripped_bytes > 0).then_some(e.stripped_bytes as f64 / 1e3);
            size.map(|size| ("extension", size)).into_iter().collect()
        }),
        of("Written by hand", "lines", &|e| {
            vec![
                ("kernel", e.lines.kernel as f64),
                ("glue", e.lines.glue as f64),
                ("configuration", e.lines.configuration as f64),
            ]
        }),
        of("Generated", "lines", &|e| {
            vec![("generated", e.lines.generated as f64)]
        }),
    ]
}

/// A panel for each place that a build can start from.
fn builds(results: &Results, chart: &ChartSpec) -> Vec<Panel> {
    let of = |(start, name): &(_, &str)| {
        let bars = contenders_of(results, chart).filter_map(|(style, c)| {
            let builds = results.effort(&c.name)?.builds(*start, None, None);
            let of = |cost: &Cost| cost.seconds;
            let value = builds.and_then(|b| b.median(of));
            let costs = || builds.into_iter().flat_map(|b| &b.costs).map(of);
            let interval = value.filter(|_| costs().count() > 1).map(|value| Interval {
                value,
                low: costs().fold(f64::INFINITY, f64::min),
                high: costs().fold(0.0, f64::max),
            });
            let figure = value.map(|_| tables::spread(builds, of, seconds));
            let mark = mark(&c.title, name, figure.unwrap_or_default(), None);
            let parts = value.map(|value| ("build".to_owned(), value));
            Some(bar(style, mark, parts.into_iter().collect(), interval))
        });
        panel(name, "seconds", bars.collect())
    };
    // A profile may make only some of these builds.
    let made = |panel: &Panel| panel.bars.iter().any(|bar| !bar.parts.is_empty());
    STARTS.iter().map(of).filter(made).collect()
}

fn portability(results: &Results, chart: &ChartSpec) -> Grids {
    let interpreters = &results.record.surroundings.interpreters;
    let rows = contenders_of(results, chart).filter_map(|(_, contender)| {
        let effort = results.effort(&contender.name)?;
        let cells = interpreters.iter().map(|interpreter| {
            let Some(fit) = effort.fits.get(&interpreter.name) else {
                return nothing();
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
            let details = one_line(&fit.words);
            words(&text, tone, &contender.title, &interpreter.name, &details)
        });
        Some((contender.title.clone(), cells.collect()))
    });
    let columns = interpreters.iter().map(|i| i.name.clone()).collect();
    of_words(columns, rows.collect(), &[])
}

fn of_words(
    columns: Vec<String>,
    rows: Vec<(String, Vec<GridCell>)>,
    legend: &[(Tone, &str)],
) -> Grids {
    let legend = legend.iter();
    Grids {
        note: String::new(),
        legend: legend
            .map(|(tone, name)| (*tone, (*name).to_owned()))
            .collect(),
        all: vec![Grid {
            name: String::new(),
            columns,
            rows,
        }],
    }
}

fn mistakes(results: &Results, chart: &ChartSpec) -> Grids {
    let mistakes = &results.record.surroundings.mistakes;
    let contenders: Vec<&Contender> = contenders_of(results, chart)
        .map(|(_, contender)| contender)
        .filter(|c| mistakes.values().any(|of| of.contains_key(&c.name)))
        .collect();
    let rows = results.record.study.mistakes.iter().filter_map(|mistake| {
        let entries = mistakes.get(&mistake.name)?;
        let cells = contenders.iter().map(|contender| {
            let Some(entry) = entries.get(&contender.name) else {
                return nothing();
            };
            let text = tables::verdicts(entry).join("; ").replace("**", "");
            let said = one_line(&tables::said(entry).replace('`', ""));
            words(&text, tone(entry), &contender.title, &mistake.title, &said)
        });
        Some((mistake.title.clone(), cells.collect()))
    });
    let columns = contenders.iter().map(|c| c.title.clone()).collect();
    let legend = [
        (Tone::Good, "cannot be written, or does not compile"),
        (Tone::Fair, "caught before it runs, or a Python exception"),
        (Tone::Poor, "a crash"),
        (Tone::Bad, "silent, at least sometimes"),
    ];
    of_words(columns, rows.collect(), &legend)
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
