//! `count`: instructions per call, under valgrind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::analysis::Role;
use crate::cli::{Common, Count};
use crate::cmd::{calibrate, record_for, save};
use crate::counts::{Counts, InstructionCounts, Instructions, Object, Segment, kind_of, parse};
use crate::effort::builds::empty;
use crate::environment::{Environment, Python, first_line};
use crate::files::{hash, redact};
use crate::format::instructions;
use crate::interrupt;
use crate::output::{note, say};
use crate::progress::Progress;
use crate::protocol::{self, Calibration, Reply, Request};
use crate::record::Record;
use crate::report::terminal::{self, ROWS, paragraph};
use crate::restart::forgiving;
use crate::session::Session;
use crate::study::{Case, Contender, Gate, Study};
use crate::worker;

/// A call longer than this is left out: under valgrind it is fifty times as long.
const LONGEST_NS: f64 = 2_000_000.0;

/// Nanoseconds that the iterations of one segment take, about, without valgrind.
const SEGMENT_NS: f64 = 100_000.0;
const MOST_ITERATIONS: f64 = 100.0;

/// Silence of a worker under valgrind that is borne.
const PATIENCE: Duration = Duration::from_secs(600);

const NO_VALGRIND: &str = "there is no valgrind, which counts instructions: install it (Debian: \
                           apt-get install valgrind; Fedora: dnf install valgrind)";

pub fn run(common: &Common, options: &Count) -> Result<bool> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    let (folder, mut record) = record_for(&mut session, common, &options.target, "a count")?;
    if first_line("valgrind", &["--version"]).is_none() {
        ensure!(!options.gate, "nothing can be gated: {NO_VALGRIND}");
        say(&format!("not counted: {NO_VALGRIND}"));
        // What was counted elsewhere stays.
        if !matches!(record.counts, Some(Counts::Counted(_))) {
            record.counts = Some(Counts::NotCounted(NO_VALGRIND.to_owned()));
        }
        return save(&record, folder).map(|()| true);
    }
    ensure!(
        !options.gate || gates(&session).next().is_some(),
        "no gate of the study applies to what is to be counted"
    );
    if !record.settings.exhaustive && common.filter.is_none() {
        keep_what_stands_for_all(&mut session, &record);
    }
    calibrate(&session, &mut record)?;
    let (counted, failures) = count_all(&session, &record)?;
    print(&session, &record, &counted, folder.is_some());
    for failure in &failures {
        note(&format!("FAILED: {failure}"));
    }
    let within = !options.gate || gates_hold(&session, &counted);
    record.counts = Some(Counts::Counted(match record.counts.take() {
        Some(Counts::Counted(earlier)) => counted.over(earlier),
        _ => counted,
    }));
    save(&record, folder)?;
    Ok(within && failures.is_empty())
}

/// Leaves out the cases that neither the summary nor a gate has: under valgrind all of them take
/// minutes. A study without such cases keeps what it has.
fn keep_what_stands_for_all(session: &mut Session, record: &Record) {
    let kept = in_short(session, record).into_iter();
    let kept: BTreeSet<String> = kept.map(str::to_owned).collect();
    let cases = &mut session.study.cases;
    let before = cases.len();
    if kept.is_empty() || kept.len() == before {
        return;
    }
    cases.retain(|case| kept.contains(&case.name));
    note(&format!(
        "counting {} of {before} cases, those of the summary and the gates: an exhaustive profile \
         counts all, --filter any",
        cases.len()
    ));
}

/// The counts, and what went wrong with contenders. That a contender cannot be counted says nothing
/// of its times, so it is no failure of the record.
fn count_all(session: &Session, record: &Record) -> Result<(InstructionCounts, Vec<String>)> {
    let mut failures = Vec::new();
    let facts = session.facts()?;
    let mut counted = InstructionCounts {
        fingerprint: fingerprint(facts.clone()),
        artefacts: BTreeMap::new(),
        rows: BTreeMap::new(),
        left_out: BTreeMap::new(),
    };
    let contenders = &session.study.contenders;
    let mut progress = Progress::in_turn("instructions", contenders.len() as u64, "contender");
    for (place, contender) in contenders.iter().enumerate() {
        let Some(candidate) = record.contenders.get(&contender.name) else {
            continue;
        };
        counted
            .artefacts
            .insert(contender.name.clone(), candidate.artefact.clone());
        progress.at(place as u64, &contender.name);
        let cases = countable(session, record, contender, &mut counted);
        if cases.is_empty() {
            continue;
        }
        let outcome = count(session, contender, &cases, &facts, &mut counted)?;
        if let Err(reason) = outcome {
            let reason = redact(&reason, &session.study.root());
            for case in cases.iter().map(|counted| counted.case.name) {
                if counted.row(case, &contender.name, Role::Call).is_none() {
                    let reasons = counted.left_out.entry(case.to_owned()).or_default();
                    reasons.insert(contender.name.clone(), reason.clone());
                }
            }
            failures.push(format!("{}: {reason}", contender.name));
        }
    }
    progress.end(&format!("{} contenders", counted.artefacts.len()));
    Ok((counted, failures))
}

