//! One point for each contender: a factor over what it takes to have it.

use super::canvas::{Anchor, Area, Axis, Canvas, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour};
use super::lines::{LEADER, PITCH, edge, leader, spread};
use super::numbers::{self, drawable, extent, log_range, positive};
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
    let span = |point: &ScatterPoint| numbers::span(point.y, point.low, point.high, positive);
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

    let area = Area {
        left: 116.0,
        right: edge(points.iter().map(|point| point.name.as_str())),
        top: TITLE_HEIGHT + 10.0,
        bottom: HEIGHT - 84.0,
    };
    let mut canvas = Canvas::new(WIDTH, HEIGHT, &chart.title);
    let axes = (Axis::linear(0.0, end), Axis::log(y_range));
    let scales = canvas.axes(area, axes, |layout| layout);
    canvas.x_label(area, &chart.x_label);
    canvas.y_label(area, &chart.y_label);
    let one = scales.map_y(1.0);
    canvas.base((area.left, one), (area.right, one));
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
