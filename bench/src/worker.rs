//! Starts the Python worker for one request and hears what it says.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// The worker, compiled in, so that the binary is enough to run a study.
const SOURCE: &str = include_str!("../worker/worker.py");

/// Environment variables that a worker inherits; the rest stays out, so that runs are alike.
const INHERITED: [&str; 5] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
];

/// Lines of standard error that are kept to explain a death.
const LAST_LINES: usize = 8;

/// The interpreter whose worker is asked, and where the worker's source was put.
pub struct Interpreter {
    pub python: PathBuf,
    script: PathBuf,
}

/// A worker that did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{how}{}", at.as_ref().map_or(String::new(), |at| format!(" at {at}")))]
pub struct Died {
    /// Signal, exit code, time-out, or the exception.
    pub how: String,
    /// What it had announced last.
    pub at: Option<String>,
}

impl Interpreter {
    /// `scratch` is a folder that the worker's source is written to.
    pub fn new(python: &Path, scratch: &Path) -> Result<Self> {
        let folder = scratch.join("worker");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let script = folder.join("worker.py");
        std::fs::write(&script, SOURCE)
            .with_context(|| format!("cannot write {}", script.display()))?;
        Ok(Self {
            python: python.to_owned(),
            script,
        })
    }

    /// Sends a request and hands every message but the last to `hear`. A worker that is silent
    /// for longer than `patience` is killed. The outer error is the harness's own trouble (no
    /// such interpreter, a message that makes no sense), the inner one the worker's.
    pub fn ask(
        &self,
        request: &Value,
        patience: Duration,
        mut hear: impl FnMut(&Value) -> Result<()>,
    ) -> Result<Result<(), Died>> {
        let mut child = self.spawn(request)?;
        let lines = read_lines(child.stdout.take().context("worker has no output")?);
        let complaints = read_lines(child.stderr.take().context("worker has no errors")?);
        let mut at = None;
        let died = loop {
            let line = match lines.recv_timeout(patience) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = child.kill();
                    break Some(format!("no answer within {} s", patience.as_secs()));
                }
                Err(RecvTimeoutError::Disconnected) => break Some(String::new()),
            };
            let message: Value =
                serde_json::from_str(&line).with_context(|| format!("worker said {line:?}"))?;
            if let Some(place) = message["at"].as_str() {
                at = Some(place.to_owned());
            } else if let Some(reason) = message["fatal"].as_str() {
                break Some(reason.to_owned());
            } else if message["end"] == true {
                break None;
            } else if let Err(error) = hear(&message) {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        let status = child.wait().context("cannot wait for the worker")?;
        Ok(match died {
            None => Ok(()),
            Some(how) if how.is_empty() => Err(Died {
                how: format!("{}{}", end_of(status), last_lines(&complaints)),
                at,
            }),
            Some(how) => Err(Died { how, at }),
        })
    }

    /// Asks for a single message.
    pub fn ask_once(&self, request: &Value) -> Result<Value> {
        let mut answer = Value::Null;
        self.ask(request, Duration::from_secs(120), |message| {
            answer = message.clone();
            Ok(())
        })??;
        Ok(answer)
    }

    fn spawn(&self, request: &Value) -> Result<Child> {
        let mut command = Command::new(&self.python);
        command.env_clear();
        for name in INHERITED {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Blocks differ in their hash seed; the request carries it so that a block can be repeated.
        let hash_seed = request["hash_seed"].as_u64().unwrap_or(0).to_string();
        let mut child = command
            .arg(&self.script)
            .env("LANG", "C.UTF-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONNOUSERSITE", "1")
            .env("PYTHONHASHSEED", hash_seed)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.python.display()))?;
        let mut input = child.stdin.take().context("worker has no input")?;
        let text = serde_json::to_vec(request)?;
        // A worker that dies before it has read everything is reported by its exit.
        thread::spawn(move || input.write_all(&text));
        Ok(child)
    }
}

/// Lines of a pipe, read on a thread of their own, so that a wait for one can end.
fn read_lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                break;
            }
        }
    });
    receiver
}

fn last_lines(complaints: &Receiver<String>) -> String {
    let mut last = VecDeque::new();
    // The process has ended, so its pipe closes; a grandchild that holds it open is not waited for.
    while let Ok(line) = complaints.recv_timeout(Duration::from_millis(500)) {
        last.push_back(line);
        if last.len() > LAST_LINES {
            last.pop_front();
        }
    }
    if last.is_empty() {
        String::new()
    } else {
        format!("; it said last: {}", Vec::from(last).join(" | "))
    }
}

#[cfg(unix)]
fn end_of(status: std::process::ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("killed by signal {signal}{}", signal_name(signal)),
        (None, Some(code)) => format!("ended early with exit code {code}"),
        (None, None) => "ended early".to_owned(),
    }
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc::SIGSEGV => " (segmentation fault)",
        libc::SIGABRT => " (abort)",
        libc::SIGBUS => " (bus error)",
        libc::SIGILL => " (illegal instruction)",
        libc::SIGFPE => " (arithmetic error)",
        libc::SIGKILL => " (killed, perhaps for want of memory)",
        _ => "",
    }
}
