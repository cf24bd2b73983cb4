//! Instructions of two records side by side.

use crate::report::sections::{Item, Table};

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

    fn is_equal(&self) -> bool {
        self.before.to_bits() == self.after.to_bits()
    }

    fn cells(&self) -> [String; 5] {
        let role = if self.floor { ", floor" } else { "" };
        [
            format!("{}{role}", self.case),
            self.contender.clone(),
            format!("{:.1}", self.before),
            format!("{:.1}", self.after),
            if self.is_equal() {
                "equal".to_owned()
            } else {
                format!("{:.4}", self.factor())
            },
        ]
    }
}

/// Instructions of two records, the largest changes first.
pub fn counts(mut changes: Vec<CountChange>) -> Vec<Item> {
    changes.sort_by(|a, b| b.factor().ln().abs().total_cmp(&a.factor().ln().abs()));
    let mut table = Table::new("case | contender | before | after | change");
    for change in &changes {
        table.add_row(change.cells());
    }
    let equal = changes.iter().filter(|c| c.is_equal()).count();
    let text = format!("{} counts compared, {equal} are equal.", changes.len());
    vec![table.into(), text.into()]
}
