//! `report`: tables and charts, from a record alone.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cli::{Common, Report};
use crate::environment::Environment;
use crate::files::{ensure_inside, write_document, write_whole};
use crate::output::{note, say};
use crate::record::{Record, all_in, load_slices};
use crate::report::formats::data::{csv, json};
use crate::report::formats::splice::{has_place, splice};
use crate::report::formats::{self, html, markdown};
use crate::report::sections::document::{PARTS, ReportPart, document};
use crate::report::sections::summary::index;
use crate::report::sections::{Item, charts, data, effort, glance, page, regimes, trust, verdicts};
use crate::report::{Results, typed};
use crate::study::Study;

/// The page of a record.
const PAGE: &str = "report.html";

/// The markers that a document may have, besides the parts of the whole report and the tables of
/// effort and of the study.
const MARKERS: [ReportPart; 2] = [
    ("answer", "", verdicts::answer_list),
    ("position", "", trust::position),
];

/// The marker of the list of all records beside the one that is reported.
const RECORDS: &str = "records";

pub fn run(common: &Common, options: &Report) -> Result<bool> {
    let folder = match (&options.record, &options.results) {
        (Some(folder), _) => folder.clone(),
        (None, Some(results)) => default(results, options.redeclare)?,
        (None, None) => {
            let results = Study::load(&common.study)?.root().join("results");
            default(&results, options.redeclare)?
        }
    };
    let mut record = Record::load(&folder)?;
    if options.redeclare {
        record.study.show_as(&Study::load(&common.study)?)?;
        record.save(&folder)?;
    }
    record = record.shown()?;
    let (filter, skip) = (common.filter.as_ref(), common.skip.as_ref());
    record.study.narrow(&common.only, filter, skip)?;
    let results = Results::new(record, &load_slices(&folder)?);
    if options.terminal {
        let mut text = format!("\n{}", formats::glance::glance(&glance::glance(&results)));
        let page = folder.join(PAGE);
        if page.exists() {
            let _ = writeln!(text, "\nThe whole report: {}", page.display());
        }
        say(&text);
        return Ok(true);
    }

    let tables = markdown::document(&document(&results));
    write_whole(&folder.join("tables.md"), tables.as_bytes())?;
    let pictures = folder.join("charts");
    ensure_inside(&pictures)?;
    fs::create_dir_all(&pictures)
        .with_context(|| format!("cannot create {}", pictures.display()))?;
    let charts = charts::charts(&results)?;
    for chart in &results.record.study.charts {
        let file = pictures.join(format!("{}.svg", chart.file));
        match charts.iter().find(|drawn| drawn.id == chart.file) {
            Some(drawn) => write_whole(&file, drawn.svg.as_bytes())?,
            // One of an earlier report shows what is no longer so.
            None => drop(fs::remove_file(&file)),
        }
    }
    let in_short = json(&data::summary(&results))?;
    write_whole(&folder.join("summary.json"), &in_short)?;
    for (name, table) in data::tables(&results) {
        write_whole(&folder.join(name), &csv(&table)?)?;
    }
    let page = html::page(&page::page(&results, &charts))?;
    write_whole(&folder.join(PAGE), page.as_bytes())?;
    for document in &options.splice {
        put_into(&results, &folder, document)?;
    }
    for drawn in [PAGE, "tables.md", "charts"] {
        say(&format!("{}", folder.join(drawn).display()));
    }
    Ok(true)
}

/// The records of a folder as they are shown.
fn shown(results: &Path) -> Result<Vec<(String, Record)>> {
    let records = all_in(results)?.into_iter();
    records
        .map(|(name, record)| Ok((name, record.shown()?)))
        .collect()
}

/// The newest record of this machine; where there is none, the newest of all, unless it would be
/// changed.
fn default(results: &Path, change: bool) -> Result<PathBuf> {
    let records = all_in(results)?;
    let here = Environment::here();
    let of_here = |record: &Record| record.environment.machine() == here.machine();
    let own = records.iter().rev().find(|(_, record)| of_here(record));
    let none = || format!("no record in {}: run `make bench` first", results.display());
    let (name, record) = own.or(records.last()).with_context(none)?;
    if !of_here(record) {
        let other = format!(
            "no record in {} is of this machine, and {name} is of another ({})",
            results.display(),
            record.environment.cpu
        );
        ensure!(!change, "{other}: name the record that is to be changed");
        note(&format!("{other}: this one is shown"));
    }
    Ok(results.join(name))
}

/// Fills the markers of a document that the record has something for.
fn put_into(results: &Results, folder: &Path, document: &Path) -> Result<()> {
    let mut text = fs::read_to_string(document)
        .with_context(|| format!("cannot read {}", document.display()))?;
    let command = format!(
        "ffi-bench report {} --splice {}",
        typed(folder)?,
        typed(document)?
    );
    let mut spliced = false;
    let mut put = |name: &str, content: &dyn Fn() -> Result<Vec<Item>>| -> Result<()> {
        if has_place(&text, name) {
            text = splice(&text, name, &command, &content()?)
                .with_context(|| document.display().to_string())?;
            spliced = true;
        }
        Ok(())
    };
    let parts = MARKERS.into_iter().chain(PARTS);
    for (name, _, items) in parts.chain(effort::PARTS) {
        put(name, &|| Ok(items(results)))?;
    }
    put(RECORDS, &|| {
        let real = folder.canonicalize()?;
        let named = folder
            .parent()
            .filter(|parent| parent.file_name().is_some());
        let beside = named.or(real.parent()).unwrap_or(Path::new("."));
        Ok(index(&shown(beside)?))
    })?;
    for table in &results.record.study.tables {
        let nothing = || vec!["Nothing of this is in the record.".into()];
        put(&table.name, &|| {
            Ok(regimes::content(results, table).unwrap_or_else(nothing))
        })?;
    }
    ensure!(
        spliced,
        "{} has no line `<!-- ffi-bench: results -->` with `<!-- ffi-bench: end -->` below it: put \
         them where the table belongs",
        document.display()
    );
    write_document(document, text.as_bytes())
}
