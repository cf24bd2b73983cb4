//! What is said and shown: values in; tables, charts and texts out.
//!
//! Texts and the cells of tables are Markdown within a line: `code`, *emphasis*, links. What a
//! record says in them is made harmless by each format, on its way out.

pub mod charts;
pub mod comparison;
pub mod data;
pub mod document;
pub mod effort;
pub mod embedded;
pub mod glance;
pub mod goals;
pub mod ladder;
pub mod observed;
pub mod page;
pub mod regimes;
pub mod sides;
pub mod summary;
pub mod trust;
pub mod verdicts;

use anyhow::Result;

use crate::charts::{Mark, Picture};
pub use crate::report::figures::selection::distinct;

/// What a table says of something that was not looked at.
pub const NOTHING: &str = "–";

/// What "not equal work" behind a title means.
pub const NOT_EQUAL_MEANS: &str = "*Not equal work*: it does less, more or other work than the \
     contenders, or uses another algorithm. It shows what is possible. It says nothing about a \
     language or a binding.";

/// Some items under a title. One without a title goes on with the section before it.
pub struct Section {
    /// The name of its place in a page.
    pub id: String,
    pub title: String,
    pub items: Vec<Item>,
}

pub enum Item {
    /// A paragraph, or a list.
    Text(String),
    Table(Table),
    Chart(Chart),
    /// A section within the section.
    Section(Section),
}

impl Section {
    pub fn new(title: &str, items: Vec<Item>) -> Self {
        Self::named("", title, items)
    }

    pub fn named(id: &str, title: &str, items: Vec<Item>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            items,
        }
    }
}

impl From<Table> for Item {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Section> for Item {
    fn from(section: Section) -> Self {
        Self::Section(section)
    }
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Item {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A picture, and what it shows in words.
pub struct Chart {
    /// The name of its file and of its place in a page.
    pub id: String,
    pub title: String,
    pub svg: String,
    pub marks: Vec<Mark>,
    /// The table of the study that it draws.
    pub table: Option<String>,
    /// Whether it is about effort, and not about speed.
    pub of_effort: bool,
}

impl Chart {
    /// # Errors
    ///
    /// When the picture cannot be drawn.
    pub fn new(id: &str, picture: &Picture) -> Result<Self> {
        Ok(Self {
            id: id.to_owned(),
            title: picture.title.clone(),
            svg: picture.svg()?,
            marks: picture.marks(),
            table: None,
            of_effort: false,
        })
    }
}

/// Rows below headings.
#[derive(Debug)]
pub struct Table {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Which columns hold prose, that is, may be broken between words.
    pub prose: Vec<bool>,
    /// Whether rows with the same first cell may stand below it.
    pub grouped: bool,
}

impl Table {
    /// An empty table. Its headings stand as in a row of Markdown: `case | contender | time`.
    pub fn new(headings: &str) -> Self {
        Self::of(headings.split(" | "))
    }

    pub fn of<T: Into<String>>(headings: impl IntoIterator<Item = T>) -> Self {
        let table = Self {
            headings: Vec::new(),
            rows: Vec::new(),
            prose: Vec::new(),
            grouped: false,
        };
        table.and(headings)
    }

    /// The same with more columns.
    pub fn and<T: Into<String>>(mut self, headings: impl IntoIterator<Item = T>) -> Self {
        self.headings.extend(headings.into_iter().map(Into::into));
        self.prose.resize(self.headings.len(), false);
        self
    }

    /// The same with prose in these columns.
    pub fn with_prose(mut self, columns: impl IntoIterator<Item = usize>) -> Self {
        for column in columns {
            self.prose[column] = true;
        }
        self
    }

    pub fn add_row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|cell| cell.to_string());
        self.rows.push(cells.collect());
    }

    /// Adds a row of some names and cells, with dashes where there is nothing; no row where there is
    /// nothing at all.
    pub fn add_known<const N: usize>(
        &mut self,
        names: [String; N],
        cells: impl IntoIterator<Item = Option<String>>,
    ) {
        let cells: Vec<Option<String>> = cells.into_iter().collect();
        if cells.iter().any(Option::is_some) {
            self.add_row(names.into_iter().chain(cells.into_iter().map(or_nothing)));
        }
    }

    /// The table, unless it has no row.
    pub fn filled(self) -> Option<Self> {
        (!self.rows.is_empty()).then_some(self)
    }

    /// Leaves out all but the first rows, and gives the number of the others.
    pub fn cut(&mut self, most: usize) -> usize {
        let more = self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
        more
    }
}

/// A text, or a dash where there is none.
pub fn or_nothing(text: Option<String>) -> String {
    text.unwrap_or_else(|| NOTHING.to_owned())
}

/// A text without line breaks and without more than one space at a time.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text between backquotes.
pub fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}
