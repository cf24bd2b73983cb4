//! Texts in the coloured cells of grids: words by how good or bad they are, or factors with the line
//! where 1 is crossed.

use super::canvas::{
    Anchor, Area, Canvas, GREY, INK, Key, LEGEND_ROW, Stroke, TEXT, TITLE_HEIGHT, WIDTH, hex,
    legend_height, text_width, widest,
};
use super::{Grid, GridCell, Grids, Picture, Shade, Tone};

/// Grids that stand side by side.
const COLUMNS: usize = 2;
/// Height of a line of text in a cell, and room above and below the text.
const LINE: f64 = 20.0;
const PADDING: f64 = 8.0;
/// Room at both sides of a cell's text.
const SIDE: f64 = 6.0;
/// Text in a cell.
const SMALL: u32 = 14;
/// The names of rows take no more than this.
const WIDEST_NAMES: f64 = 310.0;
/// Space between two grids.
const GAP: f64 = 40.0;
/// A factor of this much, either way, has the full colour.
const FULL: f64 = 100.0;
/// Slower and faster: vermillion and blue of the palette of Okabe and Ito, which readers with a
/// colour vision deficiency can tell apart.
const SLOWER: (u8, u8, u8) = (0xD5, 0x5E, 0x00);
const FASTER: (u8, u8, u8) = (0x00, 0x72, 0xB2);

/// Fills of the palette of Okabe and Ito, light enough for dark text on them. They differ in
/// lightness as well as in colour, and every cell has its words.
fn fill(shade: Shade) -> String {
    match shade {
        Shade::Tone(Tone::Good) => "#bfe0f2".to_owned(),
        Shade::Tone(Tone::Fair) => "#eef5e4".to_owned(),
        Shade::Tone(Tone::Poor) => "#fbe3b0".to_owned(),
        Shade::Tone(Tone::Bad) => "#f0a884".to_owned(),
        Shade::Tone(Tone::Nothing) => "#f4f4f4".to_owned(),
        // White where nothing is gained, and never so dark that black text could not be read on it.
        Shade::Factor(value) => {
            let strength = (value.ln().abs() / FULL.ln()).min(1.0) * 0.6;
            hex(if value < 1.0 { SLOWER } else { FASTER }, 1.0 - strength)
        }
    }
}

/// Where the parts of a grid are.
struct Layout {
    /// Room for the names of rows, and the width of a column.
    names: f64,
    column: f64,
    /// What stands above the columns, in lines.
    headings: Vec<Vec<String>>,
    /// The lines of each row's name and cells, and its height.
    rows: Vec<(Vec<String>, Vec<Vec<String>>, f64)>,
}

impl Layout {
    fn of(grid: &Grid, width: f64) -> Self {
        let names = widest(grid.rows.iter().map(|(name, _)| name.as_str()), TEXT) + 24.0;
        let names = names.min(WIDEST_NAMES);
        let column = (width - names) / grid.columns.len() as f64;
        let room = column - 2.0 * SIDE;
        let rows = grid.rows.iter().map(|(name, cells)| {
            let name = wrapped(name, names - 24.0, TEXT);
            let cells = cells.iter().map(|cell| wrapped(&cell.text, room, SMALL));
            let cells: Vec<Vec<String>> = cells.collect();
            let most = cells.iter().chain([&name]).map(Vec::len).max().unwrap_or(1);
            (name, cells, LINE * most as f64 + 2.0 * PADDING)
        });
        Self {
            names,
            column,
            headings: grid
                .columns
                .iter()
                .map(|c| wrapped(c, room, TEXT))
                .collect(),
            rows: rows.collect(),
        }
    }

    /// Height of the headings, and of all cells.
    fn heights(&self) -> (f64, f64) {
        let deepest = self.headings.iter().map(Vec::len).max().unwrap_or(1);
        let rows = self.rows.iter().map(|(_, _, height)| height);
        (LINE * deepest as f64 + 14.0, rows.sum())
    }
}

