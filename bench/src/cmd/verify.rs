//! `verify`: every answer of every contender against the reference's.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::analysis::Role;
use crate::cli::Common;
use crate::files::redact;
use crate::interrupt;
use crate::output::{note, say};
use crate::progress::Progress;
use crate::protocol::{Answer, Reply, Request, WorkerCheck};
use crate::report::terminal::{self, first_of, shortened};
use crate::restart::{CasesLeft, End, forgiving};
use crate::session::Session;
use crate::state::{Built, Verdicts};
use crate::study::Contender;

/// Cases that are named at most of those in which a contender failed.
const FAILED: usize = 3;

/// Characters of a reason; `verify.json` has all of it.
const REASON: usize = 400;

pub fn run(common: &Common) -> Result<bool> {
    let mut session = Session::open(common)?;
    interrupt::watch()?;
    for (case, reason) in session.narrow(common)? {
        note(&format!("left out: {case}, because {reason}"));
    }
    let built = session.state.built()?;
    let reference = session.study.reference()?;
    if let Some(reason) = not_built(&built, reference) {
        anyhow::bail!("the reference {} {reason}", reference.name);
    }
    let answers = session.state.folder.join("answers.pickle");
    let inputs = right_answers(&session, reference, &answers)?;

    let mut verdicts = session.state.verdicts()?;
    let (of_reference, right) = examine(&session, reference, &answers, &inputs, None)?;
    verdicts.insert(reference.name.clone(), of_reference);
    for contender in session
        .study
        .contenders
        .iter()
        .filter(|c| c.name != reference.name)
    {
        let verdict = match not_built(&built, contender) {
            Some(reason) => Verdicts {
                refused: Some(reason),
                ..Verdicts::default()
            },
            None => examine(&session, contender, &answers, &inputs, Some(&right))?.0,
        };
        verdicts.insert(contender.name.clone(), verdict);
    }
    for (name, verdict) in &mut verdicts {
        if let Some(Built::Installed { sources, .. }) = built.get(name) {
            verdict.sources.clone_from(sources);
        }
    }
    session.state.save_verdicts(&verdicts)?;
    verdicts.retain(|name, _| session.study.contender(name).is_some());
    Ok(show(&session, &verdicts))
}

/// Lets the reference's answers be compared with those of a contender that is made to give a
/// wrong one to one input in `every`; the reason when it is refused.
pub fn refuses_planted(
    session: &Session,
    contender: &Contender,
    every: u64,
) -> Result<Option<String>> {
    let reference = session.study.reference()?;
    let answers = session.state.folder.join("answers.pickle");
    let inputs = right_answers(session, reference, &answers)?;
    let total: u64 = inputs.values().sum();
    let request = Request::Verify {
        prelude: session.study.prelude(),
        contender: contender.into(),
        cases: Vec::new(),
        checks: checks(session, contender).collect(),
        answers: &answers,
        wrong_every: Some(every.min(total.max(1))),
    };
    let mut verdict = Verdicts::default();
    forgiving(|| {
        verdict = Verdicts::default();
        session.ask(&request, |reply| {
            receive(&mut verdict, &mut Answers::new(), None, reply)
        })
    })??;
    Ok(verdict.refused)
}

fn not_built(built: &BTreeMap<String, Built>, contender: &Contender) -> Option<String> {
    match built.get(&contender.name) {
        Some(Built::Installed { .. }) => None,
        None if contender.is_peer() => None,
        Some(Built::Failed { .. }) => Some("failed to build".to_owned()),
        None => Some("is not built: run `ffi-bench build` first".to_owned()),
    }
}

/// Number of generated inputs, by check.
type Inputs = BTreeMap<String, u64>;

