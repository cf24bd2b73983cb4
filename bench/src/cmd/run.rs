//! `run`: times the cases in blocks, and writes a record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::admission::{admit, ensure_same, leave_out_unverified};
use crate::analysis::Timings;
use crate::cli::{Common, Run};
use crate::cmd::{calibrate, ensure_profile, note_unverified};
use crate::criterion;
use crate::environment::{Environment, jiffies, load, steal};
use crate::files::redact;
use crate::interrupt::{self, Interrupted};
use crate::output::{note, say};
use crate::plan::{BlockId, Planner};
use crate::record::{self, Record, load_slices};
use crate::report::Results;
use crate::report::sections::glance::first_look;
use crate::report::terminal::{self, ROWS};
use crate::session::Session;
use crate::timing::{Came, right_digests, time};

/// Blocks after which the first results are shown: it is worth a minute to see that all is well.
const FIRST_LOOK: u32 = 3;

pub fn run(common: &Common, options: &Run) -> Result<bool> {
    let mut begun = begin(common, options)?;
    match begun.measure(options) {
        Err(error) if error.is::<Interrupted>() => {
            let folder = begun.folder.display();
            Err(error.context(format!(
                "finished blocks are kept; continue with `ffi-bench run --resume {folder}`"
            )))
        }
        outcome => outcome,
    }
}

/// A record that is begun, or begun again, and what it is measured with.
pub struct Begun {
    session: Session,
    record: Record,
    pub folder: PathBuf,
}

pub fn begin(common: &Common, options: &Run) -> Result<Begun> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    let (record, folder) = match &options.resume {
        Some(folder) => (resume(&mut session, common, folder)?, folder.clone()),
        None => create(&mut session, common, options)?,
    };
    note(&format!("record: {}", folder.display()));
    Ok(Begun {
        session,
        record,
        folder,
    })
}

impl Begun {
    pub fn measure(&mut self, options: &Run) -> Result<bool> {
        let (session, record, folder) = (&self.session, &mut self.record, &self.folder);
        let before = jiffies();
        if calibrate(session, record)? {
            record.save(folder)?;
        }
        time_blocks(session, record, folder)?;
        record.environment.load_after = load();
        record.environment.steal = steal(before, jiffies());
        if !options.no_criterion {
            native_benchmarks(session, record)?;
        }
        record::join_blocks(folder)?;
        record.finished = Some(now());
        record.save(folder)?;
        say(&format!("{}", folder.display()));
        for failure in record.failures.iter().take(ROWS) {
            let case = failure
                .case
                .as_ref()
                .map_or(String::new(), |case| format!(" in {case}"));
            note(&format!(
                "FAILED: {}{case} ({}): {}",
                failure.contender, failure.stage, failure.message
            ));
        }
        if record.failures.len() > ROWS {
            let more = record.failures.len() - ROWS;
            note(&format!("FAILED: {more} more are in the record"));
        }
        Ok(record.failures.is_empty())
    }
}

/// Runs the blocks that the record does not have yet: those of the first stage, with a first look at
/// them, then as many as each row needs.
fn time_blocks(session: &Session, record: &mut Record, folder: &Path) -> Result<()> {
    let calibrations = record.calibrations.clone();
    let (settings, isolated) = (record.settings, record.isolated);
    let digests = right_digests(session)?;
    let mut planner = Planner::new(&session.study, settings, isolated, &calibrations, digests);
    let untimed = session.study.contenders.iter();
    for contender in untimed.filter(|c| !session.study.times(&c.name)) {
        planner.leave_out(&contender.name, None);
    }
    for failure in &record.failures {
        planner.leave_out(&failure.contender, failure.case.as_deref());
    }
    let pilot = settings.blocks;
    let stage = |planner: &mut Planner, record: &mut Record, passes, label| -> Result<u64> {
        let missing = planner
            .blocks(passes)
            .filter(|at| !record::has_block(folder, at.number));
        let missing: Vec<BlockId> = missing.collect();
        time(session, planner, &missing, label, |came| {
            keep(record, folder, came)
        })
    };
    if pilot > FIRST_LOOK && stage(&mut planner, record, 0..FIRST_LOOK, "first look")? > 0 {
        let results = Results::new(record.shown()?, &load_slices(folder)?);
        let look = first_look(&results, FIRST_LOOK);
        note(&format!("\n{}", terminal::items(&look)));
    }
    stage(&mut planner, record, 0..pilot, "first stage")?;
    if record.plan.is_none() {
        let timings = Timings::new(&load_slices(folder)?, pilot as usize);
        record.plan = Some(planner.second_stage(&record.costs, &timings));
        record.save(folder)?;
    }
    let passes = planner.take_up(record.plan.clone().unwrap_or_default());
    if passes > pilot {
        stage(&mut planner, record, pilot..passes, "second stage")?;
    }
    Ok(())
}

