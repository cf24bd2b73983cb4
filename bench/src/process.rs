//! What a worker may take, and that nothing of it is left behind: limits, groups, orphans.
//!
//! The only module with `unsafe` code: it asks the kernel for what the standard library does not.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, WaitOptions, getrlimit, kill_process,
    kill_process_group, setrlimit, waitid, waitpid,
};

/// How long a process may take to end after it has said that it has ended.
const FAREWELL: Duration = Duration::from_secs(5);

/// Time between two looks whether a child has ended.
const GLANCE: Duration = Duration::from_millis(5);

/// Prepares a command to run in a process group of its own, with its memory limited, and to be
/// killed by the kernel should this process be killed.
#[cfg(unix)]
#[allow(unsafe_code)]
pub fn confine(command: &mut Command, memory: Option<u64>) {
    use std::os::unix::process::CommandExt;

    command.process_group(0);
    let limits = move || {
        // A crash is a row of a table; nobody looks at its core file.
        limit(Resource::Core, 0)?;
        // Elsewhere the address space that is reserved says little of the memory that is used.
        #[cfg(target_os = "linux")]
        if let Some(bytes) = memory {
            limit(Resource::As, bytes)?;
        }
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        Ok(())
    };
    // SAFETY: between fork and exec only system calls are made, and nothing is allocated.
    unsafe {
        command.pre_exec(limits);
    }
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let before = getrlimit(resource).maximum;
    let lower = Some(before.map_or(value, |before| before.min(value)));
    let both = Rlimit {
        current: lower,
        maximum: lower,
    };
    Ok(setrlimit(resource, both)?)
}

/// Whether this process was started without a standard output, as by `>&-` of a shell. Before `main`
/// the standard library opens `/dev/null` instead, where everything would seem to be written.
pub fn began_without_output() -> bool {
    WITHOUT_OUTPUT.load(Ordering::Relaxed)
}

static WITHOUT_OUTPUT: AtomicBool = AtomicBool::new(false);

#[allow(unsafe_code)]
extern "C" fn look_at_output() {
    // SAFETY: takes two integers.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    WITHOUT_OUTPUT.store(flags == -1, Ordering::Relaxed);
}

// SAFETY: what stands in this section is called once, before `main` and before there is a second
// thread. The function makes one system call and needs nothing that is set up later.
#[allow(unsafe_code)]
#[used]
#[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(not(target_os = "macos"), unsafe(link_section = ".init_array"))]
static LOOK_AT_OUTPUT: extern "C" fn() = look_at_output;

/// From now on a file that would become larger than its limit is an error and not the end.
#[allow(unsafe_code)]
pub fn outlive_file_size_limits() {
    // SAFETY: takes two numbers; ignoring a signal runs nothing.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// From now on orphans of processes that this one starts become its own children, so that
/// [`kill_orphans`] finds them. Elsewhere than on Linux they belong to the system.
pub fn adopt_orphans() {
    // Where the kernel refuses, orphans are not found and all else works.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Kills whatever descends from workers that have ended, and says how many there were.
///
/// Must be called when this process has no child that it still needs.
pub fn kill_orphans() -> usize {
    let this = rustix::process::getpid().as_raw_pid();
    let mut killed = 0;
    loop {
        let mut orphans = processes();
        orphans.retain(|process| process.parent == this);
        if orphans.is_empty() {
            return killed;
        }
        for orphan in orphans {
            killed += usize::from(orphan.is_alive);
            // A child of this process keeps its number until it has been waited for.
            let _ = kill_process(orphan.number, Signal::KILL);
            let _ = waitpid(Some(orphan.number), WaitOptions::empty());
        }
    }
}

/// A process as Linux shows it.
struct Process {
    number: Pid,
    parent: i32,
    is_alive: bool,
}

/// All processes of the machine; none where they cannot be listed.
fn processes() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let process = |entry: std::fs::DirEntry| {
        let number = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name stands in parentheses and may hold any character, these included.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let is_alive = fields.next()? != "Z";
        let parent = fields.next()?.parse().ok()?;
        Some(Process {
            number,
            parent,
            is_alive,
        })
    };
    entries.filter_map(process).collect()
}

/// Lets this process, and all that it starts, run on the first few of its processors only.
#[cfg(target_os = "linux")]
pub fn keep_to(cores: u32) -> io::Result<()> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let all = sched_getaffinity(None)?;
    let mut kept = CpuSet::new();
    let allowed = (0..CpuSet::MAX_CPU).filter(|&number| all.is_set(number));
    for number in allowed.take(cores as usize) {
        kept.set(number);
    }
    Ok(sched_setaffinity(None, &kept)?)
}

