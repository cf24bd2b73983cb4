//! Tables for the terminal.

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

use super::format::{bytes, seconds};
use crate::effort::Effort;
use crate::effort::builds::Start;

/// A rule above, below and under the headings.
const RULES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Columns of a table where the terminal does not tell.
const WIDTH: u16 = 100;

/// An empty table with these headings, as wide as the terminal.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(RULES)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(headings);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    table
}

pub const EFFORT_HEADINGS: [&str; 8] = [
    "contender",
    "from nothing",
    "own code",
    "edit of glue",
    "extension",
    "kernel",
    "glue",
    "generated",
];

/// Build times from nothing, of the own code, and after an edit of the glue; stripped extension,
/// and lines of kernel and glue, and generated ones.
pub fn effort_cells(effort: &Effort) -> [String; 7] {
    let after = |start| {
        effort
            .builds(start, None, None)?
            .median(|cost| cost.seconds)
    };
    let time = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), seconds);
    [
        time(effort.seconds()),
        time(effort.own_seconds()),
        time(after(Start::GlueEdit)),
        bytes(effort.stripped_bytes),
        effort.lines.kernel.to_string(),
        effort.lines.glue.to_string(),
        effort.lines.generated.to_string(),
    ]
}

/// Lines of at most a hundred columns, broken between words.
pub fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= usize::from(WIDTH) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_texts_are_broken_between_words() {
        let lines = super::wrapped(&"word ".repeat(50));
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 100));
        assert_eq!(super::wrapped("95\u{a0}% of it"), ["95\u{a0}% of it"]);
    }
}