pub(super) fn draw(picture: &Picture, of: &Grids) -> String {
    let mut grids: Vec<&Grid> = of.all.iter().collect();
    grids.retain(|grid| !grid.rows.is_empty() && !grid.columns.is_empty());
    if grids.is_empty() {
        return Canvas::no_data(&picture.title);
    }
    let key = |(tone, name): &(Tone, String)| Key::filled(name, &fill(Shade::Tone(*tone)), GREY);
    let keys: Vec<Key> = of.legend.iter().map(key).collect();
    let across = COLUMNS.min(grids.len());
    // Axes are named below a grid and at its left; headings then stand below, as ticks do.
    let axes = !picture.x_label.is_empty();
    let left = if axes { 50.0 } else { 0.0 };
    let width = (WIDTH - left - 20.0 - GAP * (across - 1) as f64) / across as f64;
    let layouts: Vec<Layout> = grids.iter().map(|grid| Layout::of(grid, width)).collect();
    let named = grids.iter().any(|grid| !grid.name.is_empty());
    let name = if named { 40.0 } else { 0.0 };
    let label = if axes { 40.0 } else { 0.0 };
    let heights = layouts.iter().map(|layout| {
        let (headings, cells) = layout.heights();
        name + headings + cells + label
    });
    let pitch = heights.fold(0.0, f64::max);
    let noted = if of.note.is_empty() { 0.0 } else { LEGEND_ROW };
    let top = TITLE_HEIGHT + legend_height(&keys) + noted;
    let bottom = top + pitch * grids.len().div_ceil(across) as f64;
    let mut canvas = Canvas::new(WIDTH, bottom + LEGEND_ROW, &picture.title);
    canvas.legend(&keys);
    canvas.centred(
        (WIDTH / 2.0, TITLE_HEIGHT + LEGEND_ROW / 2.0),
        &of.note,
        TEXT,
    );
    for (place, (grid, layout)) in grids.iter().zip(&layouts).enumerate() {
        let (headings, cells) = layout.heights();
        let x = left + (width + GAP) * (place % across) as f64;
        let y = top + pitch * (place / across) as f64;
        let middle = x + f64::midpoint(layout.names, width);
        canvas.centred((middle, y + 26.0), &grid.name, TEXT + 2);
        let first = y + name + if axes { 0.0 } else { headings };
        let headings = first + if axes { cells + 22.0 } else { -12.0 };
        draw_grid(&mut canvas, (x, first), headings, grid, layout);
        canvas.centred((middle, first + cells + 48.0), &picture.x_label, TEXT);
    }
    let whole = Area::at((left, top), WIDTH - left, bottom - top);
    canvas.y_label(whole, &picture.y_label);
    canvas.svg()
}

/// Draws the cells of a grid from its left top corner, and its headings at their height.
fn draw_grid(
    canvas: &mut Canvas,
    (left, top): (f64, f64),
    headings: f64,
    grid: &Grid,
    layout: &Layout,
) {
    let x = |column: usize| left + layout.names + layout.column * column as f64;
    for (column, lines) in layout.headings.iter().enumerate() {
        let first = headings - LINE * (lines.len() as f64 - 1.0);
        let at = (x(column) + layout.column / 2.0, first);
        write_lines(canvas, at, lines, TEXT, Anchor::Middle);
    }
    let mut y = top;
    let mut border = Vec::new();
    for (row, (name, texts, height)) in layout.rows.iter().enumerate() {
        let first =
            |lines: &[String]| y + height / 2.0 + 5.0 - LINE * (lines.len() as f64 - 1.0) / 2.0;
        let at = (x(0) - 12.0, first(name));
        write_lines(canvas, at, name, TEXT, Anchor::End);
        let cells = &grid.rows[row].1;
        for (column, (cell, lines)) in cells.iter().zip(texts).enumerate() {
            let area = Area::at((x(column), y), layout.column, *height);
            let at = (area.middle().0, first(lines));
            canvas.mark(&cell.mark, |canvas| {
                canvas.rectangle(area, &fill(cell.shade), &Stroke::solid("#ffffff", 2.0));
                write_lines(canvas, at, lines, SMALL, Anchor::Middle);
                if cell.doubtful {
                    canvas.frame(area.shrunk(3.0), &Stroke::dashed(GREY, 1.5, "3 3"));
                }
            });
            if crossed(cell, cells.get(column + 1)) {
                border.push([(area.right, area.top), (area.right, area.bottom)]);
            }
            let below = grid
                .rows
                .get(row + 1)
                .and_then(|(_, cells)| cells.get(column));
            if crossed(cell, below) {
                border.push([(area.left, area.bottom), (area.right, area.bottom)]);
            }
        }
        y += height;
    }
    for side in border {
        canvas.line(&side, &Stroke::solid(INK, 4.0));
    }
}

/// Whether neighbours are on either side of 1.
fn crossed(cell: &GridCell, next: Option<&GridCell>) -> bool {
    match (cell.shade, next.map(|next| next.shade)) {
        (Shade::Factor(a), Some(Shade::Factor(b))) => (a >= 1.0) != (b >= 1.0),
        _ => false,
    }
}

fn write_lines(canvas: &mut Canvas, at: (f64, f64), lines: &[String], size: u32, align: Anchor) {
    for (number, line) in lines.iter().enumerate() {
        canvas.text((at.0, at.1 + LINE * number as f64), line, size, align);
    }
}

/// A text in lines that fit, broken between words.
fn wrapped(text: &str, room: f64, size: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
