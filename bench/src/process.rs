//! What a worker may take, and that nothing of it is left behind: limits, groups, orphans.
//!
//! The only module with `unsafe` code: it asks the kernel for what the standard library does not.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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
        limit(i64::from(libc::RLIMIT_CORE), 0)?;
        // Elsewhere the address space that is reserved says little of the memory that is used.
        #[cfg(target_os = "linux")]
        if let Some(bytes) = memory {
            limit(i64::from(libc::RLIMIT_AS), bytes)?;
        }
        #[cfg(target_os = "linux")]
        // SAFETY: takes two integers.
        if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    };
    // SAFETY: between fork and exec only system calls are made, and nothing is allocated.
    unsafe {
        command.pre_exec(limits);
    }
}

/// Lowers a limit; one that is lower already stays.
#[allow(unsafe_code, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Small constants.
fn limit(resource: i64, value: u64) -> io::Result<()> {
    let mut both = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // The type of the first argument depends on the C library.
    // SAFETY: the pointer is to a whole `rlimit` that lives across the call.
    if unsafe { libc::getrlimit(resource as _, &raw mut both) } != 0 {
        return Err(io::Error::last_os_error());
    }
    both.rlim_max = both.rlim_max.min(value);
    both.rlim_cur = both.rlim_max;
    // SAFETY: as above.
    if unsafe { libc::setrlimit(resource as _, &raw const both) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Whether a signal is ignored, as a process that was started with `nohup` inherits it.
#[allow(unsafe_code)]
pub fn is_ignored(signal: libc::c_int) -> bool {
    // SAFETY: an all-zero `sigaction` is a valid one.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: asks only; the pointer is to a whole `sigaction` that lives across the call.
    let code = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) };
    code == 0 && action.sa_sigaction == libc::SIG_IGN
}

/// Whether this process was started without a standard output, as by `>&-` of a shell. Before `main`
/// the standard library opens `/dev/null` in its place, where everything would seem to be written.
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
#[allow(unsafe_code)]
pub fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // SAFETY: takes integers; where the kernel refuses, orphans are not found and all else works.
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
    }
}

/// Kills whatever descends from workers that have ended, and says how many there were.
///
/// Must be called when this process has no child that it still needs.
#[allow(unsafe_code)]
pub fn kill_orphans() -> usize {
    let mut killed = 0;
    loop {
        let orphans = children();
        if orphans.is_empty() {
            return killed;
        }
        for (child, alive) in orphans {
            killed += usize::from(alive);
            // SAFETY: takes integers, and a pointer that may be null. A child of this process
            // keeps its number until it has been waited for.
            unsafe {
                libc::kill(child, libc::SIGKILL);
                libc::waitpid(child, std::ptr::null_mut(), 0);
            }
        }
    }
}

/// The children of this process, and whether each still runs.
fn children() -> Vec<(i32, bool)> {
    let this = std::process::id().to_string();
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name stands in parentheses and may hold any character, these included.
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            let state = fields.next()?;
            (fields.next()? == this).then_some((number, state != "Z"))
        })
        .collect()
}

/// Lets this process, and all that it starts, run on the first few of its processors only.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub fn keep_to(cores: u32) -> io::Result<()> {
    let size = size_of::<libc::cpu_set_t>();
    // SAFETY: an all-zero `cpu_set_t` is an empty set.
    let mut all: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a whole `cpu_set_t` of that size.
    if unsafe { libc::sched_getaffinity(0, size, &raw mut all) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    let mut kept: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    let numbers = 0..usize::try_from(libc::CPU_SETSIZE).unwrap_or(0);
    // SAFETY: the numbers are below the set's size.
    let allowed = numbers.filter(|&number| unsafe { libc::CPU_ISSET(number, &all) });
    for number in allowed.take(cores as usize) {
        // SAFETY: as above.
        unsafe { libc::CPU_SET(number, &mut kept) };
    }
    // SAFETY: as above; the call only reads the set.
    if unsafe { libc::sched_setaffinity(0, size, &raw const kept) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
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
    let mut parents = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        if let Some((number, parent)) = parent_of(&entry) {
            parents.insert(number, parent);
        }
    }
    let this = i32::try_from(std::process::id()).ok()?;
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
    Some(family.filter_map(kilobytes).sum::<u64>() * 1024)
}

fn parent_of(entry: &std::fs::DirEntry) -> Option<(i32, i32)> {
    let number = entry.file_name().to_str()?.parse().ok()?;
    let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((number, fields.nth(1)?.parse().ok()?))
}

/// Whether a child has ended, without forgetting it: its group keeps its number.
#[allow(unsafe_code)]
pub fn has_ended(child: &Child) -> bool {
    // SAFETY: an all-zero `siginfo_t` is a valid one.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: the pointer is to a whole `siginfo_t` that lives across the call.
    let code = unsafe { libc::waitid(libc::P_PID, child.id(), &raw mut info, options) };
    // SAFETY: `waitid` has filled the field in, or it is still zero.
    code != 0 || unsafe { info.si_pid() } != 0
}

/// Waits a little for a child to end by itself, then kills it and its group.
#[allow(unsafe_code)]
pub fn end(child: &mut Child, kill_now: bool) -> io::Result<ExitStatus> {
    let deadline = Instant::now() + FAREWELL;
    while !kill_now && !has_ended(child) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
    let group = i32::try_from(child.id()).unwrap_or(i32::MAX);
    // SAFETY: takes integers. The leader has not been waited for, so the number is still its own.
    unsafe {
        libc::killpg(group, libc::SIGKILL);
    }
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
