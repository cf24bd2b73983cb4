//! Crossings without a kernel: strings in, lists and bytes out.

use crate::crossings::range_end;
use crate::ending::{Int, iter, release};
use crate::text::text;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

/// How many words are handled between two looks for signals where each is little work.
const CHUNK_WORDS: usize = 1 << 20;

/// Return the sum of the lengths of the strings of any iterable, in code points.
///
/// What the iterator raises arrives unchanged.
#[pyfunction]
#[pyo3(signature = (words, /))]
pub fn total_length(words: &Bound<'_, PyAny>) -> PyResult<usize> {
    let py = words.py();
    // Lists and tuples have a shorter way with the outcome of their iterators.
    if let Ok(list) = words.cast_exact::<PyList>() {
        sum_of_lengths(py, items(list))
    } else if let Ok(tuple) = words.cast_exact::<PyTuple>() {
        sum_of_lengths(py, tuple.iter().map(Ok))
    } else {
        sum_of_lengths(py, iter(words)?)
    }
}

/// The objects of a list, as its iterator would yield them.
pub fn items<'py>(list: &Bound<'py, PyList>) -> impl Iterator<Item = PyResult<Bound<'py, PyAny>>> {
    // Whoever handles a signal may change the length of the list.
    (0..).map_while(|index| {
        // SAFETY: the index is checked, and nobody else runs before the item is read.
        (index < list.len()).then(|| Ok(unsafe { list.get_item_unchecked(index) }))
    })
}

fn sum_of_lengths<'py>(
    py: Python<'py>,
    words: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
) -> PyResult<usize> {
    let mut total = 0;
    for (index, word) in words.enumerate() {
        let word = word?;
        total += text(word.cast()?)?.len();
        release(word);
        if (index + 1).is_multiple_of(CHUNK_WORDS) {
            py.check_signals()?;
        }
    }
    Ok(total)
}

/// Return the numbers 0, 1, ..., n - 1 as a list.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_list(py: Python<'_>, n: Int) -> PyResult<Bound<'_, PyList>> {
    PyList::new(py, 0..range_end(n.0)?)
}

/// Return the numbers 0, 1, ..., n - 1 as native unsigned 32-bit integers.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_bytes(py: Python<'_>, n: Int) -> PyResult<Bound<'_, PyBytes>> {
    let end = range_end(n.0)?;
    PyBytes::new_with(py, 4 * end as usize, |bytes| {
        for (item, number) in bytes.as_chunks_mut().0.iter_mut().zip(0..end) {
            *item = number.to_ne_bytes();
        }
        Ok(())
    })
}

/// Return the pairs (0, 0), (1, 1), ..., (n - 1, n - 1) as a list.
///
/// Raises ``ValueError`` unless ``0 <= n <= 2**24``.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn range_pairs(py: Python<'_>, n: Int) -> PyResult<Bound<'_, PyList>> {
    PyList::new(py, (0..range_end(n.0)?).map(|i| (i, i)))
}
