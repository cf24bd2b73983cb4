//! The charts of a study of realistic size, kept as snapshots, and the inputs that must not break
//! a report.

use super::*;

const CONTENDERS: [&str; 7] = [
    "pure_python",
    "cython_ext",
    "c_ext",
    "rust_cffi",
    "rust_pyo3",
    "rust_cffi/abi",
    "rust_pyo3/idiomatic",
];
/// Nanoseconds per call and per cell.
const COSTS: [(f64, f64); 7] = [
    (250.0, 62.0),
    (75.0, 1.31),
    (62.0, 1.24),
    (420.0, 1.18),
    (88.0, 1.17),
    (1150.0, 1.19),
    (160.0, 1.16),
];

fn doubt(near: bool, same: bool) -> Finding {
    match (near, same) {
        (false, _) => Finding::Different,
        (true, true) => Finding::Same,
        (true, false) => Finding::Unresolved,
    }
}

fn look(colour: usize) -> Look {
    Look {
        colour,
        variant: CONTENDERS
            .get(colour)
            .is_some_and(|name| name.contains('/')),
    }
}

fn cases() -> Vec<String> {
    let lengths = [8, 64, 512, 4096];
    let mut cases: Vec<String> = vec!["call/noop".into(), "call/pair-length".into()];
    for group in ["pair/ascii", "myers/ascii"] {
        cases.extend(lengths.iter().map(|length| format!("{group}-{length}")));
    }
    cases.extend(
        [
            "unicode/latin1-64",
            "unicode/ucs2-64",
            "unicode/ucs4-64",
            "list/1k-words",
            "dictionary/build",
            "dictionary/nearest",
            "dictionary/distances-into",
            "app/pair",
            "app/list",
            "app/dictionary",
        ]
        .map(String::from),
    );
    cases
}

/// How many times slower a contender is than the C extension in a case.
fn ratio(contender: usize, case: usize) -> f64 {
    let cells = 10_f64.powf(0.35 * case as f64);
    let time = |contender: usize| COSTS[contender].0 + COSTS[contender].1 * cells;
    time(contender) / time(2) * (0.9 + 0.02 * ((3 * case + 5 * contender) % 11) as f64)
}

fn example_lines() -> LineChart {
    let lengths = [
        8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0,
    ];
    let line = |index: usize, floor: bool| Line {
        name: format!(
            "{}{}",
            CONTENDERS[index],
            if floor { ", floor" } else { "" }
        ),
        look: look(index),
        dashed: floor,
        points: lengths
            .iter()
            .map(|&x| {
                let y = COSTS[index].1 * x * x + if floor { 0.0 } else { COSTS[index].0 };
                Point {
                    x,
                    y,
                    low: y * 0.97,
                    high: y * 1.05,
                    mark: Mark::default(),
                }
            })
            .collect(),
    };
    LineChart {
        title: "One Wagner-Fischer distance: time per call (dashed: the floor)".into(),
        x_label: "characters in each string".into(),
        y_label: "time per call".into(),
        lines: (0..7)
            .flat_map(|index| [line(index, false), line(index, true)])
            .collect(),
    }
}

fn example_forest(cases: &[String]) -> ForestChart {
    let mut rows = Vec::new();
    for (case, label) in cases.iter().enumerate() {
        for (colour, name) in CONTENDERS
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != 2)
        {
            let centre = ratio(colour, case);
            rows.push(ForestRow {
                label: label.clone(),
                name: (*name).into(),
                look: look(colour),
                centre,
                low: centre * 0.96,
                high: centre * 1.06,
                finding: doubt((0.95..1.05).contains(&centre), centre < 1.0),
                mark: Mark::default(),
            });
        }
    }
    ForestChart {
        title: "Time per call, relative to the C extension".into(),
        x_label: "times the C extension".into(),
        rows,
    }
}

