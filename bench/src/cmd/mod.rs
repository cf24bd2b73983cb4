//! One verb per file. Each gives `true` when all went well, `false` when some contender failed.

pub mod ab;
pub mod bench;
pub mod build;
pub mod compare;
pub mod count;
pub mod doctor;
pub mod export;
pub mod list;
pub mod new;
pub mod observe;
pub mod report;
pub mod run;
pub mod self_test;
pub mod verify;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::admission::ensure_same;
use crate::cli::{Common, Target};
use crate::interrupt::Interrupted;
use crate::output::{note, say};
use crate::record::{Record, all_in};
use crate::session::Session;
use crate::timing;

/// No record is one that something may be put into.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoRecord(String);

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
    if let Some(folder) = &target.record {
        let record = Record::load(folder)?;
        ensure_fit(session, common, &record, folder)
            .with_context(|| format!("{what} cannot be put into {}", folder.display()))?;
        return Ok((Some(folder.clone()), record));
    }
    let default = session.study.root().join("results");
    let results = target.results.clone().unwrap_or(default);
    let records = all_in(&results).map_err(|error| match &target.results {
        Some(_) => error,
        None => NoRecord(format!("{error:#}")).into(),
    })?;
    let mut reasons = Vec::new();
    for (name, record) in records.into_iter().rev() {
        let folder = results.join(&name);
        match ensure_fit(session, common, &record, &folder) {
            Ok(()) => return Ok((Some(folder), record)),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => reasons.push(format!(", and not into {name}: {error:#}")),
        }
    }
    // Of many records the newest is enough.
    let reason = reasons.into_iter().next().unwrap_or_default();
    Err(NoRecord(format!(
        "there is no record in {} of this machine, this interpreter and these sources to put {what} \
         into{reason}",
        results.display()
    ))
    .into())
}

/// Narrows the session to what a record has; fails unless it is one that may be added to.
fn ensure_fit(
    session: &mut Session,
    common: &Common,
    record: &Record,
    folder: &Path,
) -> Result<()> {
    ensure!(
        record.finished.is_some(),
        "{} is not finished: continue it with `ffi-bench run --resume` first",
        folder.display()
    );
    ensure_profile(common, record)?;
    note_unverified(ensure_same(session, record, false)?);
    Ok(())
}

/// Who names a profile must mean the record's.
fn ensure_profile(common: &Common, record: &Record) -> Result<()> {
    ensure!(
        common
            .profile
            .as_ref()
            .is_none_or(|name| *name == record.profile),
        "the record is of the profile {}: leave --profile {} out",
        record.profile,
        common.profile()
    );
    Ok(())
}

/// Says how many cases take no part because they are not verified.
fn note_unverified(left_out: usize) {
    if left_out > 0 {
        note(&format!(
            "left out: {left_out} cases, because `ffi-bench verify` has not been run on them"
        ));
    }
}

/// Lets each contender run alone, unless the record says already what came of it; whether that was
/// done.
fn calibrate(session: &Session, record: &mut Record) -> Result<bool> {
    if !record.calibrations.is_empty() {
        return Ok(false);
    }
    let failed = |contender: &str, case: &str| record.failed(contender, case).is_some();
    let alone = timing::calibrate(session, failed)?;
    (record.calibrations, record.work) = (alone.calibrations, alone.work);
    record.failures.extend(alone.failures);
    Ok(true)
}

/// Saves what was put into a record.
fn save(record: &Record, folder: Option<PathBuf>) -> Result<()> {
    if let Some(folder) = folder {
        record.save(&folder)?;
        say(&folder.display().to_string());
    }
    Ok(())
}
