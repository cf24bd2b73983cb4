//! Starts the Python worker for one request, hears what it says, and survives what it does.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::environment::Python;
use crate::files::hash;
use crate::protocol::{Announcement, ModuleFiles, Reply, Request, WorkerContender};
use crate::{interrupt, process};

/// A file of the worker, by its name.
macro_rules! source {
    ($name:literal) => {
        ($name, include_str!(concat!("../worker/", $name)))
    };
}

/// The worker, compiled in, so that the binary is enough to run a study.
const SOURCES: [(&str, &str); 10] = [
    source!("main.py"),
    source!("with_pyperf.py"),
    source!("import_probe.py"),
    source!("evict.py"),
    source!("ffi_bench_worker/__init__.py"),
    source!("ffi_bench_worker/allocations.py"),
    source!("ffi_bench_worker/entries.py"),
    source!("ffi_bench_worker/modes.py"),
    source!("ffi_bench_worker/protocol.py"),
    source!("ffi_bench_worker/shared_state.py"),
];

/// Hash of the worker: its own instructions are among those that are counted.
pub fn sources() -> String {
    hash(SOURCES.map(|(_, text)| text).concat().as_bytes())
}

/// Environment variables that a worker inherits; the rest stays out, so that runs are alike.
const INHERITED: [&str; 5] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
];

/// Gives a command the environment that all workers have in common.
pub fn bare(command: &mut Command) {
    command.env_clear();
    for name in INHERITED {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("LANG", "C.UTF-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONNOUSERSITE", "1");
}

/// Bytes that a worker may print in all.
const OUTPUT_LIMIT: usize = 1_000_000;

/// Bytes and lines of what it printed that are kept to explain a death.
const LAST_BYTES: usize = 4_000;
const LAST_LINES: usize = 8;

/// How often the harness looks whether a silent worker still lives, and whether to go on.
const LOOK: Duration = Duration::from_millis(100);

/// How often it looks for what a worker has said before it ended.
const LOOKS_FOR_THE_REST: u32 = 20;

/// Bytes of the file that announcements are written to; see `protocol.py`.
const BOX: usize = 512;
const COUNTER: usize = 8;

/// The interpreter whose worker is asked, and where the worker's source was put.
pub struct Worker {
    pub python: PathBuf,
    folder: PathBuf,
    /// This harness's own file for what its workers announce.
    announcements: PathBuf,
    /// Bytes of address space that a worker may take.
    memory: u64,
}

/// A request as it is sent.
#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(flatten)]
    request: &'a Request<'a>,
    /// The file that announcements go to.
    #[serde(rename = "box")]
    announcements: &'a Path,
}

/// A worker that did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{how}{}", at(during))]
pub struct Died {
    /// Signal, exit code, time-out, or the exception.
    pub how: String,
    pub during: Announcement,
    /// Whether somebody outside may have done it: the system for want of memory, or a person.
    pub from_outside: bool,
}

fn at(during: &Announcement) -> String {
    match (during.case.as_str(), during.contender.as_str()) {
        ("", "") => String::new(),
        ("", contender) => format!(" while {contender} was imported"),
        (case, "") => format!(" at {case}"),
        (case, contender) => format!(" at {case}, while {contender} was running"),
    }
}

/// What the threads that read the worker's pipes report.
enum Event {
    Line(String),
    End,
    Flood,
}

impl Worker {
    /// `scratch` is a folder that the worker's source is written to.
    pub fn new(python: &Path, scratch: &Path, memory: u64) -> Result<Self> {
        let folder = scratch.join("worker");
        std::fs::create_dir_all(folder.join("ffi_bench_worker"))
            .with_context(|| format!("cannot create {}", folder.display()))?;
        for (name, text) in SOURCES {
            let path = folder.join(name);
            // Another harness may be starting a worker from these files.
            if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
                continue;
            }
            std::fs::write(&path, text)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        process::adopt_orphans();
        // Of one length, whatever the number: the worker's memory is laid out alike.
        let announcements = folder.join(format!("announcements-{:010}", std::process::id()));
        Ok(Self {
            python: python.to_owned(),
            folder,
            announcements,
            memory,
        })
    }

