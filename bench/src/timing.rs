//! Times the cases: each contender alone first, then together, block by block.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::analysis::{Role, Slice};
use crate::files::redact;
use crate::plan::{BlockId, Calibrations, Planner, SLICE_NS};
use crate::progress::Progress;
use crate::protocol::{
    Announcement, Calibration, CaseEntry, CaseToCalibrate, CaseToTime, Reply, Request, WorkerSlice,
};
use crate::record::Failure;
use crate::restart::{CasesLeft, End, Restarts};
use crate::session::Session;
use crate::state::Verdicts;
use crate::study::Contender;
use crate::worker::Died;

/// What was found when each contender ran each case alone.
#[derive(Default)]
pub struct Alone {
    pub calibrations: Calibrations,
    /// What one call of a case does, in the case's unit.
    pub work: BTreeMap<String, f64>,
    pub failures: Vec<Failure>,
}

fn failure(
    session: &Session,
    contender: &str,
    case: Option<&str>,
    stage: &str,
    how: &str,
) -> Failure {
    Failure {
        contender: contender.to_owned(),
        case: case.map(str::to_owned),
        stage: stage.to_owned(),
        message: redact(how, &session.study.root()),
    }
}

/// Lets each contender run each case alone, to see that it lives and how long it takes; but for
/// what is `out` already, of a contender in a case.
pub fn calibrate(session: &Session, out: impl Fn(&str, &str) -> bool) -> Result<Alone> {
    let digests = right_digests(session)?;
    let taking_part = |contender: &Contender| {
        let cases = session.study.cases.iter();
        cases
            .filter(|case| case.applies_to(&contender.name) && session.study.times(&contender.name))
            .collect::<Vec<_>>()
    };
    let contenders = &session.study.contenders;
    let all: usize = contenders.iter().map(|c| taking_part(c).len()).sum();
    let mut progress = Progress::counted("each contender alone", all as u64, "rows");
    let mut alone = Alone::default();
    let mut rows = 0;
    for contender in contenders {
        let name = &contender.name;
        let mut left = taking_part(contender);
        let mut done = rows;
        rows += left.len() as u64;
        left.retain(|case| !out(name, &case.name));
        let fail = |alone: &mut Alone, case: Option<&str>, how: &str| {
            let failure = failure(session, name, case, "run, alone", how);
            // A worker that is asked again may say it again.
            if !alone.failures.contains(&failure) {
                alone.failures.push(failure);
            }
        };
        let mut cases = CasesLeft::new(left);
        while !cases.left.is_empty() {
            let request = Request::Calibrate {
                prelude: session.study.prelude(),
                contender: contender.into(),
                cases: session
                    .cases(contender, &cases.left)
                    .map(|case| CaseToCalibrate {
                        digest: digests.get(case.name).map(String::as_str),
                        case,
                    })
                    .collect(),
                slice_ns: SLICE_NS,
            };
            let outcome = session.ask(&request, |reply| {
                let mut at = |case: &str| {
                    done += 1;
                    progress.at(done, &format!("{name} {case}"));
                };
                match reply {
                    Reply::Imported { .. } => {}
                    Reply::Failed { case, error } => {
                        at(&case);
                        fail(&mut alone, Some(&case), &error);
                    }
                    Reply::Calibrated { case, found, work } => {
                        at(&case);
                        alone.work.extend(work.map(|work| (case.clone(), work)));
                        let case = alone.calibrations.entry(case).or_default();
                        case.insert(name.clone(), found);
                    }
                    other => return Err(other.unexpected()),
                }
                Ok(())
            })?;
            match cases.ended(outcome)? {
                End::Done(0) | End::Forgiven => {}
                End::Done(number) => {
                    let how = format!("left {number} processes behind");
                    fail(&mut alone, None, &how);
                }
                End::Died(case, died) => {
                    fail(&mut alone, case.map(|case| case.name.as_str()), &died.how);
                }
            }
        }
    }
    let timed: usize = alone.calibrations.values().map(BTreeMap::len).sum();
    progress.end(&format!("{timed} of {rows} rows can be timed"));
    Ok(alone)
}

/// What comes of a block.
pub enum Came {
    /// It came to its end.
    Measured(BlockId, BlockResult),
    /// A contender died in it, and takes part in no other.
    Failed(Failure),
}

/// Runs blocks, hands what comes of each to `keep`, and gives how many there were.
pub fn time(
    session: &Session,
    planner: &mut Planner,
    blocks: &[BlockId],
    label: &str,
    mut keep: impl FnMut(Came) -> Result<()>,
) -> Result<u64> {
    let expected = blocks.iter().map(|at| planner.block(*at).milliseconds());
    let expected: Vec<u64> = expected.collect();
    let number = expected.iter().filter(|ms| **ms > 0).count() as u64;
    let total = expected.iter().sum();
    let (mut done, mut run) = (0, 0);
    let mut progress = Progress::expected(label, number, "block", in_seconds(total));
    for at in blocks {
        let due = planner.block(*at).milliseconds();
        if due > 0 {
            time_block(session, planner, *at, &mut keep, &mut |said| match said {
                Said::Case(case) => progress.at_cost(run, in_seconds(done), case),
                Said::Note(note) => progress.note(note),
            })?;
            run += 1;
        }
        done += due;
    }
    progress.end(&format!("{run} blocks"));
    Ok(run)
}

