//! Horizontal bars on a logarithmic axis, one below the other: how a time becomes shorter step by
//! step.

use kuva::render::layout::ComputedLayout;

use super::canvas::{
    Anchor, Area, Axis, Canvas, Key, TEXT, TITLE_HEIGHT, WIDTH, legend_height, text_width, widest,
};
use super::numbers::{self, log_range, positive};
use super::{Finding, LadderChart, LadderRow};

/// Height of one row, and of the bar in it.
const ROW: f64 = 72.0;
const BAR: f64 = 40.0;
/// Sizes of what a step is called, and of its cause.
const NAME: u32 = TEXT + 2;
const CAUSE: u32 = TEXT - 1;
/// The most that the names may take of the page.
const WIDEST_NAMES: f64 = 480.0;
/// A bar of factor 1 can be seen, too.
const SHORTEST: f64 = 4.0;
/// Space between a bar, or its interval, and what is written behind it.
const SPACE: f64 = 10.0;

/// The ends of a step's interval.
fn span(row: &LadderRow) -> (f64, f64) {
    numbers::span(row.factor, row.low, row.high, positive)
}

/// About how wide that is which is written behind a bar.
fn behind_width(row: &LadderRow) -> f64 {
    text_width(&row.figure, NAME).max(text_width(&row.over, CAUSE))
}

pub(super) fn draw(chart: &LadderChart) -> String {
    let rows: Vec<&LadderRow> = chart
        .rows
        .iter()
        .filter(|row| positive(row.factor))
        .collect();
    let values = rows
        .iter()
        .flat_map(|row| [row.factor, span(row).0, span(row).1]);
    let Some((least, most)) = log_range(values.chain([1.0])) else {
        return Canvas::no_data(&chart.title);
    };
    if rows.is_empty() {
        return Canvas::no_data(&chart.title);
    }
    // Bars begin at 1 unless a step is slower than the first.
    let slower = rows.iter().any(|row| span(row).0 < 1.0);
    let least = if slower { least } else { 1.0 };

    let found: Vec<Finding> = rows.iter().map(|row| row.finding).collect();
    let mut keys = Vec::new();
    let variants = rows.iter().any(|row| row.look.variant);
    keys.extend(variants.then(|| Key::variant("stripes")));
    keys.extend(Key::findings(&found));
    let names = f64::max(
        widest(rows.iter().map(|row| row.name.as_str()), NAME),
        widest(rows.iter().map(|row| row.cause.as_str()), CAUSE),
    );
    let top = TITLE_HEIGHT + legend_height(&keys) + 6.0;
    let area = Area {
        left: names.min(WIDEST_NAMES) + 34.0,
        right: WIDTH - 24.0,
        top,
        bottom: top + ROW * rows.len() as f64,
    };
    // Behind the longest bar there is room for what is written there.
    let room = rows.iter().map(|row| behind_width(row)).fold(0.0, f64::max) + 2.0 * SPACE;
    let width = area.right - area.left;
    let share = (1.0 - room / width).max(0.25);
    let end = least * (most / least).powf(1.0 / share);

    let mut canvas = Canvas::new(WIDTH, area.bottom + 84.0, &chart.title);
    canvas.legend(&keys);
    let axes = (Axis::log((least, end)), Axis::rows());
    let scales = canvas.axes(area, axes, |layout| layout);
    let decades = (1..16).map(|power| 10.0_f64.powi(power));
    let decades = decades.filter(|ten| (least..end).contains(ten));
    canvas.vertical_grid(area, decades.map(|ten| scales.map_x(ten)));
    canvas.x_label(area, &chart.axis_label);
    for (place, row) in rows.into_iter().enumerate() {
        let y = area.top + ROW * (place as f64 + 0.5);
        draw_step(&mut canvas, &scales, area, row, y);
    }
    let base = scales.map_x(1.0);
    canvas.base((base, area.top), (base, area.bottom));
    canvas.svg()
}

/// Draws the names of a step, its bar with its interval, and its figures behind it.
fn draw_step(canvas: &mut Canvas, scales: &ComputedLayout, area: Area, row: &LadderRow, y: f64) {
    let edge = area.left - 14.0;
    canvas.text((edge, y - 3.0), &row.name, NAME, Anchor::End);
    canvas.text((edge, y + 19.0), &row.cause, CAUSE, Anchor::End);
    let (low, high) = span(row);
    let (low, high) = (scales.map_x(low), scales.map_x(high));
    let (base, value) = (scales.map_x(1.0), scales.map_x(row.factor));
    let bar = Area {
        left: base.min(value),
        right: base.max(value).max(base.min(value) + SHORTEST),
        top: y - BAR / 2.0,
        bottom: y + BAR / 2.0,
    };
    canvas.mark(&row.mark, |canvas| {
        canvas.bar(bar, row.look, row.finding, true);
        if high - low > 1.0 {
            canvas.whisker_across((low, high), y);
        }
        // Names longer than the page must not push this out of it.
        let room = behind_width(row).min(area.right - area.left);
        let behind = (bar.right.max(high) + SPACE).min(area.right - room);
        if row.over.is_empty() {
            canvas.text((behind, y + 5.5), &row.figure, NAME, Anchor::Start);
        } else {
            canvas.text((behind, y - 3.0), &row.figure, NAME, Anchor::Start);
            canvas.text((behind, y + 19.0), &row.over, CAUSE, Anchor::Start);
        }
    });
}
