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
    let texts: Vec<String> = ys.iter().map(|y| number(*y)).collect();
    let labels = widest(texts.iter().map(String::as_str), TEXT);
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
        canvas.centred((WIDTH / 2.0, y), note, TEXT);
    }
    for (place, panel) in chart.panels.iter().enumerate() {
        let x = left + (width + GAP + labels) * (place % columns) as f64;
        let y = top + NAME + pitch * (place / columns) as f64;
        let area = Area::at((x, y), width, height);
        draw_panel(&mut canvas, area, panel, &xs, &ys);
        let below = (area.middle().0, area.bottom + 48.0);
        canvas.centred(below, &chart.x_label, TEXT);
    }
    let whole = Area::at((left, top), WIDTH - left, pitch * rows as f64);
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
    let above = (area.middle().0, area.top - 12.0);
    canvas.centred(above, &panel.name, TEXT + 2);
    let width = (area.right - area.left) / xs.len() as f64;
    let at = |column: usize, row: usize| {
        let cell = panel
            .cells
            .iter()
            .find(|c| c.x.total_cmp(&xs[column]).is_eq() && c.y.total_cmp(&ys[row]).is_eq());
        cell.filter(|cell| positive(cell.value))
    };
    // The smallest value of the parameter stands at the bottom, as on any axis.
    let place = |column: usize, row: usize| {
        let (x, y) = (width * column as f64, CELL * (row + 1) as f64);
        Area::at((area.left + x, area.bottom - y), width, CELL)
    };
    for row in 0..ys.len() {
        for column in 0..xs.len() {
            draw_cell(canvas, place(column, row), at(column, row));
        }
    }
    for (row, y) in ys.iter().enumerate() {
        let at = (area.left - 8.0, place(0, row).middle().1 + 5.5);
        canvas.text(at, &number(*y), TEXT, Anchor::End);
    }
    for (column, x) in xs.iter().enumerate() {
        let at = (place(column, 0).middle().0, area.bottom + 22.0);
        canvas.centred(at, &number(*x), TEXT);
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
                let side = [(here.right, here.top), (here.right, here.bottom)];
                canvas.line(&side, &border);
            }
            if row + 1 < ys.len() && crossed(at(column, row), at(column, row + 1)) {
                canvas.line(&[(here.left, here.top), (here.right, here.top)], &border);
            }
        }
    }
}

fn draw_cell(canvas: &mut Canvas, area: Area, cell: Option<&HeatCell>) {
    let outline = Stroke::solid("#ffffff", 1.0);
    let (x, y) = area.middle();
    let Some(cell) = cell else {
        canvas.rectangle(area, "#f2f2f2", &outline);
        canvas.centred((x, y + 5.5), "–", TEXT);
        return;
    };
    canvas.mark(&cell.mark, |canvas| {
        canvas.rectangle(area, &shade(cell.value), &outline);
        let text = figure(cell.value) + if cell.same { " =" } else { "" };
        let fits = text_width(&text, TEXT) < area.right - area.left - 4.0;
        canvas.centred((x, y + 5.5), &text, if fits { TEXT } else { TEXT - 4 });
        if cell.doubtful {
            let (left, right) = (area.left + 3.0, area.right - 3.0);
            let (top, bottom) = (area.top + 3.0, area.bottom - 3.0);
            let sides = [(right, top), (right, bottom), (left, bottom), (left, top)];
            let dashed = Stroke {
                dashes: Some("3 3"),
                ..Stroke::solid(GREY, 1.5)
            };
            canvas.line(&[&[(left, top)], &sides[..]].concat(), &dashed);
        }
    });
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
