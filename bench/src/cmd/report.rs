//! `report`: tables and charts, from a record alone.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::{Common, Report};
use crate::environment::redact;
use crate::record::{Record, load_slices, newest, write_whole};
use crate::report::splice::splice;
use crate::report::{Results, figures, markdown};
use crate::study::Study;

pub fn run(common: &Common, options: &Report) -> Result<bool> {
    let folder = match (&options.record, &options.results) {
        (Some(folder), _) => folder.clone(),
        (None, Some(results)) => newest(results)?,
        (None, None) => newest(&Study::load(&common.study)?.root().join("results"))?,
    };
    let mut record = Record::load(&folder)?;
    record.study.narrow(&common.only, common.filter.as_ref())?;
    let results = Results::new(record, &load_slices(&folder)?);

    write_whole(
        &folder.join("tables.md"),
        markdown::tables(&results).as_bytes(),
    )?;
    let charts = folder.join("charts");
    fs::create_dir_all(&charts).with_context(|| format!("cannot create {}", charts.display()))?;
    for (name, svg) in figures::charts(&results)? {
        write_whole(&charts.join(format!("{name}.svg")), svg.as_bytes())?;
    }
    for document in &options.splice {
        let text = fs::read_to_string(document)
            .with_context(|| format!("cannot read {}", document.display()))?;
        let command = format!(
            "ffi-bench report {} --splice {}",
            typed(&folder)?,
            typed(document)?
        );
        let table = markdown::summary(&results);
        let text = splice(&text, "results", &command, &table)
            .with_context(|| document.display().to_string())?;
        write_whole(document, text.as_bytes())?;
    }
    println!("{}", folder.join("tables.md").display());
    println!("{}", charts.display());
    Ok(true)
}

/// A path as it would be typed here: a document for others must not name folders of this machine.
fn typed(path: &Path) -> Result<String> {
    let here = std::env::current_dir()?;
    let path = path.strip_prefix(&here).unwrap_or(path);
    Ok(redact(&path.display().to_string(), &here))
}