/// The contender's cases that are short enough, as the worker reads them.
fn countable<'a>(
    session: &'a Session,
    record: &Record,
    contender: &Contender,
    counted: &mut InstructionCounts,
) -> Vec<protocol::CaseToCount<'a>> {
    let mut cases = Vec::new();
    for case in &session.study.cases {
        let name = &contender.name;
        let roles = record
            .calibrations
            .get(&case.name)
            .and_then(|rows| rows.get(name));
        let Some(roles) = roles.filter(|_| record.failed(name, &case.name).is_none()) else {
            continue;
        };
        let short: BTreeMap<Role, u64> = roles
            .iter()
            .filter(|(_, calibration)| calibration.ns <= LONGEST_NS)
            .map(|(role, calibration)| (*role, iterations_of(*calibration)))
            .collect();
        if !short.contains_key(&Role::Call) {
            let reasons = counted.left_out.entry(case.name.clone()).or_default();
            let reason = format!("a call takes more than {} ms", LONGEST_NS / 1e6);
            reasons.insert(name.clone(), reason);
            continue;
        }
        cases.push(protocol::CaseToCount {
            case: protocol::WorkerCase::new(case, session.study.header.seed),
            iterations: short,
        });
    }
    cases
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 1 and 100.
fn iterations_of(calibration: Calibration) -> u64 {
    (SEGMENT_NS / calibration.ns).clamp(1.0, MOST_ITERATIONS) as u64
}

/// One contender in one process under callgrind; the inner error is the contender's.
fn count(
    session: &Session,
    contender: &Contender,
    cases: &[protocol::CaseToCount],
    facts: &Python,
    counted: &mut InstructionCounts,
) -> Result<std::result::Result<(), String>> {
    let folder = session.state.folder.join("callgrind");
    let base = folder.join("segment");
    // The worker's marks are calls of getppid: each ends a segment, in a file of its own.
    let tool: Vec<String> = [
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--dump-before=getppid",
        "--compress-strings=no",
        "--compress-pos=no",
        &format!("--callgrind-out-file={}", base.display()),
    ]
    .map(str::to_owned)
    .to_vec();
    let request = Request::Count {
        prelude: session.study.prelude(),
        contender: contender.into(),
        cases,
    };
    let mut segments = Vec::new();
    let outcome = forgiving(|| {
        segments.clear();
        empty(&folder)?;
        let interpreter = &session.interpreter;
        interpreter.ask_under(&tool, &request, &|_| PATIENCE, |reply| {
            match reply {
                Reply::Counted {
                    case,
                    role,
                    iterations,
                    segment,
                } => segments.push((case, role, iterations, segment)),
                // What it ends with says the same.
                Reply::Failed { .. } => {}
                other => return Err(other.unexpected()),
            }
            Ok(())
        })
    })?;
    let own_sites = session.state.sites();
    let sites = [&*facts.site_packages, &*own_sites.to_string_lossy()];
    let kind = |path: &str| -> Object { kind_of(path, &facts.executable, sites) };
    let read = |number: u64| -> Result<Segment> {
        let path = format!("{}.{number}", base.display());
        let text =
            fs::read_to_string(&path).with_context(|| format!("callgrind did not write {path}"))?;
        parse(&text, kind).with_context(|| path.clone())
    };
    for (case, role, n, less) in segments {
        let instructions = Instructions::per_iteration(&read(less)?, &read(less + 1)?, n);
        let row = counted.rows.entry(case).or_default();
        row.entry(contender.name.clone())
            .or_default()
            .insert(role, instructions);
    }
    Ok(outcome.map(|_| ()).map_err(|died| died.to_string()))
}

