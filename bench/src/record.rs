//! The record: one folder per measurement, and the only module that knows its files.
//!
//! `record.json` holds everything but the raw slices; `slices.csv.gz` holds those. While a run is
//! under way, each finished block is a file of its own, complete or absent, so that a run that
//! is interrupted loses at most the block it was in. docs/record-format.md describes the fields.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::analysis::{Role, Slice};
use crate::counts::Counts;
use crate::effort::values::{Effort, Surroundings};
use crate::environment::{Environment, unfit_build};
use crate::files::{PARTIAL, ensure_inside, write_whole};
use crate::observed::Observed;
use crate::output::visible;
use crate::plan::{Calibrations, Costs, Plan};
use crate::self_test::SelfTest;
use crate::study::{Profile, Study, component, components, measures};

/// Version of the format. A record of another version is refused by name.
const SCHEMA: u32 = 3;

/// The version before said something else of effort, and all other things alike: it is read
/// without effort.
const WITHOUT_EFFORT: u32 = 2;

const RECORD: &str = "record.json";
const SLICES: &str = "slices.csv.gz";
const BLOCKS: &str = "blocks";

/// Fields of a record that are a line wherever they stand.
const LINES: [&str; 4] = ["title", "about", "cpu", "command"];

/// Far more than slices take when they are unpacked, in bytes.
const MOST_UNPACKED: u64 = 1 << 29;

/// Room that a record may take while it is made: blocks and the file that joins them.
const RECORD_BYTES: usize = 20_000_000;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    pub schema: u32,
    /// Date and time (UTC) of the beginning.
    pub started: String,
    /// Absent while the run is under way.
    pub finished: Option<String>,
    pub profile: String,
    pub settings: Profile,
    /// The command that made the record.
    pub command: String,
    /// Hash of `study.toml` and its prelude.
    pub study_hash: String,
    pub environment: Environment,
    pub contenders: BTreeMap<String, MeasuredContender>,
    /// What the contenders' efforts have in common.
    #[serde(default)]
    pub surroundings: Surroundings,
    /// What failed, in the order in which it did.
    pub failures: Vec<Failure>,
    /// Cases that could not be measured here, and why.
    #[serde(default)]
    pub left_out: BTreeMap<String, String>,
    /// Whether each contender shared its processes with the baseline only.
    #[serde(default)]
    pub isolated: bool,
    /// What each contender needed alone; empty until all have been alone.
    #[serde(default)]
    pub calibrations: Calibrations,
    /// What one call of a case does, in the case's unit.
    #[serde(default)]
    pub work: BTreeMap<String, f64>,
    #[serde(default)]
    pub costs: Costs,
    /// How long each row is measured; absent until the first stage is over.
    pub plan: Option<Plan>,
    /// What was looked at once for each contender; absent until somebody looked.
    pub observed: Option<Observed>,
    /// Instructions, or why there are none; absent until somebody wanted to count them.
    pub counts: Option<Counts>,
    pub self_test: Option<SelfTest>,
    /// Criterion's estimates in nanoseconds, by case.
    #[serde(default)]
    pub criterion: BTreeMap<String, NativeEstimate>,
    pub study: Study,
}

/// What is known of one contender.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasuredContender {
    /// Hash of the files it was built from: the identity of what was measured.
    pub sources: String,
    /// Hash of the files that were imported.
    pub artefact: String,
    /// What the contender says of itself.
    pub build_info: BTreeMap<String, String>,
    pub effort: Option<Effort>,
    /// Generated inputs it answered rightly before anything was timed.
    pub verified_inputs: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub contender: String,
    /// Absent when the contender failed as a whole.
    pub case: Option<String>,
    /// The verb in which it failed.
    pub stage: String,
    pub message: String,
}

/// Criterion's estimate of one benchmark, nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NativeEstimate {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// One row of `slices.csv.gz`.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    block: u32,
    case: String,
    contender: String,
    #[serde(rename = "leg")]
    role: Role,
    round: u32,
    position: u32,
    iterations: u64,
    nanoseconds: u64,
}

