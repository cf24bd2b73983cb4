//! Ratios with their intervals around a line at 1, in one or two columns.

use kuva::render::render_utils::generate_ticks_log;

use super::canvas::{
    Anchor, Area, Axis, Canvas, Key, Stroke, TEXT, TITLE_HEIGHT, WIDTH, colour, distinct,
    legend_height, widest,
};
use super::numbers::{log_range, positive};
use super::{Finding, ForestRow, Picture};

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

pub(super) fn draw(picture: &Picture, rows: &[ForestRow]) -> String {
    let rows: Vec<&ForestRow> = rows
        .iter()
        .filter(|row| positive(row.factor.value))
        .collect();
    let values = rows.iter().flat_map(|row| row.factor.values());
    let range = log_range(values.chain([1.0])).filter(|_| !rows.is_empty());
    let Some(range) = range else {
        return Canvas::no_data(&picture.title);
    };
    let group = |label| Group {
        label,
        rows: rows
            .iter()
            .filter(|row| row.label == label)
            .copied()
            .collect(),
    };
    let labels = distinct(rows.iter().map(|row| row.label.as_str()));
    let groups: Vec<Group> = labels.into_iter().map(group).collect();
    let columns = split(&groups);
    let tallest = columns
        .iter()
        .map(|column| column.iter().map(Group::height).sum::<f64>())
        .fold(0.0, f64::max);
    let keys = keys(&rows);
    let top = TITLE_HEIGHT + legend_height(&keys) + 10.0;
    let labels = widest(groups.iter().map(|group| group.label), TEXT) + 24.0;
    let width = WIDTH / columns.len() as f64;

    let mut canvas = Canvas::new(WIDTH, top + tallest + 84.0, &picture.title);
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
        canvas.x_label(area, &picture.x_label);
    }
    canvas.svg()
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

/// One entry for each contender, and one for each kind of hollow marker.
fn keys(rows: &[&ForestRow]) -> Vec<Key> {
    let contenders = distinct(rows.iter().map(|row| (row.name.as_str(), row.style)));
    let mut keys: Vec<Key> = Vec::new();
    keys.extend(
        contenders
            .into_iter()
            .map(|(name, style)| Key::plain(name, style)),
    );
    keys.extend(
        rows.iter()
            .any(|row| row.style.variant)
            .then(|| Key::variant("diamond")),
    );
    keys.extend(Key::findings(rows.iter().map(|row| row.finding)));
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
            let colour = colour(row.style.colour);
            let (low, high) = row.factor.ends(positive);
            let whisker = [(scales.map_x(low), y), (scales.map_x(high), y)];
            let filled = row.finding == Finding::Different;
            let fill = if filled { &colour } else { "white" };
            let at = (scales.map_x(row.factor.value), y);
            canvas.mark(&row.mark, |canvas| {
                canvas.line(&whisker, &Stroke::solid(&colour, 3.0));
                let outline = Stroke::solid(&colour, 2.0);
                canvas.marker(at, MARKER, row.style.variant, fill, &outline);
                if row.finding == Finding::Same {
                    let half = MARKER / 2.0 - 1.0;
                    canvas.line(&[(at.0 - half, at.1), (at.0 + half, at.1)], &outline);
                }
            });
        }
        top += group.height();
    }
}
