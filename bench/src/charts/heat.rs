//! Factors over two parameters, one map for each contender, with the line where 1 is crossed.

use super::canvas::{
    Anchor, Area, Canvas, GREY, INK, LEGEND_ROW, Stroke, TEXT, TITLE_HEIGHT, WIDTH, text_width,
    widest,
};
use super::numbers::{number, positive};
use super::{HeatCell, HeatMap, HeatPanel};

/// Maps that stand side by side.
const COLUMNS: usize = 2;
/// Height of a cell.
const CELL: f64 = 34.0;
/// Room above a map for its name, and below it for its axis.
const NAME: f64 = 40.0;
const AXIS: f64 = 62.0;
/// Space between two maps.
const GAP: f64 = 40.0;
/// A factor of this much, either way, has the full colour.
const FULL: f64 = 100.0;
/// Slower and faster: vermillion and blue of the palette of Okabe and Ito, which readers with a
/// colour vision deficiency can tell apart.
const SLOWER: (u8, u8, u8) = (0xD5, 0x5E, 0x00);
const FASTER: (u8, u8, u8) = (0x00, 0x72, 0xB2);

pub(super) fn draw(chart: &HeatMap) -> String {
    let cells = || chart.panels.iter().flat_map(|panel| &panel.cells);
    let (xs, ys) = (
        distinct(cells().map(|cell| cell.x)),
        distinct(cells().map(|cell| cell.y)),
    );
    if xs.is_empty() || !cells().any(|cell| positive(cell.value)) {
        return Canvas::no_data(&chart.title);
    }
    let labels = widest(
        ys.iter()
            .map(|y| number(*y))
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str),
        TEXT,
    );
    let columns = COLUMNS.min(chart.panels.len());
    let rows = chart.panels.len().div_ceil(columns);
    let left = 60.0 + labels;
    let width = (WIDTH - left - 20.0 - (GAP + labels) * (columns as f64 - 1.0)) / columns as f64;
    let height = CELL * ys.len() as f64;
    let pitch = NAME + height + AXIS;
    let top = TITLE_HEIGHT + LEGEND_ROW * chart.notes.len() as f64 + 4.0;
    let mut canvas = Canvas::new(WIDTH, top + pitch * rows as f64 + 10.0, &chart.title);
    for (row, note) in chart.notes.iter().enumerate() {
        let y = TITLE_HEIGHT + LEGEND_ROW * (row as f64 + 0.5);
        canvas.text((WIDTH / 2.0, y), note, TEXT, Anchor::Middle);
    }
    for (place, panel) in chart.panels.iter().enumerate() {
        let x = left + (width + GAP + labels) * (place % columns) as f64;
        let y = top + NAME + pitch * (place / columns) as f64;
        let area = Area {
            left: x,
            right: x + width,
            top: y,
            bottom: y + height,
        };
        draw_panel(&mut canvas, area, panel, &xs, &ys);
        let middle = f64::midpoint(area.left, area.right);
        canvas.text(
            (middle, area.bottom + 48.0),
            &chart.x_label,
            TEXT,
            Anchor::Middle,
        );
    }
    let whole = Area {
        left,
        right: WIDTH,
        top,
        bottom: top + pitch * rows as f64,
    };
    canvas.y_label(whole, &chart.y_label);
    canvas.svg()
}

fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn draw_panel(canvas: &mut Canvas, area: Area, panel: &HeatPanel, xs: &[f64], ys: &[f64]) {
    let middle = f64::midpoint(area.left, area.right);
    canvas.text(
        (middle, area.top - 12.0),
        &panel.name,
        TEXT + 2,
        Anchor::Middle,
    );
    let width = (area.right - area.left) / xs.len() as f64;
    let at = |column: usize, row: usize| {
        let cell = panel
            .cells
            .iter()
            .find(|c| c.x.total_cmp(&xs[column]).is_eq() && c.y.total_cmp(&ys[row]).is_eq());
        cell.filter(|cell| positive(cell.value))
    };
    // The smallest value of the parameter stands at the bottom, as on any axis.
    let place = |column: usize, row: usize| Area {
        left: area.left + width * column as f64,
        right: area.left + width * (column + 1) as f64,
        top: area.bottom - CELL * (row + 1) as f64,
        bottom: area.bottom - CELL * row as f64,
    };
    for row in 0..ys.len() {
        for column in 0..xs.len() {
            draw_cell(canvas, place(column, row), at(column, row));
        }
    }
    for (row, y) in ys.iter().enumerate() {
        let middle = f64::midpoint(place(0, row).top, place(0, row).bottom);
        canvas.text(
            (area.left - 8.0, middle + 5.5),
            &number(*y),
            TEXT,
            Anchor::End,
        );
    }
    for (column, x) in xs.iter().enumerate() {
        let middle = f64::midpoint(place(column, 0).left, place(column, 0).right);
        canvas.text(
            (middle, area.bottom + 22.0),
            &number(*x),
            TEXT,
            Anchor::Middle,
        );
    }
    // The line where 1 is crossed: between neighbours on either side of it.
    let border = Stroke::solid(INK, 4.0);
    let faster = |cell: Option<&HeatCell>| cell.map(|cell| cell.value >= 1.0);
    let crossed = |a: Option<&HeatCell>, b: Option<&HeatCell>| {
        faster(a).zip(faster(b)).is_some_and(|(a, b)| a != b)
    };
    for row in 0..ys.len() {
        for column in 0..xs.len() {
            let here = place(column, row);
            if column + 1 < xs.len() && crossed(at(column, row), at(column + 1, row)) {
                canvas.line(
                    &[(here.right, here.top), (here.right, here.bottom)],
                    &border,
                );
            }
            if row + 1 < ys.len() && crossed(at(column, row), at(column, row + 1)) {
                canvas.line(&[(here.left, here.top), (here.right, here.top)], &border);
            }
        }
    }
}

fn draw_cell(canvas: &mut Canvas, area: Area, cell: Option<&HeatCell>) {
    let outline = Stroke::solid("#ffffff", 1.0);
    let middle = (
        f64::midpoint(area.left, area.right),
        f64::midpoint(area.top, area.bottom) + 5.5,
    );
    let Some(cell) = cell else {
        canvas.rectangle(area, "#f2f2f2", &outline);
        canvas.text(middle, "–", TEXT, Anchor::Middle);
        return;
    };
    canvas.mark(&cell.mark, |canvas| {
        draw_factor(canvas, area, cell, middle, &outline);
    });
}

fn draw_factor(
    canvas: &mut Canvas,
    area: Area,
    cell: &HeatCell,
    middle: (f64, f64),
    outline: &Stroke,
) {
    canvas.rectangle(area, &shade(cell.value), outline);
    let text = format!(
        "{}{}",
        figure(cell.value),
        if cell.same { " =" } else { "" }
    );
    let size = if text_width(&text, TEXT) < area.right - area.left - 4.0 {
        TEXT
    } else {
        TEXT - 4
    };
    canvas.text(middle, &text, size, Anchor::Middle);
    if cell.doubtful {
        let mark = Area {
            left: area.left + 3.0,
            right: area.right - 3.0,
            top: area.top + 3.0,
            bottom: area.bottom - 3.0,
        };
        let corners = [
            (mark.left, mark.top),
            (mark.right, mark.top),
            (mark.right, mark.bottom),
            (mark.left, mark.bottom),
            (mark.left, mark.top),
        ];
        let dashed = Stroke {
            colour: GREY,
            width: 1.5,
            dashes: Some("3 3"),
        };
        canvas.line(&corners, &dashed);
    }
}

/// Two digits are all that a cell has room for.
fn figure(value: f64) -> String {
    match value {
        v if v >= 9.95 => format!("{v:.0}"),
        v if v >= 0.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

/// White where nothing is gained, and never so dark that black text could not be read on it.
fn shade(value: f64) -> String {
    let (red, green, blue) = if value < 1.0 { SLOWER } else { FASTER };
    let strength = (value.ln().abs() / FULL.ln()).min(1.0) * 0.6;
    let mix = |part: u8| {
        let part = 255.0 - (255.0 - f64::from(part)) * strength;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 255.
        let part = part.round() as u8;
        part
    };
    format!("#{:02X}{:02X}{:02X}", mix(red), mix(green), mix(blue))
}
