//! Panels of horizontal bars side by side that share one row per contender.

use kuva::render::layout::ComputedLayout;
use kuva::render::render_utils::generate_ticks;

use super::canvas::{
    Anchor, Area, Axis, Canvas, LEGEND_ROW, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, tint, widest,
};
use super::numbers::{drawable, number};
use super::{EffortBar, Panel, Stack};

/// A panel narrower than this has no room for its ticks.
const NARROWEST_PANEL: f64 = 230.0;
/// Space between two panels.
const GAP: f64 = 36.0;
/// Height of one row, and of the bar in it.
const ROW: f64 = 58.0;
const BAR: f64 = 34.0;
/// Room for the value at the end of the longest bar, as a share of the panel.
const ROOM_FOR_VALUE: f64 = 0.34;
/// Roughly this many ticks fit below a panel.
const TICKS: usize = 3;
/// How light the parts of a bar are, from its start.
const LIGHTNESS: [f64; 4] = [0.0, 0.45, 0.7, 0.88];
/// How light the last part is where there are more than that.
const LIGHTEST: f64 = 0.94;

pub(super) fn draw(title: &str, panels: &[Panel]) -> String {
    let contenders = contenders(panels);
    if contenders.is_empty() {
        return Canvas::no_data(title);
    }
    let labels = widest(contenders.iter().copied(), TEXT) + 30.0;
    let count = panels.len() as f64;
    let panel = f64::max(
        (WIDTH - labels - 20.0 - GAP * count) / count,
        NARROWEST_PANEL,
    );
    let width = labels + 20.0 + (panel + GAP) * count;

    let top = TITLE_HEIGHT + 44.0;
    let bottom = top + ROW * contenders.len() as f64;
    let legend = panels
        .iter()
        .map(|panel| part_names(panel).len())
        .max()
        .unwrap_or(0);
    let height = bottom + 84.0 + LEGEND_ROW * legend as f64;

    let mut canvas = Canvas::new(width, height, title);
    for (row, contender) in contenders.iter().enumerate() {
        let y = top + ROW * (row as f64 + 0.5) + 5.5;
        canvas.text((labels, y), contender, TEXT, Anchor::End);
    }
    for (index, content) in panels.iter().enumerate() {
        let left = labels + 14.0 + (panel + GAP) * index as f64;
        let area = Area::at((left, top), panel, bottom - top);
        draw_panel(&mut canvas, area, content, &contenders);
    }
    canvas.svg()
}

/// The contenders of all panels in the order of first appearance.
fn contenders(panels: &[Panel]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for bar in panels.iter().flat_map(|panel| &panel.bars) {
        if !names.contains(&bar.contender.as_str()) {
            names.push(&bar.contender);
        }
    }
    names
}

/// The parts of a panel in the order of first appearance, if there are several.
fn part_names(panel: &Panel) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for part in panel.bars.iter().flat_map(|bar| &bar.parts) {
        if !names.contains(&part.name.as_str()) {
            names.push(&part.name);
        }
    }
    if names.len() > 1 { names } else { Vec::new() }
}

/// A length of zero or more is the only one that a part of a bar can have.
fn parts(bar: &EffortBar) -> impl Iterator<Item = &Stack> {
    bar.parts
        .iter()
        .filter(|part| drawable(part.value) && part.value >= 0.0)
}

fn total(bar: &EffortBar) -> f64 {
    parts(bar).map(|part| part.value).sum()
}

fn draw_panel(canvas: &mut Canvas, area: Area, panel: &Panel, contenders: &[&str]) {
    let middle = area.middle().0;
    let longest = panel.bars.iter().map(total).fold(0.0, f64::max);
    let end = if longest > 0.0 {
        longest / (1.0 - ROOM_FOR_VALUE)
    } else {
        1.0
    };
    let axes = (Axis::linear(0.0, end), Axis::rows());
    let scales = canvas.axes(area, axes, |layout| layout.with_ticks(TICKS));
    let ticks = generate_ticks(0.0, end, TICKS).into_iter().skip(1);
    canvas.vertical_grid(area, ticks.map(|tick| scales.map_x(tick)));
    canvas.centred((middle, area.top - 14.0), &panel.title, TEXT + 2);
    canvas.centred((middle, area.bottom + 52.0), &panel.axis_label, TEXT);

    let names = part_names(panel);
    let lightness = |name: &str| {
        let place = names.iter().position(|other| *other == name).unwrap_or(0);
        // No two parts of a bar may look alike, however many there are.
        if names.len() > LIGHTNESS.len() {
            LIGHTEST * place as f64 / (names.len() - 1) as f64
        } else {
            LIGHTNESS[place]
        }
    };
    for (row, contender) in contenders.iter().enumerate() {
        let y = area.top + ROW * (row as f64 + 0.5);
        let bar = panel.bars.iter().find(|bar| bar.contender == *contender);
        let Some(bar) = bar.filter(|bar| parts(bar).next().is_some()) else {
            canvas.text((area.left + 8.0, y + 5.5), "–", TEXT, Anchor::Start);
            continue;
        };
        canvas.mark(&bar.mark, |canvas| {
            draw_bar(canvas, &scales, bar, y, end, lightness);
        });
    }
    draw_part_names(canvas, area, &names, lightness);
}

/// Draws the parts of a bar, its interval, and its value behind it.
fn draw_bar(
    canvas: &mut Canvas,
    scales: &ComputedLayout,
    bar: &EffortBar,
    y: f64,
    end: f64,
    lightness: impl Fn(&str) -> f64,
) {
    let mut start = 0.0;
    for part in parts(bar).filter(|part| part.value > 0.0) {
        let stretch = Area {
            left: scales.map_x(start),
            right: scales.map_x(start + part.value),
            top: y - BAR / 2.0,
            bottom: y + BAR / 2.0,
        };
        start += part.value;
        let fill = tint(bar.look.colour, lightness(&part.name));
        canvas.rectangle(
            stretch,
            &fill,
            &Stroke::solid(&colour(bar.look.colour), 1.0),
        );
        if bar.look.variant {
            canvas.stripes(stretch, true);
        }
    }
    let mut right = scales.map_x(start);
    if let Some((low, _, high)) = bar
        .interval
        .filter(|(low, _, high)| drawable(*low) && drawable(*high))
    {
        let inside = |ns: f64| scales.map_x(ns.clamp(0.0, end));
        let (low, high) = (inside(low), inside(high));
        canvas.whisker_across((low, high), y);
        right = right.max(high);
    }
    let at = (right + 7.0, y + 5.5);
    let value = bar.interval.map(|(_, value, _)| value);
    let value = value.filter(|value| drawable(*value)).unwrap_or(start);
    canvas.text(at, &number(value), TEXT, Anchor::Start);
}

/// Explains the shades of a panel in grey, because each contender has them in its own colour.
fn draw_part_names(
    canvas: &mut Canvas,
    area: Area,
    names: &[&str],
    lightness: impl Fn(&str) -> f64,
) {
    for (row, name) in names.iter().enumerate() {
        let y = area.bottom + 84.0 + LEGEND_ROW * row as f64;
        let fill = tint(0, lightness(name));
        canvas.square(
            (area.left + 8.0, y),
            15.0,
            &fill,
            &Stroke::solid(&colour(0), 1.0),
        );
        canvas.text((area.left + 22.0, y + 5.5), name, TEXT, Anchor::Start);
    }
}
