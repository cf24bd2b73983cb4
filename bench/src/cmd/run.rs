//! `run`: times the cases in blocks, and writes a record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::analysis::{Leg, Slice};
use crate::cli::{Common, Run};
use crate::criterion;
use crate::environment::{Environment, jiffies, load, redact, steal};
use crate::plan::{Calibration, Calibrations, plan_block};
use crate::progress::Progress;
use crate::record::{self, Failure, Record, SCHEMA};
use crate::session::Session;
use crate::sources::source_hash;
use crate::state::{Built, Verdicts};
use crate::study::{Case, Contender};

/// How often a block may die in the same case before the case is given up.
const ATTEMPTS: u32 = 3;

pub fn run(common: &Common, options: &Run) -> Result<bool> {
    let session = Session::open(common)?;
    let (mut record, folder) = match &options.resume {
        Some(folder) => (resume(&session, folder)?, folder.clone()),
        None => begin(&session, options)?,
    };
    record.save(&folder)?;
    eprintln!("record: {}", folder.display());

    let before = jiffies();
    let calibrations = calibrate(&session, &mut record)?;
    record.save(&folder)?;
    time_blocks(&session, &mut record, &folder, &calibrations)?;
    record.environment.load_after = load();
    record.environment.steal = steal(before, jiffies());
    if !options.no_criterion {
        native_benchmarks(&session, &mut record)?;
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

/// A new record, and its folder.
fn begin(session: &Session, options: &Run) -> Result<(Record, PathBuf)> {
    let settings = session.study.profile(&options.profile)?;
    let environment = Environment::look(&session.facts()?);
    let mut record = Record {
        schema: SCHEMA,
        started: now(),
        finished: None,
        profile: options.profile.clone(),
        settings,
        command: command_line(),
        study_hash: session.study_hash.clone(),
        environment: redacted(environment, &session.study.root()),
        contenders: BTreeMap::new(),
        failures: Vec::new(),
        criterion: BTreeMap::new(),
        study: session.study.clone(),
    };
    admit(session, &mut record)?;
    let folder = match &options.record {
        Some(folder) => {
            ensure!(
                !folder.join("record.json").exists(),
                "{} holds a record already: go on with --resume, or choose another folder",
                folder.display()
            );
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
            folder.clone()
        }
        None => {
            let results = options
                .results
                .clone()
                .unwrap_or_else(|| session.study.root().join("results"));
            let name = format!("{}-{}", &record.started[..10], record.environment.slug());
            record::create_folder(&results, &name)?
        }
    };
    Ok((record, folder))
}

/// The record of an interrupted run, if it is about the same things.
fn resume(session: &Session, folder: &Path) -> Result<Record> {
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

/// Puts every contender of the study into the record: as one that may be timed, or as a failure.
fn admit(session: &Session, record: &mut Record) -> Result<()> {
    let built = session.state.built()?;
    let verdicts = session.state.verdicts()?;
    let root = session.study.root();
    for contender in &session.study.contenders {
        let name = &contender.name;
        let mut fail = |case: Option<&str>, stage: &str, message: &str| {
            record.failures.push(Failure {
                contender: name.clone(),
                case: case.map(str::to_owned),
                stage: stage.to_owned(),
                message: redact(message, &root),
            });
        };
        let (sources, effort) = match built.get(name) {
            Some(Built::Installed { sources, effort }) => (sources, effort),
            Some(Built::Failed { message }) => {
                fail(None, "build", message);
                continue;
            }
            None => {
                bail!("{name} is not built: run `ffi-bench build` and `ffi-bench verify` first")
            }
        };
        ensure!(
            *sources == source_hash(&root, contender)?,
            "the sources of {name} have changed since it was built: run `ffi-bench build` and \
             `ffi-bench verify` first"
        );
        let verdict = verdicts.get(name).filter(|v| {
            v.study == session.study_hash && (v.sources == *sources || v.refused.is_some())
        });
        let Some(verdict) = verdict else {
            bail!("{name} is not verified as it is now: run `ffi-bench verify` first")
        };
        record
            .contenders
            .insert(name.clone(), verdict.candidate(Some(effort.clone())));
        if let Some(reason) = &verdict.refused {
            fail(None, "verify", reason);
            continue;
        }
        for case in session
            .study
            .cases
            .iter()
            .filter(|case| case.applies_to(name))
        {
            if let Some(reason) = verdict.failed_cases.get(&case.name) {
                fail(Some(&case.name), "verify", reason);
            } else {
                ensure!(
                    verdict.digests.contains_key(&case.name),
                    "{name} was not verified in {}: run `ffi-bench verify` without --filter first",
                    case.name
                );
            }
        }
    }
    for candidate in record.contenders.values_mut() {
        for value in candidate.build_info.values_mut() {
            *value = redact(value, &root);
        }
    }
    Ok(())
}

/// Lets each contender run each case alone, to see that it lives and how long it takes.
fn calibrate(session: &Session, record: &mut Record) -> Result<Calibrations> {
    let mut calibrations = Calibrations::new();
    #[allow(clippy::cast_possible_truncation)] // Some hundreds at most.
    let total = (session.study.contenders.len() * session.study.cases.len()) as u64;
    let mut progress = Progress::start("each contender alone", total);
    for (place, contender) in session.study.contenders.iter().enumerate() {
        let mut done = (place * session.study.cases.len()) as u64;
        let mut left: Vec<&Case> = session
            .study
            .cases
            .iter()
            .filter(|c| {
                c.applies_to(&contender.name) && record.failed(&contender.name, &c.name).is_none()
            })
            .collect();
        // A worker that dies in a case is started again with the cases that are left.
        while !left.is_empty() {
            let mut request = session.request("calibrate", contender, &left);
            request["slice_ns"] = json!(crate::plan::SLICE_NS);
            let mut failures = Vec::new();
            let mut artefact = None;
            let outcome =
                session
                    .interpreter
                    .ask(&request, Session::patience(&left), |message| {
                        if let Some(hash) = message["artefact"].as_str() {
                            artefact = Some(hash.to_owned());
                        }
                        let Some(case) = message["case"].as_str() else {
                            return Ok(());
                        };
                        done += 1;
                        progress.at(done, &format!("{} {case}", contender.name));
                        if let Some(error) = message["error"].as_str() {
                            failures.push((case.to_owned(), error.to_owned()));
                        } else {
                            let found: BTreeMap<String, Calibration> =
                                serde_json::from_value(message["legs"].clone())?;
                            for (leg, calibration) in found {
                                let leg = if leg == "floor" {
                                    Leg::Floor
                                } else {
                                    Leg::Call
                                };
                                calibrations.insert(
                                    (case.to_owned(), contender.name.clone(), leg),
                                    calibration,
                                );
                            }
                        }
                        Ok(())
                    })?;
            let verified = &record.contenders[&contender.name].artefact;
            ensure!(
                artefact.is_none_or(|imported| imported == *verified),
                "what is imported as {} is not what was verified: run `ffi-bench verify` first",
                contender.module
            );
            let rest = match &outcome {
                Ok(()) => Vec::new(),
                Err(died) => {
                    let place = left.iter().position(|c| Some(&c.name) == died.at.as_ref());
                    let dead = place.unwrap_or(0);
                    failures.push((left[dead].name.clone(), died.how.clone()));
                    left.split_off(dead + 1)
                }
            };
            for (case, message) in failures {
                fail(
                    record,
                    session,
                    &contender.name,
                    &case,
                    "run, alone",
                    &message,
                );
            }
            left = rest;
        }
    }
    progress.end(&format!(
        "{} of {} rows can be timed",
        calibrations.keys().filter(|k| k.2 == Leg::Call).count(),
        rows(session)
    ));
    Ok(calibrations)
}

fn rows(session: &Session) -> usize {
    let of = |c: &Contender| {
        session
            .study
            .cases
            .iter()
            .filter(|case| case.applies_to(&c.name))
            .count()
    };
    session.study.contenders.iter().map(of).sum()
}

fn fail(
    record: &mut Record,
    session: &Session,
    contender: &str,
    case: &str,
    stage: &str,
    message: &str,
) {
    record.failures.push(Failure {
        contender: contender.to_owned(),
        case: Some(case.to_owned()),
        stage: stage.to_owned(),
        message: redact(message, &session.study.root()),
    });
}

/// Runs the blocks that the record does not have yet.
fn time_blocks(
    session: &Session,
    record: &mut Record,
    folder: &Path,
    calibrations: &Calibrations,
) -> Result<()> {
    let blocks = record.settings.blocks;
    let digests = right_digests(session)?;
    let mut progress = Progress::start("blocks", u64::from(blocks));
    for block in 0..blocks {
        if record::has_block(folder, block) {
            continue;
        }
        let mut attempts = 0;
        loop {
            let cases = plan_block(
                &session.study,
                record.settings,
                record,
                calibrations,
                &digests,
                block,
            );
            if cases.is_empty() {
                break;
            }
            let outcome = time_block(session, record, block, &cases, |case| {
                progress.at(u64::from(block), case);
            })?;
            match outcome {
                Ok(slices) => {
                    record::save_block(folder, block, &slices)?;
                    break;
                }
                // What a dead block measured may be disturbed by what killed it: none of it is kept.
                Err(died) => {
                    attempts += 1;
                    progress.note(&format!("block {block} is discarded and run again: {died}"));
                    if attempts == ATTEMPTS {
                        give_up(session, record, &cases, &died)?;
                        record.save(folder)?;
                        attempts = 0;
                    }
                }
            }
        }
    }
    progress.end(&format!("{blocks} of them"));
    Ok(())
}

/// Takes the case in which blocks keep dying out of the rest of the run.
fn give_up(
    session: &Session,
    record: &mut Record,
    cases: &[Value],
    died: &crate::worker::Died,
) -> Result<()> {
    let Some(at) = died.at.as_deref() else {
        bail!("blocks die before their first case: {died}")
    };
    let Some(case) = cases.iter().find(|case| case["name"] == at) else {
        bail!("{died}")
    };
    let mut names: Vec<&str> = case["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|e| e["name"].as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    // The message names the contender where the worker knows it.
    let guilty: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| died.how.starts_with(&format!("AssertionError: {name} ")))
        .collect();
    for name in if guilty.is_empty() { names } else { guilty } {
        fail(record, session, name, at, "run, in company", &died.how);
    }
    Ok(())
}

/// Digests of the right answers, by case: the reference's.
fn right_digests(session: &Session) -> Result<BTreeMap<String, String>> {
    let verdicts = session.state.verdicts()?;
    let reference: Option<&Verdicts> = verdicts.get(&session.study.study.reference);
    Ok(reference
        .context("the reference is not verified: run `ffi-bench verify` first")?
        .digests
        .clone())
}

type BlockOutcome = std::result::Result<Vec<Slice>, crate::worker::Died>;

fn time_block(
    session: &Session,
    record: &Record,
    block: u32,
    cases: &[Value],
    mut at: impl FnMut(&str),
) -> Result<BlockOutcome> {
    let seed = session
        .study
        .study
        .seed
        .wrapping_mul(1_000_003)
        .wrapping_add(u64::from(block));
    let request = json!({
        "mode": "block",
        "prelude": session.study.prelude(),
        "seed": seed,
        // Python takes a hash seed of 32 bits.
        "hash_seed": seed % (1 << 32),
        "cases": cases,
    });
    let all: Vec<&Case> = session.study.cases.iter().collect();
    let mut slices = Vec::new();
    let outcome = session
        .interpreter
        .ask(&request, Session::patience(&all), |message| {
            let Some(name) = message["case"].as_str() else {
                return Ok(());
            };
            at(name);
            let case = cases
                .iter()
                .find(|c| c["name"] == name)
                .context("a case nobody asked for")?;
            let rows: Vec<[u64; 5]> = serde_json::from_value(message["slices"].clone())?;
            for [entry, round, position, iterations, nanoseconds] in rows {
                let entry = &case["entries"][usize::try_from(entry)?];
                slices.push(Slice {
                    block,
                    case: name.to_owned(),
                    contender: entry["name"].as_str().unwrap_or_default().to_owned(),
                    leg: match entry["role"].as_str() {
                        Some("floor") => Leg::Floor,
                        Some("again") => Leg::Again,
                        _ => Leg::Call,
                    },
                    round: u32::try_from(round)?,
                    position: u32::try_from(position)?,
                    iterations,
                    nanoseconds,
                });
            }
            Ok(())
        })?;
    debug_assert!(record.finished.is_none());
    Ok(outcome.map(|()| slices))
}

/// The study's native benchmarks, on the same inputs.
fn native_benchmarks(session: &Session, record: &mut Record) -> Result<()> {
    let Some(settings) = &session.study.criterion else {
        return Ok(());
    };
    match criterion::run(session, settings, record.settings.criterion_seconds) {
        Ok(estimates) => record.criterion = estimates,
        Err(error) => record.failures.push(Failure {
            contender: "criterion".to_owned(),
            case: None,
            stage: "run".to_owned(),
            message: redact(&format!("{error:#}"), &session.study.root()),
        }),
    }
    Ok(())
}

/// The command as the user typed it, without paths of the machine.
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
