//! Groups of vertical bars with their intervals.

use kuva::render::layout::ComputedLayout;

use super::canvas::{
    Area, Axis, Canvas, INK, Key, Stroke, TEXT, TITLE_HEIGHT, WIDTH, legend_height, text_width,
    widest,
};
use super::numbers::{drawable, extent, log_range, positive, span};
use super::{Bar, BarChart, Finding};

const HEIGHT: f64 = 720.0;
/// Share of a category that its bars take; the rest is the gap to the next.
const FILLED: f64 = 0.84;
/// A bar wider than this looks like an area.
const WIDEST_BAR: f64 = 48.0;
/// Slope of the names of categories when they do not fit side by side.
const SLOPE_DEGREES: f64 = -40.0;

/// A bar that can be drawn, with its category and the series that it belongs to.
struct Mark<'a> {
    category: usize,
    series: usize,
    bar: &'a Bar,
    span: (f64, f64),
}

pub(super) fn draw(chart: &BarChart) -> String {
    let marks = marks(chart);
    let values = marks
        .iter()
        .flat_map(|mark| [mark.bar.value, mark.span.0, mark.span.1]);
    let range = if chart.log {
        log_range(values.chain([1.0]))
    } else {
        extent(values.chain([0.0])).map(with_air)
    };
    let Some(range) = range.filter(|_| !marks.is_empty()) else {
        return Canvas::no_data(&chart.title);
    };

    let mut keys: Vec<Key> = chart
        .series
        .iter()
        .map(|series| Key::plain(&series.name, series.look))
        .collect();
    let variants = chart.series.iter().any(|series| series.look.variant);
    keys.extend(variants.then(|| Key::variant("stripes")));
    let found: Vec<Finding> = marks.iter().map(|mark| mark.bar.finding).collect();
    keys.extend(Key::findings(&found));
    let names = || chart.categories.iter().map(String::as_str);
    let pitch = (WIDTH - 130.0) / chart.categories.len() as f64;
    let sloped = widest(names(), TEXT) > pitch - 10.0;
    let (across, down) = if sloped {
        let (sin, cos) = SLOPE_DEGREES.abs().to_radians().sin_cos();
        let first = text_width(&chart.categories[0], TEXT);
        (first * cos - pitch / 2.0, widest(names(), TEXT) * sin)
    } else {
        (0.0, 0.0)
    };
    let area = Area {
        left: f64::max(100.0, across + 10.0),
        right: WIDTH - 30.0,
        top: TITLE_HEIGHT + legend_height(&keys) + 10.0,
        // Names longer than half the page would leave nothing for the bars.
        bottom: HEIGHT - 40.0 - down.min(HEIGHT / 2.0),
    };

    let x = Axis::linear(0.5, chart.categories.len() as f64 + 0.5);
    let y = Axis {
        log: chart.log,
        ..Axis::linear(range.0, range.1)
    };
    let mut canvas = Canvas::new(WIDTH, HEIGHT, &chart.title);
    canvas.legend(&keys);
    let scales = canvas.axes(area, (x, y), |layout| {
        let layout = layout.with_x_categories(chart.categories.clone());
        if sloped {
            layout.with_x_tick_rotate(SLOPE_DEGREES)
        } else {
            layout
        }
    });
    canvas.y_label(area, &chart.axis_label);
    draw_bars(&mut canvas, &scales, chart, &marks);
    let base = scales.map_y(base(chart));
    canvas.base((area.left, base), (area.right, base));
    canvas.svg()
}

/// The bars that the axis can show.
fn marks(chart: &BarChart) -> Vec<Mark<'_>> {
    let valid = if chart.log { positive } else { drawable };
    let mut marks = Vec::new();
    for (series, bars) in chart.series.iter().enumerate() {
        for (category, bar) in bars.bars.iter().take(chart.categories.len()).enumerate() {
            if let Some(bar) = bar.as_ref().filter(|bar| valid(bar.value)) {
                let span = span(bar.value, bar.low, bar.high, valid);
                marks.push(Mark {
                    category,
                    series,
                    bar,
                    span,
                });
            }
        }
    }
    marks
}

/// Where bars start: a factor of 1, or the value 0.
fn base(chart: &BarChart) -> f64 {
    if chart.log { 1.0 } else { 0.0 }
}

/// A range that ends a little beyond the values; it starts at zero unless one is negative.
fn with_air((low, high): (f64, f64)) -> (f64, f64) {
    let air = 0.05 * (high - low);
    match (low < 0.0, high > 0.0) {
        (true, true) => (low - air, high + air),
        (true, false) => (low - air, high),
        (false, true) => (low, high + air),
        (false, false) => (0.0, 1.0),
    }
}

fn draw_bars(canvas: &mut Canvas, scales: &ComputedLayout, chart: &BarChart, marks: &[Mark]) {
    let pitch = scales.map_x(2.0) - scales.map_x(1.0);
    let width = (FILLED * pitch / chart.series.len() as f64).min(WIDEST_BAR);
    let base = scales.map_y(base(chart));
    for mark in marks {
        let place = mark.series as f64 - chart.series.len() as f64 / 2.0;
        let left = scales.map_x(mark.category as f64 + 1.0) + width * place;
        let value = scales.map_y(mark.bar.value);
        let bar = Area {
            left,
            right: left + width,
            top: f64::min(value, base),
            bottom: f64::max(value, base),
        };
        let look = chart.series[mark.series].look;
        let x = left + width / 2.0;
        let span = (scales.map_y(mark.span.0), scales.map_y(mark.span.1));
        let cap = (width / 2.0).min(12.0);
        canvas.mark(&mark.bar.mark, |canvas| {
            canvas.bar(bar, look, mark.bar.finding, false);
            canvas.whisker(x, span, cap, &Stroke::solid(INK, 1.2));
        });
    }
}
