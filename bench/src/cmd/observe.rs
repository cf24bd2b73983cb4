//! `observe`: what is looked at once for each contender, outside of the blocks.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::analysis::Role;
use crate::cli::{Common, Observe};
use crate::cmd::{record_for, save};
use crate::files::redact;
use crate::format::estimated_time;
use crate::interrupt;
use crate::observed::{Import, Observed, SeenOutcome};
use crate::output::{note, say};
use crate::process;
use crate::progress::Progress;
use crate::protocol::{Announcement, MALLOC_DEBUG, Probe, Reply, Request};
use crate::record::Record;
use crate::report::figures::import_time;
use crate::report::terminal;
use crate::restart::{CasesLeft, End, forgiving};
use crate::session::Session;
use crate::study::{Case, Contender};
use crate::worker::{Died, bare};

/// How often each contender is imported, warm and cold; and where all is looked at.
const IMPORTS: u32 = 4;
const ALL_IMPORTS: u32 = 10;

/// A call longer than this allocates too often to be traced in passing: a trace has a line for
/// each allocation, and in pure Python every number is one.
const LONGEST_NS: f64 = 20_000_000.0;

/// How long an import, or forgetting its files, may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(common: &Common, options: &Observe) -> Result<bool> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    let (folder, mut record) =
        record_for(&mut session, common, &options.target, "what is observed")?;
    let mut observed = record.observed.take().unwrap_or_default();
    observed.notes.clear();
    imports(&session, &record, &mut observed)?;
    allocations(&session, &record, &mut observed)?;
    outcomes(&session, &record, &mut observed)?;
    for what in &observed.notes {
        note(&format!("not observed: {what}"));
    }
    record.observed = Some(observed);
    save(&record, folder)?;
    say(&in_short(&record.shown()?));
    Ok(true)
}

/// What imports cost, and the numbers of what else was looked at.
fn in_short(record: &Record) -> String {
    let observed = record.observed.clone().unwrap_or_default();
    let headings = [
        "contender",
        "import, warm",
        "import, cold",
        "calls traced",
        "exceptions",
        "processes ended",
    ];
    let mut table = terminal::table(&headings);
    for name in record.study.contenders.iter().map(|c| &c.name) {
        let Some(samples) = observed.imports.get(name) else {
            continue;
        };
        let import = |cold| import_time(samples, cold).as_ref().map(estimated_time);
        let seen = observed.outcomes.values().filter_map(|of| of.get(name));
        let of = |is: fn(&SeenOutcome) -> bool| seen.clone().filter(|seen| is(seen)).count();
        let cases = observed.allocations.values();
        table.add_row([
            name.clone(),
            import(false).unwrap_or_default(),
            import(true).unwrap_or_default(),
            cases.filter(|of| of.contains_key(name)).count().to_string(),
            of(|seen| matches!(seen, SeenOutcome::Exception(_))).to_string(),
            of(|seen| matches!(seen, SeenOutcome::Death(_))).to_string(),
        ]);
    }
    let rest = "What calls allocate and what Python sees of each outcome is in the record: \
                `ffi-bench report` shows it.";
    format!("{table}\n{}", terminal::paragraph(rest))
}

/// The contenders that can be imported at all.
fn installed<'a>(session: &'a Session, record: &'a Record) -> Vec<&'a Contender> {
    let fit = |c: &&Contender| record.contenders.contains_key(&c.name) && !record.refused(&c.name);
    session.study.contenders.iter().filter(fit).collect()
}

// ----------------------------------------------------------------------------- imports

fn import(probe: &Probe, round: u32, cold: bool) -> Import {
    Import {
        round,
        cold,
        ns: probe.ns,
        resident_kb: probe.resident_kb,
        private_kb: probe.private_kb,
        threads: probe.threads,
        modules: probe.modules,
    }
}

