//! What happens when it goes wrong: the study's mistakes, built and run.
//!
//! Each mistake is a small module with a correct twin. The wrong one is shown to the compiler and
//! the linter; what gets past the compiler is run, plain and under `AddressSanitizer`, as often as
//! the profile says, because some mistakes show only now and then.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use regex::Regex;
use serde::Deserialize;
use signal_hook::low_level::signal_name;

use super::builds::{PATIENCE, empty, last_lines};
use super::known::{bare, offline};
use super::values::{Entry, Seen, Sighting};
use super::{filled, unless_interrupted};
use crate::files::redact;
use crate::process;
use crate::session::Session;
use crate::study::{Contender, Mistake, MistakesPlan};

/// Exit codes of the study's builder.
const REFUSED: i32 = 1;

/// Characters of a compiler's words that a table has room for.
const ROOM: usize = 200;

/// What the builder says of a module under the sanitizer.
#[derive(Default, Deserialize)]
struct Sanitizer {
    preload: Vec<String>,
    env: BTreeMap<String, String>,
}

enum Made {
    Module(Sanitizer),
    Refused(String),
    /// This machine lacks something.
    Lacking(String),
}

/// One mistake of one contender, and where its modules are made.
pub struct Trial<'a> {
    pub session: &'a Session,
    pub plan: &'a MistakesPlan,
    pub mistake: &'a Mistake,
    pub contender: &'a Contender,
    pub place: PathBuf,
}

impl Trial<'_> {
    /// Builds and runs the mistake. Only an interruption is an error.
    pub fn run(&self, runs: u32) -> Result<Entry> {
        if let Some(reason) = self.mistake.cannot.get(&self.contender.name) {
            return Ok(Entry {
                cannot: Some(reason.clone()),
                ..Entry::default()
            });
        }
        let mut entry = Entry::default();
        if !self.session.study.root().join(self.own()).is_dir() {
            entry.notes.push("nobody has written it".to_owned());
            return Ok(entry);
        }
        if let Err(error) = unless_interrupted(self.look(&mut entry, runs))? {
            entry.notes.push(self.redacted(&format!("{error:#}")));
        }
        Ok(entry)
    }

    fn look(&self, entry: &mut Entry, runs: u32) -> Result<()> {
        let expected = fs::read_to_string(self.folder().join("expected.txt"))
            .context("the mistake has no expected answer")?;
        if !self.right_twin(entry, expected.trim())? {
            return Ok(());
        }
        match self.make("wrong", &self.plan.lint)? {
            Made::Refused(words) => entry.linted = Some(words),
            Made::Lacking(what) => entry.notes.push(format!("linter: {what}")),
            Made::Module(_) => {}
        }
        match self.make("wrong", &[])? {
            Made::Refused(words) => {
                entry.refused = Some(words);
                return Ok(());
            }
            Made::Lacking(what) => {
                entry.notes.push(what);
                return Ok(());
            }
            Made::Module(plain) => {
                entry.plain = self.sightings(&plain, expected.trim(), runs)?;
            }
        }
        match self.make("wrong", &self.plan.sanitizer)? {
            Made::Module(sanitizer) => {
                entry.sanitized = self.sightings(&sanitizer, expected.trim(), runs)?;
            }
            Made::Refused(words) | Made::Lacking(words) => {
                entry.notes.push(format!("AddressSanitizer: {words}"));
            }
        }
        Ok(())
    }

    /// Whether the twin is right: a mistake says something only beside one that is.
    fn right_twin(&self, entry: &mut Entry, expected: &str) -> Result<bool> {
        let seen = match self.make("right", &[])? {
            Made::Module(plain) => self.once(&plain, expected)?,
            Made::Refused(words) | Made::Lacking(words) => {
                entry
                    .notes
                    .push(format!("the correct twin cannot be built: {words}"));
                return Ok(false);
            }
        };
        if seen != Seen::Unnoticed {
            entry
                .notes
                .push(format!("the correct twin is wrong: {seen:?}"));
        }
        Ok(seen == Seen::Unnoticed)
    }

    fn folder(&self) -> PathBuf {
        let root = self.session.study.root();
        root.join(&self.plan.folder).join(&self.mistake.name)
    }

    /// Where the contender's modules are, relative to the root.
    fn own(&self) -> PathBuf {
        self.contender.mistakes().join(&self.mistake.name)
    }

    fn out(&self) -> PathBuf {
        self.place.join("module")
    }

    /// Builds a twin, or has the linter look at it.
    fn make(&self, twin: &str, more: &[String]) -> Result<Made> {
        let (own, out) = (self.own(), empty(&self.out())?);
        let values = [
            ("{folder}", own.to_str().unwrap_or_default()),
            ("{twin}", twin),
            ("{out}", &out.display().to_string()),
        ];
        let python = &self.session.python;
        let mut command = offline(python, python)?;
        command
            .args(filled(&self.plan.build, &values))
            .args(more)
            .current_dir(self.session.study.root())
            .env("CARGO_TARGET_DIR", self.place.join("target"));
        let (status, said, complained) = self.limited(&mut command, PATIENCE)?;
        let status = status.context("the builder did not end in time")?;
        Ok(match status.code() {
            Some(0) => Made::Module(
                said.lines()
                    .last()
                    .and_then(|l| serde_json::from_str(l).ok())
                    .unwrap_or_default(),
            ),
            Some(REFUSED) => Made::Refused(self.objection(&complained)),
            _ => Made::Lacking(self.redacted(&last_lines(&complained))),
        })
    }

    /// The first thing that a compiler or linter objects to, in its own words.
    fn objection(&self, complained: &str) -> String {
        let lines = || complained.lines().filter(|line| !line.trim().is_empty());
        let telling =
            lines().find(|line| ["error", "warning"].iter().any(|word| line.contains(word)));
        let line = telling
            .or_else(|| lines().next_back())
            .unwrap_or("(it said nothing)");
        self.redacted(line)
    }

    fn redacted(&self, text: &str) -> String {
        let text = redact(text, &self.session.study.root());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = without_chance(&text);
        match text.char_indices().nth(ROOM) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    fn sightings(&self, how: &Sanitizer, expected: &str, runs: u32) -> Result<Vec<Sighting>> {
        let mut all: Vec<Sighting> = Vec::new();
        for _ in 0..runs {
            let seen = self.once(how, expected)?;
            match all.iter_mut().find(|sighting| sighting.seen == seen) {
                Some(sighting) => sighting.times += 1,
                None => all.push(Sighting { seen, times: 1 }),
            }
        }
        Ok(all)
    }

    /// Does what a user would do to run into it.
    fn once(&self, how: &Sanitizer, expected: &str) -> Result<Seen> {
        let mut command = bare(&self.session.python);
        command
            .arg(self.folder().join("trigger.py"))
            .env("PYTHONPATH", self.out())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(&how.env);
        if !how.preload.is_empty() {
            command.env("LD_PRELOAD", how.preload.join(":"));
        }
        let patience = Duration::from_secs_f64(self.plan.seconds);
        let (status, said, complained) = self.limited(&mut command, patience)?;
        let Some(status) = status else {
            return Ok(Seen::Hang);
        };
        Ok(match judge(status, &said, &complained, expected) {
            Seen::Exception(text) => Seen::Exception(self.redacted(&text)),
            Seen::WrongAnswer(text) => Seen::WrongAnswer(self.redacted(&text)),
            seen => seen,
        })
    }

    /// Runs a command; gives how it ended, unless it took too long, and what it said on its two
    /// streams.
    fn limited(
        &self,
        command: &mut Command,
        patience: Duration,
    ) -> Result<(Option<ExitStatus>, String, String)> {
        let (said, complained) = (self.place.join("said"), self.place.join("complained"));
        command
            .stdin(Stdio::null())
            .stdout(fs::File::create(&said)?)
            .stderr(fs::File::create(&complained)?);
        process::confine(command, None);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let status = process::wait(&mut child, patience)?;
        let text = |file: &Path| -> Result<String> {
            Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())
        };
        Ok((status, text(&said)?, text(&complained)?))
    }
}

