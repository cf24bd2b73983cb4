//! Tables for the terminal.

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

use super::format::{bytes, seconds};
use crate::record::Effort;

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

/// Build time, own code's build time, wheel, stripped extension, and lines of each kind.
pub fn effort_cells(effort: &Effort) -> Vec<String> {
    let lines = effort.lines;
    vec![
        seconds(effort.seconds),
        effort.own_seconds.map_or_else(|| "–".to_owned(), seconds),
        bytes(effort.wheel_bytes),
        bytes(effort.stripped_bytes),
        lines.kernel.to_string(),
        lines.glue.to_string(),
        lines.configuration.to_string(),
        lines.generated.to_string(),
    ]
}
