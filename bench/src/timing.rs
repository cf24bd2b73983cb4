//! Times the cases: each contender alone first, then in company, block by block.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::analysis::{Leg, Slice, Timings};
use crate::environment::redact;
use crate::plan::{Company, Planner, SLICE_NS, companies, second_stage};
use crate::progress::Progress;
use crate::protocol::{self, Calibrated, Calibration, Entry, Place, Reply, Request, Timed};
use crate::record::{self, Record};
use crate::session::Session;
use crate::state::Verdicts;
use crate::study::{Case, Contender};
use crate::worker::Died;

/// How often a block may die before any contender has its turn.
const ATTEMPTS: u32 = 2;

/// How often it may be killed, perhaps by somebody else, each time in another place.
const MOST_FROM_OUTSIDE: u32 = 10;

/// Lets each contender run each case alone, to see that it lives and how long it takes.
pub fn calibrate(session: &Session, record: &mut Record) -> Result<()> {
    let digests = right_digests(session)?;
    let cases: Vec<&Case> = session.study.cases.iter().collect();
    let contenders = session.study.contenders.iter();
    let all = contenders.flat_map(|c| cases.iter().filter(|case| case.applies_to(&c.name)));
    let mut progress = Progress::counted("each contender alone", all.count() as u64, "rows");
    let mut rows = 0;
    for contender in &session.study.contenders {
        let mut done = rows as u64;
        let mut left: Vec<&Case> = cases
            .iter()
            .copied()
            .filter(|c| {
                c.applies_to(&contender.name) && record.failed(&contender.name, &c.name).is_none()
            })
            .collect();
        let mut forgiven: Option<Place> = None;
        rows += cases
            .iter()
            .filter(|c| c.applies_to(&contender.name))
            .count();
        // A worker that dies in a case is started again with the cases that are left.
        while !left.is_empty() {
            let request = Request::Calibrate {
                prelude: session.study.prelude(),
                contender: contender.into(),
                cases: session
                    .cases(contender, &left)
                    .map(|case| Calibrated {
                        digest: digests.get(case.name).map(String::as_str),
                        case,
                    })
                    .collect(),
                slice_ns: SLICE_NS,
            };
            let outcome = session.ask(&request, |reply| {
                let mut at = |case: &str| {
                    done += 1;
                    progress.at(done, &format!("{} {case}", contender.name));
                };
                match reply {
                    Reply::Imported { .. } => {}
                    Reply::Failed { case, error } => {
                        at(&case);
                        fail(session, record, &contender.name, Some(&case), ALONE, &error);
                    }
                    Reply::Calibrated { case, found, work } => {
                        at(&case);
                        record.work.extend(work.map(|work| (case.clone(), work)));
                        let case = record.calibrations.entry(case).or_default();
                        case.insert(contender.name.clone(), found);
                    }
                    other => return Err(other.unexpected()),
                }
                Ok(())
            })?;
            left = match outcome {
                Ok(0) => Vec::new(),
                Ok(left_behind) => {
                    let what = format!("left {left_behind} processes behind");
                    fail(session, record, &contender.name, None, ALONE, &what);
                    Vec::new()
                }
                // What was calibrated before is calibrated again with the rest.
                Err(died) if died.from_outside && forgiven.as_ref() != Some(&died.place) => {
                    forgiven = Some(died.place);
                    left
                }
                Err(died) => {
                    let dead = left.iter().position(|c| c.name == died.place.case);
                    let case = dead.map(|dead| left[dead].name.as_str());
                    fail(session, record, &contender.name, case, ALONE, &died.how);
                    dead.map_or(Vec::new(), |dead| left.split_off(dead + 1))
                }
            };
        }
    }
    let timed: usize = record.calibrations.values().map(BTreeMap::len).sum();
    progress.end(&format!("{timed} of {rows} rows can be timed"));
    Ok(())
}

const ALONE: &str = "run, alone";
const IN_COMPANY: &str = "run, in company";

fn fail(
    session: &Session,
    record: &mut Record,
    contender: &str,
    case: Option<&str>,
    stage: &str,
    message: &str,
) {
    let message = redact(message, &session.study.root());
    record.fail(contender, case, stage, message);
}

/// Runs the first `turns` of the first stage as far as the record does not have them, and gives
/// how many blocks that were.
pub fn time_first(
    session: &Session,
    record: &mut Record,
    folder: &Path,
    turns: u32,
) -> Result<u64> {
    let digests = right_digests(session)?;
    time_turns(session, record, folder, &digests, 0..turns, "first look")
}

/// Runs the blocks that the record does not have yet: those of the first stage, then as many as
/// each row needs.
pub fn time_blocks(session: &Session, record: &mut Record, folder: &Path) -> Result<()> {
    let digests = right_digests(session)?;
    let pilot = record.settings.blocks;
    time_turns(session, record, folder, &digests, 0..pilot, "first stage")?;
    if record.plan.is_none() {
        let timings = Timings::new(&record::load_slices(folder)?, pilot as usize);
        record.plan = Some(second_stage(&session.study, record, &timings));
        record.save(folder)?;
    }
    let turns = planner(session, record, &digests).turns();
    if turns > pilot {
        time_turns(
            session,
            record,
            folder,
            &digests,
            pilot..turns,
            "second stage",
        )?;
    }
    Ok(())
}

fn planner<'a>(
    session: &'a Session,
    record: &'a Record,
    digests: &'a BTreeMap<String, String>,
) -> Planner<'a> {
    Planner {
        study: &session.study,
        record,
        digests,
    }
}