#[allow(clippy::cast_precision_loss)] // An estimate.
fn in_seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1e3
}

/// What the user is told of a block.
enum Said<'a> {
    Case(&'a str),
    Note(&'a str),
}

/// Runs one block until it comes to its end. What a block that died has measured may be disturbed
/// by what killed it: none of it is kept.
fn time_block(
    session: &Session,
    planner: &mut Planner,
    at: BlockId,
    keep: &mut impl FnMut(Came) -> Result<()>,
    tell: &mut impl FnMut(Said),
) -> Result<()> {
    let number = at.number;
    let mut restarts = Restarts::default();
    loop {
        let block = planner.block(at);
        if block.cases.is_empty() {
            return Ok(());
        }
        let died = match run_block(session, number, &block.cases, |case| tell(Said::Case(case)))? {
            Ok(measured) => return keep(Came::Measured(at, measured)),
            Err(died) => died,
        };
        let note = format!("block {number} is discarded and run again: {died}");
        tell(Said::Note(&note));
        if restarts.forgives(&died)? {
            continue;
        }
        let Announcement { case, contender } = &died.during;
        if contender.is_empty() {
            bail!("the worker dies before any contender runs: {died}");
        }
        let case = Some(case.as_str()).filter(|case| !case.is_empty());
        planner.leave_out(contender, case);
        let failure = failure(session, contender, case, "run, together", &died.how);
        keep(Came::Failed(failure))?;
    }
}

/// What a block gave.
pub struct BlockResult {
    pub slices: Vec<Slice>,
    /// Case, contender and nanoseconds.
    pub spent: Vec<(String, String, u64)>,
}

/// Digests of the right answers, by case: the reference's, or those of whoever gave the answer that
/// the study expects where the reference takes no part.
pub fn right_digests(session: &Session) -> Result<BTreeMap<String, String>> {
    let verdicts = session.state.verdicts()?;
    let reference: Option<&Verdicts> = verdicts.get(&session.study.header.reference);
    let reference =
        reference.context("the reference is not verified: run `ffi-bench verify` first")?;
    let mut right = reference.digests.clone();
    // What was verified before the study has changed tells what was right then.
    let current = verdicts.values().filter(|v| v.study == session.study_hash);
    for verdict in current {
        for (case, digest) in &verdict.digests {
            let case_of = session.study.case(case);
            if case_of.is_some_and(|c| c.expect.is_some()) {
                right.entry(case.clone()).or_insert_with(|| digest.clone());
            }
        }
    }
    Ok(right)
}

/// A number for each block that looks like chance and follows from the study's seed.
pub fn seed_of(session: &Session, number: u32) -> u64 {
    let seed = session.study.header.seed.wrapping_mul(1_000_003);
    // The finalizer of splitmix64: neighbours must not have neighbouring seeds.
    let mut z = seed.wrapping_add(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Runs one block of these cases, and says at which case it is.
pub fn run_block(
    session: &Session,
    number: u32,
    cases: &[CaseToTime],
    mut at: impl FnMut(&str),
) -> Result<std::result::Result<BlockResult, Died>> {
    let request = Request::Block {
        prelude: session.study.prelude(),
        cases,
        seed: seed_of(session, number),
    };
    let mut measured = BlockResult {
        slices: Vec::new(),
        spent: Vec::new(),
    };
    let outcome = session.ask(&request, |reply| {
        let Reply::Timed {
            case: name,
            slices,
            spent: times,
        } = reply
        else {
            return Err(reply.unexpected());
        };
        at(&name);
        let case = cases.iter().find(|timed| timed.case.name == name);
        let case = case.context("the worker timed a case that was not requested")?;
        for found in slices {
            measured.slices.push(slice(number, case, found)?);
        }
        let mut spent: BTreeMap<&str, u64> = BTreeMap::new();
        for (entry, ns) in case.entries.iter().zip(times) {
            *spent.entry(&entry.contender.name).or_default() += ns;
        }
        let spent = spent.into_iter();
        measured
            .spent
            .extend(spent.map(|(contender, ns)| (name.clone(), contender.to_owned(), ns)));
        Ok(())
    })?;
    Ok(outcome.map(|_| measured))
}

fn slice(block: u32, case: &CaseToTime, found: WorkerSlice) -> Result<Slice> {
    let entry = case.entries.get(found.entry);
    let entry = entry.context("the worker sent a slice of an unknown entry")?;
    Ok(Slice {
        block,
        case: case.case.name.to_owned(),
        contender: entry.contender.name.clone(),
        role: entry.role,
        round: found.round,
        position: found.position,
        iterations: found.iterations,
        nanoseconds: found.nanoseconds,
    })
}

/// A contender that takes part in no lineup, as a request's entry: for the self-test.
pub fn lone_entry(contender: &Contender, calibration: Calibration, rounds: u32) -> CaseEntry<'_> {
    CaseEntry {
        contender: contender.into(),
        role: Role::Call,
        iterations: calibration.iterations,
        rounds,
        warm: true,
        dose: 1.0,
    }
}
