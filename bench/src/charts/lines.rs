//! Times over a parameter, both axes logarithmic.

use kuva::render::layout::ComputedLayout;

use super::canvas::{
    Anchor, Area, Axis, Canvas, INK, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, text_width, widest,
};
use super::numbers::{self, duration, log_range, number, positive};
use super::{Line, LineChart, Point};

/// Distance between the names at the right: room for one line of text.
pub(super) const PITCH: f64 = 21.0;
/// Side of a marker. An interval that its marker would hide is not drawn.
const MARKER: f64 = 9.0;
/// Length of the leader from the end of a line to its name.
pub(super) const LEADER: f64 = 34.0;

pub(super) fn draw(chart: &LineChart) -> String {
    let lines: Vec<(&Line, Vec<&Point>)> = chart
        .lines
        .iter()
        .map(|line| (line, drawable_points(line)))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let points = || lines.iter().flat_map(|(_, points)| points.iter().copied());
    let (Some(x_range), Some(y_range)) = (
        log_range(points().map(|point| point.x)),
        log_range(points().flat_map(|point| [point.y, span(point).0, span(point).1])),
    ) else {
        return Canvas::no_data(&chart.title);
    };

    let height = f64::max(720.0, 170.0 + PITCH * lines.len() as f64);
    let area = Area {
        left: 116.0,
        right: edge(lines.iter().map(|(line, _)| line.name.as_str())),
        top: TITLE_HEIGHT + 10.0,
        bottom: height - 84.0,
    };
    let mut canvas = Canvas::new(WIDTH, height, &chart.title);
    let y = Axis {
        ticks: Some(duration),
        ..Axis::log(y_range)
    };
    let scales = canvas.axes(area, (Axis::log(x_range), y), |layout| {
        // kuva's ticks would stand at powers of ten; these stand where something was measured.
        layout.with_x_categories(Vec::new())
    });
    draw_measured_ticks(
        &mut canvas,
        &scales,
        area,
        points().map(|point| point.x).collect(),
    );
    canvas.x_label(area, &chart.x_label);
    canvas.y_label(area, &chart.y_label);
    // What accompanies a contender is drawn first, so that it never hides the contender.
    for dashed in [true, false] {
        for (line, points) in lines.iter().filter(|(line, _)| line.dashed == dashed) {
            draw_line(&mut canvas, &scales, line, points);
        }
    }
    draw_names(&mut canvas, &scales, area, &lines);
    canvas.svg()
}

/// The points that logarithmic axes can show, from left to right.
fn drawable_points(line: &Line) -> Vec<&Point> {
    let mut points: Vec<&Point> = line
        .points
        .iter()
        .filter(|point| positive(point.x) && positive(point.y))
        .collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    points
}

/// The interval of a point, empty if it cannot be drawn.
fn span(point: &Point) -> (f64, f64) {
    numbers::span(point.y, point.low, point.high, positive)
}

/// Marks the measured values of the parameter; where they crowd, some stay without a number.
fn draw_measured_ticks(
    canvas: &mut Canvas,
    scales: &ComputedLayout,
    area: Area,
    mut values: Vec<f64>,
) {
    values.sort_by(f64::total_cmp);
    values.dedup();
    canvas.vertical_grid(area, values.iter().map(|value| scales.map_x(*value)));
    let mut free = f64::NEG_INFINITY;
    for value in values {
        let (x, label) = (scales.map_x(value), number(value));
        canvas.line(
            &[(x, area.bottom), (x, area.bottom + 5.0)],
            &Stroke::solid(INK, 1.0),
        );
        let half = text_width(&label, TEXT) / 2.0;
        if x - half > free {
            canvas.text((x, area.bottom + 22.0), &label, TEXT, Anchor::Middle);
            free = x + half + 6.0;
        }
    }
}