fn time_turns(
    session: &Session,
    record: &mut Record,
    folder: &Path,
    digests: &BTreeMap<String, String>,
    turns: std::ops::Range<u32>,
    label: &str,
) -> Result<u64> {
    let companies = companies(&session.study, record.isolated);
    let number_of = |turn: u32, company: usize| {
        turn * u32::try_from(companies.len()).unwrap_or(1) + u32::try_from(company).unwrap_or(0)
    };
    let missing: Vec<(u32, usize)> = turns
        .flat_map(|turn| (0..companies.len()).map(move |company| (turn, company)))
        .filter(|(turn, company)| !record::has_block(folder, number_of(*turn, *company)))
        .collect();
    let expected = |record: &Record, (turn, company): (u32, usize)| {
        let block = planner(session, record, digests).block(&companies[company], turn);
        if block.cases.is_empty() {
            0
        } else {
            milliseconds(block.expected_ns)
        }
    };
    let expected_ms: Vec<u64> = missing.iter().map(|at| expected(record, *at)).collect();
    let number = expected_ms.iter().filter(|ms| **ms > 0).count() as u64;
    let total = expected_ms.iter().sum();
    let (mut done, mut blocks) = (0, 0);
    let mut progress = Progress::expected(label, number, "block", in_seconds(total));
    for at in missing {
        let number = number_of(at.0, at.1);
        let due = expected(record, at);
        if due > 0 {
            let company = &companies[at.1];
            let place = BlockPlace {
                folder,
                digests,
                company,
                turn: at.0,
                number,
            };
            time_block(session, record, &place, &mut |said| match said {
                Said::Case(case) => progress.at_cost(blocks, in_seconds(done), case),
                Said::Note(note) => progress.note(note),
            })?;
            blocks += 1;
        }
        done += due;
    }
    progress.end(&format!("{blocks} blocks"));
    Ok(blocks)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // An estimate.
fn milliseconds(ns: f64) -> u64 {
    (ns / 1e6) as u64
}

#[allow(clippy::cast_precision_loss)] // The same.
fn in_seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1e3
}

/// Which block, and where it goes.
struct BlockPlace<'a> {
    folder: &'a Path,
    digests: &'a BTreeMap<String, String>,
    company: &'a Company<'a>,
    turn: u32,
    number: u32,
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
    record: &mut Record,
    place: &BlockPlace,
    tell: &mut impl FnMut(Said),
) -> Result<()> {
    let (folder, number) = (place.folder, place.number);
    let mut last: Option<Place> = None;
    let mut unexplained = 0;
    loop {
        let block = planner(session, record, place.digests).block(place.company, place.turn);
        if block.cases.is_empty() {
            return Ok(());
        }
        let outcome = run_block(session, number, &block.cases, |case| tell(Said::Case(case)))?;
        let died = match outcome {
            Ok(measured) => {
                record::save_block(folder, number, &measured.slices)?;
                if place.turn < record.settings.blocks {
                    measured.pay(record);
                    record.save(folder)?;
                }
                return Ok(());
            }
            Err(died) => died,
        };
        let note = format!("block {number} is discarded and run again: {died}");
        tell(Said::Note(&note));
        let Place { case, contender } = &died.place;
        if contender.is_empty() {
            unexplained += 1;
            if unexplained > ATTEMPTS {
                bail!("blocks die before any contender has its turn: {died}");
            }
            continue;
        }
        // What may have come from outside is a contender's fault when it happens to it again.
        if !died.from_outside || last.as_ref() == Some(&died.place) {
            unexplained = 0;
            let case = (!case.is_empty()).then_some(case.as_str());
            fail(session, record, contender, case, IN_COMPANY, &died.how);
            record.save(folder)?;
        } else {
            unexplained += 1;
            if unexplained > MOST_FROM_OUTSIDE {
                bail!("something kills the blocks again and again: {died}");
            }
        }
        last = Some(died.place);
    }
}

/// What a block gave.
pub struct Measured {
    pub slices: Vec<Slice>,
    /// Case, contender and nanoseconds.
    spent: Vec<(String, String, u64)>,
}

impl Measured {
    /// Puts the time that the rows took into the record, which the second stage is planned by.
    fn pay(&self, record: &mut Record) {
        for (case, contender, ns) in &self.spent {
            let rows = record.costs.entry(case.clone()).or_default();
            let (sum, blocks) = rows.entry(contender.clone()).or_default();
            *sum += ns;
            *blocks += 1;
        }
    }
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
    cases: &[Timed],
    mut at: impl FnMut(&str),
) -> Result<std::result::Result<Measured, Died>> {
    let request = Request::Block {
        prelude: session.study.prelude(),
        cases,
        seed: seed_of(session, number),
    };
    let mut measured = Measured {
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
        let case = case.context("a case nobody asked for")?;
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

fn slice(block: u32, case: &Timed, found: protocol::Slice) -> Result<Slice> {
    let entry = case.entries.get(found.entry);
    let entry = entry.context("a slice of nobody who takes part")?;
    Ok(Slice {
        block,
        case: case.case.name.to_owned(),
        contender: entry.contender.name.clone(),
        leg: entry.role,
        round: found.round,
        position: found.position,
        iterations: found.iterations,
        nanoseconds: found.nanoseconds,
    })
}

/// A contender that takes part in no company, as a request's entry: for the self-test.
pub fn lone_entry(contender: &Contender, calibration: Calibration, rounds: u32) -> Entry<'_> {
    Entry {
        contender: contender.into(),
        role: Leg::Call,
        iterations: calibration.iterations,
        rounds,
        warm: true,
        dose: 1.0,
    }
}
