//! Points over an axis, each series named at its right: times over a parameter, or factors over what
//! it takes to have them.

use kuva::render::layout::ComputedLayout;

use super::canvas::{
    Anchor, Area, Axis, Canvas, INK, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, text_width, widest,
};
use super::numbers::{drawable, duration, extent, log_range, number, positive};
use super::{Picture, Point, Series};

/// Distance between the names at the right: room for one line of text.
const PITCH: f64 = 21.0;
/// Length of the leader from the end of a line to its name.
const LEADER: f64 = 34.0;

/// A series with the points of it that can be drawn, from left to right.
type Drawn<'a> = (&'a Series, Vec<&'a Point>);

pub(super) fn draw(picture: &Picture, series: &[Series], factors: bool) -> String {
    let valid = |x: f64| {
        if factors {
            drawable(x) && x >= 0.0
        } else {
            positive(x)
        }
    };
    let lines: Vec<Drawn> = series
        .iter()
        .map(|of| {
            let points = of.points.iter();
            let valid = points.filter(|point| valid(point.x) && positive(point.y.value));
            let mut points: Vec<&Point> = valid.collect();
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
            (of, points)
        })
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let xs = || {
        lines
            .iter()
            .flat_map(|(_, of)| of.iter().map(|point| point.x))
    };
    let ys = lines
        .iter()
        .flat_map(|(_, of)| of.iter().flat_map(|point| point.y.values()));
    let x = if factors {
        let most = extent(xs()).map(|(_, most)| most);
        most.map(|most| Axis::linear(0.0, if most > 0.0 { 1.06 * most } else { 1.0 }))
    } else {
        log_range(xs()).map(Axis::log)
    };
    let y = log_range(ys.chain(factors.then_some(1.0)));
    let Some((x, y)) = x.zip(y) else {
        return Canvas::no_data(&picture.title);
    };

    let height = f64::max(720.0, 170.0 + PITCH * lines.len() as f64);
    let names = widest(lines.iter().map(|(of, _)| of.name.as_str()), TEXT);
    let area = Area {
        left: 116.0,
        right: WIDTH - names.min(420.0) - LEADER - 16.0,
        top: TITLE_HEIGHT + 10.0,
        bottom: height - 84.0,
    };
    let mut canvas = Canvas::new(WIDTH, height, &picture.title);
    let y = Axis {
        ticks: Some(if factors { number } else { duration }),
        ..Axis::log(y)
    };
    let scales = canvas.axes(area, (x, y), |layout| {
        if factors {
            layout
        } else {
            // kuva's ticks would stand at powers of ten; these stand where something was measured.
            layout.with_x_categories(Vec::new())
        }
    });
    if factors {
        let one = scales.map_y(1.0);
        canvas.base((area.left, one), (area.right, one));
    } else {
        draw_measured_ticks(&mut canvas, &scales, area, xs().collect());
    }
    canvas.x_label(area, &picture.x_label);
    canvas.y_label(area, &picture.y_label);
    // What accompanies a contender is drawn first, so that it never hides the contender.
    for dashed in [true, false] {
        for (of, points) in lines.iter().filter(|(of, _)| of.dashed == dashed) {
            draw_series(&mut canvas, &scales, of, points);
        }
    }
    draw_names(&mut canvas, &scales, area, &lines);
    canvas.svg()
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
            canvas.centred((x, area.bottom + 22.0), &label, TEXT);
            free = x + half + 6.0;
        }
    }
}

fn draw_series(canvas: &mut Canvas, scales: &ComputedLayout, of: &Series, points: &[&Point]) {
    let colour = colour(of.style.colour);
    let at = |point: &Point| (scales.map_x(point.x), scales.map_y(point.y.value));
    let path: Vec<(f64, f64)> = points.iter().map(|point| at(point)).collect();
    canvas.line(&path, &stroke(of, &colour));
    // A point alone is larger than one on a line.
    let (side, fill) = match of.points.len() {
        1 => (15.0, colour.as_str()),
        _ if of.dashed => (6.3, "white"),
        _ => (9.0, colour.as_str()),
    };
    for point in points {
        let (x, y) = at(point);
        let (low, high) = point.y.ends(positive);
        let (low, high) = (scales.map_y(low), scales.map_y(high));
        canvas.mark(&point.mark, |canvas| {
            // An interval that its marker would hide is not drawn.
            if low - high > side {
                canvas.whisker(x, (low, high), &Stroke::solid(&colour, 1.5));
            }
            let outline = Stroke::solid(&colour, 1.0);
            canvas.marker((x, y), side, of.style.variant, fill, &outline);
        });
    }
}

fn stroke<'a>(of: &Series, colour: &'a str) -> Stroke<'a> {
    match of.points.len() {
        1 => Stroke::solid(colour, 1.5),
        _ if of.dashed => Stroke::dashed(colour, 1.5, "3 4"),
        _ => Stroke::solid(colour, 3.0),
    }
}

/// Writes the name of each series at its end, where it is found sooner than in a legend.
fn draw_names(canvas: &mut Canvas, scales: &ComputedLayout, area: Area, lines: &[Drawn]) {
    let mut ends: Vec<(&Series, f64, f64)> = lines
        .iter()
        .filter_map(|(of, points)| {
            let last = points.last()?;
            Some((*of, scales.map_x(last.x), scales.map_y(last.y.value)))
        })
        .collect();
    ends.sort_by(|a, b| a.2.total_cmp(&b.2));
    let wanted: Vec<f64> = ends.iter().map(|end| end.2).collect();
    let heights = spread(&wanted, PITCH, area.top, area.bottom);
    let elbow = area.right + LEADER - 14.0;
    for ((of, x, y), height) in ends.into_iter().zip(heights) {
        let colour = colour(of.style.colour);
        let end = (area.right, y);
        canvas.line(&[(x, y), end], &Stroke::dashed(&colour, 1.0, "1 4"));
        let leader = [end, (elbow, height), (elbow + 10.0, height)];
        canvas.line(&leader, &stroke(of, &colour));
        let at = (area.right + LEADER, height + 5.5);
        canvas.text(at, &of.name, TEXT, Anchor::Start);
    }
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
