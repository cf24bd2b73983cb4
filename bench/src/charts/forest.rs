//! Ratios with their intervals around a line at 1, in one or two columns.

use kuva::render::render_utils::generate_ticks_log;

use super::canvas::{
    Anchor, Area, Axis, Canvas, Key, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, legend_height,
    widest,
};
use super::numbers::{self, log_range, positive};
use super::{Finding, ForestChart, ForestRow};

/// Height of one row.
const ROW: f64 = 10.5;
/// Height between two groups.
const GAP: f64 = 9.0;
/// A chart with more rows than this is split, so that it still fits a slide.
const ROWS_IN_ONE_COLUMN: usize = 44;
/// Side of a marker.
const MARKER: f64 = 9.0;
/// Background of every second group.
const SHADE: &str = "#F4F4F4";

/// The rows of one case.
struct Group<'a> {
    label: &'a str,
    rows: Vec<&'a ForestRow>,
}

impl Group<'_> {
    fn height(&self) -> f64 {
        // A single row is not as high as its label.
        f64::max(ROW * self.rows.len() as f64, 16.0) + GAP
    }
}

pub(super) fn draw(chart: &ForestChart) -> String {
    let groups = group(&chart.rows);
    let values = groups
        .iter()
        .flat_map(|group| &group.rows)
        .flat_map(|row| [row.centre, span(row).0, span(row).1]);
    if groups.is_empty() {
        return Canvas::no_data(&chart.title);
    }
    let Some(range) = log_range(values.chain([1.0])) else {
        return Canvas::no_data(&chart.title);
    };

    let columns = split(&groups);
    let tallest = columns
        .iter()
        .map(|column| column.iter().map(Group::height).sum::<f64>())
        .fold(0.0, f64::max);
    let keys = keys(&groups);
    let top = TITLE_HEIGHT + legend_height(&keys) + 10.0;
    let labels = widest(groups.iter().map(|group| group.label), TEXT) + 24.0;
    let width = WIDTH / columns.len() as f64;

    let mut canvas = Canvas::new(WIDTH, top + tallest + 84.0, &chart.title);
    canvas.legend(&keys);
    for (index, column) in columns.iter().enumerate() {
        let left = width * index as f64;
        let area = Area {
            left: left + labels.min(width / 2.0),
            right: left + width - 30.0,
            top,
            bottom: top + tallest,
        };
        draw_column(&mut canvas, area, left, range, column);
        canvas.x_label(area, &chart.x_label);
    }
    canvas.svg()
}

/// Collects the rows that can be drawn under their labels, in the order of first appearance.
fn group(rows: &[ForestRow]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows.iter().filter(|row| positive(row.centre)) {
        match groups.iter_mut().find(|group| group.label == row.label) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                label: &row.label,
                rows: vec![row],
            }),
        }
    }
    groups
}

/// Splits a long list of groups into two columns of about the same height.
fn split<'a, 'b>(groups: &'b [Group<'a>]) -> Vec<&'b [Group<'a>]> {
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    if rows <= ROWS_IN_ONE_COLUMN || groups.len() < 2 {
        return vec![groups];
    }
    let total: f64 = groups.iter().map(Group::height).sum();
    let mut height = 0.0;
    let first = groups
        .iter()
        .take_while(|group| {
            height += group.height();
            height <= total / 2.0 + group.height() / 2.0
        })
        .count()
        .clamp(1, groups.len() - 1);
    let (left, right) = groups.split_at(first);
    vec![left, right]
}

/// The interval of a row, empty if it cannot be drawn.
fn span(row: &ForestRow) -> (f64, f64) {
    numbers::span(row.centre, row.low, row.high, positive)
}

/// One entry for each contender, and one for each kind of hollow marker.
fn keys(groups: &[Group]) -> Vec<Key> {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let mut keys: Vec<Key> = Vec::new();
    for row in rows() {
        if !keys.iter().any(|key| key.name == row.name) {
            keys.push(Key::plain(&row.name, row.look));
        }
    }
    if rows().any(|row| row.look.variant) {
        keys.push(Key::variant("diamond"));
    }
    let found: Vec<Finding> = rows().map(|row| row.finding).collect();
    keys.extend(Key::findings(&found));
    keys
}

fn draw_column(canvas: &mut Canvas, area: Area, left: f64, range: (f64, f64), groups: &[Group]) {
    let mut top = area.top;
    for (index, group) in groups.iter().enumerate() {
        let bottom = top + group.height();
        if index % 2 == 0 {
            let band = Area {
                left: left + 10.0,
                right: area.right,
                top,
                bottom,
            };
            canvas.rectangle(band, SHADE, &Stroke::solid(SHADE, 1.0));
        }
        let base = f64::midpoint(top, bottom) + 5.5;
        canvas.text((area.left - 10.0, base), group.label, TEXT, Anchor::End);
        top = bottom;
    }

    let scales = canvas.axes(area, (Axis::log(range), Axis::rows()), |layout| layout);
    let ticks = generate_ticks_log(range.0, range.1);
    canvas.vertical_grid(area, ticks.into_iter().map(|tick| scales.map_x(tick)));
    let one = scales.map_x(1.0);
    canvas.base((one, area.top), (one, area.bottom));

    let mut top = area.top;
    for group in groups {
        let rows = ROW * group.rows.len() as f64;
        let first = top + f64::midpoint(group.height() - rows, ROW);
        for (index, row) in group.rows.iter().enumerate() {
            let y = first + ROW * index as f64;
            let colour = colour(row.look.colour);
            let (low, high) = span(row);
            let whisker = [(scales.map_x(low), y), (scales.map_x(high), y)];
            let filled = row.finding == Finding::Different;
            let fill = if filled { &colour } else { "white" };
            let at = (scales.map_x(row.centre), y);
            canvas.mark(&row.mark, |canvas| {
                canvas.line(&whisker, &Stroke::solid(&colour, 3.0));
                let outline = Stroke::solid(&colour, 2.0);
                canvas.marker(at, MARKER, row.look.variant, fill, &outline);
                if row.finding == Finding::Same {
                    let half = MARKER / 2.0 - 1.0;
                    canvas.line(&[(at.0 - half, at.1), (at.0 + half, at.1)], &outline);
                }
            });
        }
        top += group.height();
    }
}