/// Elsewhere than on Linux a process cannot be kept to some processors.
#[cfg(not(target_os = "linux"))]
pub fn keep_to(_cores: u32) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Seconds on processors of all children that were waited for, with theirs, and the peak
/// resident bytes of the largest of them.
#[allow(unsafe_code, clippy::cast_precision_loss)] // Seconds and microseconds are far below 2^52.
pub fn usage_of_children() -> (f64, u64) {
    // SAFETY: an all-zero `rusage` is a valid one.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a whole `rusage` that lives across the call.
    unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let peak = u64::try_from(usage.ru_maxrss).unwrap_or(0);
    // Linux counts in kilobytes, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    (
        seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peak * unit,
    )
}

/// Bytes that this process, and its children that were waited for, have given to the system to
/// write to files.
pub fn written() -> Option<u64> {
    let accounts = std::fs::read_to_string("/proc/self/io").ok()?;
    let line = accounts
        .lines()
        .find_map(|l| l.strip_prefix("write_bytes: "))?;
    line.trim().parse().ok()
}

/// Memory that the descendants of this process hold; what they share is counted once.
pub fn family_memory() -> Option<u64> {
    let all = processes().into_iter();
    let parents: BTreeMap<i32, i32> = all.map(|p| (p.number.as_raw_pid(), p.parent)).collect();
    let this = rustix::process::getpid().as_raw_pid();
    let descends = |mut number: i32| {
        while let Some(&parent) = parents.get(&number) {
            if parent == this {
                return true;
            }
            number = parent;
        }
        false
    };
    let family = parents.keys().copied().filter(|&number| descends(number));
    let kilobytes = |number: i32| {
        let pages = std::fs::read_to_string(format!("/proc/{number}/smaps_rollup")).ok()?;
        let line = pages.lines().find_map(|l| l.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    (!parents.is_empty()).then(|| family.filter_map(kilobytes).sum::<u64>() * 1024)
}

/// Whether a child has ended, without forgetting it: its group keeps its number.
pub fn has_ended(child: &Child) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // An error means that it has been waited for.
    waitid(WaitId::Pid(Pid::from_child(child)), options).map_or(true, |status| status.is_some())
}

/// Waits a little for a child to end by itself, then kills it and its group.
pub fn end(child: &mut Child, kill_now: bool) -> io::Result<ExitStatus> {
    let deadline = Instant::now() + FAREWELL;
    while !kill_now && !has_ended(child) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
    // The leader has not been waited for, so the number is still its own.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    child.wait()
}

/// Waits for a confined child to end, and leaves nothing of it behind: gives nothing when it took
/// too long, and an error when the user interrupts.
pub fn wait(child: &mut Child, patience: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let began = Instant::now();
    let mut interrupted = Ok(());
    while !has_ended(child) && began.elapsed() < patience {
        interrupted = crate::interrupt::check();
        if interrupted.is_err() {
            break;
        }
        std::thread::sleep(GLANCE);
    }
    let in_time = has_ended(child);
    let status = end(child, true)?;
    kill_orphans();
    interrupted?;
    Ok(in_time.then_some(status))
}

/// Whether somebody outside may have killed a process: the system for want of memory, or a person.
pub fn from_outside(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    matches!(status.signal(), Some(libc::SIGKILL | libc::SIGTERM))
}

/// Why a command failed.
pub struct Failed {
    pub reason: String,
    pub from_outside: bool,
}

/// Runs a command in a group of its own to its end, or until it has taken too long or the user
/// interrupts; nothing of it is left behind.
pub fn run(command: &mut Command, patience: Duration) -> anyhow::Result<Option<Failed>> {
    confine(command, None);
    let program = command.get_program().display().to_string();
    let mut child = command
        .spawn()
        .map_err(|error| anyhow::anyhow!("cannot start {program}: {error}"))?;
    let mut pipe = child.stderr.take();
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(pipe) = pipe.as_mut() {
            let _ = io::Read::read_to_end(pipe, &mut text);
        }
        text
    });
    let Some(status) = wait(&mut child, patience)? else {
        return Ok(Some(Failed {
            reason: format!("{program} took more than {} s", patience.as_secs()),
            from_outside: false,
        }));
    };
    if status.success() {
        return Ok(None);
    }
    let text = errors.join().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let last = text.lines().last().unwrap_or_default();
    Ok(Some(Failed {
        reason: format!("{program} ended with {status}. {last}"),
        from_outside: from_outside(status),
    }))
}
