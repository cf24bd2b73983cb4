//! `report`: tables and charts, from a record alone.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::cli::{Common, Report};
use crate::record::{Record, load_slices, newest, write_whole};
use crate::report::splice::{has_place, splice};
use crate::report::{Results, effort, figures, markdown, regimes, trust, typed};
use crate::study::Study;

/// The name of a place in a document, and what is put there.
type Place = (&'static str, fn(&Results) -> String);

/// What a document may have a place for.
const PLACES: [Place; 13] = [
    ("results", markdown::summary),
    ("precision", trust::precision),
    ("position", trust::position),
    ("self-test", trust::self_test),
    ("counts", trust::counts),
    ("builds", effort::builds),
    ("resources", effort::resources),
    ("toolchains", effort::toolchains),
    ("shipped", effort::shipped),
    ("first-call", effort::first_call),
    ("written", effort::written),
    ("portability", effort::portability),
    ("mistakes", effort::mistakes),
];

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
        let mut text = fs::read_to_string(document)
            .with_context(|| format!("cannot read {}", document.display()))?;
        let command = format!(
            "ffi-bench report {} --splice {}",
            typed(&folder)?,
            typed(document)?
        );
        let mut spliced = false;
        for (name, table) in PLACES {
            if has_place(&text, name) {
                text = splice(&text, name, &command, &table(&results))
                    .with_context(|| document.display().to_string())?;
                spliced = true;
            }
        }
        for table in &results.record.study.tables {
            if has_place(&text, &table.name) {
                let content = regimes::content(&results, table)
                    .unwrap_or_else(|| "Nothing of this is in the record.\n".to_owned());
                text = splice(&text, &table.name, &command, &content)
                    .with_context(|| document.display().to_string())?;
                spliced = true;
            }
        }
        ensure!(
            spliced,
            "{} has no line `<!-- ffi-bench: results -->` with `<!-- ffi-bench: end -->` below it: put \
             them where the table belongs",
            document.display()
        );
        write_whole(document, text.as_bytes())?;
    }
    println!("{}", folder.join("tables.md").display());
    println!("{}", charts.display());
    Ok(true)
}
