//! Times the cases: each contender alone first, then all of them in blocks.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::analysis::{Leg, Slice};
use crate::environment::redact;
use crate::plan::{Calibration, Calibrations, SLICE_NS, plan_block};
use crate::progress::Progress;
use crate::record::{self, Record};
use crate::session::Session;
use crate::state::Verdicts;
use crate::study::{Case, Contender};
use crate::worker::Died;

/// How often a block may die before the case in which it died last is given up.
const ATTEMPTS: u32 = 3;

/// Lets each contender run each case alone, to see that it lives and how long it takes.
pub fn calibrate(session: &Session, record: &mut Record) -> Result<Calibrations> {
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
            request["slice_ns"] = json!(SLICE_NS);
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
                let message = redact(&message, &session.study.root());
                record.fail(&contender.name, Some(&case), "run, alone", message);
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

/// Runs the blocks that the record does not have yet.
pub fn time_blocks(
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
            let outcome = time_block(session, block, &cases, |case| {
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
fn give_up(session: &Session, record: &mut Record, cases: &[Value], died: &Died) -> Result<()> {
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
        let message = redact(&died.how, &session.study.root());
        record.fail(name, Some(at), "run, in company", message);
    }
    Ok(())
}

/// Digests of the right answers, by case: the reference's.
fn right_digests(session: &Session) -> Result<BTreeMap<String, String>> {
    let verdicts = session.state.verdicts()?;
    let reference: Option<&Verdicts> = verdicts.get(&session.study.header.reference);
    Ok(reference
        .context("the reference is not verified: run `ffi-bench verify` first")?
        .digests
        .clone())
}

type BlockOutcome = std::result::Result<Vec<Slice>, Died>;

fn time_block(
    session: &Session,
    block: u32,
    cases: &[Value],
    mut at: impl FnMut(&str),
) -> Result<BlockOutcome> {
    let seed = session
        .study
        .header
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
    // A case of a block is silent until all contenders have had their rounds.
    let all: Vec<&Case> = session.study.cases.iter().collect();
    let contenders = u32::try_from(session.study.contenders.len())?;
    let patience = Session::patience(&all) * contenders;
    let mut slices = Vec::new();
    let outcome = session.interpreter.ask(&request, patience, |message| {
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
    Ok(outcome.map(|()| slices))
}