/// Imports each contender in turn, in processes of their own, so that a busy moment of the machine
/// hits all of them.
fn imports(session: &Session, record: &Record, observed: &mut Observed) -> Result<()> {
    let mut contenders = installed(session, record);
    let rounds = if record.settings.exhaustive {
        ALL_IMPORTS
    } else {
        IMPORTS
    };
    let mut progress = Progress::in_turn("imports", u64::from(rounds), "round");
    let mut found: BTreeMap<String, Vec<Import>> = BTreeMap::new();
    let mut failed = Vec::new();
    for round in 0..rounds {
        progress.at(u64::from(round), "");
        contenders.rotate_left(1);
        for contender in &contenders {
            if failed.contains(&contender.name) {
                continue;
            }
            // The first time shows which files it takes; it counts neither as warm nor as cold.
            let outcome = probe(session, contender).and_then(|first| {
                let mut both = vec![import(&probe(session, contender)?, round, false)];
                if cfg!(target_os = "linux") {
                    evict(session, &first.files)?;
                    both.push(import(&probe(session, contender)?, round, true));
                }
                Ok(both)
            });
            match outcome {
                Ok(both) => found
                    .entry(contender.name.clone())
                    .or_default()
                    .extend(both),
                Err(error) if error.is::<interrupt::Interrupted>() => return Err(error),
                Err(error) => {
                    let reason = redact(&format!("{error:#}"), &session.study.root());
                    observed
                        .notes
                        .push(format!("the import of {}: {reason}", contender.name));
                    failed.push(contender.name.clone());
                }
            }
        }
    }
    progress.end(&format!("{rounds} rounds"));
    observed.imports.extend(found);
    Ok(())
}

fn probe(session: &Session, contender: &Contender) -> Result<Probe> {
    let arguments = [contender.module.as_str()];
    let text = script(session, "import_probe.py", &arguments, "")?;
    serde_json::from_str(&text).with_context(|| format!("the import said {text:?}"))
}

fn evict(session: &Session, files: &[String]) -> Result<()> {
    script(session, "evict.py", &[], &files.join("\n")).map(|_| ())
}

/// Runs one of the worker's scripts as the worker is run, and gives what it prints.
fn script(session: &Session, name: &str, arguments: &[&str], input: &str) -> Result<String> {
    let file = |ending: &str| session.state.folder.join(format!("{name}.{ending}"));
    let (input_path, output_path) = (file("in"), file("out"));
    fs::write(&input_path, input)?;
    let run = || {
        let mut command = Command::new(&session.python);
        bare(&mut command);
        command
            .arg(session.interpreter.script(name))
            .args(arguments)
            .stdin(fs::File::open(&input_path)?)
            .stdout(fs::File::create(&output_path)?)
            .stderr(Stdio::piped());
        let failed = process::run(&mut command, PATIENCE)?;
        Ok(failed.map_or(Ok(()), |failed| {
            Err(Died {
                how: failed.reason,
                // Its only turn is the script's.
                during: Announcement {
                    case: String::new(),
                    contender: name.to_owned(),
                },
                from_outside: failed.from_outside,
            })
        }))
    };
    forgiving(run)?.map_err(|died| anyhow!(died.how))?;
    Ok(fs::read_to_string(&output_path)?)
}

// ----------------------------------------------------------------------------- allocations

fn allocations(session: &Session, record: &Record, observed: &mut Observed) -> Result<()> {
    let cases: Vec<&Case> = session.study.cases.iter().filter(|c| c.memory).collect();
    if cases.is_empty() {
        return Ok(());
    }
    if !has_malloc_debug(session)? {
        observed.notes.push(format!(
            "what calls allocate: it takes Linux and {MALLOC_DEBUG} of glibc 2.34 or newer"
        ));
        return Ok(());
    }
    let trace = session.state.folder.join("malloc.trace");
    let contenders = installed(session, record);
    let mut progress = Progress::in_turn("allocations", contenders.len() as u64, "contender");
    for (place, contender) in contenders.iter().enumerate() {
        progress.at(place as u64, &contender.name);
        let fit = |c: &&Case| {
            c.applies_to(&contender.name) && record.failed(&contender.name, &c.name).is_none()
        };
        let (short, long): (Vec<&Case>, Vec<&Case>) = cases
            .iter()
            .copied()
            .filter(fit)
            .partition(|c| record.settings.exhaustive || is_short(record, contender, c));
        for case in long {
            let reason = format!("a call takes more than {} ms", LONGEST_NS / 1e6);
            unseen(session, observed, &case.name, &contender.name, &reason);
        }
        let mut short = CasesLeft::new(short);
        while !short.left.is_empty() {
            let request = Request::Allocate {
                prelude: session.study.prelude(),
                contender: (*contender).into(),
                cases: session.cases(contender, &short.left).collect(),
                trace: &trace,
            };
            let outcome = session.ask(&request, |reply| {
                match reply {
                    Reply::Failed { case, error } => {
                        unseen(session, observed, &case, &contender.name, &error);
                    }
                    Reply::Allocated { case, allocations } => {
                        let rows = observed.allocations.entry(case).or_default();
                        rows.insert(contender.name.clone(), allocations);
                    }
                    other => return Err(other.unexpected()),
                }
                Ok(())
            })?;
            if let End::Died(_, died) = short.ended(outcome)? {
                let case = &died.during.case;
                unseen(session, observed, case, &contender.name, &died.how);
            }
        }
    }
    let _ = fs::remove_file(&trace);
    progress.end(&format!("{} cases", cases.len()));
    Ok(())
}

