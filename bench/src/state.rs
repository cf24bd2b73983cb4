//! What one verb leaves for the next: wheels, build results and verdicts, for one interpreter.
//!
//! The files lie in `target/ffi-bench/<interpreter>/` below the study's root. They may be deleted
//! at any time; the verbs that made them make them again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::effort::values::{Effort, Surroundings};
use crate::files::{hash, write_whole};
use crate::record::MeasuredContender;
use crate::study::Study;

/// The folder of one study and interpreter.
pub struct State {
    pub folder: PathBuf,
}

/// Outcome of `build` for one contender.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Built {
    Installed {
        sources: String,
        effort: Box<Effort>,
    },
    Failed {
        message: String,
    },
}

/// Outcome of `verify` for one contender.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdicts {
    /// Hash of the study that was verified.
    pub study: String,
    /// Hash of the sources of the contender when it was built.
    pub sources: String,
    pub artefact: String,
    pub build_info: BTreeMap<String, String>,
    pub inputs: u64,
    /// Why the contender may not be timed at all.
    pub refused: Option<String>,
    /// Cases whose answer was wrong or an error, with the reason.
    pub failed_cases: BTreeMap<String, String>,
    /// Digest of the answer to each case that was right.
    pub digests: BTreeMap<String, String>,
}

impl State {
    pub fn open(study: &Study, python: &Path) -> Result<Self> {
        let absolute = std::path::absolute(python)?;
        let name = format!(
            "{}-{}",
            study.header.name,
            &hash(absolute.as_os_str().as_encoded_bytes())[..8]
        );
        let folder = study.root().join("target/ffi-bench").join(name);
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self { folder })
    }

    /// The folder of a contender that is installed into one of its own.
    pub fn site(&self, contender: &str) -> PathBuf {
        self.sites().join(contender.replace('/', "-"))
    }

    pub fn sites(&self) -> PathBuf {
        self.folder.join("sites")
    }

    pub fn built(&self) -> Result<BTreeMap<String, Built>> {
        self.read("build.json")
    }

    pub fn save_built(&self, built: &BTreeMap<String, Built>) -> Result<()> {
        self.write("build.json", built)
    }

    pub fn surroundings(&self) -> Result<Surroundings> {
        self.read("surroundings.json")
    }

    pub fn save_surroundings(&self, surroundings: &Surroundings) -> Result<()> {
        self.write("surroundings.json", surroundings)
    }

    pub fn verdicts(&self) -> Result<BTreeMap<String, Verdicts>> {
        self.read("verify.json")
    }

    pub fn save_verdicts(&self, verdicts: &BTreeMap<String, Verdicts>) -> Result<()> {
        self.write("verify.json", verdicts)
    }

    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        let path = self.folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| {
                format!("{} is damaged: delete it and build again", path.display())
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
            Err(e) => Err(e).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        write_whole(&self.folder.join(name), &serde_json::to_vec_pretty(value)?)
    }
}

impl Verdicts {
    /// Whether it says anything of a case.
    pub fn has_judged(&self, case: &str) -> bool {
        self.refused.is_some()
            || self.digests.contains_key(case)
            || self.failed_cases.contains_key(case)
    }

    /// What a record says of the contender.
    pub fn candidate(&self, effort: Option<Effort>) -> MeasuredContender {
        MeasuredContender {
            sources: self.sources.clone(),
            artefact: self.artefact.clone(),
            build_info: self.build_info.clone(),
            effort,
            verified_inputs: self.inputs,
        }
    }
}

/// Hash of the study file and its prelude: verdicts are about these.
pub fn study_hash(study: &Study) -> Result<String> {
    let prelude = fs::read(study.prelude())
        .with_context(|| format!("cannot read the prelude {}", study.prelude().display()))?;
    // The charts and titles may change without a new verification; and so may the list of those
    // that take part in a case, because a verdict says which cases it is about.
    let mut cases = study.cases.clone();
    for case in &mut cases {
        case.contenders.clear();
        case.except.clear();
    }
    let parts = serde_json::to_vec(&(
        &study.checks,
        &cases,
        study.header.seed,
        &study.header.reference,
    ))?;
    // It does not say which checks.
    let chosen = study.contenders.iter().filter(|c| c.checks.is_some());
    let chosen: Vec<_> = chosen.map(|c| (&c.name, &c.checks)).collect();
    let chosen = serde_json::to_vec(&chosen)?;
    Ok(hash(&[prelude, parts, chosen].concat()))
}