    /// One of the worker's files that can be run.
    pub fn script(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Sends a request and hands every message but the last to `receive`. A worker that neither says
    /// nor announces anything for longer than `patience` has for the case it is in is killed.
    ///
    /// The outer error is the harness's own trouble (no such interpreter, an interruption), the
    /// inner one the worker's. What is inside is the number of processes it left behind.
    pub fn ask(
        &self,
        request: &Request,
        patience: &dyn Fn(&str) -> Duration,
        receive: impl FnMut(Reply) -> Result<()>,
    ) -> Result<Result<usize, Died>> {
        let mut command = Command::new(&self.python);
        process::confine(&mut command, Some(self.memory));
        self.converse(command, request, patience, receive)
    }

    /// The same with the worker under a tool such as valgrind, whose command line comes first. Of
    /// such a tool's memory there is no telling, so it has no limit.
    pub fn ask_under(
        &self,
        tool: &[String],
        request: &Request,
        patience: &dyn Fn(&str) -> Duration,
        receive: impl FnMut(Reply) -> Result<()>,
    ) -> Result<Result<usize, Died>> {
        let (program, arguments) = tool.split_first().context("no tool")?;
        let mut command = Command::new(program);
        command.args(arguments).arg(&self.python);
        process::confine(&mut command, None);
        self.converse(command, request, patience, receive)
    }

    /// What the interpreter says of itself.
    pub fn facts(&self) -> Result<Python> {
        match self.ask_once(&Request::Facts)? {
            Reply::Facts(facts) => Ok(*facts),
            other => Err(other.unexpected()),
        }
    }

    /// Which of these modules it can find, and which of these distributions are installed.
    pub fn present(&self, modules: &[&str], distributions: &[&str]) -> Result<Vec<String>> {
        let request = Request::Present {
            modules,
            distributions,
        };
        match self.ask_once(&request)? {
            Reply::Present(names) => Ok(names),
            other => Err(other.unexpected()),
        }
    }

    /// Hash of what is installed as each contender.
    pub fn artefacts(&self, contenders: Vec<WorkerContender>) -> Result<BTreeMap<String, String>> {
        match self.ask_once(&Request::Artefacts { contenders })? {
            Reply::Artefacts(hashes) => Ok(hashes),
            other => Err(other.unexpected()),
        }
    }

    /// What is imported as a module.
    pub fn files(&self, module: &str, site: Option<&Path>) -> Result<ModuleFiles> {
        match self.ask_once(&Request::Files { module, site })? {
            Reply::Files(files) => Ok(files),
            other => Err(other.unexpected()),
        }
    }

    /// Asks for a single message.
    fn ask_once(&self, request: &Request) -> Result<Reply> {
        let mut answer = None;
        let patience = |_: &str| Duration::from_secs(120);
        self.ask(request, &patience, |reply| {
            answer = Some(reply);
            Ok(())
        })??;
        answer.context("the worker said nothing")
    }

    fn converse(
        &self,
        command: Command,
        request: &Request,
        patience: &dyn Fn(&str) -> Duration,
        mut receive: impl FnMut(Reply) -> Result<()>,
    ) -> Result<Result<usize, Died>> {
        std::fs::write(&self.announcements, [0; BOX])
            .with_context(|| format!("cannot write {}", self.announcements.display()))?;
        let announcements = Announcements(File::open(&self.announcements)?);
        let mut child = self.spawn(command, request)?;
        let (sender, events) = channel();
        let tail = Arc::new(Mutex::new(Tail::default()));
        read_lines(child.stdout.take().context("no output")?, sender.clone());
        let complaints = child.stderr.take().context("no errors")?;
        let complaints = read_tail(complaints, Arc::clone(&tail), sender);

        let received = listen(&mut child, &events, &announcements, patience, &mut receive);
        let kill_now = !matches!(
            received,
            Ok(Received::All | Received::Fatal { .. } | Received::End)
        );
        let status = process::end(&mut child, kill_now).context("cannot wait for the worker")?;
        let left_behind = process::kill_orphans();
        // All that held the pipe open is dead, so the last lines are there at once; where the
        // system does not tell of orphans, one of them may be alive.
        for _ in 0..100 {
            if complaints.is_finished() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        // What was printed is somebody's as soon as it is received, and somebody else's soon after.
        let during = match &received {
            Ok(Received::Flood(last) | Received::Nonsense(_, _, last)) => last.clone(),
            _ => announcements.last().1,
        };
        let last_lines = || tail.lock().unwrap_or_else(PoisonError::into_inner).lines();
        let from_outside = matches!(received, Ok(Received::End)) && process::from_outside(status);
        let how = match received? {
            Received::All => return Ok(Ok(left_behind)),
            Received::Fatal {
                reason,
                proof: true,
            } => reason,
            Received::Fatal { reason, .. } => reason + &last_lines(),
            Received::End => end_of(status) + &last_lines(),
            Received::Flood(_) => {
                format!(
                    "printed more than {} kB{}",
                    OUTPUT_LIMIT / 1000,
                    last_lines()
                )
            }
            Received::Nothing(patience) => {
                format!("no answer within {} s{}", patience.as_secs(), last_lines())
            }
            Received::Nonsense(line, problem, _) => {
                format!("wrote {line:?} where the worker reports: {problem}")
            }
        };
        Ok(Err(Died {
            how,
            during,
            from_outside,
        }))
    }

    fn spawn(&self, mut command: Command, request: &Request) -> Result<Child> {
        bare(&mut command);
        let mut child = command
            .arg(self.script("main.py"))
            .envs(request.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut input = child.stdin.take().context("worker has no input")?;
        let text = serde_json::to_vec(&Envelope {
            request,
            announcements: &self.announcements,
        })?;
        // A worker that dies before it has read everything is reported by its exit.
        thread::spawn(move || input.write_all(&text));
        Ok(child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.announcements);
    }
}

/// How a conversation ended.
enum Received {
    /// The worker did all that was asked.
    All,
    /// It said why it cannot go on; `proof` when the reason is what the contender did.
    Fatal {
        reason: String,
        proof: bool,
    },
    /// It ended without a word.
    End,
    Flood(Announcement),
    /// It was silent for too long.
    Nothing(Duration),
    /// A line that is no reply, and why.
    Nonsense(String, serde_json::Error, Announcement),
}

fn listen(
    child: &mut Child,
    events: &Receiver<Event>,
    announcements: &Announcements,
    patience: &dyn Fn(&str) -> Duration,
    receive: &mut impl FnMut(Reply) -> Result<()>,
) -> Result<Received> {
    let mut counter = 0;
    let mut alive = Instant::now();
    let mut looks_since_end = 0;
    loop {
        interrupt::check()?;
        let line = match events.recv_timeout(LOOK) {
            Ok(Event::Line(line)) => line,
            Ok(Event::Flood) => return Ok(Received::Flood(announcements.last().1)),
            Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => return Ok(Received::End),
            Err(RecvTimeoutError::Timeout) => {
                let (now, announcement) = announcements.last();
                if now != counter {
                    (counter, alive) = (now, Instant::now());
                }
                // A process that it left behind may hold the pipe open. What it said before it
                // ended is received first, and on a busy machine that may take its time.
                if looks_since_end == LOOKS_FOR_THE_REST {
                    return Ok(Received::End);
                }
                looks_since_end += u32::from(process::has_ended(child));
                let patience = patience(&announcement.case);
                if alive.elapsed() > patience {
                    return Ok(Received::Nothing(patience));
                }
                continue;
            }
        };
        alive = Instant::now();
        match serde_json::from_str(&line) {
            Ok(Reply::Fatal { reason, proof }) => return Ok(Received::Fatal { reason, proof }),
            Ok(Reply::End) => return Ok(Received::All),
            Ok(reply) => receive(reply)?,
            Err(problem) => {
                let line = line.chars().take(200).collect();
                return Ok(Received::Nonsense(line, problem, announcements.last().1));
            }
        }
    }
}

/// The file that the worker writes its announcements to, without a system call and without a
/// message: it survives the worker.
struct Announcements(File);

impl Announcements {
    /// How many there have been, and the last one.
    fn last(&self) -> (u64, Announcement) {
        let mut bytes = [0; BOX];
        if self.0.read_exact_at(&mut bytes, 0).is_err() {
            return (0, Announcement::default());
        }
        let (counter, text) = bytes.split_at(COUNTER);
        let counter = counter
            .iter()
            .rev()
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        let end = text
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(text.len());
        (
            counter,
            serde_json::from_slice(&text[..end]).unwrap_or_default(),
        )
    }
}

/// Reads lines of a pipe on a thread of its own, so that a wait for one can end.
fn read_lines(pipe: impl Read + Send + 'static, to: Sender<Event>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if to.send(Event::Line(text)).is_err() {
                return;
            }
        }
        let _ = to.send(Event::End);
    });
}

/// The last of what was printed, and how much there was.
#[derive(Default)]
struct Tail {
    bytes: VecDeque<u8>,
    total: usize,
}

impl Tail {
    fn lines(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        if last.is_empty() {
            String::new()
        } else {
            format!("; its last output: {}", last.join(" | "))
        }
    }
}

/// Keeps the last bytes of a pipe, and reports once when there are too many in all.
fn read_tail(
    mut pipe: impl Read + Send + 'static,
    tail: Arc<Mutex<Tail>>,
    to: Sender<Event>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(n) = pipe.read(&mut buffer) {
            if n == 0 {
                break;
            }
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            if tail.total <= OUTPUT_LIMIT && tail.total + n > OUTPUT_LIMIT {
                let _ = to.send(Event::Flood);
            }
            tail.total += n;
            tail.bytes.extend(&buffer[..n]);
            let excess = tail.bytes.len().saturating_sub(LAST_BYTES);
            tail.bytes.drain(..excess);
        }
    })
}

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
        libc::SIGKILL => " (killed, perhaps out of memory)",
        libc::SIGTERM => " (asked to stop)",
        _ => "",
    }
}