fn is_short(record: &Record, contender: &Contender, case: &Case) -> bool {
    let rows = record.calibrations.get(&case.name);
    let roles = rows.and_then(|rows| rows.get(&contender.name));
    let call = roles.and_then(|roles| roles.get(&Role::Call));
    call.is_none_or(|calibration| calibration.ns <= LONGEST_NS)
}

fn unseen(session: &Session, observed: &mut Observed, case: &str, contender: &str, reason: &str) {
    let reason = redact(reason, &session.study.root());
    let note = format!("what {contender} allocates in {case}: {reason}");
    // A worker that is asked again may say it again.
    if !observed.notes.contains(&note) {
        observed.notes.push(note);
    }
}

/// Whether the dynamic linker finds the library; it says nothing and goes on when it does not.
fn has_malloc_debug(session: &Session) -> Result<bool> {
    if !cfg!(target_os = "linux") {
        return Ok(false);
    }
    let output = Command::new(&session.python)
        .args(["-c", "import ctypes; ctypes.CDLL('libc_malloc_debug.so.0')"])
        .stderr(Stdio::null())
        .status()
        .context("cannot start Python")?;
    Ok(output.success())
}

// ----------------------------------------------------------------------------- outcomes

fn outcomes(session: &Session, record: &Record, observed: &mut Observed) -> Result<()> {
    let outcomes = &session.study.outcomes;
    let mut progress = Progress::in_turn("outcomes", outcomes.len() as u64, "outcome");
    for (place, outcome) in outcomes.iter().enumerate() {
        progress.at(place as u64, &outcome.name);
        for contender in installed(session, record) {
            if !outcome.applies_to(contender) {
                continue;
            }
            let request = Request::Outcome {
                prelude: session.study.prelude(),
                contender: contender.into(),
                name: &outcome.name,
                setup: &outcome.setup,
                call: &outcome.call,
                memory_mb: outcome.memory_mb,
            };
            let root = session.study.root();
            let mut seen = None;
            let lived = forgiving(|| {
                session.ask(&request, |reply| {
                    seen = Some(match reply {
                        Reply::Gave(text) => SeenOutcome::Value(redact(&text, &root)),
                        Reply::Raised(text) => SeenOutcome::Exception(redact(&text, &root)),
                        other => return Err(other.unexpected()),
                    });
                    Ok(())
                })
            })?;
            let seen = match (seen, lived) {
                (Some(seen), _) => seen,
                (None, Ok(_)) => SeenOutcome::Death("it said nothing".to_owned()),
                (None, Err(died)) => {
                    SeenOutcome::Death(redact(&first_words(&died.how), Path::new("/")))
                }
            };
            let rows = observed.outcomes.entry(outcome.name.clone()).or_default();
            rows.insert(contender.name.clone(), seen);
        }
    }
    progress.end(&format!("{} outcomes", outcomes.len()));
    Ok(())
}

/// How it died, without what it printed.
fn first_words(how: &str) -> String {
    how.lines().next().unwrap_or_default().to_owned()
}
