//! Tables and paragraphs for the terminal.
//!
//! On a terminal no line is longer than it is wide, and no name is broken. Elsewhere nothing is
//! broken: a row is a line, and so is a paragraph.

use std::fmt;

use comfy_table::{ContentArrangement, LineStyle, TableStyle};

use crate::output::columns;
use crate::report::sections::{Item, Table, one_line};

/// A rule above, below and under the headings.
const RULES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Most columns of a paragraph: longer lines are hard to read.
const PARAGRAPH: usize = 100;

pub use crate::report::sections::glance::ROWS;

/// An empty table with these headings, without prose.
pub fn table(headings: &[&str]) -> Table {
    Table::of(headings.iter().copied())
}

/// Items below each other, as wide as the terminal. What is grouped has a line for each group.
pub fn items(items: &[Item]) -> String {
    let items = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(paragraph(text) + "\n"),
        Item::Table(table) if table.grouped => Some(format!("{}\n", grouped(table))),
        Item::Table(table) => Some(format!("{table}\n")),
        Item::Section(section) => Some(self::items(&section.items)),
        // The page has it.
        Item::Chart(_) => None,
    });
    items.collect::<Vec<_>>().join("\n")
}

/// The table with rows of the same first cell below it.
fn grouped(table: &Table) -> Table {
    let (first, headings) = table.headings.split_at(2);
    let mut drawn = Table::of([first.join(", ")]).and(headings);
    drawn.prose.clone_from_slice(&table.prose[1..]);
    let mut group = None;
    for row in &table.rows {
        if group != row.first() {
            group = row.first();
            drawn.add_row(group);
        }
        let mut cells = row[1..].to_vec();
        cells[0].insert_str(0, "  ");
        drawn.add_row(cells);
    }
    drawn
}

/// A table as wide as the terminal; where it does not fit, a list.
impl Table {
    /// The table in so many columns, or in as many as it takes.
    pub fn drawn(&self, room: Option<usize>) -> String {
        let natural: Vec<usize> = self.widths(&|text| longest(text.lines()));
        let Some(room) = room else {
            return self.as_table(&natural, 2);
        };
        let least = self.least();
        for wanted in [&natural, &least] {
            for gap in [2, 1] {
                if let Some(widths) = widened(wanted, &natural, room.checked_sub(gaps(wanted, gap)))
                {
                    return self.as_table(&widths, gap);
                }
            }
        }
        self.as_list(room)
    }

    /// For each column the most that any cell of it measures; what is empty takes one column.
    fn widths(&self, measure: &dyn Fn(&str) -> usize) -> Vec<usize> {
        let lines = || std::iter::once(&self.headings).chain(&self.rows);
        let of = |column: usize| {
            let cells = lines().filter_map(move |line| line.get(column));
            cells.map(|cell| measure(cell)).fold(1, usize::max)
        };
        (0..self.headings.len()).map(of).collect()
    }

    /// The least widths: names and numbers need their room, and prose and headings that of a word.
    fn least(&self) -> Vec<usize> {
        let word = |text: &str| longest(text.lines().flat_map(words));
        let headings = self.headings.iter().map(|heading| word(heading).max(1));
        let mut least: Vec<usize> = headings.collect();
        for row in &self.rows {
            for ((least, cell), prose) in least.iter_mut().zip(row).zip(&self.prose) {
                let cell = if *prose {
                    word(cell)
                } else {
                    longest(cell.lines())
                };
                *least = cell.max(*least);
            }
        }
        least
    }

