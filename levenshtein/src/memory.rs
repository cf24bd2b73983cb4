//! Allocations that report failure instead of ending the process.

use std::collections::TryReserveError;
use std::fmt;

/// An allocation failed, or there are more than [`MAX_LENGTH`] code points or words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory, or an input longer than 2^32 - 2")
    }
}

impl std::error::Error for OutOfMemory {}

impl From<TryReserveError> for OutOfMemory {
    fn from(_: TryReserveError) -> Self {
        OutOfMemory
    }
}

/// An empty vector with room for exactly `capacity` items.
pub(crate) fn with_capacity<T>(capacity: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut vec = Vec::new();
    vec.try_reserve_exact(capacity)?;
    Ok(vec)
}

/// The most code points in a text, and the most words: distances and indices are
/// kept in 32 bits, and a row of the table has one cell more than the text.
pub const MAX_LENGTH: usize = (u32::MAX - 1) as usize;

/// `length`, if it is not beyond [`MAX_LENGTH`].
pub(crate) fn length_u32(length: usize) -> Result<u32, OutOfMemory> {
    match u32::try_from(length) {
        Ok(narrow) if length <= MAX_LENGTH => Ok(narrow),
        _ => Err(OutOfMemory),
    }
}

#[cfg(test)]
mod tests;