fn example_bars(log: bool, cases: &[String]) -> BarChart {
    BarChart {
        title: "Speed-up over pure Python".into(),
        axis_label: "times faster than pure_python".into(),
        log,
        categories: cases.to_vec(),
        series: (1..7)
            .map(|colour| BarSeries {
                name: CONTENDERS[colour].into(),
                look: look(colour),
                bars: (0..cases.len())
                    .map(|case| {
                        let value =
                            ratio(0, case) / ratio(colour, case) * 1.4_f64.powf(case as f64 / 3.0);
                        let measured = (case, colour) != (3, 2);
                        measured.then_some(Bar {
                            finding: doubt((0.9..1.1).contains(&value), value < 1.0),
                            value,
                            low: value * 0.9,
                            high: value * 1.12,
                            mark: Mark::default(),
                        })
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn example_panels() -> Vec<Panel> {
    let panel = |title: &str, axis_label: &str, names: &[&str], values: [&[f64]; 7]| Panel {
        title: title.into(),
        axis_label: axis_label.into(),
        bars: values
            .iter()
            .enumerate()
            .map(|(colour, values)| EffortBar {
                contender: CONTENDERS[colour].into(),
                look: look(colour),
                parts: names
                    .iter()
                    .zip(*values)
                    .map(|(name, value)| Stack {
                        name: (*name).into(),
                        value: *value,
                    })
                    .collect(),
                interval: None,
                mark: Mark::default(),
            })
            .collect(),
    };
    vec![
        panel(
            "Build from scratch",
            "seconds",
            &["dependencies", "own code"],
            [
                &[0.0, 0.9],
                &[0.0, 7.4],
                &[0.0, 2.1],
                &[21.0, 4.4],
                &[17.5, 3.9],
                &[19.0, 4.2],
                &[17.5, 3.5],
            ],
        ),
        panel(
            "Wheel",
            "kB",
            &["wheel"],
            [
                &[6.1],
                &[78.0],
                &[17.2],
                &[213.0],
                &[251.0],
                &[190.0],
                &[248.0],
            ],
        ),
        panel(
            "Extension, stripped",
            "kB",
            &["extension"],
            [
                &[],
                &[168.0],
                &[35.0],
                &[512.0],
                &[598.0],
                &[471.0],
                &[590.0],
            ],
        ),
        panel(
            "Source",
            "lines of code",
            &["kernel", "glue", "build configuration", "generated"],
            [
                &[104.0, 31.0, 18.0],
                &[160.0, 122.0, 44.0, 14_210.0],
                &[210.0, 498.0, 40.0],
                &[171.0, 402.0, 92.0, 310.0],
                &[171.0, 236.0, 41.0],
                &[171.0, 322.0, 60.0, 120.0],
                &[171.0, 118.0, 41.0],
            ],
        ),
    ]
}

/// A difference of times for each contender, of which one cannot be told from nothing and one is
/// less than that; and one call taken into more parts than an effort has.
fn example_differences() -> Vec<Panel> {
    let bar = |colour: usize, values: &[(&str, f64)], interval| EffortBar {
        contender: CONTENDERS[colour].into(),
        look: look(colour),
        parts: values
            .iter()
            .map(|(name, value)| Stack {
                name: (*name).into(),
                value: *value,
            })
            .collect(),
        interval,
        mark: Mark::default(),
    };
    let difference = |colour, value, half: f64| {
        bar(
            colour,
            &[("difference", value)],
            Some((value - half, value, value + half)),
        )
    };
    let parts = [
        "loop",
        "call",
        "conversion",
        "return",
        "kernel",
        "left over",
    ];
    let split = |colour, values: [f64; 6]| {
        let named: Vec<_> = parts.into_iter().zip(values).collect();
        bar(colour, &named, None)
    };
    vec![
        Panel {
            title: "A callback".into(),
            axis_label: "ns".into(),
            bars: vec![
                difference(0, 48.0, 2.5),
                difference(2, 95.0, 4.0),
                difference(3, 3.0, 7.0),
                difference(4, -6.0, 2.0),
            ],
        },
        Panel {
            title: "pair/ascii-64".into(),
            axis_label: "ns".into(),
            bars: vec![
                split(2, [5.0, 20.0, 12.0, 4.0, 60.0, 9.0]),
                split(4, [5.0, 25.0, 30.0, 3.0, 55.0, -4.0]),
            ],
        },
    ]
}

/// Where a call pays, for two contenders: one cell in doubt, one like the baseline, one missing.
fn example_heat() -> HeatMap {
    let (xs, ys) = ([1.0, 10.0, 100.0, 1000.0], [8.0, 64.0, 512.0]);
    let panel = |name: &str, start: f64| {
        let cells = (0..ys.len()).flat_map(|row| {
            (0..xs.len()).map(move |column| HeatCell {
                x: xs[column],
                y: ys[row],
                value: start * 3.0_f64.powf((column + 2 * row) as f64),
                doubtful: (column, row) == (1, 0),
                same: (column, row) == (3, 2),
                mark: Mark::default(),
            })
        });
        HeatPanel {
            name: name.into(),
            cells: cells
                .filter(|cell| (cell.x, cell.y) != (100.0, 512.0))
                .collect(),
        }
    };
    HeatMap {
        title: "Where it pays".into(),
        x_label: "words in one crossing".into(),
        y_label: "characters in each".into(),
        notes: vec!["times as fast as pure_python".into()],
        panels: vec![
            panel("c_ext", 0.5),
            panel("rust_cffi", 0.06),
            panel("rust_pyo3", 2.0),
        ],
    }
}

fn example_matrix() -> Matrix {
    let row = |name: &str, cells: [(&str, Tone); 3]| {
        let cells = cells.map(|(text, tone)| MatrixCell::new(text, tone));
        (name.to_owned(), cells.to_vec())
    };
    Matrix {
        title: "What becomes of a mistake".to_owned(),
        columns: ["pure Python", "C extension", "Rust, PyO3"]
            .map(str::to_owned)
            .into(),
        rows: vec![
            row(
                "An object kept without a reference to it, which dies too early",
                [
                    ("cannot be written", Tone::Good),
                    ("silently wrong; ASan: heap-use-after-free", Tone::Bad),
                    ("refused by the compiler", Tone::Good),
                ],
            ),
            row(
                "An index not checked",
                [
                    ("Python exception", Tone::Fair),
                    ("crash (SIGSEGV)", Tone::Poor),
                    ("–", Tone::Nothing),
                ],
            ),
        ],
        legend: vec![
            (Tone::Good, "cannot happen".to_owned()),
            (Tone::Bad, "silent".to_owned()),
        ],
    }
}

fn example_scatter() -> ScatterChart {
    let point = |colour: usize, x, y: f64, half: f64| ScatterPoint {
        name: CONTENDERS[colour].into(),
        look: look(colour),
        x,
        y,
        low: y / half,
        high: y * half,
        mark: Mark {
            name: CONTENDERS[colour].into(),
            place: format!("{x} lines"),
            figure: format!("{y} times as fast"),
            case: Some("a/<b>".into()),
        },
    };
    ScatterChart {
        title: "Effort against speed".into(),
        x_label: "lines".into(),
        y_label: "times as fast".into(),
        points: vec![
            point(0, 290.0, 1.0, 1.0),
            point(1, 480.0, 39.0, 1.01),
            point(2, 1380.0, 38.0, 1.5),
            point(5, 1040.0, 9.5, 1.02),
            // What cannot be drawn is left out.
            point(6, f64::NAN, 28.0, 1.0),
        ],
    }
}

fn example_ladder() -> LadderChart {
    let row = |colour, name: &str, factor: f64, half: f64, finding, over: &str| LadderRow {
        name: name.into(),
        cause: "the one thing that it changes".into(),
        look: look(colour),
        factor,
        low: factor / half,
        high: factor * half,
        finding,
        figure: format!("{factor}×, {:.1} ms", 800.0 / factor),
        over: over.into(),
        mark: Mark {
            name: name.into(),
            place: "the one thing".into(),
            figure: format!("{factor} times as fast"),
            case: Some("a/<b>".into()),
        },
    };
    LadderChart {
        title: "One cause at a time".into(),
        axis_label: "times as fast as the first step".into(),
        rows: vec![
            row(0, "1. where one begins", 1.0, 1.0, Finding::Different, ""),
            row(
                0,
                "2. an algorithm",
                1.8,
                1.03,
                Finding::Different,
                "1.80× step 1",
            ),
            row(
                4,
                "3. a language",
                35.0,
                1.02,
                Finding::Different,
                "35.0× step 1",
            ),
            row(
                4,
                "4. the same again",
                35.2,
                1.02,
                Finding::Same,
                "1.01× step 3",
            ),
            row(
                6,
                "5. perhaps faster",
                39.0,
                1.2,
                Finding::Unresolved,
                "1.11× step 4",
            ),
            row(
                6,
                "6. & much faster",
                2100.0,
                1.01,
                Finding::Different,
                "53.8× step 5",
            ),
            // What cannot be drawn is left out.
            row(6, "7. gone", f64::NAN, 1.0, Finding::Different, ""),
        ],
    }
}

#[test]
fn a_mark_says_its_figure_and_names_its_case() {
    let svg = scatter_chart(&example_scatter()).unwrap();
    assert!(
        svg.contains("<title>c_ext, 1380 lines: 38 times as fast</title>"),
        "{svg}"
    );
    assert!(svg.contains("data-case=\"a/&lt;b>\""), "{svg}");
    assert!(!svg.contains("idiomatic"), "{svg}");
}

#[test]
fn same_different_and_not_resolved_are_told_apart() {
    let drawn = |finding| {
        let mut forest = example_forest(&few());
        let mut bars = example_bars(true, &few());
        for row in &mut forest.rows {
            row.finding = finding;
        }
        for bar in bars.series.iter_mut().flat_map(|of| &mut of.bars).flatten() {
            bar.finding = finding;
        }
        [forest_chart(&forest).unwrap(), bar_chart(&bars).unwrap()]
    };
    let words = [
        (Finding::Different, None),
        (Finding::Same, Some("with a bar: same")),
        (Finding::Unresolved, Some("hollow: not resolved")),
    ];
    for (finding, word) in words {
        for svg in drawn(finding) {
            for (_, other) in words {
                let Some(other) = other else { continue };
                assert_eq!(svg.contains(other), word == Some(other), "{finding:?}");
            }
        }
    }
    let lines = |svg: &str| svg.matches("<path").count() + svg.matches("<line").count();
    for (same, unresolved) in drawn(Finding::Same).iter().zip(drawn(Finding::Unresolved)) {
        assert!(
            lines(same) > lines(&unresolved),
            "the bar through what is the same"
        );
    }
}

#[test]
fn a_variant_is_a_diamond_and_a_contender_a_square() {
    let of = |variant| {
        let mut chart = example_scatter();
        chart.points.truncate(1);
        chart.points[0].look.variant = variant;
        scatter_chart(&chart).unwrap()
    };
    assert_eq!(
        of(true).matches("<path").count(),
        of(false).matches("<path").count() + 1
    );
    assert_eq!(
        of(true).matches("<rect").count() + 1,
        of(false).matches("<rect").count()
    );
}

fn few() -> Vec<String> {
    ["call/noop", "pair/ascii-64", "list/1k-words"]
        .map(String::from)
        .to_vec()
}

/// Every chart by the name of its snapshot.
fn examples() -> Vec<(&'static str, String)> {
    [
        ("lines", line_chart(&example_lines())),
        ("forest", forest_chart(&example_forest(&cases()))),
        ("forest_few", forest_chart(&example_forest(&few()))),
        ("bars", bar_chart(&example_bars(true, &cases()))),
        ("bars_linear", bar_chart(&example_bars(false, &few()))),
        ("panels", panels("Build effort", &example_panels())),
        (
            "differences",
            panels("What it costs", &example_differences()),
        ),
        ("heat", heat_map(&example_heat())),
        ("matrix", matrix(&example_matrix())),
        ("scatter", scatter_chart(&example_scatter())),
        ("ladder", ladder_chart(&example_ladder())),
    ]
    .map(|(name, svg)| (name, svg.unwrap()))
    .to_vec()
}

#[test]
fn beside_a_bar_stands_its_value_and_not_the_middle_of_its_interval() {
    let bar = EffortBar {
        contender: "a".into(),
        look: look(2),
        parts: vec![Stack {
            name: "build".into(),
            value: 19.0,
        }],
        interval: Some((16.0, 19.0, 20.0)),
        mark: Mark::default(),
    };
    let panel = Panel {
        title: "p".into(),
        axis_label: "s".into(),
        bars: vec![bar],
    };
    let svg = panels("t", &[panel]).unwrap();
    assert!(svg.contains(">19.0<") || svg.contains(">19<"), "{svg}");
    assert!(!svg.contains(">18"), "{svg}");
}

#[test]
fn charts_match_their_snapshots() {
    for (name, svg) in examples() {
        if let Ok(folder) = std::env::var("CHARTS") {
            std::fs::write(format!("{folder}/{name}.svg"), &svg).unwrap();
        }
        insta::assert_snapshot!(name, svg);
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    assert_eq!(examples(), examples());
}

#[test]
fn nothing_to_draw_says_no_data() {
    let lines = LineChart {
        lines: vec![],
        ..example_lines()
    };
    let rows = ForestChart {
        title: "t".into(),
        x_label: "x".into(),
        rows: vec![],
    };
    let bars = BarChart {
        series: vec![],
        ..example_bars(true, &few())
    };
    let categories = BarChart {
        categories: vec![],
        ..example_bars(false, &few())
    };
    let maps = HeatMap {
        panels: vec![],
        ..example_heat()
    };
    let no_rows = Matrix {
        rows: vec![],
        ..example_matrix()
    };
    for svg in [
        matrix(&no_rows),
        heat_map(&maps),
        line_chart(&lines),
        forest_chart(&rows),
        bar_chart(&bars),
        bar_chart(&categories),
        ladder_chart(&LadderChart {
            rows: vec![],
            ..example_ladder()
        }),
        panels("t", &[]),
        panels(
            "t",
            &[Panel {
                title: "p".into(),
                axis_label: "s".into(),
                bars: vec![],
            }],
        ),
    ] {
        assert!(svg.unwrap().contains(">no data</text>"));
    }
}

/// Every chart with values in which hostile ones stand at every place.
#[allow(clippy::too_many_lines)] // One chart after the other.
fn hostile(values: &[f64]) -> Vec<String> {
    let mut svgs = Vec::new();
    for &centre in values {
        for &end in values {
            let line = |points: &[(f64, f64)]| Line {
                name: "a".into(),
                look: look(99),
                dashed: false,
                points: points
                    .iter()
                    .map(|&(x, y)| Point {
                        x,
                        y,
                        low: end,
                        high: centre,
                        mark: Mark::default(),
                    })
                    .collect(),
            };
            let lines = vec![line(&[(centre, end)]), line(&[(end, 5.0), (8.0, centre)])];
            svgs.push(line_chart(&LineChart {
                lines,
                ..example_lines()
            }));
            let row = ForestRow {
                label: "case".into(),
                name: "a".into(),
                look: look(0),
                centre,
                low: end,
                high: centre,
                finding: Finding::Same,
                mark: Mark::default(),
            };
            svgs.push(forest_chart(&ForestChart {
                title: "t".into(),
                x_label: "x".into(),
                rows: vec![row.clone(), ForestRow { centre: end, ..row }],
            }));
            for log in [true, false] {
                let bar = Some(Bar {
                    finding: Finding::Same,
                    value: centre,
                    low: end,
                    high: centre,
                    mark: Mark::default(),
                });
                let other = Some(Bar {
                    finding: Finding::Different,
                    value: end,
                    low: centre,
                    high: end,
                    mark: Mark::default(),
                });
                let series = BarSeries {
                    name: "a".into(),
                    look: look(1),
                    bars: vec![bar, None, other, None],
                };
                svgs.push(bar_chart(&BarChart {
                    series: vec![series],
                    ..example_bars(log, &few())
                }));
            }
            let parts = [centre, end]
                .map(|value| Stack {
                    name: "p".into(),
                    value,
                })
                .to_vec();
            let bar = EffortBar {
                contender: "a".into(),
                look: look(2),
                parts,
                interval: Some((end, centre, centre)),
                mark: Mark::default(),
            };
            svgs.push(panels(
                "t",
                &[Panel {
                    title: "p".into(),
                    axis_label: "s".into(),
                    bars: vec![bar],
                }],
            ));
            let steps = example_ladder().rows.into_iter();
            svgs.push(ladder_chart(&LadderChart {
                rows: steps
                    .map(|row| LadderRow {
                        factor: centre,
                        low: end,
                        figure: "fast".into(),
                        mark: Mark::default(),
                        ..row
                    })
                    .collect(),
                ..example_ladder()
            }));
            let cell = |x, y, value| HeatCell {
                x,
                y,
                value,
                doubtful: true,
                same: true,
                mark: Mark::default(),
            };
            svgs.push(heat_map(&HeatMap {
                panels: vec![HeatPanel {
                    name: "a".into(),
                    cells: vec![
                        cell(1.0, 1.0, centre),
                        cell(2.0, 1.0, end),
                        cell(centre, end, 3.0),
                    ],
                }],
                ..example_heat()
            }));
        }
    }
    svgs.into_iter().map(Result::unwrap).collect()
}

#[test]
fn values_that_cannot_be_drawn_are_left_out() {
    let values = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN_POSITIVE,
        0.0,
        -3.0,
        1e-300,
        1e-9,
        1e15,
        1.0,
        250.0,
    ];
    for svg in hostile(&values) {
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn a_single_point_is_drawn() {
    let point = Point {
        x: 64.0,
        y: 1500.0,
        low: 1400.0,
        high: 1700.0,
        mark: Mark::default(),
    };
    let line = Line {
        name: "only".into(),
        look: look(0),
        dashed: false,
        points: vec![point],
    };
    let svg = line_chart(&LineChart {
        lines: vec![line],
        ..example_lines()
    })
    .unwrap();
    for text in [">only</text>", ">64</text>", ">1 µs</text>"] {
        assert!(svg.contains(text), "{text} is missing in {svg}");
    }
}

#[test]
fn a_missing_bar_leaves_a_gap() {
    let chart = example_bars(true, &few());
    let mut without = chart.clone();
    without.series[0].bars[1] = None;
    let bars = |chart| bar_chart(chart).unwrap().matches("<rect").count();
    assert_eq!(bars(&without) + 1, bars(&chart));
}

/// The heat map of one row of cells with these values.
fn heat_row(values: &[f64]) -> String {
    let cells = values.iter().enumerate().map(|(place, &value)| HeatCell {
        x: place as f64,
        y: 1.0,
        value,
        doubtful: false,
        same: false,
        mark: Mark::default(),
    });
    let panels = vec![HeatPanel {
        name: "only".into(),
        cells: cells.collect(),
    }];
    heat_map(&HeatMap {
        panels,
        ..example_heat()
    })
    .unwrap()
}

/// Strokes as thick as the border between slower and faster.
fn borders(svg: &str) -> usize {
    svg.matches("stroke-width=\"4\"").count()
}

#[test]
fn a_heat_map_draws_the_line_where_1_is_crossed_and_no_other() {
    assert_eq!(borders(&heat_row(&[0.2, 0.9, 1.1, 7.0])), 1);
    assert_eq!(borders(&heat_row(&[0.2, 1.1, 0.9, 7.0])), 3);
    assert_eq!(borders(&heat_row(&[2.0, 3.0, 4.0])), 0);
    // A cell that cannot be drawn is neither slower nor faster.
    assert_eq!(borders(&heat_row(&[0.2, f64::NAN, 7.0])), 0);
}

#[test]
fn a_cell_shows_its_factor_and_what_is_not_shown_of_it() {
    let svg = heat_map(&example_heat()).unwrap();
    // The middle of the first map, its doubtful cell, and what is missing in each of three maps.
    for text in [">4.5</text>", ">1.5</text>", ">131 =</text>"] {
        assert!(svg.contains(text), "{text} is missing in {svg}");
    }
    assert_eq!(svg.matches(">–</text>").count(), 3);
    assert_eq!(svg.matches("stroke-dasharray=\"3 3\"").count(), 3);
}

#[test]
fn slower_and_faster_differ_in_colour_and_the_most_has_the_fullest() {
    let fills = |value: f64| {
        let svg = heat_row(&[value]);
        let at = svg.rfind("<rect").unwrap();
        svg[at..].split("fill=\"").nth(1).unwrap()[..7].to_owned()
    };
    assert_eq!(fills(1.0), "#ffffff");
    assert_eq!(fills(100.0), fills(1e6));
    let shades = [0.01, 0.5, 1.0, 2.0, 100.0].map(fills);
    for (place, shade) in shades.iter().enumerate() {
        assert!(!shades[..place].contains(shade), "{shades:?}");
    }
}

#[test]
fn a_bar_with_an_interval_has_a_line_and_two_ends_more() {
    let strokes = |interval| {
        let mut panels = example_differences();
        panels.truncate(1);
        panels[0].bars.truncate(1);
        panels[0].bars[0].interval = interval;
        let svg = super::panels("t", &panels).unwrap();
        svg.matches("stroke-width=\"1.5\"").count()
    };
    assert_eq!(strokes(Some((40.0, 48.0, 56.0))), strokes(None) + 3);
}

#[test]
fn no_two_parts_of_a_bar_look_alike() {
    let mut panels = example_differences().split_off(1);
    panels[0].bars.truncate(1);
    let svg = super::panels("t", &panels).unwrap();
    // The names below the panel have their shades in grey.
    let own = format!("stroke=\"{}\"", canvas::colour(2).to_lowercase());
    let fills: Vec<&str> = svg
        .split("<rect")
        .filter(|mark| mark.contains(&own))
        .filter_map(|mark| mark.split("fill=\"").nth(1)?.get(..7))
        .collect();
    let distinct: std::collections::BTreeSet<&&str> = fills.iter().collect();
    assert_eq!((fills.len(), distinct.len()), (6, 6), "{fills:?}");
}

#[test]
fn names_are_escaped() {
    let title = "a < b & \"c\"";
    let svg = panels(title, &example_panels()).unwrap();
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot;") && !svg.contains(title));
}

#[test]
fn a_panic_becomes_an_error_that_names_the_chart() {
    let error = guarded("speed-up", || panic!("no room")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the chart \"speed-up\" could not be drawn: no room"
    );
}

#[test]
fn durations_have_the_unit_that_suits_them() {
    let written = [0.5, 30.0, 100.0, 999.999_999_999_9, 1500.0, 2e7, 1e9].map(numbers::duration);
    assert_eq!(
        written,
        [
            "0.5 ns", "30 ns", "100 ns", "1 µs", "1.5 µs", "20 ms", "1 s"
        ]
    );
}

#[test]
fn numbers_keep_three_digits() {
    let written = [0.0, 0.05, 0.5, 1.0, 12.34, 153.0, 4096.0, 14_525.0, 2e6].map(numbers::number);
    assert_eq!(
        written,
        [
            "0", "0.05", "0.5", "1", "12.3", "153", "4096", "14.5k", "2M"
        ]
    );
}

#[test]
fn names_are_moved_apart_as_little_as_possible() {
    let spread = |wanted: &[f64]| lines::spread(wanted, 10.0, 0.0, 100.0);
    assert_eq!(spread(&[20.0, 50.0]), [20.0, 50.0]);
    assert_eq!(spread(&[50.0, 50.0, 50.0]), [40.0, 50.0, 60.0]);
    assert_eq!(spread(&[0.0, 1.0]), [0.0, 10.0]);
    assert_eq!(spread(&[99.0, 100.0]), [90.0, 100.0]);
    assert_eq!(spread(&[]), [0.0; 0]);
}