    fn as_table(&self, widths: &[usize], gap: u16) -> String {
        let broken = |cells: &Vec<String>| -> Vec<String> {
            let cells = cells.iter().zip(widths);
            cells
                .map(|(cell, width)| broken(cell, *width).join("\n"))
                .collect()
        };
        let mut table = comfy_table::Table::new();
        table
            .load_style(RULES)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(broken(&self.headings))
            .add_rows(self.rows.iter().map(broken));
        let last = widths.len().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            // Between two columns there is one more, where other tables have a line.
            column.set_padding((0, if place == last { 0 } else { gap - 1 }));
        }
        let text = table.to_string();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// The rows one below the other: the name of each, and then what it has under each heading.
    fn as_list(&self, room: usize) -> String {
        let heading = longest(self.headings.iter().skip(1).map(String::as_str));
        let mut lines = Vec::new();
        for row in &self.rows {
            let Some((name, cells)) = row.split_first() else {
                continue;
            };
            // What stands alone is a heading for the rows below it.
            if cells.is_empty() && !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(broken(name.trim_start(), room));
            for (cell, name) in cells.iter().zip(&self.headings[1..]) {
                if !cell.is_empty() {
                    lines.extend(under(&format!("  {name:heading$}"), cell, room));
                }
            }
        }
        lines.join("\n")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.drawn(columns()))
    }
}

/// What stands between the columns.
fn gaps(widths: &[usize], gap: u16) -> usize {
    usize::from(gap) * widths.len().saturating_sub(1)
}

/// The widths of columns that take up no more room than there is, if there is enough for these: what
/// is left goes to those that lack most.
fn widened(least: &[usize], natural: &[usize], room: Option<usize>) -> Option<Vec<usize>> {
    let mut left = room?.checked_sub(least.iter().sum())?;
    let mut widths = least.to_vec();
    let lack = |(width, natural): &(&mut usize, &usize)| natural.saturating_sub(**width);
    while left > 0 {
        let columns = widths.iter_mut().zip(natural);
        let Some((width, _)) = columns.filter(|column| lack(column) > 0).max_by_key(lack) else {
            break;
        };
        *width += 1;
        left -= 1;
    }
    Some(widths)
}

/// A text beside a label; below it where there is little room beside it.
pub fn under(label: &str, text: &str, room: usize) -> Vec<String> {
    let indent = label.chars().count() + 2;
    let needed = longest(text.lines().flat_map(words)).max(room / 2);
    let beside = indent + longest(text.lines()).min(needed) <= room;
    let indent = if beside { indent } else { 4.min(room / 2) };
    let mut lines = broken(text, room - indent);
    for line in &mut lines {
        line.insert_str(0, &" ".repeat(indent));
    }
    if !beside {
        if !label.trim().is_empty() {
            lines.insert(0, label.trim_end().to_owned());
        }
    } else if let Some(first) = lines.first_mut() {
        first.replace_range(..indent, &format!("{label}  "));
    }
    lines
}

/// The lines of a text, each broken between words where it is longer than there is room. A word that
/// is longer still, such as a path, is broken anywhere.
pub fn broken(text: &str, room: usize) -> Vec<String> {
    text.lines()
        .flat_map(|line| broken_line(line, room))
        .collect()
}

fn broken_line(line: &str, room: usize) -> Vec<String> {
    if line.chars().count() <= room {
        return vec![line.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words(line) {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + length <= room => {
                last.push(' ');
                last.push_str(word);
            }
            _ => {
                let letters: Vec<char> = word.chars().collect();
                lines.extend(
                    letters
                        .chunks(room.max(1))
                        .map(|part| part.iter().collect()),
                );
            }
        }
    }
    lines
}

/// What stands between spaces. An interval in brackets is one word.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line.trim_matches(' ');
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let closing = if rest.starts_with('[') {
            rest.find(']')
        } else {
            None
        };
        let from = closing.unwrap_or(0);
        let end = rest[from..].find(' ').map_or(rest.len(), |end| from + end);
        let (word, after) = rest.split_at(end);
        rest = after.trim_start_matches(' ');
        Some(word)
    })
}

fn longest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

/// The first of some lines, and how many more there are.
pub fn first_of(mut lines: Vec<String>, most: usize, what: &str) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        lines.truncate(most);
        lines.push(format!("and {more} more {what}"));
    }
    lines
}

