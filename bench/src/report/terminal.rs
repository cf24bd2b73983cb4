//! Tables for the terminal.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};

use super::format::{bytes, seconds};
use crate::record::Effort;

/// An empty table with these headings, as wide as the terminal.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(headings);
    if table.width().is_none() {
        table.set_width(100);
    }
    table
}

/// Build time, own code's build time, wheel, extension as shipped and stripped, and lines.
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