/// Fails now where a run would fail at its end: when a folder cannot be written to, or the disk
/// has no room for a record.
pub fn ensure_room(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // Bytes that no file system stores as a hole, in a file without a name: whatever ends this
    // process, nothing is left behind.
    let written =
        tempfile::tempfile_in(folder).and_then(|mut file| file.write_all(&vec![1; RECORD_BYTES]));
    written.with_context(|| {
        format!(
            "cannot write to {}, where a record takes up to {} MB: choose another folder with \
             --results or --record, or make room",
            folder.display(),
            RECORD_BYTES / 1_000_000
        )
    })
}

fn damaged(path: &Path) -> String {
    format!(
        "{} is damaged: take the file from a backup or from version control, or measure again",
        path.display()
    )
}

impl Record {
    /// A record in which nothing is yet.
    pub fn new(study: Study, profile: &str) -> Result<Self> {
        Ok(Self {
            schema: SCHEMA,
            profile: profile.to_owned(),
            settings: study.profile(profile)?,
            study,
            ..Self::default()
        })
    }

    pub fn save(&self, folder: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        write_whole(&folder.join(RECORD), text.as_bytes())
    }

    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(RECORD);
        ensure_inside(&folder.join(BLOCKS))?;
        ensure!(
            !path.exists() || path.is_file(),
            "{} is not a file",
            path.display()
        );
        let text = fs::read_to_string(&path).with_context(|| {
            format!("{} is not a record: cannot read {RECORD}", folder.display())
        })?;
        let mut value: Value = serde_json::from_str(&text).with_context(|| damaged(&path))?;
        if value["schema"] == WITHOUT_EFFORT {
            value["schema"] = SCHEMA.into();
            for candidate in value["contenders"].as_object_mut().into_iter().flatten() {
                candidate.1["effort"] = Value::Null;
            }
        }
        let schema = &value["schema"];
        ensure!(
            schema == SCHEMA,
            "{} has schema version {schema}, this ffi-bench reads version {SCHEMA}: report it with \
             the ffi-bench of the sources it was made with, or measure again",
            path.display()
        );
        let record: Self = serde_json::from_value(value).with_context(|| damaged(&path))?;
        record
            .fits()
            .with_context(|| format!("{} is refused", path.display()))?;
        Ok(record)
    }

    /// A record may come from anywhere, so its names are held to what those of a study are.
    fn fits(&self) -> Result<()> {
        self.study.names_fit()?;
        measures(&self.settings)?;
        component(&self.profile).context("profile")?;
        let failed = self.failures.iter().map(|f| &f.contender);
        let cases = self.failures.iter().filter_map(|f| f.case.as_ref());
        let named = self.contenders.keys().chain(failed).chain(cases);
        named
            .chain(self.left_out.keys())
            .try_for_each(|name| components(name))?;
        for name in self.surroundings.mistakes.keys() {
            component(name).context("mistakes")?;
        }
        let header = &self.study.header;
        for name in [&header.reference, &header.baseline] {
            let known = self.study.contender(name).is_some();
            ensure!(known, "its study has no contender '{name}'");
        }
        for time in std::iter::once(&self.started).chain(&self.finished) {
            ensure!(
                time.parse::<jiff::Timestamp>().is_ok(),
                "{time:?} is not a time, such as 2026-11-30T12:00:00Z"
            );
        }
        Ok(())
    }

    /// The record as it is shown: nothing in its texts acts on what shows them. It is not to be saved.
    pub fn shown(&self) -> Result<Self> {
        let mut value = serde_json::to_value(self)?;
        make_visible(&mut value);
        Ok(serde_json::from_value(value)?)
    }

    /// Notes a failure; the message must be fit for others to read.
    pub fn fail(&mut self, contender: &str, case: Option<&str>, stage: &str, message: String) {
        self.failures.push(Failure {
            contender: contender.to_owned(),
            case: case.map(str::to_owned),
            stage: stage.to_owned(),
            message,
        });
    }

    /// What made the measurement worse than it could have been.
    pub fn warnings(&self) -> Vec<String> {
        let unfit = self.contenders.iter().filter_map(|(name, candidate)| {
            let reason = unfit_build(&candidate.build_info)?;
            Some(format!("{name}: {reason}"))
        });
        self.environment
            .warnings()
            .into_iter()
            .chain(unfit)
            .collect()
    }

    /// Whether a contender failed as a whole.
    pub fn refused(&self, contender: &str) -> bool {
        self.failures
            .iter()
            .any(|f| f.contender == contender && f.case.is_none())
    }

    /// The failure that keeps a contender out of a case, if there is one.
    pub fn failed(&self, contender: &str, case: &str) -> Option<&Failure> {
        self.failures
            .iter()
            .find(|f| f.contender == contender && f.case.as_ref().is_none_or(|of| of == case))
    }
}

