//! Panels of horizontal bars side by side that share one row for each name.

use kuva::render::layout::ComputedLayout;
use kuva::render::render_utils::{generate_ticks, generate_ticks_log};

use super::canvas::{
    Anchor, Area, Axis, Canvas, Key, LEGEND_ROW, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour,
    distinct, legend_height, text_width, tint, widest,
};
use super::numbers::{drawable, log_range, number, positive};
use super::{Bar, Finding, Panel};

/// A panel narrower than this has no room for its ticks.
const NARROWEST_PANEL: f64 = 230.0;
/// Space between two panels, and between a bar and what is written behind it.
const GAP: f64 = 36.0;
const SPACE: f64 = 8.0;
/// Height of a row, with and without a note below its name, and share of it that the bar takes.
const ROW: f64 = 58.0;
const ROW_WITH_NOTE: f64 = 70.0;
const FILLED: f64 = 0.58;
/// The most that the names may take of the page.
const WIDEST_NAMES: f64 = 480.0;
/// Roughly this many ticks fit below a panel.
const TICKS: usize = 3;
/// A bar of factor 1 can be seen, too.
const SHORTEST: f64 = 4.0;
/// How light the parts of a bar are, from its start.
const LIGHTNESS: [f64; 4] = [0.0, 0.45, 0.7, 0.88];
/// How light the last part is where there are more than that.
const LIGHTEST: f64 = 0.94;

pub(super) fn draw(title: &str, panels: &[Panel]) -> String {
    let bars = || panels.iter().flat_map(|panel| &panel.bars);
    let rows = distinct(bars().map(|bar| (bar.name.as_str(), bar.note.as_str())));
    if rows.is_empty() {
        return Canvas::no_data(title);
    }
    let texts = rows.iter().flat_map(|(name, note)| [*name, *note]);
    let labels = widest(texts, TEXT).min(WIDEST_NAMES) + 30.0;
    let count = panels.len() as f64;
    let wide = (WIDTH - labels - 20.0 - GAP * count) / count;
    let wide = wide.max(NARROWEST_PANEL);
    let width = labels + 20.0 + (wide + GAP) * count;

    let mut keys = Vec::new();
    keys.extend(
        bars()
            .any(|bar| bar.style.variant)
            .then(|| Key::variant("stripes")),
    );
    keys.extend(Key::findings(bars().map(|bar| bar.finding)));
    let titled = panels.iter().any(|panel| !panel.title.is_empty());
    let top = TITLE_HEIGHT + legend_height(&keys) + if titled { 44.0 } else { 6.0 };
    let with_note = rows.iter().any(|(_, note)| !note.is_empty());
    let pitch = if with_note { ROW_WITH_NOTE } else { ROW };
    let bottom = top + pitch * rows.len() as f64;
    let explained = panels.iter().map(|panel| part_names(panel).len());
    let height = bottom + 84.0 + LEGEND_ROW * explained.max().unwrap_or(0) as f64;

    let mut canvas = Canvas::new(width, height, title);
    canvas.legend(&keys);
    for (row, (name, note)) in rows.iter().enumerate() {
        let y = top + pitch * (row as f64 + 0.5);
        write(&mut canvas, (labels, y), &[*name, *note], Anchor::End);
    }
    for (index, panel) in panels.iter().enumerate() {
        let left = labels + 14.0 + (wide + GAP) * index as f64;
        let area = Area::at((left, top), wide, bottom - top);
        draw_panel(&mut canvas, area, panel, &rows);
    }
    canvas.svg()
}

/// Writes one or two lines around a height.
fn write(canvas: &mut Canvas, (x, y): (f64, f64), lines: &[&str], align: Anchor) {
    match lines {
        [first, second] if !second.is_empty() => {
            canvas.text((x, y - 4.0), first, TEXT, align);
            canvas.text((x, y + 17.0), second, TEXT - 1, align);
        }
        [first, ..] => canvas.text((x, y + 5.5), first, TEXT, align),
        [] => {}
    }
}

/// The parts of a panel in the order of first appearance, if there are several.
fn part_names(panel: &Panel) -> Vec<&str> {
    let parts = panel.bars.iter().flat_map(|bar| &bar.parts);
    let names = distinct(parts.map(|(name, _)| name.as_str()));
    if names.len() > 1 { names } else { Vec::new() }
}

/// The parts of a bar that have a length.
fn parts(bar: &Bar, log: bool) -> impl Iterator<Item = &(String, f64)> {
    let valid = move |value: f64| {
        if log {
            positive(value)
        } else {
            drawable(value) && value >= 0.0
        }
    };
    bar.parts.iter().filter(move |(_, value)| valid(*value))
}

/// What is written behind a bar.
fn behind(bar: &Bar, length: f64) -> Vec<String> {
    if !bar.behind.is_empty() {
        return bar.behind.clone();
    }
    let value = bar.interval.map(|interval| interval.value);
    vec![number(
        value.filter(|value| drawable(*value)).unwrap_or(length),
    )]
}

/// A panel with its scales.
struct Frame {
    scales: ComputedLayout,
    area: Area,
    log: bool,
    /// Height of a bar.
    bar: f64,
}

impl Frame {
    fn x(&self, value: f64) -> f64 {
        self.scales
            .map_x(value)
            .clamp(self.area.left, self.area.right)
    }
}