/// Lets the reference work out the answers to the generated inputs; gives their numbers.
fn right_answers(session: &Session, reference: &Contender, answers: &Path) -> Result<Inputs> {
    let checked = session.study.checks.iter().filter(|c| reference.takes(c));
    let total = checked.map(|check| check.count).sum();
    let mut progress = Progress::counted("right answers from the reference", total, "inputs");
    let request = Request::Answers {
        prelude: session.study.prelude(),
        contender: reference.into(),
        checks: checks(session, reference).collect(),
        answers,
    };
    let mut inputs = Inputs::new();
    let outcome = forgiving(|| {
        session.ask(&request, |reply| {
            match reply {
                Reply::Done(done) => progress.at(done, ""),
                Reply::Answers(numbers) => inputs = numbers,
                other => return Err(other.unexpected()),
            }
            Ok(())
        })
    });
    outcome?.context("the reference failed on the generated inputs")?;
    progress.end(&format!("{} inputs", inputs.values().sum::<u64>()));
    Ok(inputs)
}

fn checks<'a>(
    session: &'a Session,
    contender: &'a Contender,
) -> impl Iterator<Item = WorkerCheck<'a>> + use<'a> {
    let seed = session.study.header.seed;
    let checks = session.study.checks.iter();
    checks
        .filter(|check| contender.takes(check))
        .map(move |check| WorkerCheck { check, seed })
}

/// What was answered, by case and role.
type Answers = BTreeMap<String, BTreeMap<Role, Answer>>;

/// One contender against the generated inputs and the cases; the reference, which made the right
/// answers to them, against the cases alone.
fn examine(
    session: &Session,
    contender: &Contender,
    answers: &Path,
    inputs: &Inputs,
    right: Option<&Answers>,
) -> Result<(Verdicts, Answers)> {
    let mut verdict = Verdicts {
        study: session.study_hash.clone(),
        ..Verdicts::default()
    };
    let mut given = Answers::new();
    let cases = session.study.cases.iter();
    let cases = cases.filter(|case| case.applies_to(&contender.name));
    let mut cases = CasesLeft::new(cases.collect());
    // Of the reference the checks ask nothing that it has not answered.
    let mut unchecked: Vec<WorkerCheck> = Vec::new();
    if right.is_some() {
        unchecked.extend(checks(session, contender));
    }
    let number = cases.left.len() as u64;
    let label = format!("verify {}", contender.name);
    let mut progress = if right.is_some() {
        let checked = session.study.checks.iter().filter(|c| contender.takes(c));
        let total = checked.filter_map(|check| inputs.get(&check.name)).sum();
        Progress::counted(&label, total, "inputs")
    } else {
        Progress::in_turn(&label, number, "case")
    };
    let mut judged = 0;
    loop {
        let request = Request::Verify {
            prelude: session.study.prelude(),
            contender: contender.into(),
            cases: session.cases(contender, &cases.left).collect(),
            checks: unchecked.clone(),
            answers,
            wrong_every: None,
        };
        let outcome = session.ask(&request, |reply| {
            match &reply {
                Reply::Done(done) => progress.at(*done, ""),
                Reply::Check { check, .. } => unchecked.retain(|c| c.check.name != *check),
                Reply::Answered { case, .. } | Reply::Failed { case, .. } => {
                    if judged == 0 {
                        progress.then_in_turn(number, "case");
                    }
                    judged += 1;
                    let next = cases.left.iter().skip_while(|c| c.name != *case).nth(1);
                    progress.at(judged, next.map_or("", |case| &case.name));
                }
                _ => {}
            }
            receive(&mut verdict, &mut given, right, reply)
        })?;
        match cases.ended(outcome)? {
            End::Forgiven => continue,
            End::Done(_) => break,
            End::Died(None, died) => verdict.refused = Some(died.to_string()),
            End::Died(Some(case), died) => {
                verdict.failed_cases.insert(case.name.clone(), died.how);
            }
        }
        if cases.left.is_empty() {
            break;
        }
    }
    if right.is_none() {
        verdict.inputs = inputs.values().sum();
    }
    let root = session.study.root();
    verdict.refused = verdict.refused.map(|text| redact(&text, &root));
    progress.end(&summary(&verdict));
    Ok((verdict, given))
}

