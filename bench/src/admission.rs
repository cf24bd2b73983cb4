//! Who may be timed: what was built from the sources as they are, and verified as it was built; of
//! peers, what is installed as it was verified.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};

use crate::effort::values::Effort;
use crate::environment::Environment;
use crate::files::redact;
use crate::record::Record;
use crate::session::Session;
use crate::sources::source_hash;
use crate::state::{Built, Verdicts};
use crate::study::{Case, Study};

/// Puts every contender of the study into the record: as one that may be timed, or as a failure.
pub fn admit(session: &Session, record: &mut Record) -> Result<()> {
    let built = session.state.built()?;
    let verdicts = session.state.verdicts()?;
    let root = session.study.root();
    let installed = installed(session)?;
    for contender in &session.study.contenders {
        let name = &contender.name;
        let fail = |record: &mut Record, case: Option<&str>, stage: &str, message: &str| {
            record.fail(name, case, stage, redact(message, &root));
        };
        // A peer is not built. What is installed as it is compared with what was verified, below.
        let of_build = match built.get(name) {
            _ if contender.is_peer() => None,
            Some(Built::Installed { sources, effort }) => Some((sources, effort)),
            Some(Built::Failed { message }) => {
                fail(record, None, "build", message);
                continue;
            }
            None => {
                bail!("{name} is not built: run `ffi-bench build` and `ffi-bench verify` first")
            }
        };
        if let Some((sources, _)) = of_build {
            ensure!(
                *sources == source_hash(&root, contender)?,
                "the sources of {name} have changed since it was built: run `ffi-bench build` and \
                 `ffi-bench verify` first"
            );
        }
        let as_built = |v: &Verdicts| of_build.is_none_or(|(sources, _)| v.sources == *sources);
        let verdict = verdicts
            .get(name)
            .filter(|v| v.study == session.study_hash && (as_built(v) || v.refused.is_some()));
        let Some(verdict) = verdict else {
            bail!("{name} is not verified as it is now: run `ffi-bench verify` first")
        };
        ensure!(
            verdict.refused.is_some() || installed.get(name) == Some(&verdict.artefact),
            "what is installed as {} is not what was verified: run {}`ffi-bench verify` first",
            contender.module,
            if contender.is_peer() {
                ""
            } else {
                "`ffi-bench build --again` and "
            }
        );
        let effort = of_build.map(|(_, effort)| Effort::clone(effort));
        record
            .contenders
            .insert(name.clone(), verdict.candidate(effort));
        if let Some(reason) = &verdict.refused {
            fail(record, None, "verify", reason);
            continue;
        }
        for case in session
            .study
            .cases
            .iter()
            .filter(|case| case.applies_to(name))
        {
            if let Some(reason) = verdict.failed_cases.get(&case.name) {
                fail(record, Some(&case.name), "verify", reason);
            } else {
                ensure!(
                    verdict.has_judged(&case.name),
                    "{name} was not verified in {}: run `ffi-bench verify` first, without --filter \
                     and with the same --profile",
                    case.name
                );
            }
        }
    }
    record.surroundings = session.state.surroundings()?;
    for candidate in record.contenders.values_mut() {
        for value in candidate.build_info.values_mut() {
            *value = redact(value, &root);
        }
    }
    Ok(())
}

/// Hash of what is installed as each contender.
pub fn installed(session: &Session) -> Result<BTreeMap<String, String>> {
    let contenders = session.study.contenders.iter().map(Into::into);
    session.interpreter.artefacts(contenders.collect())
}

