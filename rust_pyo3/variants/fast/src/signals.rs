//! Ctrl-C and its like, while a kernel runs.

use crate::ending;
use crate::text::memory_error;
use levenshtein::OutOfMemory;
use levenshtein::fast::Stop;
use pyo3::prelude::*;

/// The first exception that a signal handler has raised.
#[derive(Default)]
pub struct Signals(Option<PyErr>);

impl Signals {
    /// Looks for signals, until one has raised something; whether to go on.
    ///
    /// A kernel that was told to stop may ask again before it does, and may then have done all
    /// its work: what was raised is kept for [`Signals::result`].
    pub fn look(&mut self, py: Python<'_>) -> bool {
        self.keep(|| py.check_signals())
    }

    /// The same where the GIL was released.
    pub fn look_attached(&mut self) -> bool {
        self.keep(ending::check_signals)
    }

    fn keep(&mut self, look: impl FnOnce() -> PyResult<()>) -> bool {
        if self.0.is_none() {
            self.0 = look().err();
        }
        self.0.is_none()
    }

    /// What a kernel has found. What a handler raised goes before it, and before why it
    /// stopped.
    pub fn result<T>(self, found: Result<T, Stop>) -> PyResult<T> {
        match self.0 {
            Some(raised) => Err(raised),
            None => found.map_err(|_| memory_error(OutOfMemory)),
        }
    }
}
