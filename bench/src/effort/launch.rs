//! `launch`: a small process between the harness and a build, to see what the build takes.
//!
//! Linux keeps a process's peak memory when it exchanges its program, so a child begins with the
//! peak of whoever started it. This process is small. It adopts and reaps everything that the
//! build starts, so that the system's accounts of its children are whole.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::SOME_FAILED;
use crate::cli::Launch;
use crate::effort::known::bare;
use crate::effort::values::Cost;
use crate::process;

/// Least time between two looks at the memory of all processes.
const PAUSE: Duration = Duration::from_millis(20);

/// Looking takes time of the processors that the build could use: at most one part in so many.
const SPARING: u32 = 25;

/// The verb: runs a command and writes down what it took.
pub fn run(options: &Launch) -> Result<u8> {
    process::adopt_orphans();
    if let Some(cores) = options.cores {
        process::keep_to(cores)?;
    }
    let [program, arguments @ ..] = options.command.as_slice() else {
        anyhow::bail!("there is no command");
    };
    let written = process::written();
    let began = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let ended = AtomicBool::new(false);
    let (status, seconds, together) = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut most = None;
            while !ended.load(Ordering::Relaxed) {
                let began = Instant::now();
                most = most.max(process::family_memory());
                std::thread::sleep(PAUSE.max(began.elapsed() * SPARING));
            }
            most
        });
        let status = child.wait();
        let seconds = began.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (status, seconds, looking.join().unwrap_or_default())
    });
    let status = status?;
    process::kill_orphans();
    let (cpu_seconds, largest_bytes) = process::usage_of_children();
    let cost = Cost {
        seconds,
        cpu_seconds,
        largest_bytes,
        together_bytes: together,
        written_bytes: written
            .zip(process::written())
            .map(|(before, after)| after.saturating_sub(before)),
    };
    fs::write(&options.report, serde_json::to_vec(&cost)?)
        .with_context(|| format!("cannot write {}", options.report.display()))?;
    Ok(match status.code() {
        Some(code) => u8::try_from(code).unwrap_or(SOME_FAILED),
        None => SOME_FAILED,
    })
}

/// Runs a command through this program's verb `launch`, with its output in a log, on some cores
/// or on all; gives what it took and how it ended.
pub fn launched(
    command: &Command,
    cores: Option<u32>,
    log: &Path,
    patience: Duration,
) -> Result<(Option<Cost>, ExitStatus)> {
    let report = log.with_extension("cost");
    let _ = fs::remove_file(&report);
    let output =
        fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    // What the command was not given it does not get from whoever called the harness.
    let mut launcher = bare(std::env::current_exe()?);
    launcher.arg("launch").arg("--report").arg(&report);
    if let Some(cores) = cores {
        launcher.arg("--cores").arg(cores.to_string());
    }
    launcher
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    if let Some(folder) = command.get_current_dir() {
        launcher.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => launcher.env(name, value),
            None => launcher.env_remove(name),
        };
    }
    process::confine(&mut launcher, None);
    let mut child = launcher.spawn().context("cannot start the launcher")?;
    let status = process::wait(&mut child, patience)?
        .with_context(|| format!("it took more than {} s", patience.as_secs()))?;
    let cost = fs::read(&report)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok((cost, status))
}

/// A program that `PATH` leads to.
pub fn is_there(program: &OsStr) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Path::new(program).is_file()
        || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
