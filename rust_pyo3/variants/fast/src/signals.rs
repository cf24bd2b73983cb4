//! Ctrl-C and its like, while a kernel runs.

use crate::text::memory_error;
use levenshtein::OutOfMemory;
use levenshtein::fast::Stop;
use pyo3::prelude::*;

/// What a signal handler has raised.
#[derive(Default)]
pub struct Signals(Option<PyErr>);

impl Signals {
    /// Looks for signals; whether to go on.
    pub fn look(&mut self, py: Python<'_>) -> bool {
        self.0 = py.check_signals().err();
        self.0.is_none()
    }

    /// The same where the GIL was released.
    pub fn look_attached(&mut self) -> bool {
        Python::attach(|py| self.look(py))
    }
}

/// The exception for a kernel that was stopped.
pub fn stopped(stop: Stop, signals: Signals) -> PyErr {
    match (stop, signals.0) {
        (Stop::Interrupted, Some(raised)) => raised,
        _ => memory_error(OutOfMemory),
    }
}
