//! Who may be timed: what was built from the sources as they are, and verified as it was built; of
//! peers, what is installed as it was verified.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use serde_json::json;

use crate::effort::Effort;
use crate::environment::redact;
use crate::record::Record;
use crate::session::{Session, contender_request};
use crate::sources::source_hash;
use crate::state::{Built, Verdicts};

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
                    verdict.digests.contains_key(&case.name),
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
    let contenders = session.study.contenders.iter().map(contender_request);
    let request = json!({ "mode": "artefacts", "contenders": contenders.collect::<Vec<_>>() });
    let answer = session.interpreter.ask_once(&request)?;
    Ok(serde_json::from_value(answer["artefacts"].clone())?)
}

/// Narrows the session to what a record has, and fails unless the same would be measured again:
/// the same study, built and verified as it was then. `whole` when it must be all of it.
pub fn ensure_same(session: &mut Session, record: &Record, whole: bool) -> Result<()> {
    ensure!(
        record.study_hash == session.study_hash,
        "the study has changed since the record was begun: begin a new record"
    );
    let facts = session.facts()?;
    let binaries: BTreeMap<String, String> = serde_json::from_value(facts["binaries"].clone())?;
    ensure!(
        binaries == record.environment.python.binaries,
        "this interpreter, or its C library, is not the one that the record was begun with"
    );
    // The record's own study counts: its baseline, and the order of its contenders.
    let mut study = record.study.clone();
    study
        .contenders
        .retain(|c| session.study.contender(&c.name).is_some());
    study
        .cases
        .retain(|c| session.study.case(&c.name).is_some());
    ensure!(
        !whole
            || (study.contenders.len() == record.study.contenders.len()
                && study.cases.len() == record.study.cases.len()),
        "it was begun with other contenders or cases: leave --only and --filter out"
    );
    study.folder.clone_from(&session.study.folder);
    session.study = study;
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
    Ok(())
}
