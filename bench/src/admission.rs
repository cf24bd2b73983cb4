//! Who may be timed: what was built from the sources as they are, and verified as it was built.

use anyhow::{Result, bail, ensure};

use crate::environment::redact;
use crate::record::Record;
use crate::session::Session;
use crate::sources::source_hash;
use crate::state::Built;

/// Puts every contender of the study into the record: as one that may be timed, or as a failure.
pub fn admit(session: &Session, record: &mut Record) -> Result<()> {
    let built = session.state.built()?;
    let verdicts = session.state.verdicts()?;
    let root = session.study.root();
    for contender in &session.study.contenders {
        let name = &contender.name;
        let fail = |record: &mut Record, case: Option<&str>, stage: &str, message: &str| {
            record.fail(name, case, stage, redact(message, &root));
        };
        let (sources, effort) = match built.get(name) {
            Some(Built::Installed { sources, effort }) => (sources, effort),
            Some(Built::Failed { message }) => {
                fail(record, None, "build", message);
                continue;
            }
            None => {
                bail!("{name} is not built: run `ffi-bench build` and `ffi-bench verify` first")
            }
        };
        ensure!(
            *sources == source_hash(&root, contender)?,
            "the sources of {name} have changed since it was built: run `ffi-bench build` and \
             `ffi-bench verify` first"
        );
        let verdict = verdicts.get(name).filter(|v| {
            v.study == session.study_hash && (v.sources == *sources || v.refused.is_some())
        });
        let Some(verdict) = verdict else {
            bail!("{name} is not verified as it is now: run `ffi-bench verify` first")
        };
        record
            .contenders
            .insert(name.clone(), verdict.candidate(Some(effort.clone())));
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
                    "{name} was not verified in {}: run `ffi-bench verify` without --filter first",
                    case.name
                );
            }
        }
    }
    for candidate in record.contenders.values_mut() {
        for value in candidate.build_info.values_mut() {
            *value = redact(value, &root);
        }
    }
    Ok(())
}
