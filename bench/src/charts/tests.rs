//! The charts of a study of realistic size, kept as snapshots, and the inputs that must not break
//! a report.

use super::Finding::{Different, Same, Unresolved};
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

fn style(colour: usize) -> Style {
    Style {
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

fn around(value: f64, below: f64, above: f64) -> Interval {
    Interval {
        value,
        low: value * below,
        high: value * above,
    }
}

fn picture(title: &str, x_label: &str, y_label: &str, content: Content) -> Picture {
    Picture {
        title: title.into(),
        x_label: x_label.into(),
        y_label: y_label.into(),
        content,
    }
}

fn svg(content: Content) -> String {
    picture("t", "x", "y", content).svg().unwrap()
}

fn example_times() -> Picture {
    let lengths = [
        8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0,
    ];
    let line = |index: usize, floor: bool| Series {
        name: format!(
            "{}{}",
            CONTENDERS[index],
            if floor { ", floor" } else { "" }
        ),
        style: style(index),
        dashed: floor,
        points: lengths
            .iter()
            .map(|&x| {
                let y = COSTS[index].1 * x * x + if floor { 0.0 } else { COSTS[index].0 };
                Point {
                    x,
                    y: around(y, 0.97, 1.05),
                    mark: Mark::default(),
                }
            })
            .collect(),
    };
    let lines = (0..7).flat_map(|index| [line(index, false), line(index, true)]);
    picture(
        "One Wagner-Fischer distance: time per call (dashed: the floor)",
        "characters in each string",
        "time per call",
        Content::Times(lines.collect()),
    )
}

fn example_rows(cases: &[String]) -> Vec<ForestRow> {
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
                style: style(colour),
                factor: around(centre, 0.96, 1.06),
                finding: doubt((0.95..1.05).contains(&centre), centre < 1.0),
                mark: Mark::default(),
            });
        }
    }
    rows
}

fn example_forest(cases: &[String]) -> Picture {
    picture(
        "Time per call, relative to the C extension",
        "times the C extension",
        "",
        Content::Forest(example_rows(cases)),
    )
}

fn bar(colour: usize, parts: &[(&str, f64)], interval: Option<Interval>) -> Bar {
    Bar {
        name: CONTENDERS[colour].into(),
        note: String::new(),
        style: style(colour),
        finding: Finding::Different,
        parts: parts
            .iter()
            .map(|(name, value)| ((*name).into(), *value))
            .collect(),
        interval,
        behind: Vec::new(),
        mark: Mark::default(),
    }
}

fn panel(title: &str, axis_label: &str, bars: Vec<Bar>) -> Panel {
    Panel {
        title: title.into(),
        axis_label: axis_label.into(),
        log: false,
        bars,
    }
}

