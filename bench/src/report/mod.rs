//! From a record to what people and programs read: pure functions of the record and its slices.
//!
//! Three rooms, and one direction between them:
//!
//!     figures -> sections -> formats
//!
//! - `figures`: a record in, values out. It imports neither of the others.
//! - `sections`: values in; what is said and shown out, as tables, charts and texts. It imports
//!   `figures` and never `formats`, so a new table is one function in one file.
//! - `formats`: sections in; HTML, Markdown, lines of a terminal, CSV and JSON out. It imports
//!   `sections` and never `figures`. Each format escapes in one place.
//!
//! A verb asks for sections and gives them to a format.

pub mod figures;
pub mod formats;
pub mod sections;

#[cfg(test)]
pub mod tests;

use std::path::Path;

pub use figures::Results;
pub use formats::terminal;

use crate::files::redact;

/// A path as it would be typed here: a document for others must not name folders of this machine.
pub fn typed(path: &Path) -> anyhow::Result<String> {
    let here = std::env::current_dir()?;
    let path = path.strip_prefix(&here).unwrap_or(path);
    Ok(redact(&path.display().to_string(), &here))
}
