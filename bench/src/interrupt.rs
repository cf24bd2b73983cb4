//! Ctrl-C and its like: what was finished is kept, and the user is told how to go on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static CAUGHT: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// The user or the system asked the harness to stop.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("interrupted by signal {0}")]
pub struct Interrupted(pub u8);

/// From now on these signals end no process by themselves: [`check`] reports them. One that is
/// ignored stays so: whoever started this with `nohup` wants it to go on.
pub fn watch() -> Result<()> {
    let caught = CAUGHT.get_or_init(Arc::default);
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter();
    for signal in wanted.filter(|signal| !is_ignored(*signal)) {
        let number = usize::try_from(signal)?;
        signal_hook::flag::register_usize(signal, Arc::clone(caught), number)?;
    }
    Ok(())
}

/// Whether a signal is ignored, as a process that was started with `nohup` inherits it.
#[allow(unsafe_code)]
fn is_ignored(signal: libc::c_int) -> bool {
    // SAFETY: an all-zero `sigaction` is a valid one.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: asks only; the pointer is to a whole `sigaction` that lives across the call.
    let code = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) };
    code == 0 && action.sa_sigaction == libc::SIG_IGN
}

/// An error when one of the signals has come.
pub fn check() -> Result<(), Interrupted> {
    let signal = CAUGHT
        .get()
        .map_or(0, |caught| caught.load(Ordering::Relaxed));
    match u8::try_from(signal) {
        Ok(0) | Err(_) => Ok(()),
        Ok(signal) => Err(Interrupted(signal)),
    }
}
