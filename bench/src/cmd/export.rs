//! `export`: records for programs that read other formats.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::cli::{Common, Export};
use crate::files::write_document;
use crate::output::say;
use crate::record::{Record, load_slices};
use crate::report::Results;
use crate::report::figures::export::{processes, series};
use crate::report::formats::data;
use crate::report::formats::pyperf::Suite;
use crate::report::sections::Table;

pub fn run(common: &Common, options: &Export) -> Result<bool> {
    match (&options.pyperf, &options.series) {
        (Some(folder), None) => {
            let [record] = options.records.as_slice() else {
                bail!(
                    "--pyperf takes one record, and {} are given",
                    options.records.len()
                );
            };
            to_pyperf(common, record, folder)?;
        }
        (None, Some(file)) => to_series(common, &options.records, file)?,
        _ => bail!("name one format: --pyperf FOLDER or --series FILE"),
    }
    Ok(true)
}

/// A record, narrowed to what was asked for.
fn narrowed(common: &Common, folder: &Path) -> Result<Record> {
    let mut record = Record::load(folder)?.shown()?;
    let (filter, skip) = (common.filter.as_ref(), common.skip.as_ref());
    let narrowed = record.study.narrow(&common.only, filter, skip);
    narrowed.with_context(|| format!("in {}", folder.display()))?;
    Ok(record)
}

/// A file for each contender, so that pyperf compares contenders.
fn to_pyperf(common: &Common, record: &Path, folder: &Path) -> Result<()> {
    let slices = load_slices(record)?;
    let record = narrowed(common, record)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let python = &record.environment.python;
    let mut written = 0;
    for contender in &record.study.contenders {
        let cases = processes(&slices, &contender.name);
        let mut cases: Vec<_> = cases.into_iter().collect();
        cases.retain(|(case, _)| record.study.case(case).is_some());
        if cases.is_empty() {
            continue;
        }
        let metadata = [
            ("contender", contender.name.clone()),
            ("cpu_model_name", record.environment.cpu.clone()),
            ("date", record.started.replace('T', " ").replace('Z', "")),
            (
                "python_implementation",
                python.implementation.to_lowercase(),
            ),
            ("python_version", python.version.clone()),
            ("unit", "second".to_owned()),
        ];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
        let file = folder.join(format!("{}.json", contender.name.replace('/', "-")));
        let suite = Suite::new(BTreeMap::from(metadata), cases);
        write_document(&file, &data::json(&suite)?)?;
        say(&file.display().to_string());
        written += 1;
    }
    ensure!(written > 0, "the record has no times");
    Ok(())
}

/// A row for each record, in the order of their dates.
fn to_series(common: &Common, records: &[PathBuf], file: &Path) -> Result<()> {
    let mut rows = Vec::new();
    for folder in records {
        let results = Results::new(narrowed(common, folder)?, &load_slices(folder)?);
        let values = series(&results);
        rows.push((
            results.record.started,
            results.record.environment.slug(),
            values,
        ));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let columns: BTreeSet<&String> = rows
        .iter()
        .flat_map(|(_, _, values)| values.keys())
        .collect();
    ensure!(
        !columns.is_empty(),
        "the records have no ratios and no counts"
    );
    let headings = ["time", "machine"].into_iter().map(str::to_owned);
    let mut table = Table::of(headings.chain(columns.iter().map(|name| (*name).clone())));
    for (started, machine, values) in &rows {
        let number = |name: &&String| values.get(*name).map_or(String::new(), f64::to_string);
        let cells = [started.clone(), machine.clone()].into_iter();
        table.add_row(cells.chain(columns.iter().map(number)));
    }
    write_document(file, &data::csv(&table)?)?;
    say(&file.display().to_string());
    Ok(())
}
