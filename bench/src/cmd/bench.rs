//! `bench`: every step of a measurement in its order, with one interpreter or with each of several.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Parser;

use crate::cli::{Bench, Cli, Common, Verb};
use crate::cmd::{build, compare, count, doctor, observe, report, run, verify};
use crate::files::write_document;
use crate::interrupt::{self, Interrupted};
use crate::output::{lost, note, say};
use crate::record::Record;
use crate::report::formats::{html, markdown};
use crate::report::sections::comparison as shown;
use crate::study::Study;

pub fn run(common: &Common, options: &Bench) -> Result<bool> {
    interrupt::watch()?;
    match options.pythons.as_slice() {
        [] => Chain::new(common, Some(options), &common.python).run(),
        [python] => Chain::new(common, Some(options), python).run(),
        several => with_each(common, options, several),
    }
}

/// Measures with each interpreter and compares the records. An interpreter that fails costs neither
/// the records of the others nor their comparison.
fn with_each(common: &Common, options: &Bench, pythons: &[PathBuf]) -> Result<bool> {
    ensure!(
        options.resume.is_none(),
        "--resume continues the record of one interpreter, and {} are named",
        pythons.len()
    );
    let mut records = Vec::new();
    let mut fine = true;
    for python in pythons {
        let name = python.display();
        say(&format!("==== {name}"));
        let mut chain = Chain::new(common, Some(options), python);
        match chain.run() {
            // Whoever interrupts means all of it.
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => note(&format!("ffi-bench: {error:#}")),
            Ok(true) => {
                records.extend(chain.record);
                continue;
            }
            Ok(false) => {}
        }
        fine = false;
        if chain.measured {
            note(&format!(
                "ffi-bench bench: a step failed with {name}; its record is still compared"
            ));
            records.extend(chain.record);
        } else {
            note(&format!(
                "ffi-bench bench: there is no record of {name}; the reason is above"
            ));
        }
    }
    let (found, named) = (records.len(), pythons.len());
    ensure!(found > 0, "none of {named} interpreters left a record");
    let compared = if found < 2 {
        Err(anyhow!(
            "only {found} of {named} interpreters left a record"
        ))
    } else {
        compare_all(common, options, &records)
    };
    if let Err(error) = &compared {
        note(&format!(
            "ffi-bench bench: there is no comparison: {error:#}"
        ));
    }
    Ok(fine && compared.is_ok())
}

