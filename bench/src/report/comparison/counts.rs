//! Instructions of two records side by side.

use crate::report::table::Table;
use crate::report::terminal;

/// Instructions of one row, before and after.
pub struct CountChange {
    pub case: String,
    pub contender: String,
    pub floor: bool,
    pub before: f64,
    pub after: f64,
}

impl CountChange {
    pub fn factor(&self) -> f64 {
        self.after / self.before
    }

    fn cells(&self) -> [String; 5] {
        let role = if self.floor { ", floor" } else { "" };
        [
            format!("{}{role}", self.case),
            self.contender.clone(),
            format!("{:.1}", self.before),
            format!("{:.1}", self.after),
            if self.before.to_bits() == self.after.to_bits() {
                "equal".to_owned()
            } else {
                format!("{:.4}", self.factor())
            },
        ]
    }
}

/// The same, the largest changes first.
pub fn counts_changed(mut changes: Vec<CountChange>) -> Vec<CountChange> {
    changes.sort_by(|a, b| b.factor().ln().abs().total_cmp(&a.factor().ln().abs()));
    changes
}

const COUNT_HEADINGS: [&str; 5] = ["case", "contender", "before", "after", "change"];

fn count_sentence(changes: &[CountChange]) -> String {
    let equal = |c: &&CountChange| c.before.to_bits() == c.after.to_bits();
    format!(
        "{} counts compared, {} are equal.\n",
        changes.len(),
        changes.iter().filter(equal).count()
    )
}

pub fn terminal_counts(changes: &[CountChange]) -> String {
    let mut table = terminal::table(&COUNT_HEADINGS);
    for change in changes {
        table.add_row(change.cells());
    }
    format!("{table}\n{}", count_sentence(changes))
}

pub fn markdown_counts(changes: &[CountChange]) -> String {
    let mut table = Table::new(&COUNT_HEADINGS);
    for change in changes {
        table.row(&change.cells());
    }
    format!("{}\n{}", table.text, count_sentence(changes))
}