fn example_panels() -> Vec<Panel> {
    let panel = |title: &str, axis_label: &str, names: &[&str], values: [&[f64]; 7]| {
        let bars = values.iter().enumerate().map(|(colour, values)| {
            let parts: Vec<_> = names.iter().copied().zip(values.iter().copied()).collect();
            bar(colour, &parts, None)
        });
        panel(title, axis_label, bars.collect())
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
    let difference = |colour, value, half: f64| {
        let interval = Interval {
            value,
            low: value - half,
            high: value + half,
        };
        bar(colour, &[("difference", value)], Some(interval))
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
        panel(
            "A callback",
            "ns",
            vec![
                difference(0, 48.0, 2.5),
                difference(2, 95.0, 4.0),
                difference(3, 3.0, 7.0),
                difference(4, -6.0, 2.0),
            ],
        ),
        panel(
            "pair/ascii-64",
            "ns",
            vec![
                split(2, [5.0, 20.0, 12.0, 4.0, 60.0, 9.0]),
                split(4, [5.0, 25.0, 30.0, 3.0, 55.0, -4.0]),
            ],
        ),
    ]
}

fn cell(text: &str, shade: Shade) -> GridCell {
    GridCell {
        text: text.into(),
        shade,
        doubtful: false,
        mark: Mark::default(),
    }
}

fn grid(name: &str, columns: &[&str], rows: Vec<(&str, Vec<GridCell>)>) -> Grid {
    let rows = rows.into_iter();
    Grid {
        name: name.into(),
        columns: columns.iter().map(|name| (*name).into()).collect(),
        rows: rows.map(|(name, cells)| (name.into(), cells)).collect(),
    }
}

/// Where a call pays, for three contenders: one cell in doubt, one missing.
fn example_map() -> Picture {
    let ys = ["512", "64", "8"];
    let map = |name: &str, start: f64| {
        let rows = ys.iter().enumerate().map(|(row, y)| {
            let cells = (0..4).map(|column| {
                if (row, column) == (0, 2) {
                    return cell("–", Shade::Tone(Tone::Nothing));
                }
                let value = start * 3.0_f64.powf((column + 2 * (2 - row)) as f64);
                GridCell {
                    doubtful: (row, column) == (2, 1),
                    ..cell(&format!("{value:.1}"), Shade::Factor(value))
                }
            });
            (*y, cells.collect())
        });
        grid(name, &["1", "10", "100", "1000"], rows.collect())
    };
    let grids = Grids {
        note: "times as fast as pure_python".into(),
        legend: Vec::new(),
        all: vec![
            map("c_ext", 0.5),
            map("rust_cffi", 0.06),
            map("rust_pyo3", 2.0),
        ],
    };
    picture(
        "Where it pays",
        "words in one crossing",
        "characters in each",
        Content::Grids(grids),
    )
}

fn example_words() -> Picture {
    let cells = |cells: [(&str, Tone); 3]| {
        cells
            .map(|(text, tone)| cell(text, Shade::Tone(tone)))
            .to_vec()
    };
    let rows = vec![
        (
            "An object kept without a reference to it, which dies too early",
            cells([
                ("cannot be written", Tone::Good),
                ("silently wrong; ASan: heap-use-after-free", Tone::Bad),
                ("refused by the compiler", Tone::Good),
            ]),
        ),
        (
            "An index not checked",
            cells([
                ("Python exception", Tone::Fair),
                ("crash (SIGSEGV)", Tone::Poor),
                ("–", Tone::Nothing),
            ]),
        ),
    ];
    let grids = Grids {
        note: String::new(),
        legend: vec![
            (Tone::Good, "cannot happen".to_owned()),
            (Tone::Bad, "silent".to_owned()),
        ],
        all: vec![grid(
            "",
            &["pure Python", "C extension", "Rust, PyO3"],
            rows,
        )],
    };
    picture("What becomes of a mistake", "", "", Content::Grids(grids))
}

fn example_points() -> Vec<Series> {
    let point = |colour: usize, x, y: f64, half: f64| Series {
        name: CONTENDERS[colour].into(),
        style: style(colour),
        dashed: false,
        points: vec![Point {
            x,
            y: around(y, 1.0 / half, half),
            mark: Mark {
                name: CONTENDERS[colour].into(),
                place: format!("{x} lines"),
                figure: format!("{y} times as fast"),
                case: Some("a/<b>".into()),
            },
        }],
    };
    vec![
        point(0, 290.0, 1.0, 1.0),
        point(1, 480.0, 39.0, 1.01),
        point(2, 1380.0, 38.0, 1.5),
        point(5, 1040.0, 9.5, 1.02),
        // What cannot be drawn is left out.
        point(6, f64::NAN, 28.0, 1.0),
    ]
}

fn example_steps() -> Panel {
    let step = |colour, name: &str, factor: f64, half: f64, finding, over: &str| Bar {
        name: name.into(),
        note: "the one thing that it changes".into(),
        style: style(colour),
        finding,
        parts: vec![("factor".into(), factor)],
        interval: Some(around(factor, 1.0 / half, half)),
        behind: [format!("{factor}×, {:.1} ms", 800.0 / factor)]
            .into_iter()
            .chain((!over.is_empty()).then(|| over.to_owned()))
            .collect(),
        mark: Mark {
            name: name.into(),
            place: "the one thing".into(),
            figure: format!("{factor} times as fast"),
            case: Some("a/<b>".into()),
        },
    };
    Panel {
        title: String::new(),
        axis_label: "times as fast as the first step".into(),
        log: true,
        bars: vec![
            step(0, "1. where one begins", 1.0, 1.0, Different, ""),
            step(0, "2. an algorithm", 1.8, 1.03, Different, "1.80× step 1"),
            step(4, "3. a language", 35.0, 1.02, Different, "35.0× step 1"),
            step(4, "4. the same again", 35.2, 1.02, Same, "1.01× step 3"),
            step(
                6,
                "5. perhaps faster",
                39.0,
                1.2,
                Unresolved,
                "1.11× step 4",
            ),
            step(
                6,
                "6. & much faster",
                2100.0,
                1.01,
                Different,
                "53.8× step 5",
            ),
            // A dash stands for what cannot be drawn.
            step(6, "7. gone", f64::NAN, 1.0, Different, ""),
        ],
    }
}

#[test]
fn a_mark_says_its_figure_and_names_its_case() {
    let svg = svg(Content::Factors(example_points()));
    assert!(
        svg.contains("<title>c_ext, 1380 lines: 38 times as fast</title>"),
        "{svg}"
    );
    assert!(svg.contains("data-case=\"a/&lt;b>\""), "{svg}");
    assert!(!svg.contains("idiomatic"), "{svg}");
}

#[test]
fn a_picture_lists_the_figures_that_it_shows() {
    let mut points = example_points();
    points[1].points[0].mark = Mark::default();
    let names = |content| -> Vec<String> {
        let marks = picture("t", "x", "y", content).marks().into_iter();
        marks.map(|mark| mark.name).collect()
    };
    assert_eq!(
        names(Content::Factors(points))[..2],
        ["pure_python", "c_ext"]
    );
    assert_eq!(names(Content::Bars(vec![example_steps()])).len(), 7);
}

#[test]
fn same_different_and_not_resolved_are_told_apart() {
    let drawn = |finding| {
        let mut rows = example_rows(&few());
        let mut steps = example_steps();
        for row in &mut rows {
            row.finding = finding;
        }
        for bar in &mut steps.bars {
            bar.finding = finding;
        }
        [svg(Content::Forest(rows)), svg(Content::Bars(vec![steps]))]
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
        let mut points = example_points();
        points.truncate(1);
        points[0].style.variant = variant;
        svg(Content::Factors(points))
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

/// Every picture by the name of its snapshot.
fn examples() -> Vec<(&'static str, String)> {
    let titled = |title: &str, x: &str, y: &str, content| picture(title, x, y, content);
    let bars = |title: &str, panels| titled(title, "", "", Content::Bars(panels));
    let factors = Content::Factors(example_points());
    [
        ("times", example_times()),
        ("forest", example_forest(&cases())),
        ("forest_few", example_forest(&few())),
        ("panels", bars("Build effort", example_panels())),
        ("differences", bars("What it costs", example_differences())),
        ("map", example_map()),
        ("words", example_words()),
        (
            "factors",
            titled("Effort against speed", "lines", "times as fast", factors),
        ),
        ("steps", bars("One cause at a time", vec![example_steps()])),
    ]
    .map(|(name, picture)| (name, picture.svg().unwrap()))
    .to_vec()
}

#[test]
fn beside_a_bar_stands_its_value_and_not_the_middle_of_its_interval() {
    let interval = Interval {
        value: 19.0,
        low: 16.0,
        high: 20.0,
    };
    let bar = bar(2, &[("build", 19.0)], Some(interval));
    let svg = svg(Content::Bars(vec![panel("p", "s", vec![bar])]));
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
    let no_rows = Grids {
        all: vec![grid("a", &["b"], Vec::new())],
        ..Grids::default()
    };
    for content in [
        Content::Times(Vec::new()),
        Content::Factors(Vec::new()),
        Content::Forest(Vec::new()),
        Content::Bars(Vec::new()),
        Content::Bars(vec![panel("p", "s", Vec::new())]),
        Content::Grids(Grids::default()),
        Content::Grids(no_rows),
    ] {
        assert!(svg(content).contains(">no data</text>"));
    }
}

/// Every kind of picture with values in which hostile ones stand at every place.
fn hostile(values: &[f64]) -> Vec<String> {
    let mut svgs = Vec::new();
    for &centre in values {
        for &end in values {
            let interval = |value| Interval {
                value,
                low: end,
                high: centre,
            };
            let line = |points: &[(f64, f64)]| Series {
                name: "a".into(),
                style: style(99),
                dashed: false,
                points: points
                    .iter()
                    .map(|&(x, y)| Point {
                        x,
                        y: interval(y),
                        mark: Mark::default(),
                    })
                    .collect(),
            };
            let lines = vec![line(&[(centre, end)]), line(&[(end, 5.0), (8.0, centre)])];
            let row = |value| ForestRow {
                factor: interval(value),
                ..example_rows(&few())[0].clone()
            };
            let parts = bar(2, &[("p", centre), ("p", end)], Some(interval(centre)));
            let mut steps = example_steps();
            for step in &mut steps.bars {
                step.parts[0].1 = centre;
                step.interval = Some(Interval {
                    value: centre,
                    low: end,
                    high: 3.0,
                });
                step.behind = vec!["fast".into()];
                step.mark = Mark::default();
            }
            let cells = [centre, end, 3.0].map(|value| cell("a", Shade::Factor(value)));
            let grids = Grids {
                all: vec![grid("a", &["1", "2", "3"], vec![("b", cells.to_vec())])],
                ..Grids::default()
            };
            svgs.extend([
                svg(Content::Times(lines.clone())),
                svg(Content::Factors(lines)),
                svg(Content::Forest(vec![row(centre), row(end)])),
                svg(Content::Bars(vec![panel("p", "s", vec![parts])])),
                svg(Content::Bars(vec![steps])),
                svg(Content::Grids(grids)),
            ]);
        }
    }
    svgs
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
    let line = Series {
        name: "only".into(),
        style: style(0),
        dashed: false,
        points: vec![Point {
            x: 64.0,
            y: around(1500.0, 0.93, 1.13),
            mark: Mark::default(),
        }],
    };
    let svg = svg(Content::Times(vec![line]));
    for text in [">only</text>", ">64</text>", ">1 µs</text>"] {
        assert!(svg.contains(text), "{text} is missing in {svg}");
    }
}

#[test]
fn a_missing_bar_leaves_a_dash() {
    let panels = example_panels();
    let mut without = panels.clone();
    without[1].bars.remove(2);
    let bars = |panels: Vec<Panel>| svg(Content::Bars(panels)).matches("<rect").count();
    let dashes = |panels: Vec<Panel>| svg(Content::Bars(panels)).matches(">–<").count();
    assert_eq!(bars(without.clone()) + 1, bars(panels.clone()));
    assert_eq!(dashes(without), dashes(panels) + 1);
}

/// A map of one row of cells with these values.
fn map_row(values: &[f64]) -> String {
    let cells = values.iter().map(|value| cell("a", Shade::Factor(*value)));
    let columns = vec!["c"; values.len()];
    svg(Content::Grids(Grids {
        all: vec![grid("only", &columns, vec![("r", cells.collect())])],
        ..Grids::default()
    }))
}

/// Strokes as thick as the border between slower and faster.
fn borders(svg: &str) -> usize {
    svg.matches("stroke-width=\"4\"").count()
}

#[test]
fn a_map_draws_the_line_where_1_is_crossed_and_no_other() {
    assert_eq!(borders(&map_row(&[0.2, 0.9, 1.1, 7.0])), 1);
    assert_eq!(borders(&map_row(&[0.2, 1.1, 0.9, 7.0])), 3);
    assert_eq!(borders(&map_row(&[2.0, 3.0, 4.0])), 0);
    // Between words there is none, nor is there beside them.
    assert_eq!(borders(&example_words().svg().unwrap()), 0);
}

#[test]
fn a_cell_shows_its_text_and_a_frame_where_there_is_doubt() {
    let svg = example_map().svg().unwrap();
    // The middle of the first map and its doubtful cell, and what is missing in each of three maps.
    for text in [">4.5</text>", ">1.5</text>", ">121.5</text>"] {
        assert!(svg.contains(text), "{text} is missing in {svg}");
    }
    assert_eq!(svg.matches(">–</text>").count(), 3);
    assert_eq!(svg.matches("stroke-dasharray=\"3 3\"").count(), 3);
}

#[test]
fn slower_and_faster_differ_in_colour_and_the_most_has_the_fullest() {
    let fills = |value: f64| {
        let svg = map_row(&[value]);
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
        let svg = svg(Content::Bars(panels));
        svg.matches("stroke-width=\"1.5\"").count()
    };
    assert_eq!(strokes(Some(around(48.0, 0.8, 1.2))), strokes(None) + 3);
}

#[test]
fn no_two_parts_of_a_bar_look_alike() {
    let mut panels = example_differences().split_off(1);
    panels[0].bars.truncate(1);
    let svg = svg(Content::Bars(panels));
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
    let panels = Content::Bars(example_panels());
    let svg = picture(title, "", "", panels).svg().unwrap();
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
    let spread = |wanted: &[f64]| plot::spread(wanted, 10.0, 0.0, 100.0);
    assert_eq!(spread(&[20.0, 50.0]), [20.0, 50.0]);
    assert_eq!(spread(&[50.0, 50.0, 50.0]), [40.0, 50.0, 60.0]);
    assert_eq!(spread(&[0.0, 1.0]), [0.0, 10.0]);
    assert_eq!(spread(&[99.0, 100.0]), [90.0, 100.0]);
    assert_eq!(spread(&[]), [0.0; 0]);
}
