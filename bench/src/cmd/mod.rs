//! One verb per file. Each gives `true` when all went well, `false` when some contender failed.

pub mod build;
pub mod compare;
pub mod count;
pub mod doctor;
pub mod list;
pub mod observe;
pub mod report;
pub mod run;
pub mod self_test;
pub mod verify;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::admission::ensure_same;
use crate::cli::{Common, Target};
use crate::record::{Record, newest};
use crate::session::Session;

/// The record that `what` is put into, and its folder; without a folder one that is not saved.
fn record_for(
    session: &mut Session,
    common: &Common,
    target: &Target,
    what: &str,
) -> Result<(Option<PathBuf>, Record)> {
    if target.no_record {
        return Ok((None, run::scratch_record(session, common)?));
    }
    let folder = if let Some(folder) = &target.record {
        folder.clone()
    } else {
        let default = || session.study.root().join("results");
        newest(&target.results.clone().unwrap_or_else(default)).with_context(|| {
            format!("there is no record to put {what} into: with `--no-record` it is only printed")
        })?
    };
    let record = Record::load(&folder)?;
    ensure!(
        record.finished.is_some(),
        "{} is not finished: go on with `ffi-bench run --resume` first",
        folder.display()
    );
    ensure_same(session, &record, false)
        .with_context(|| format!("{what} cannot be put into {}", folder.display()))?;
    Ok((Some(folder), record))
}

/// Saves what was put into a record.
fn save(record: &Record, folder: Option<PathBuf>) -> Result<()> {
    if let Some(folder) = folder {
        record.save(&folder)?;
        println!("{}", folder.display());
    }
    Ok(())
}