/// Takes up one message of the worker.
fn receive(
    verdict: &mut Verdicts,
    given: &mut Answers,
    right: Option<&Answers>,
    reply: Reply,
) -> Result<()> {
    match reply {
        Reply::Done(_) => {}
        Reply::Imported {
            artefact,
            build_info,
            versions,
        } => {
            verdict.artefact = artefact;
            verdict.build_info = build_info;
            if let Some(versions) = versions {
                verdict.sources = versions;
            }
        }
        Reply::Check {
            check,
            inputs,
            wrong,
            first,
        } => {
            verdict.inputs += inputs;
            if wrong > 0 && verdict.refused.is_none() {
                verdict.refused = Some(format!(
                    "{wrong} wrong answers to the {inputs} inputs of '{check}', the first: {}",
                    first.unwrap_or_default()
                ));
            }
        }
        Reply::Failed { case, error } => {
            verdict.failed_cases.insert(case, error);
        }
        Reply::Answered {
            case,
            answers,
            expected,
        } => {
            // Compared already, where the study says what is expected.
            let right = right.filter(|_| !expected);
            if let Some(problem) = right.and_then(|right| disagreement(right.get(&case), &answers))
            {
                verdict.failed_cases.insert(case.clone(), problem);
            } else if let Some(answer) = answers.get(&Role::Call) {
                verdict.digests.insert(case.clone(), answer.digest.clone());
            }
            given.insert(case, answers);
        }
        other => return Err(other.unexpected()),
    }
    Ok(())
}

/// What is wrong with the answers to a case, the floor's included.
fn disagreement(
    right: Option<&BTreeMap<Role, Answer>>,
    given: &BTreeMap<Role, Answer>,
) -> Option<String> {
    let Some(right) = right else {
        return Some("the reference has no answer to compare with".to_owned());
    };
    let (role, answer) = given
        .iter()
        .find(|(role, answer)| right.get(role).map(|r| &r.digest) != Some(&answer.digest))?;
    let what = if *role == Role::Floor {
        "its floor gives"
    } else {
        "gives"
    };
    Some(format!(
        "{what} {}, not what the reference gives",
        answer.text
    ))
}

fn summary(verdict: &Verdicts) -> String {
    match (&verdict.refused, verdict.failed_cases.len()) {
        (Some(_), _) => "REFUSED".to_owned(),
        (None, 0) => format!(
            "agrees on {} inputs and {} cases",
            verdict.inputs,
            verdict.digests.len()
        ),
        (None, failed) => format!(
            "FAILED {failed} of {} cases",
            failed + verdict.digests.len()
        ),
    }
}

/// Prints the verdicts; true when every contender agrees.
fn show(session: &Session, verdicts: &BTreeMap<String, Verdicts>) -> bool {
    let mut table = terminal::table(&["contender", "verdict"]).with_prose([1]);
    let mut agree = true;
    let mut more = false;
    for contender in &session.study.contenders {
        let Some(verdict) = verdicts.get(&contender.name) else {
            continue;
        };
        let mut text = summary(verdict);
        if let Some(reason) = &verdict.refused {
            let _ = write!(text, ": {}", shortened(reason, REASON));
        }
        agree &= verdict.refused.is_none() && verdict.failed_cases.is_empty();
        table.add_row([&contender.name, &text]);
        let failed = verdict.failed_cases.iter();
        let failed = failed.map(|(case, reason)| format!("{case}: {}", shortened(reason, REASON)));
        more |= failed.len() > FAILED;
        for line in first_of(failed.collect(), FAILED, "cases") {
            table.add_row(["", &line]);
        }
    }
    say(&table.to_string());
    if more {
        let file = session.state.folder.join("verify.json");
        say(&format!("All failures are in {}", file.display()));
    }
    agree
}