/// Shows the records side by side, and leaves that as a document and as a page.
fn compare_all(common: &Common, options: &Bench, records: &[PathBuf]) -> Result<()> {
    let words = records.iter().map(OsString::from).collect::<Vec<_>>();
    say(&format!("==== ffi-bench compare {}", typed(&words)));
    let compared = compare::compared(common, records)?;
    let results = match &options.results {
        Some(results) => results.clone(),
        None => Study::load(&common.study)?.root().join("results"),
    };
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H%M%SZ");
    let folder = results.join(format!("compare-{now}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let (document, web) = (folder.join("comparison.md"), folder.join("comparison.html"));
    let text = markdown::document(&shown::whole(&compared));
    write_document(&document, text.as_bytes())?;
    write_document(&web, html::comparison(&shown::page(&compared)?)?.as_bytes())?;
    say(&compare::on_a_terminal(&compared));
    say(&format!("\n{}\n{}", document.display(), web.display()));
    Ok(())
}

/// The steps with one interpreter.
pub struct Chain<'a> {
    common: &'a Common,
    /// What only `bench` has.
    options: Option<&'a Bench>,
    python: &'a Path,
    /// The record's folder, once there is one.
    pub record: Option<PathBuf>,
    /// Whether all times are in the record.
    measured: bool,
    /// Verbs in which some contender failed.
    pub failed: Vec<&'static str>,
}

impl<'a> Chain<'a> {
    pub fn new(common: &'a Common, options: Option<&'a Bench>, python: &'a Path) -> Self {
        Self {
            common,
            options,
            python,
            record: None,
            measured: false,
            failed: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<bool> {
        match self.steps() {
            Err(error) if error.is::<Interrupted>() => Err(error.context(self.how_to_go_on())),
            Err(error) => Err(error),
            Ok(()) => {
                if !self.failed.is_empty() {
                    note(&format!(
                        "ffi-bench bench: some contenders failed in: {}. The report has their errors \
                         and the results of the others.",
                        self.failed.join(" ")
                    ));
                }
                Ok(self.failed.is_empty())
            }
        }
    }

    fn steps(&mut self) -> Result<()> {
        let mut profile = given("--profile", self.common.profile.as_ref());
        let only = self.only();
        let cases = self.cases();
        if let Some(folder) = self.options.and_then(|o| o.resume.as_ref()) {
            let record = Record::load(folder)?;
            if profile.is_empty() {
                profile = given("--profile", Some(&record.profile));
            }
            if record.finished.is_some() {
                (self.record, self.measured) = (Some(folder.clone()), true);
            } else {
                // A record knows what it was begun with.
                self.step("run", &[&given("--resume", Some(folder)), &profile])?;
            }
        } else {
            self.step("doctor", &[&only])?;
            self.step("build", &[&profile, &["--install-only".into()], &only])?;
            self.step("verify", &[&profile, &only, &cases])?;
            let results = given("--results", self.options.and_then(|o| o.results.as_ref()));
            self.step("run", &[&profile, &results, &only, &cases])?;
        }
        let record = given("--record", self.record.as_ref());
        let folder = &record[1..];
        self.step("build", &[&profile, &record, &only])?;
        self.step("count", &[&record, &only, &cases])?;
        self.step("observe", &[&record, &only, &cases])?;
        self.step("report", &[folder])?;
        self.step("report", &[&["--terminal".into()], folder])
    }

    /// Does what `ffi-bench VERB WORDS` does, and says so.
    pub fn step(&mut self, verb: &'static str, words: &[&[OsString]]) -> Result<()> {
        let words = [&[verb.into()], words.concat().as_slice()].concat();
        say(&format!("== ffi-bench {}", typed(&words)));
        let cli = Cli::try_parse_from(self.command("ffi-bench".into(), words))?;
        let fine = self.perform(&cli)?;
        // Not every step looks for an interruption.
        interrupt::check()?;
        // What was lost is said at the end of all.
        ensure!(lost().is_none(), "stopped after {verb}");
        if !fine && !self.failed.contains(&verb) {
            self.failed.push(verb);
        }
        Ok(())
    }

    fn perform(&mut self, cli: &Cli) -> Result<bool> {
        let common = cli.common();
        match &cli.verb {
            Verb::Doctor(_) => doctor::run(&common),
            Verb::Build(options) => build::run(&common, options),
            Verb::Verify(_) => verify::run(&common),
            Verb::Run(options) => {
                let mut run = run::begin(&common, options)?;
                self.record = Some(run.folder.clone());
                let fine = run.measure(options)?;
                self.measured = true;
                Ok(fine)
            }
            Verb::Count(options) => count::run(&common, options),
            Verb::Observe(options) => observe::run(&common, options),
            Verb::Report(options) => report::run(&common, options),
            other => bail!("{other:?} is not a step of `bench`"),
        }
    }

    fn how_to_go_on(&self) -> String {
        let Some(folder) = &self.record else {
            return "nothing is measured yet: start again. Finished builds are kept".to_owned();
        };
        let binary = std::env::args_os().next().unwrap_or("ffi-bench".into());
        let mut words = vec!["bench".into(), "--resume".into(), folder.into()];
        words.extend(self.only());
        words.extend(self.cases());
        let command = typed(&self.command(binary, words));
        format!("finished blocks are kept; continue with `{command}`")
    }

    fn command(&self, binary: OsString, words: Vec<OsString>) -> Vec<OsString> {
        let mut command = vec![binary];
        command.extend(given("--study", Some(&self.common.study)));
        command.extend(given("--python", Some(self.python)));
        command.extend(words);
        command
    }

    fn only(&self) -> Vec<OsString> {
        let only = self.common.only.iter();
        only.flat_map(|name| given("--only", Some(name))).collect()
    }

    pub fn cases(&self) -> Vec<OsString> {
        let filter = self.common.filter.as_ref().map(regex::Regex::as_str);
        let skip = self.common.skip.as_ref().map(regex::Regex::as_str);
        [given("--filter", filter), given("--skip", skip)].concat()
    }
}

/// An option, if it has a value.
pub fn given(option: &str, value: Option<impl AsRef<std::ffi::OsStr>>) -> Vec<OsString> {
    value.map_or_else(Vec::new, |value| vec![option.into(), value.as_ref().into()])
}

/// Words as they would be typed in a shell.
pub fn typed(words: &[OsString]) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=+,@%".contains(c);
    let words = words.iter().map(|word| {
        let word = word.display().to_string();
        if !word.is_empty() && word.chars().all(plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_typed() {
        let words = ["verify", "--filter", "^a/|it's", "results/x-1"].map(OsString::from);
        assert_eq!(typed(&words), r"verify --filter '^a/|it'\''s' results/x-1");
    }
}
