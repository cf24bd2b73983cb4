//! Crossings without a kernel: strings in, lists and bytes out, each as the type of Rust
//! that has a conversion.

use crate::crossings::range_end;
use crate::ending::{Int, iter, release};
use crate::memory_error;
use levenshtein::{MAX_LENGTH, OutOfMemory};
use pyo3::prelude::*;

/// How many words are handled between two looks for signals where each is little work.
const CHUNK_WORDS: usize = 1 << 20;

/// Return the sum of the lengths of the strings of any iterable, in code points.
///
/// What the iterator raises arrives unchanged. Raises ``UnicodeEncodeError`` for lone
/// surrogates.
#[pyfunction]
#[pyo3(signature = (words, /))]
pub fn total_length(words: &Bound<'_, PyAny>) -> PyResult<usize> {
    let mut total = 0;
    for (index, word) in iter(words)?.enumerate() {
        let word = word?;
        let length = word.extract::<&str>()?.chars().count();
        release(word);
        if length > MAX_LENGTH {
            return Err(memory_error(OutOfMemory));
        }
        total += length;
        if (index + 1).is_multiple_of(CHUNK_WORDS) {
            words.py().check_signals()?;
        }
    }
    Ok(total)
}

/// Return the numbers 0, 1, ..., n - 1 as a list.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_list(n: Int) -> PyResult<Vec<u32>> {
    let end = range_end(n.0)?;
    filled(end as usize, 0..end)
}

/// Return the numbers 0, 1, ..., n - 1 as native unsigned 32-bit integers.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_bytes(n: Int) -> PyResult<Vec<u8>> {
    let end = range_end(n.0)?;
    filled(4 * end as usize, (0..end).flat_map(u32::to_ne_bytes))
}

/// Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_pairs(n: Int) -> PyResult<Vec<(u32, u32)>> {
    let end = range_end(n.0)?;
    filled(end as usize, (0..end).map(|i| (i, i)))
}

/// `count` items in a vector. Where memory runs out, `collect` would end the process.
fn filled<T>(count: usize, items: impl Iterator<Item = T>) -> PyResult<Vec<T>> {
    let mut vector = Vec::new();
    vector
        .try_reserve_exact(count)
        .map_err(|error| memory_error(error.into()))?;
    vector.extend(items);
    Ok(vector)
}
