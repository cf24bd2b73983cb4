//! Files for other programs: CSV and JSON.

use anyhow::{Context, Result};
use serde::Serialize;

use crate::report::sections::Table;

/// A table as CSV; without rows it has its headings.
pub fn csv(table: &Table) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(&table.headings).chain(&table.rows) {
        writer.write_record(row.iter().map(|cell| no_formula(cell)))?;
    }
    writer.into_inner().context("a buffer can be written to")
}

/// A cell that a spreadsheet takes for a text where it is one: a text that begins like a formula gets
/// an apostrophe before it.
fn no_formula(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A line of JSON.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// JSON that can stand in a script element.
pub fn embedded(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}