/// A text on one line, and no longer than this.
pub fn shortened(text: &str, most: usize) -> String {
    let text = one_line(text);
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A paragraph, broken between words where the terminal or the eye wants it.
pub fn paragraph(text: &str) -> String {
    wrapped(text, columns())
}

/// The same in so many columns.
pub fn wrapped(text: &str, room: Option<usize>) -> String {
    match room {
        Some(room) => broken(text, room.min(PARAGRAPH)).join("\n"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["rust_pyo3/idiomatic", "c_ext"];

    fn drawn(room: Option<usize>) -> String {
        let mut table = table(&["contender", "edit of glue", "verdict"]).with_prose([2]);
        let verdict = "agrees on 69,452 inputs, and on count/100 as well [1.2, 1.3]";
        table.add_row([NAMES[0], "12.3 ±0.4 s", verdict]);
        table.add_row([NAMES[1], "–", "agrees"]);
        table.drawn(room)
    }

    #[test]
    fn without_a_terminal_each_row_is_a_line() {
        let text = drawn(None);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert!(lines[3].starts_with(NAMES[0]) && lines[3].ends_with("[1.2, 1.3]"));
    }

    #[test]
    fn what_is_grouped_has_a_line_for_each_group() {
        let mut table = Table::new("case | contender | ratio");
        table.grouped = true;
        table.add_row(["a", "x", "1"]);
        table.add_row(["a", "y", "2"]);
        table.add_row(["b", "x", "3"]);
        let text = items(&[table.into(), "the end".into()]);
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains('─')).collect();
        let head = "case, contender  ratio";
        let rows = ["a", "  x              1", "  y              2", "b"];
        assert_eq!(lines[0], head);
        assert_eq!(lines[1..5], rows);
        assert_eq!(lines[6..], ["", "the end"]);
    }

    #[test]
    fn on_a_terminal_nothing_is_too_long_and_no_name_or_number_is_broken() {
        for room in [100, 80, 60, 45, 40, 30] {
            let text = drawn(Some(room));
            assert!(longest(text.lines()) <= room, "{room}:\n{text}");
            for whole in [
                NAMES[0],
                NAMES[1],
                "12.3 ±0.4 s",
                "69,452",
                "count/100",
                "[1.2, 1.3]",
            ] {
                assert!(text.contains(whole), "{room}, {whole}:\n{text}");
            }
        }
        let headings = |room| drawn(Some(room)).lines().nth(1).unwrap().to_owned();
        assert_eq!(headings(100), "contender            edit of glue  verdict");
        // Without room in lines, the headings are broken, and then there is no table at all.
        assert_eq!(headings(50), "contender            edit of      verdict");
        assert_eq!(
            drawn(Some(40)),
            "rust_pyo3/idiomatic\n  \
               edit of glue  12.3 ±0.4 s\n  \
               verdict       agrees on 69,452 inputs,\n                \
                             and on count/100 as well\n                \
                             [1.2, 1.3]\n\
             c_ext\n  \
               edit of glue  –\n  \
               verdict       agrees"
        );
    }

    #[test]
    fn where_there_is_no_room_beside_a_label_the_text_stands_below() {
        assert_eq!(under("a:", "b c", 40), ["a:  b c"]);
        assert_eq!(
            under("a long label:", "some_long_word", 20),
            ["a long label:", "    some_long_word"]
        );
    }

    #[test]
    fn long_texts_and_long_lists_are_shortened() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("too long", 5), "too…");
        let three = || ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(first_of(three(), 3, "lines"), ["a", "b", "c"]);
        assert_eq!(first_of(three(), 1, "lines"), ["a", "and 2 more lines"]);
    }

    #[test]
    fn a_word_that_does_not_fit_is_broken() {
        assert_eq!(broken("a word_of_12 b", 5), ["a", "word_", "of_12", "b"]);
        assert_eq!(broken("95\u{a0}% of it", 4), ["95\u{a0}%", "of", "it"]);
    }
}