/// What the number of instructions depends on, besides the contender.
fn fingerprint(facts: Python) -> BTreeMap<String, String> {
    let environment = Environment::glance(facts);
    let hash_of = |name: &str| {
        let hash = environment.python.binaries.get(name);
        hash.map_or("unknown".to_owned(), String::clone)
    };
    let mut fingerprint: BTreeMap<String, String> = [
        ("interpreter", hash_of("interpreter")),
        ("libc", hash_of("libc")),
        ("processor", environment.cpu.clone()),
        // Libraries choose their loops by these.
        ("processor features", features()),
        ("architecture", environment.architecture.clone()),
        ("worker", worker::sources()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for tool in ["cc", "rustc", "valgrind"] {
        if let Some(version) = environment.tools.get(tool) {
            fingerprint.insert(tool.to_owned(), version.clone());
        }
    }
    fingerprint
}

fn features() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info
        .lines()
        .find(|line| line.starts_with("flags") || line.starts_with("Features"));
    line.map_or("unknown".to_owned(), |line| hash(line.as_bytes()))
}

/// Prints what was asked for, or what stands for all, as far as there is room on a screen.
fn print(session: &Session, record: &Record, counted: &InstructionCounts, kept: bool) {
    let mut table = terminal::table(&[
        "case",
        "contender",
        "instructions",
        "interpreter",
        "extension",
        "libc",
        "other",
        "ratio",
    ]);
    let study = &session.study;
    let baseline = &study.header.baseline;
    let named = |c: &Contender| study.names(c) || record.study.names(c);
    let contenders = |c: &&Contender| {
        study.named.cases || named(c) || (study.shows(c) && c.variant_of.is_none())
    };
    for case in in_short(session, record) {
        let Some(rows) = counted.rows.get(case) else {
            continue;
        };
        for contender in study.contenders.iter().filter(contenders) {
            let Some(found) = rows
                .get(&contender.name)
                .and_then(|roles| roles.get(&Role::Call))
            else {
                continue;
            };
            let ratio = counted
                .row(case, baseline, Role::Call)
                .map_or_else(String::new, |b| format!("{:.3}", found.total() / b.total()));
            let number = instructions;
            table.add_row([
                case.to_owned(),
                contender.name.clone(),
                number(found.total()),
                number(found.interpreter),
                number(found.extension),
                number(found.libc),
                number(found.other),
                ratio,
            ]);
        }
    }
    let all: usize = counted.rows.values().map(BTreeMap::len).sum();
    let shown = table.rows.len();
    let more = all - shown + table.cut(ROWS);
    say(&table.to_string());
    if more > 0 {
        let place = if kept {
            "are in the record, and `ffi-bench report` shows them"
        } else {
            "were counted, and --filter and --only choose which are shown"
        };
        say(&paragraph(&format!("{more} more rows {place}.")));
    }
}

/// The cases that are shown: those that were asked for, or those of the summary and the gates.
fn in_short<'a>(session: &'a Session, record: &Record) -> Vec<&'a str> {
    let study = &session.study;
    let chosen = |case: &&Case| {
        let in_short = |of: &Study| of.in_short().iter().any(|c| c.name == case.name);
        let gated = !study.named.cases && study.gates.iter().any(|gate| gate.case == case.name);
        in_short(study) || in_short(&record.study) || gated
    };
    let cases = study.cases.iter().filter(chosen);
    cases.map(|case| case.name.as_str()).collect()
}

/// The study's gates, without those of what `--only` or `--filter` leave out.
fn gates(session: &Session) -> impl Iterator<Item = &Gate> {
    let study = &session.study;
    study.gates.iter().filter(|gate| {
        study.case(&gate.case).is_some() && study.contender(&gate.contender).is_some()
    })
}

/// Prints how each gate fares; false when one is broken.
fn gates_hold(session: &Session, counted: &InstructionCounts) -> bool {
    let baseline = &session.study.header.baseline;
    let mut table = terminal::table(&["gate", "contender", "ratio", "allowed", ""]);
    let mut hold = true;
    for gate in gates(session) {
        let at = |name: &str| {
            let row = counted.row(&gate.case, name, Role::Call);
            row.map(Instructions::total)
        };
        let ratio = at(&gate.contender).zip(at(baseline)).map(|(a, b)| a / b);
        let [least, most] = gate.instructions;
        let within = ratio.is_some_and(|ratio| (least..=most).contains(&ratio));
        hold &= within;
        table.add_row([
            gate.case.clone(),
            gate.contender.clone(),
            ratio.map_or("not counted".to_owned(), |ratio| format!("{ratio:.3}")),
            format!("{least} to {most}"),
            if within { "holds" } else { "BROKEN" }.to_owned(),
        ]);
    }
    say(&table.to_string());
    hold
}
