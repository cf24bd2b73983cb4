//! `run`: times the cases in blocks, and writes a record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::admission::admit;
use crate::cli::{Common, Run};
use crate::criterion;
use crate::environment::{Environment, jiffies, load, redact, steal};
use crate::record::{self, Record, SCHEMA};
use crate::session::Session;
use crate::timing::{calibrate, time_blocks};

pub fn run(common: &Common, options: &Run) -> Result<bool> {
    let mut session = Session::open(common)?;
    let mut record = match &options.resume {
        Some(folder) => resume(&mut session, folder)?,
        None => begin(&session, options)?,
    };
    let before = jiffies();
    let calibrations = calibrate(&session, &mut record)?;
    // Only now, so that a run that is refused leaves no record behind.
    let folder = match &options.resume {
        Some(folder) => folder.clone(),
        None => create_folder(&session, options, &record)?,
    };
    record.save(&folder)?;
    eprintln!("record: {}", folder.display());
    time_blocks(&session, &mut record, &folder, &calibrations)?;
    record.environment.load_after = load();
    record.environment.steal = steal(before, jiffies());
    if !options.no_criterion {
        native_benchmarks(&session, &mut record);
    }
    record.finished = Some(now());
    record::join_blocks(&folder)?;
    record.save(&folder)?;
    println!("{}", folder.display());
    for failure in &record.failures {
        let case = failure
            .case
            .as_ref()
            .map_or(String::new(), |case| format!(" in {case}"));
        eprintln!(
            "FAILED: {}{case} ({}): {}",
            failure.contender, failure.stage, failure.message
        );
    }
    Ok(record.failures.is_empty())
}

fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// A new record.
fn begin(session: &Session, options: &Run) -> Result<Record> {
    if let Some(folder) = &options.record {
        ensure!(
            !folder.join("record.json").exists(),
            "{} holds a record already: go on with --resume, or choose another folder",
            folder.display()
        );
    }
    let settings = session.study.profile(&options.profile)?;
    let environment = Environment::look(&session.facts()?);
    let mut record = Record {
        schema: SCHEMA,
        started: now(),
        finished: None,
        profile: options.profile.clone(),
        settings,
        command: redact(&command_line(), &session.study.root()),
        study_hash: session.study_hash.clone(),
        environment: redacted(environment, &session.study.root()),
        contenders: BTreeMap::new(),
        failures: Vec::new(),
        criterion: BTreeMap::new(),
        study: session.study.clone(),
    };
    admit(session, &mut record)?;
    Ok(record)
}

/// The folder of a new record.
fn create_folder(session: &Session, options: &Run, record: &Record) -> Result<PathBuf> {
    if let Some(folder) = &options.record {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        return Ok(folder.clone());
    }
    let results = options
        .results
        .clone()
        .unwrap_or_else(|| session.study.root().join("results"));
    let name = format!("{}-{}", &record.started[..10], record.environment.slug());
    record::create_folder(&results, &name)
}

/// The record of an interrupted run, if it is about the same things. The session is narrowed to
/// the contenders and cases that the run was begun with.
fn resume(session: &mut Session, folder: &Path) -> Result<Record> {
    let record = Record::load(folder)?;
    ensure!(
        record.finished.is_none(),
        "{} is finished: nothing to resume",
        folder.display()
    );
    ensure!(
        record.study_hash == session.study_hash,
        "the study has changed since {} was begun: begin a new record",
        folder.display()
    );
    let study = &mut session.study;
    study
        .contenders
        .retain(|c| record.study.contender(&c.name).is_some());
    study.cases.retain(|c| record.study.case(&c.name).is_some());
    ensure!(
        study.contenders.len() == record.study.contenders.len()
            && study.cases.len() == record.study.cases.len(),
        "{} was begun with other contenders or cases: resume it without --only and --filter",
        folder.display()
    );
    let mut fresh = Record {
        contenders: BTreeMap::new(),
        failures: Vec::new(),
        ..record.clone()
    };
    admit(session, &mut fresh)?;
    for (name, candidate) in &record.contenders {
        ensure!(
            fresh
                .contenders
                .get(name)
                .is_some_and(|now| now.artefact == candidate.artefact),
            "{name} was built anew since {} was begun: begin a new record",
            folder.display()
        );
    }
    Ok(record)
}

/// The study's native benchmarks, on the same inputs.
fn native_benchmarks(session: &Session, record: &mut Record) {
    let Some(settings) = &session.study.criterion else {
        return;
    };
    match criterion::run(session, settings, record.settings.criterion_seconds) {
        Ok(estimates) => record.criterion = estimates,
        Err(error) => {
            let message = redact(&format!("{error:#}"), &session.study.root());
            record.fail("native benchmarks", None, "run", message);
        }
    }
}

/// The command as the user typed it.
fn command_line() -> String {
    let rest = std::env::args().skip(1);
    std::iter::once("ffi-bench".to_owned())
        .chain(rest)
        .collect::<Vec<_>>()
        .join(" ")
}

fn redacted(mut environment: Environment, root: &Path) -> Environment {
    let python = &mut environment.python;
    for text in [
        &mut python.executable,
        &mut python.config_args,
        &mut python.include,
    ] {
        *text = redact(text, root);
    }
    environment
}