/// Makes visible what acts in any text, and puts titles and the like on one line each.
fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = visible(text, false),
        Value::Array(items) => items.iter_mut().for_each(make_visible),
        Value::Object(fields) => {
            let taken = std::mem::take(fields).into_iter();
            fields.extend(taken.map(|(key, mut value)| {
                make_visible(&mut value);
                if let (true, Value::String(text)) = (LINES.contains(&key.as_str()), &mut value) {
                    *text = text.replace('\n', " ");
                }
                (visible(&key, false), value)
            }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Creates `results/<name>`, or `results/<name>-2` and so on where that exists.
pub fn create_folder(results: &Path, name: &str) -> Result<PathBuf> {
    fs::create_dir_all(results).with_context(|| format!("cannot create {}", results.display()))?;
    for number in 1..1000 {
        let suffix = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let folder = results.join(format!("{name}{suffix}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e).with_context(|| format!("cannot create {}", folder.display())),
        }
    }
    bail!(
        "there are a thousand records called {name} in {}",
        results.display()
    )
}

/// The readable records in `results` with the names of their folders, the one started first first.
pub fn all_in(results: &Path) -> Result<Vec<(String, Record)>> {
    let entries = fs::read_dir(results).with_context(|| {
        format!(
            "there is no folder {}: run `make bench` first",
            results.display()
        )
    })?;
    let mut found: Vec<(String, Record)> = entries
        .flatten()
        .filter_map(|entry| {
            let record = Record::load(&entry.path()).ok()?;
            Some((entry.file_name().into_string().ok()?, record))
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| (&x.started, a).cmp(&(&y.started, b)));
    Ok(found)
}

fn block_file(folder: &Path, block: u32) -> PathBuf {
    folder.join(BLOCKS).join(format!("{block:04}.csv.gz"))
}

/// Whether a block of an interrupted run is already there.
pub fn has_block(folder: &Path, block: u32) -> bool {
    block_file(folder, block).exists() || folder.join(SLICES).exists()
}

/// Removes what an interruption left half done, so that it is measured again; says what it was.
pub fn drop_damaged(folder: &Path) -> Result<Vec<String>> {
    let mut dropped = Vec::new();
    if folder.join(SLICES).exists() {
        // Interrupted after the blocks were joined: they are all in there.
        unpack(&folder.join(SLICES))?;
        return Ok(dropped);
    }
    let Ok(entries) = fs::read_dir(folder.join(BLOCKS)) else {
        return Ok(dropped);
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().display().to_string();
        let half_written = path.extension().is_some_and(|e| e == PARTIAL);
        if half_written || unpack(&path).is_err() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            dropped.push(format!("{BLOCKS}/{name}"));
        }
    }
    Ok(dropped)
}

/// Saves a finished block.
pub fn save_block(folder: &Path, block: u32, slices: &[Slice]) -> Result<()> {
    fs::create_dir_all(folder.join(BLOCKS))?;
    write_whole(&block_file(folder, block), &pack(slices)?)
}

/// Joins the blocks of a finished run into one file, case by case: that compresses better.
pub fn join_blocks(folder: &Path) -> Result<()> {
    let mut slices = load_slices(folder)?;
    slices.sort_by(|a, b| a.case.cmp(&b.case).then(a.block.cmp(&b.block)));
    write_whole(&folder.join(SLICES), &pack(&slices)?)?;
    match fs::remove_dir_all(folder.join(BLOCKS)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// The slices of a record, finished or not.
pub fn load_slices(folder: &Path) -> Result<Vec<Slice>> {
    let joined = folder.join(SLICES);
    if joined.exists() {
        return unpack(&joined);
    }
    let mut files = match fs::read_dir(folder.join(BLOCKS)) {
        Ok(entries) => entries
            .map(|e| Ok(e?.path()))
            .filter(|p| {
                p.as_ref()
                    .is_ok_and(|p| p.extension().is_some_and(|e| e == "gz"))
            })
            .collect::<Result<Vec<_>>>()?,
        Err(_) => Vec::new(),
    };
    files.sort();
    let blocks = files
        .iter()
        .map(|file| unpack(file))
        .collect::<Result<Vec<_>>>()?;
    Ok(blocks.concat())
}

fn pack(slices: &[Slice]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(GzEncoder::new(Vec::new(), Compression::best()));
    for slice in slices {
        writer.serialize(Row {
            block: slice.block,
            case: slice.case.clone(),
            contender: slice.contender.clone(),
            role: slice.role,
            round: slice.round,
            position: slice.position,
            iterations: slice.iterations,
            nanoseconds: slice.nanoseconds,
        })?;
    }
    writer.flush()?;
    let encoder = writer.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(encoder.finish()?)
}

fn unpack(path: &Path) -> Result<Vec<Slice>> {
    let damaged = || damaged(path);
    ensure!(path.is_file(), damaged());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = String::new();
    let read = MultiGzDecoder::new(bytes.as_slice())
        .take(MOST_UNPACKED)
        .read_to_string(&mut text)
        .with_context(damaged)?;
    ensure!((read as u64) < MOST_UNPACKED, damaged());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| {
            let row: Row = row.with_context(damaged)?;
            ensure!(row.iterations > 0 && row.nanoseconds > 0, damaged());
            Ok(Slice {
                block: row.block,
                case: row.case,
                contender: row.contender,
                role: row.role,
                round: row.round,
                position: row.position,
                iterations: row.iterations,
                nanoseconds: row.nanoseconds,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(block: u32) -> Slice {
        Slice {
            block,
            case: "g/c".to_owned(),
            contender: "a".to_owned(),
            role: Role::Again,
            round: 3,
            position: 1,
            iterations: 7,
            nanoseconds: 123,
        }
    }

    #[test]
    fn slices_come_back_from_blocks_and_from_the_joined_file() {
        let folder = tempfile::tempdir().unwrap();
        for block in [1, 0] {
            save_block(folder.path(), block, &[slice(block)]).unwrap();
        }
        assert!(has_block(folder.path(), 1) && !has_block(folder.path(), 2));
        let expected = vec![slice(0), slice(1)];
        assert_eq!(load_slices(folder.path()).unwrap(), expected);
        join_blocks(folder.path()).unwrap();
        assert!(!folder.path().join(BLOCKS).exists());
        assert_eq!(load_slices(folder.path()).unwrap(), expected);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SLICES), b"nonsense").unwrap();
        let error = format!("{:#}", load_slices(folder.path()).unwrap_err());
        assert!(error.contains("slices.csv.gz is damaged"), "{error}");
        fs::write(folder.path().join(RECORD), "{\"schema\": 99}").unwrap();
        let error = format!("{:#}", Record::load(folder.path()).unwrap_err());
        assert!(error.contains("schema version 99"), "{error}");
        fs::write(folder.path().join(RECORD), "{\"schema\": 1").unwrap();
        let error = format!("{:#}", Record::load(folder.path()).unwrap_err());
        assert!(error.contains("record.json is damaged"), "{error}");
    }

    #[test]
    fn a_second_record_of_the_day_gets_a_number() {
        let results = tempfile::tempdir().unwrap();
        let first = create_folder(results.path(), "today").unwrap();
        let second = create_folder(results.path(), "today").unwrap();
        assert!(first.ends_with("today") && second.ends_with("today-2"));
    }
}
