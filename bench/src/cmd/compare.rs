//! `compare`: records side by side, and what differs between them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::analysis::Role;
use crate::cli::{Common, Compare};
use crate::counts::{Counts, InstructionCounts, Instructions};
use crate::files::write_document;
use crate::output::say;
use crate::record::{Record, load_slices};
use crate::report::figures::comparison::{Comparison, Member};
use crate::report::formats::splice::splice;
use crate::report::formats::{html, markdown};
use crate::report::sections::comparison::{self, CountChange, IN_WORDS};
use crate::report::sections::{Item, Section};
use crate::report::{Results, terminal, typed};

/// How a comparison came out, for the exit code.
pub enum Compared {
    Same,
    /// Something became slower, and the user wanted to know.
    Changed,
}

/// Instructions are exact, but one call in a thousand may grow a table. More than this is a
/// regression.
const COUNT_MARGIN: f64 = 0.001;

pub fn run(common: &Common, options: &Compare) -> Result<Compared> {
    let regression = if options.counts {
        counts(common, options)?
    } else {
        times(common, options)?
    };
    Ok(if regression && options.fail_on_regression {
        Compared::Changed
    } else {
        Compared::Same
    })
}

/// A record as it is shown, with what was asked for.
fn record(common: &Common, folder: &Path) -> Result<Record> {
    let mut record = Record::load(folder)?.shown()?;
    let (filter, skip) = (common.filter.as_ref(), common.skip.as_ref());
    record
        .study
        .narrow(&common.only, filter, skip)
        .with_context(|| format!("in {}", folder.display()))?;
    Ok(record)
}

/// What was timed in several records, the others compared with the first one.
pub fn compared(common: &Common, records: &[PathBuf]) -> Result<Comparison> {
    let members = records.iter().map(|folder| {
        Ok(Member {
            folder: typed(folder)?,
            results: Results::new(record(common, folder)?, &load_slices(folder)?),
        })
    });
    Comparison::new(members.collect::<Result<Vec<_>>>()?)
}

/// What is shown of a comparison on a terminal.
pub fn on_a_terminal(comparison: &Comparison) -> String {
    let mut sections = comparison::sections(comparison);
    // What stands last is still on the screen.
    sections.sort_by_key(|section| section.id == IN_WORDS);
    let items: Vec<Item> = sections.into_iter().map(Item::from).collect();
    terminal::items(&items)
}

/// Compares what was timed; says whether anything became slower.
fn times(common: &Common, options: &Compare) -> Result<bool> {
    let comparison = compared(common, &options.records)?;
    if options.markdown {
        say(&markdown::document(&comparison::whole(&comparison)));
    } else {
        say(&on_a_terminal(&comparison));
    }
    if let Some(file) = &options.html {
        let page = html::comparison(&comparison::page(&comparison)?)?;
        write_document(file, page.as_bytes())?;
    }
    let command = options.records.iter().map(|folder| typed(folder));
    let command = command.collect::<Result<Vec<_>>>()?.join(" ");
    for document in &options.splice {
        let text = fs::read_to_string(document)
            .with_context(|| format!("cannot read {}", document.display()))?;
        let command = format!("ffi-bench compare {command} --splice {}", typed(document)?);
        let name = format!("compare {}", comparison.name());
        let text = splice(&text, &name, &command, &comparison::summary(&comparison))
            .with_context(|| document.display().to_string())?;
        write_document(document, text.as_bytes())?;
    }
    // Silence where nothing can be told must not pass for "no regression".
    let untold = comparison.untold();
    ensure!(
        !options.fail_on_regression || untold.is_empty(),
        "whether anything became slower cannot be told: no row has an interval in the first record and \
         in {}",
        untold.join(", ")
    );
    Ok(comparison.slower())
}

/// Compares what was counted; says whether anything takes more instructions.
fn counts(common: &Common, options: &Compare) -> Result<bool> {
    let [before, after] = options.records.as_slice() else {
        bail!(
            "--counts compares two records, and {} are given",
            options.records.len()
        );
    };
    let changes = compare_counts(&record(common, before)?, &record(common, after)?)?;
    let more = |change: &CountChange| change.factor() > 1.0 + COUNT_MARGIN;
    let regression = changes.iter().any(more);
    let counts = comparison::counts(changes);
    say(&if options.markdown {
        markdown::document(&Section::new("", counts))
    } else {
        terminal::items(&counts)
    });
    Ok(regression)
}

/// The rows that both records have counted; an error where they may not be compared.
fn compare_counts(before: &Record, after: &Record) -> Result<Vec<CountChange>> {
    let counted = |record: &Record| -> Result<InstructionCounts> {
        match &record.counts {
            Some(Counts::Counted(counted)) => Ok(counted.clone()),
            Some(Counts::NotCounted(why)) => bail!("not comparable: not counted, {why}"),
            None => bail!(
                "not comparable: the record of {} has no counts; `ffi-bench count` adds them",
                record.started
            ),
        }
    };
    let asked = &before.study;
    let (before, after) = (counted(before)?, counted(after)?);
    let differences = before.differences(&after);
    ensure!(
        differences.is_empty(),
        "not comparable: the counts were made under different conditions\n  {}",
        differences.join("\n  ")
    );
    let cases = before
        .rows
        .iter()
        .filter(|(case, _)| asked.case(case).is_some());
    let rows = cases.flat_map(|(case, rows)| {
        let rows = rows
            .iter()
            .filter(|(name, _)| asked.contender(name).is_some());
        rows.flat_map(move |(contender, roles)| {
            roles
                .iter()
                .map(move |(role, count)| (case, contender, *role, count))
        })
    });
    let changes: Vec<CountChange> = rows
        .filter_map(|(case, contender, role, count)| {
            Some(CountChange {
                case: case.clone(),
                contender: contender.clone(),
                floor: role == Role::Floor,
                before: count.total(),
                after: after.row(case, contender, role).map(Instructions::total)?,
            })
        })
        .collect();
    ensure!(
        !changes.is_empty(),
        "not comparable: the records have counted no row in common"
    );
    Ok(changes)
}
