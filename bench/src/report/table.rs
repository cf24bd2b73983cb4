//! A Markdown table.

use std::fmt::Write;

pub struct Table {
    pub text: String,
}

impl Table {
    pub fn new<T: AsRef<str>>(headings: &[T]) -> Self {
        let mut table = Self {
            text: String::new(),
        };
        table.row(headings);
        table.text.push_str(&"|---".repeat(headings.len()));
        table.text.push_str("|\n");
        table
    }

    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        for cell in cells {
            let _ = write!(
                self.text,
                "| {} ",
                one_line(cell.as_ref()).replace('|', "\\|")
            );
        }
        self.text.push_str("|\n");
    }
}

/// A text without line breaks and without more than one space at a time.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