fn draw_panel(canvas: &mut Canvas, area: Area, panel: &Panel, rows: &[(&str, &str)]) {
    let log = panel.log;
    let valid = if log { positive } else { drawable };
    let length = |bar: &Bar| parts(bar, log).map(|(_, value)| value).sum::<f64>();
    let drawn = || {
        panel
            .bars
            .iter()
            .filter(|bar| parts(bar, log).next().is_some())
    };
    let start = if log { 1.0 } else { 0.0 };
    let values = drawn().flat_map(|bar| {
        let ends = bar
            .interval
            .map_or((start, start), |interval| interval.ends(valid));
        [start, length(bar), ends.0, ends.1]
    });
    let values: Vec<f64> = values.filter(|value| valid(*value)).collect();
    let most = values.iter().copied().fold(start, f64::max);
    let least = values.iter().copied().fold(start, f64::min);
    // Behind the longest bar there is room for what is written there.
    let texts = drawn().flat_map(|bar| behind(bar, length(bar)));
    let room = texts
        .map(|text| text_width(&text, TEXT))
        .fold(0.0, f64::max)
        + 2.0 * SPACE;
    let share = (1.0 - room / (area.right - area.left)).max(0.25);
    let range = if log {
        let (low, high) = log_range([least, most]).unwrap_or((1.0, 10.0));
        // Bars begin at 1 unless one is shorter.
        let low = if least < 1.0 { low } else { 1.0 };
        (low, low * (high / low).powf(1.0 / share))
    } else if most > 0.0 {
        (0.0, most / share)
    } else {
        (0.0, 1.0)
    };
    let axis = if log {
        Axis::log(range)
    } else {
        Axis::linear(range.0, range.1)
    };
    let scales = canvas.axes(area, (axis, Axis::rows()), |layout| {
        layout.with_ticks(TICKS)
    });
    let ticks = if log {
        generate_ticks_log(range.0, range.1)
    } else {
        generate_ticks(0.0, range.1, TICKS)
    };
    let inside = ticks
        .into_iter()
        .filter(|tick| *tick > range.0 && *tick <= range.1);
    canvas.vertical_grid(area, inside.map(|tick| scales.map_x(tick)));
    let middle = area.middle().0;
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
    let pitch = (area.bottom - area.top) / rows.len() as f64;
    let frame = Frame {
        scales,
        area,
        log,
        bar: FILLED * pitch,
    };
    for (row, (name, _)) in rows.iter().enumerate() {
        let y = area.top + pitch * (row as f64 + 0.5);
        let Some(bar) = drawn().find(|bar| bar.name == *name) else {
            canvas.text((area.left + 8.0, y + 5.5), "–", TEXT, Anchor::Start);
            continue;
        };
        canvas.mark(&bar.mark, |canvas| {
            draw_bar(canvas, &frame, bar, y, lightness);
        });
    }
    if log {
        let base = frame.x(1.0);
        canvas.base((base, area.top), (base, area.bottom));
    }
    // The shades are explained in grey, because each contender has them in its own colour.
    for (row, name) in names.iter().enumerate() {
        let y = area.bottom + 84.0 + LEGEND_ROW * row as f64;
        let grey = colour(0);
        let outline = Stroke::solid(&grey, 1.0);
        canvas.square(
            (area.left + 8.0, y),
            15.0,
            &tint(0, lightness(name)),
            &outline,
        );
        canvas.text((area.left + 22.0, y + 5.5), name, TEXT, Anchor::Start);
    }
}

/// Draws the parts of a bar, its interval, and what stands behind it.
fn draw_bar(
    canvas: &mut Canvas,
    frame: &Frame,
    bar: &Bar,
    y: f64,
    lightness: impl Fn(&str) -> f64,
) {
    let own = colour(bar.style.colour);
    let shortest = if frame.log { SHORTEST } else { 0.0 };
    let (mut sum, mut end) = (0.0, frame.x(if frame.log { 1.0 } else { 0.0 }));
    let mut right = end;
    for (name, value) in parts(bar, frame.log).filter(|(_, value)| *value > 0.0) {
        sum += value;
        let (start, value) = (end, frame.x(sum));
        end = value;
        let stretch = Area {
            left: start.min(value),
            right: start.max(value).max(start.min(value) + shortest),
            top: y - frame.bar / 2.0,
            bottom: y + frame.bar / 2.0,
        };
        right = right.max(stretch.right);
        if bar.finding == Finding::Different {
            let fill = tint(bar.style.colour, lightness(name));
            canvas.rectangle(stretch, &fill, &Stroke::solid(&own, 1.0));
            if bar.style.variant {
                canvas.stripes(stretch);
            }
        } else {
            let outline = Stroke::solid(&own, 2.0);
            canvas.rectangle(stretch, "white", &outline);
            if bar.finding == Finding::Same {
                canvas.line(&[(stretch.left, y), (stretch.right, y)], &outline);
            }
        }
    }
    let valid = if frame.log { positive } else { drawable };
    let interval = bar.interval.map(|interval| interval.ends(valid));
    if let Some((low, high)) = interval.filter(|(low, high)| low < high) {
        let (low, high) = (frame.x(low), frame.x(high));
        canvas.whisker_across((low, high), y);
        right = right.max(high);
    }
    let lines = behind(bar, sum);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    // Names longer than the page must not push this out of it.
    let room = widest(lines.iter().copied(), TEXT).min(frame.area.right - frame.area.left);
    let at = (right + SPACE).min(frame.area.right - room);
    write(canvas, (at, y), &lines, Anchor::Start);
}
