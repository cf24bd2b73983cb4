//! `verify`: every answer of every contender against the reference's.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::cli::Common;
use crate::files::redact;
use crate::interrupt;
use crate::output::{note, say};
use crate::progress::Progress;
use crate::report::terminal::{self, first_of, shortened};
use crate::session::Session;
use crate::state::{Built, Verdicts};
use crate::study::{Case, Contender};

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
    let reference = session
        .study
        .contender(&session.study.header.reference)
        .context("the study lost its reference")?;
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
    let reference = session
        .study
        .contender(&session.study.header.reference)
        .context("the study lost its reference")?;
    let answers = session.state.folder.join("answers.pickle");
    let inputs = right_answers(session, reference, &answers)?;
    let total: u64 = inputs.values().sum();
    let mut request = session.request("verify", contender, &[]);
    request["checks"] = checks(session, contender);
    request["answers"] = json!(answers);
    request["wrong_every"] = json!(every.min(total.max(1)));
    let mut verdict = Verdicts::default();
    session.ask(&request, |message| {
        hear(&mut verdict, &mut Digests::new(), None, message);
        Ok(())
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
    let mut request = session.request("answers", reference, &[]);
    request["checks"] = checks(session, reference);
    request["answers"] = json!(answers);
    let mut inputs = Inputs::new();
    session
        .ask(&request, |message| {
            if let Some(done) = message["done"].as_u64() {
                progress.at(done, "");
            }
            if message["inputs"].is_object() {
                inputs = serde_json::from_value(message["inputs"].clone())?;
            }
            Ok(())
        })?
        .context("the reference failed on the generated inputs")?;
    progress.end(&format!("{} inputs", inputs.values().sum::<u64>()));
    Ok(inputs)
}

fn checks(session: &Session, contender: &Contender) -> Value {
    let seed = session.study.header.seed;
    let with_seed = |check| {
        let mut value = json!(check);
        value["seed"] = json!(seed);
        value
    };
    let checks = session.study.checks.iter();
    checks
        .filter(|check| contender.takes(check))
        .map(with_seed)
        .collect()
}

/// Digest of the right answer to each leg of each case.
type Digests = BTreeMap<String, Value>;

/// One contender against the generated inputs and the cases; the reference, which made the right
/// answers to them, against the cases alone.
fn examine(
    session: &Session,
    contender: &Contender,
    answers: &Path,
    inputs: &Inputs,
    right: Option<&Digests>,
) -> Result<(Verdicts, Digests)> {
    let mut verdict = Verdicts {
        study: session.study_hash.clone(),
        ..Verdicts::default()
    };
    let mut digests = Digests::new();
    let mut left: Vec<&Case> = session
        .study
        .cases
        .iter()
        .filter(|case| case.applies_to(&contender.name))
        .collect();
    let cases = left.len() as u64;
    let label = format!("verify {}", contender.name);
    let mut progress = if right.is_some() {
        let checked = session.study.checks.iter().filter(|c| contender.takes(c));
        let total = checked.filter_map(|check| inputs.get(&check.name)).sum();
        Progress::counted(&label, total, "inputs")
    } else {
        Progress::in_turn(&label, cases, "case")
    };
    let mut first = true;
    let mut judged = 0;
    // A worker that dies in a case is started again with the cases that are left.
    loop {
        let mut request = session.request("verify", contender, &left);
        request["checks"] = if first && right.is_some() {
            checks(session, contender)
        } else {
            json!([])
        };
        request["answers"] = json!(answers);
        let outcome = session.ask(&request, |message| {
            if let Some(done) = message["done"].as_u64() {
                progress.at(done, "");
            } else if let Some(case) = message["case"].as_str() {
                if judged == 0 {
                    progress.then_in_turn(cases, "case");
                }
                judged += 1;
                let next = left.iter().skip_while(|c| c.name != case).nth(1);
                progress.at(judged, next.map_or("", |case| &case.name));
            }
            hear(&mut verdict, &mut digests, right, message);
            Ok(())
        })?;
        let Err(died) = outcome else { break };
        let place = left.iter().position(|c| c.name == died.place.case);
        let Some(place) = place else {
            verdict.refused = Some(died.to_string());
            break;
        };
        verdict
            .failed_cases
            .insert(left[place].name.clone(), died.how);
        left.drain(..=place);
        first = false;
    }
    if right.is_none() {
        verdict.inputs = inputs.values().sum();
    }
    let root = session.study.root();
    verdict.refused = verdict.refused.map(|text| redact(&text, &root));
    progress.end(&summary(&verdict));
    Ok((verdict, digests))
}

/// Takes up one message of the worker.
fn hear(verdict: &mut Verdicts, digests: &mut Digests, right: Option<&Digests>, message: &Value) {
    if let Some(artefact) = message["artefact"].as_str() {
        artefact.clone_into(&mut verdict.artefact);
        if let Some(versions) = message["versions"].as_str() {
            versions.clone_into(&mut verdict.sources);
        }
        if let Ok(info) = serde_json::from_value(message["build_info"].clone()) {
            verdict.build_info = info;
        }
    } else if let Some(check) = message["check"].as_str() {
        let (inputs, wrong) = (message["inputs"].as_u64(), message["wrong"].as_u64());
        verdict.inputs += inputs.unwrap_or(0);
        if wrong != Some(0) && verdict.refused.is_none() {
            verdict.refused = Some(format!(
                "{} wrong answers to the {} inputs of '{check}', the first: {}",
                wrong.unwrap_or(0),
                inputs.unwrap_or(0),
                message["first"].as_str().unwrap_or_default()
            ));
        }
    } else if let Some(case) = message["case"].as_str() {
        let problem = if let Some(error) = message["error"].as_str() {
            Some(error.to_owned())
        } else {
            digests.insert(case.to_owned(), message["digest"].clone());
            disagreement(case, right, message)
        };
        if let Some(problem) = problem {
            verdict.failed_cases.insert(case.to_owned(), problem);
        } else {
            let digest = message["digest"]["call"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            verdict.digests.insert(case.to_owned(), digest);
        }
    }
}

/// What is wrong with the answers to a case, the floor's included; nothing for the reference, to
/// whose examination no right answers are given.
fn disagreement(case: &str, right: Option<&Digests>, message: &Value) -> Option<String> {
    let right = right?;
    // Compared already, with what the study expects.
    if message["expected"] == true {
        return None;
    }
    let Some(expected) = right.get(case) else {
        return Some("the reference has no answer to compare with".to_owned());
    };
    let given = message["digest"].as_object()?;
    let (leg, _) = given
        .iter()
        .find(|(leg, digest)| expected.get(leg) != Some(digest))?;
    let what = if leg == "floor" {
        "its floor gives"
    } else {
        "gives"
    };
    let answer = message["answer"][leg].as_str().unwrap_or_default();
    Some(format!("{what} {answer}, not what the reference gives"))
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
        say(&format!("All that failed is in {}", file.display()));
    }
    agree
}
