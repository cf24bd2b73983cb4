//! One point for each contender: a factor over what it takes to have it.

use std::sync::Arc;

use kuva::render::layout::{Layout, TickFormat};

use super::canvas::{
    Anchor, Area, Canvas, GREY, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, widest,
};
use super::lines::{LEADER, PITCH, leader, spread};
use super::numbers::{drawable, extent, interval, log_range, number, positive};
use super::{ScatterChart, ScatterPoint};

const HEIGHT: f64 = 640.0;
/// Side of a marker.
const MARKER: f64 = 15.0;

pub(super) fn draw(chart: &ScatterChart) -> String {
    let mut points: Vec<&ScatterPoint> = chart
        .points
        .iter()
        .filter(|point| drawable(point.x) && point.x >= 0.0 && positive(point.y))
        .collect();
    points.sort_by(|a, b| b.y.total_cmp(&a.y));
    let span = |point: &ScatterPoint| {
        interval(point.low, point.high, positive).unwrap_or((point.y, point.y))
    };
    let ys = points
        .iter()
        .flat_map(|point| [point.y, span(point).0, span(point).1]);
    let (Some(x_range), Some(y_range)) = (
        extent(points.iter().map(|point| point.x)),
        log_range(ys.chain([1.0])),
    ) else {
        return Canvas::no_data(&chart.title);
    };
    let end = if x_range.1 > 0.0 {
        x_range.1 * 1.06
    } else {
        1.0
    };

    let names = widest(points.iter().map(|point| point.name.as_str()), TEXT);
    let area = Area {
        left: 116.0,
        right: WIDTH - names.min(420.0) - LEADER - 16.0,
        top: TITLE_HEIGHT + 10.0,
        bottom: HEIGHT - 84.0,
    };
    let mut canvas = Canvas::new(WIDTH, HEIGHT, &chart.title);
    let scales = canvas.axes(
        area,
        Layout::new((0.0, end), y_range)
            .with_log_y()
            .with_x_axis_min(0.0)
            .with_x_axis_max(end)
            .with_y_axis_min(y_range.0)
            .with_y_axis_max(y_range.1)
            .with_x_tick_format(TickFormat::Custom(Arc::new(number)))
            .with_y_tick_format(TickFormat::Custom(Arc::new(number))),
    );
    canvas.x_label(area, &chart.x_label);
    canvas.y_label(area, &chart.y_label);
    let one = scales.map_y(1.0);
    canvas.line(
        &[(area.left, one), (area.right, one)],
        &Stroke::solid(GREY, 2.0),
    );
    let wanted: Vec<f64> = points.iter().map(|point| scales.map_y(point.y)).collect();
    let heights = spread(&wanted, PITCH, area.top, area.bottom);
    for (point, height) in points.into_iter().zip(heights) {
        let colour = colour(point.look.colour);
        let (x, y) = (scales.map_x(point.x), scales.map_y(point.y));
        let stroke = Stroke::solid(&colour, 1.5);
        leader(&mut canvas, area, (x, y), height, &stroke);
        let at = (area.right + LEADER, height + 5.5);
        canvas.text(at, &point.name, TEXT, Anchor::Start);
        let (low, high) = span(point);
        let (low, high) = (scales.map_y(low), scales.map_y(high));
        canvas.mark(&point.mark, |canvas| {
            if low - high > MARKER {
                canvas.whisker(x, (low, high), 12.0, &stroke);
            }
            canvas.marker(
                (x, y),
                MARKER,
                point.look.variant,
                &colour,
                &Stroke::solid(&colour, 2.0),
            );
        });
    }
    canvas.svg()
}