fn draw_line(canvas: &mut Canvas, scales: &ComputedLayout, line: &Line, points: &[&Point]) {
    let colour = colour(line.look.colour);
    let at = |point: &Point| (scales.map_x(point.x), scales.map_y(point.y));
    let path: Vec<(f64, f64)> = points.iter().map(|point| at(point)).collect();
    canvas.line(&path, &stroke(line, &colour));
    for point in points {
        let (x, y) = at(point);
        let (low, high) = span(point);
        let (low, high) = (scales.map_y(low), scales.map_y(high));
        canvas.mark(&point.mark, |canvas| {
            let thin = Stroke::solid(&colour, 1.0);
            if low - high > MARKER {
                canvas.whisker(x, (low, high), 12.0, &Stroke::solid(&colour, 1.5));
            }
            if line.dashed {
                canvas.marker((x, y), 0.7 * MARKER, line.look.variant, "white", &thin);
            } else {
                canvas.marker((x, y), MARKER, line.look.variant, &colour, &thin);
            }
        });
    }
}

fn stroke<'a>(line: &Line, colour: &'a str) -> Stroke<'a> {
    if line.dashed {
        Stroke {
            colour,
            width: 1.5,
            dashes: Some("3 4"),
        }
    } else {
        Stroke::solid(colour, 3.0)
    }
}

/// Writes the name of each line at its end, where it is found sooner than in a legend.
fn draw_names(
    canvas: &mut Canvas,
    scales: &ComputedLayout,
    area: Area,
    lines: &[(&Line, Vec<&Point>)],
) {
    let mut ends: Vec<(&Line, f64, f64)> = lines
        .iter()
        .filter_map(|(line, points)| {
            let last = points.last()?;
            Some((*line, scales.map_x(last.x), scales.map_y(last.y)))
        })
        .collect();
    ends.sort_by(|a, b| a.2.total_cmp(&b.2));
    let wanted: Vec<f64> = ends.iter().map(|end| end.2).collect();
    let heights = spread(&wanted, PITCH, area.top, area.bottom);
    for ((line, x, y), height) in ends.into_iter().zip(heights) {
        let colour = colour(line.look.colour);
        leader(canvas, area, (x, y), height, &stroke(line, &colour));
        let at = (area.right + LEADER, height + 5.5);
        canvas.text(at, &line.name, TEXT, Anchor::Start);
    }
}

/// The right end of an area that leaves room for names beside it.
pub(super) fn edge<'a>(names: impl IntoIterator<Item = &'a str>) -> f64 {
    WIDTH - widest(names, TEXT).min(420.0) - LEADER - 16.0
}

/// Leads from a point to the height of its name at the right of an area.
pub(super) fn leader(
    canvas: &mut Canvas,
    area: Area,
    (x, y): (f64, f64),
    height: f64,
    stroke: &Stroke,
) {
    let elbow = area.right + LEADER - 14.0;
    let leader = [
        (x, y),
        (area.right, y),
        (elbow, height),
        (elbow + 10.0, height),
    ];
    let dotted = Stroke {
        dashes: Some("1 4"),
        ..Stroke::solid(stroke.colour, 1.0)
    };
    canvas.line(&leader[..2], &dotted);
    canvas.line(&leader[1..], stroke);
}

/// Moves ascending positions apart by at least `pitch`, as little as possible in the sense of least
/// squares, and into the range from `top` to `bottom`.
///
/// Without the multiples of `pitch` that each position needs, the rest must only not decrease. That
/// is isotonic regression, solved by pooling adjacent violators (Barlow and others, 1972).
pub(super) fn spread(wanted: &[f64], pitch: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (index, position) in wanted.iter().enumerate() {
        let mut pool = (position - pitch * index as f64, 1);
        while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean > pool.0) {
            let total = mean * count as f64 + pool.0 * pool.1 as f64;
            pool = (total / (count + pool.1) as f64, count + pool.1);
        }
        pools.push(pool);
    }
    let highest = bottom - pitch * wanted.len().saturating_sub(1) as f64;
    pools
        .into_iter()
        .flat_map(|(mean, count)| std::iter::repeat_n(mean.min(highest).max(top), count))
        .enumerate()
        .map(|(index, rest)| rest + pitch * index as f64)
        .collect()
}
