//! Words in the cells of a table, coloured by how good or bad they are.

use super::canvas::{
    Anchor, Area, Canvas, GREY, Key, LEGEND_ROW, Stroke, TEXT, TITLE_HEIGHT, WIDTH, legend_height,
    text_width, widest,
};
use super::{Mark, Matrix, MatrixCell, Tone};

/// Height of a line of text in a cell, and room above and below the text.
const LINE: f64 = 20.0;
const PADDING: f64 = 11.0;
/// Room at both sides of a cell's text.
const SIDE: f64 = 8.0;
/// Text in a cell.
const SMALL: u32 = 14;
/// A column of rows' names is no wider than this share of the picture.
const MOST_FOR_NAMES: f64 = 0.24;

/// Fills of the palette of Okabe and Ito, light enough for dark text on them. They differ in
/// lightness as well as in colour, and every cell has its words.
fn fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "#bfe0f2",
        Tone::Fair => "#eef5e4",
        Tone::Poor => "#fbe3b0",
        Tone::Bad => "#f0a884",
        Tone::Nothing => "#f4f4f4",
    }
}

pub(super) fn draw(chart: &Matrix) -> String {
    if chart.rows.is_empty() || chart.columns.is_empty() {
        return Canvas::no_data(&chart.title);
    }
    let names = widest(chart.rows.iter().map(|(name, _)| name.as_str()), TEXT) + 24.0;
    let names = names.min(WIDTH * MOST_FOR_NAMES);
    let width = (WIDTH - names - 20.0) / chart.columns.len() as f64;
    let room = width - 2.0 * SIDE;
    let keys: Vec<Key> = chart
        .legend
        .iter()
        .map(|(tone, name)| Key {
            name: name.clone(),
            fill: fill(*tone).to_owned(),
            outline: GREY.to_owned(),
            diamond: false,
            same: false,
        })
        .collect();
    let headings: Vec<Vec<String>> = chart
        .columns
        .iter()
        .map(|c| wrapped(c, room, TEXT))
        .collect();
    let deepest = headings.iter().map(Vec::len).max().unwrap_or(1);
    let cells: Vec<(Vec<String>, Vec<Vec<String>>)> = chart
        .rows
        .iter()
        .map(|(name, cells)| {
            let texts = cells
                .iter()
                .map(|cell| wrapped(&cell.text, room, SMALL))
                .collect();
            (wrapped(name, names - 24.0, TEXT), texts)
        })
        .collect();
    let heights: Vec<f64> = cells
        .iter()
        .map(|(name, texts)| {
            let lines = texts.iter().chain([name]).map(Vec::len).max().unwrap_or(1);
            LINE * lines as f64 + 2.0 * PADDING
        })
        .collect();
    let heading = TITLE_HEIGHT + legend_height(&keys) + 8.0;
    let top = heading + LINE * deepest as f64 + 14.0;
    let bottom = top + heights.iter().sum::<f64>();
    let mut canvas = Canvas::new(WIDTH, bottom + LEGEND_ROW, &chart.title);
    canvas.legend(&keys);
    for (column, lines) in headings.iter().enumerate() {
        let x = names + width * (column as f64 + 0.5);
        let first = top - 12.0 - LINE * (lines.len() as f64 - 1.0);
        write_lines(&mut canvas, (x, first), lines, TEXT, Anchor::Middle);
    }
    let mut y = top;
    for (row, ((_, of), (name, texts))) in chart.rows.iter().zip(&cells).enumerate() {
        let height = heights[row];
        let first =
            |lines: &[String]| y + height / 2.0 + 5.0 - LINE * (lines.len() as f64 - 1.0) / 2.0;
        write_lines(
            &mut canvas,
            (names - 12.0, first(name)),
            name,
            TEXT,
            Anchor::End,
        );
        for (column, (cell, lines)) in of.iter().zip(texts).enumerate() {
            let area = Area::at((names + width * column as f64, y), width, height);
            let at = (area.middle().0, first(lines));
            canvas.mark(&cell.mark, |canvas| {
                canvas.rectangle(area, fill(cell.tone), &Stroke::solid("#ffffff", 3.0));
                write_lines(canvas, at, lines, SMALL, Anchor::Middle);
            });
        }
        y += height;
    }
    canvas.svg()
}

fn write_lines(canvas: &mut Canvas, at: (f64, f64), lines: &[String], size: u32, align: Anchor) {
    for (number, line) in lines.iter().enumerate() {
        canvas.text((at.0, at.1 + LINE * number as f64), line, size, align);
    }
}

/// A text in lines that fit, broken between words.
fn wrapped(text: &str, room: f64, size: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
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

impl MatrixCell {
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
            mark: Mark::default(),
        }
    }

    /// The cell says what it shows, and then `details`, when it is pointed at.
    pub fn saying(self, row: &str, column: &str, details: &str) -> Self {
        let details = if details.is_empty() {
            String::new()
        } else {
            format!(" ({details})")
        };
        let mark = Mark {
            name: row.to_owned(),
            place: column.to_owned(),
            figure: format!("{}{details}", self.text),
            case: None,
        };
        Self { mark, ..self }
    }
}