/// What was seen, from how a run ended and what it said.
fn judge(status: ExitStatus, said: &str, complained: &str, expected: &str) -> Seen {
    let marker = "ERROR: AddressSanitizer: ";
    if let Some(report) = complained
        .lines()
        .find_map(|line| line.split(marker).nth(1))
    {
        let name = report.split([' ', ':']).next().unwrap_or(report);
        return Seen::Report(name.to_owned());
    }
    if let Some(signal) = status.signal() {
        let name = signal_name(signal).map(str::to_owned);
        return Seen::Crash(name.unwrap_or_else(|| format!("signal {signal}")));
    }
    let last = |text: &str| {
        text.lines()
            .rfind(|l| !l.trim().is_empty())
            .unwrap_or("")
            .to_owned()
    };
    if !status.success() {
        return if complained.contains("Traceback (most recent call last)") {
            Seen::Exception(last(complained))
        } else {
            Seen::Crash(status.to_string())
        };
    }
    let answer = last(said);
    if answer.trim() == expected {
        Seen::Unnoticed
    } else {
        Seen::WrongAnswer(answer)
    }
}

/// A text without what differs from run to run: addresses, and the numbers of threads.
fn without_chance(text: &str) -> String {
    let address = Regex::new("0x[0-9a-f]+").expect("it is a regular expression");
    let thread = Regex::new(r"thread '<unnamed>' \([0-9]+\)").expect("it is one, too");
    let text = address.replace_all(text, "0x…");
    thread.replace_all(&text, "a thread").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_left_out() {
        assert_eq!(
            without_chance("thread '<unnamed>' (4711) panicked at 0x7ffe12ab"),
            "a thread panicked at 0x…"
        );
    }

    #[test]
    fn what_was_seen_follows_from_how_it_ended_and_what_it_said() {
        let exit = |code: i32| ExitStatus::from_raw(code << 8);
        let killed = ExitStatus::from_raw(libc::SIGSEGV);
        let trace = "Traceback (most recent call last):\n  File\nIndexError: 9\n";
        let report = "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n";
        for (status, said, complained, seen) in [
            (exit(0), "noise\n42\n", "", Seen::Unnoticed),
            (exit(0), "41\n", "", Seen::WrongAnswer("41".to_owned())),
            (exit(0), "", "", Seen::WrongAnswer(String::new())),
            (
                exit(1),
                "",
                trace,
                Seen::Exception("IndexError: 9".to_owned()),
            ),
            (
                exit(3),
                "",
                "what?",
                Seen::Crash("exit status: 3".to_owned()),
            ),
            (killed, "42\n", "", Seen::Crash("SIGSEGV".to_owned())),
            (
                exit(1),
                "",
                report,
                Seen::Report("heap-use-after-free".to_owned()),
            ),
        ] {
            assert_eq!(judge(status, said, complained, "42"), seen);
        }
    }
}