/// Narrows the session to what a record has, and fails unless the same would be measured again:
/// the same study on the same machine, built and verified as it was then. `whole` when it must be
/// all of it; otherwise what is not verified now is left out, and its number given.
pub fn ensure_same(session: &mut Session, record: &Record, whole: bool) -> Result<usize> {
    ensure!(
        record.study_hash == session.study_hash,
        "the study has changed since the record was begun: begin a new record"
    );
    let now = Environment::glance(session.facts()?);
    let then = &record.environment;
    ensure!(
        now.machine() == then.machine(),
        "the record is of another machine: {}, {} processors",
        then.cpu,
        then.cores
    );
    ensure!(
        now.python.binaries == then.python.binaries,
        "this interpreter, or its C library, is not the one that the record was begun with"
    );
    let study = as_recorded(&session.study, &record.study, whole)?;
    let before = std::mem::replace(&mut session.study, study);
    let outcome = unchanged(session, record, whole);
    if outcome.is_err() {
        session.study = before;
    }
    outcome
}

/// Fails unless what is installed now is what was measured then.
fn unchanged(session: &mut Session, record: &Record, whole: bool) -> Result<usize> {
    let left_out = if whole {
        0
    } else {
        leave_out_unverified(session)?
    };
    let mut fresh = Record {
        contenders: BTreeMap::new(),
        failures: Vec::new(),
        ..record.clone()
    };
    admit(session, &mut fresh)?;
    for contender in &session.study.contenders {
        let name = &contender.name;
        let artefact = |of: &Record| of.contenders.get(name).map(|c| c.artefact.clone());
        ensure!(
            artefact(record) == artefact(&fresh),
            "{name} was built anew since the record was begun: begin a new record"
        );
    }
    Ok(left_out)
}

/// Leaves out the cases that were not verified, and gives their number.
pub fn leave_out_unverified(session: &mut Session) -> Result<usize> {
    let verdicts = session.state.verdicts()?;
    let Study {
        contenders, cases, ..
    } = &mut session.study;
    let wanted = cases.len();
    // Of a contender without a verdict, admission says what is to be done.
    let known = |name: &String, case: &Case| {
        let verdict = verdicts.get(name);
        verdict.is_none_or(|verdict| verdict.has_judged(&case.name))
    };
    cases.retain(|case| {
        let mut taking_part = contenders.iter().filter(|c| case.applies_to(&c.name));
        taking_part.all(|contender| known(&contender.name, case))
    });
    ensure!(
        !cases.is_empty(),
        "none of the cases is verified: run `ffi-bench verify` first"
    );
    Ok(wanted - cases.len())
}

/// The study that is here, with the contenders and cases of a record in its order. Of the record
/// it takes names only: whatever runs is what the study here says, because a record may come from
/// anywhere, and its hash of the study with it.
fn as_recorded(here: &Study, recorded: &Study, whole: bool) -> Result<Study> {
    let mut study = here.clone();
    study.header.baseline.clone_from(&recorded.header.baseline);
    let contenders = recorded.contenders.iter();
    study.contenders = contenders
        .filter_map(|then| here.contender(&then.name).cloned())
        .collect();
    let cases = recorded.cases.iter();
    study.cases = cases
        .filter_map(|then| {
            let mut now = here.case(&then.name)?.clone();
            now.contenders.clone_from(&then.contenders);
            Some(now)
        })
        .collect();
    ensure!(
        !whole
            || (study.contenders.len() == recorded.contenders.len()
                && study.cases.len() == recorded.cases.len()),
        "it was begun with other contenders or cases: leave --only and --filter out"
    );
    ensure!(
        study.contender(&study.header.baseline).is_some(),
        "its baseline {} does not take part: begin a new record",
        study.header.baseline
    );
    for case in &study.cases {
        let then = recorded.case(&case.name).map(definition).transpose()?;
        ensure!(
            then == Some(definition(case)?),
            "what the record says of {} is not what the study here says: begin a new record",
            case.name
        );
    }
    Ok(study)
}

/// What a case is, whoever takes part in it.
fn definition(case: &Case) -> Result<serde_json::Value> {
    let mut case = case.clone();
    case.contenders.clear();
    case.except.clear();
    Ok(serde_json::to_value(case)?)
}
