//! Stopping work that takes long.

use crate::OutOfMemory;
use std::fmt;

/// Why a search came to no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// There was no memory for what it keeps, or an input is too long.
    OutOfMemory,
    /// The caller wanted it to stop.
    Interrupted,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::OutOfMemory => OutOfMemory.fmt(f),
            Stop::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Stop {}

impl From<OutOfMemory> for Stop {
    fn from(_: OutOfMemory) -> Self {
        Stop::OutOfMemory
    }
}

/// Steps between two looks at whether to go on, each one vector of 512 cells: some
/// milliseconds.
pub(crate) const STEPS: usize = 1 << 19;

/// Asks from time to time whether to go on.
pub(crate) struct Watch<'a> {
    left: usize,
    go_on: &'a mut dyn FnMut() -> bool,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(go_on: &'a mut dyn FnMut() -> bool) -> Self {
        Self { left: STEPS, go_on }
    }

    /// To be told before so many steps are done.
    #[inline]
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => self.ask(),
        }
    }

    #[cold]
    fn ask(&mut self) -> Result<(), Stop> {
        self.left = STEPS;
        if (self.go_on)() {
            Ok(())
        } else {
            Err(Stop::Interrupted)
        }
    }
}