/// Keeps what came of a block: its slices, and in the first stage what its rows cost, which the
/// second stage is planned by.
fn keep(record: &mut Record, folder: &Path, came: Came) -> Result<()> {
    match came {
        Came::Failed(failure) => record.failures.push(failure),
        Came::Measured(at, measured) => {
            record::save_block(folder, at.number, &measured.slices)?;
            if at.pass >= record.settings.blocks {
                return Ok(());
            }
            for (case, contender, ns) in measured.spent {
                let rows = record.costs.entry(case).or_default();
                let (sum, blocks) = rows.entry(contender).or_default();
                *sum += ns;
                *blocks += 1;
            }
        }
    }
    record.save(folder)
}

pub fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// A new record and its folder.
fn create(session: &mut Session, common: &Common, options: &Run) -> Result<(Record, PathBuf)> {
    let results = options
        .results
        .clone()
        .unwrap_or_else(|| session.study.root().join("results"));
    if let Some(folder) = &options.record {
        ensure!(
            !folder.join("record.json").exists(),
            "{} already holds a record: continue it with --resume, or choose another folder",
            folder.display()
        );
    }
    let record = new_record(session, common, options.isolate)?;
    // Only now, so that a run that is refused leaves no record behind.
    record::ensure_room(options.record.as_ref().unwrap_or(&results))?;
    let folder = if let Some(folder) = &options.record {
        folder.clone()
    } else {
        let name = format!("{}-{}", &record.started[..10], record.environment.slug());
        record::create_folder(&results, &name)?
    };
    record.save(&folder)?;
    Ok((record, folder))
}

/// A record of nothing yet, of all that the profile has.
fn new_record(session: &mut Session, common: &Common, isolated: bool) -> Result<Record> {
    let left_out = session.narrow(common)?;
    record_of(session, common, isolated, left_out)
}

/// A record of nothing yet, of what the session has.
fn record_of(
    session: &Session,
    common: &Common,
    isolated: bool,
    left_out: BTreeMap<String, String>,
) -> Result<Record> {
    for (case, reason) in &left_out {
        note(&format!("left out: {case}, because {reason}"));
    }
    let study = &session.study;
    let root = study.root();
    let environment = Environment::look(session.facts()?, &root, &study.header.locks)?;
    let mut record = Record {
        started: now(),
        command: redact(&command_line(), &root),
        study_hash: session.study_hash.clone(),
        environment: redacted(environment, &root),
        left_out,
        isolated,
        ..Record::new(session.study.clone(), common.profile())?
    };
    admit(session, &mut record)?;
    Ok(record)
}

/// A record that is not saved: what the other verbs measure by when there is none.
pub fn scratch_record(session: &mut Session, common: &Common) -> Result<Record> {
    let left_out = session.narrow(common)?;
    note_unverified(leave_out_unverified(session)?);
    record_of(session, common, false, left_out)
}

/// An interrupted record, provided that the same things would be measured now.
fn resume(session: &mut Session, common: &Common, folder: &Path) -> Result<Record> {
    let record = Record::load(folder)?;
    ensure!(
        record.finished.is_none(),
        "{} is finished: nothing to resume",
        folder.display()
    );
    ensure_profile(common, &record)
        .and_then(|()| ensure_same(session, &record, true))
        .with_context(|| format!("{} cannot be resumed", folder.display()))?;
    record::ensure_room(folder)?;
    for name in record::drop_damaged(folder)? {
        note(&format!(
            "{name} is half written: it is dropped and measured again"
        ));
    }
    Ok(record)
}

/// The study's native benchmarks, on the same inputs. Only an interruption is an error.
fn native_benchmarks(session: &Session, record: &mut Record) -> Result<()> {
    let seconds = record.settings.criterion_seconds;
    let Some(settings) = session.study.criterion.as_ref().filter(|_| seconds > 0.0) else {
        return Ok(());
    };
    match criterion::run(session, settings, seconds) {
        Ok(estimates) => record.criterion = estimates,
        Err(error) if error.is::<Interrupted>() => return Err(error),
        Err(error) => {
            let message = redact(&format!("{error:#}"), &session.study.root());
            record.fail("native benchmarks", None, "run", message);
        }
    }
    Ok(())
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
        &mut python.site_packages,
    ] {
        *text = redact(text, root);
    }
    environment
}
