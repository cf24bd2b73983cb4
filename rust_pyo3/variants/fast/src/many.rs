//! Many queries at once.

use crate::_native::prepared;
use crate::matrix::{Matrix, Width};
use crate::signals::Signals;
use crate::text::{Snapshot, memory_error};
use levenshtein::dictionary::Words;
use levenshtein::fast::{Cell, Dictionary, TOGETHER, Threads};
use levenshtein::{OutOfMemory, Text};
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::ffi::Py_buffer;
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::num::NonZeroUsize;

/// Bytes of a matrix that are computed before they are copied to the caller's buffer: by one
/// thread so few that they stay in its cache, by more so many that each has its share. Wide
/// rows take more: there are at least eight for each thread that can run.
const CHUNK_BYTES: [usize; 2] = [1 << 19, 1 << 23];

/// Write the distance of each word to each query into ``out``.
///
/// ``words`` may be any iterable. This prepares a ``Dictionary`` and calls its ``cdist``,
/// which has the details; with one at hand the preparation is saved.
#[pyfunction]
#[pyo3(signature = (queries, words, out, /, *, threads=Some(1)))]
pub fn cdist(
    queries: &Bound<'_, PyList>,
    words: &Bound<'_, PyAny>,
    out: &Bound<'_, PyAny>,
    threads: Option<isize>,
) -> PyResult<()> {
    matrix(&prepared(words)?, queries, out, threads)
}

/// The nearest words to each query.
pub fn nearest<'py>(
    words: &Dictionary,
    queries: &Bound<'py, PyList>,
    limit: usize,
    threads: Option<isize>,
) -> PyResult<Bound<'py, PyList>> {
    let py = queries.py();
    let threads = at_most(threads)?;
    let queries = Snapshot::new(queries)?;
    let texts = texts(&queries)?;
    let mut signals = Signals::default();
    let go_on = &mut || signals.look_attached();
    let found = py.detach(|| words.nearest_many(&texts, limit, threads, go_on));
    PyList::new(py, signals.result(found)?)
}

/// All distances, into a buffer of the caller's.
pub fn matrix(
    words: &Dictionary,
    queries: &Bound<'_, PyList>,
    out: &Bound<'_, PyAny>,
    threads: Option<isize>,
) -> PyResult<()> {
    let py = queries.py();
    let threads = at_most(threads)?;
    let queries = Snapshot::new(queries)?;
    let texts = texts(&queries)?;
    let mut view = Py_buffer::new();
    let mut out = Matrix::get(&mut view, out, texts.len(), words.len())?;
    match out.width() {
        Width::One => fill::<u8>(py, words, &texts, &mut out, threads),
        Width::Two => fill::<u16>(py, words, &texts, &mut out, threads),
        Width::Four => fill::<u32>(py, words, &texts, &mut out, threads),
    }
}

/// Computes some rows at a time in memory of our own, without the GIL, and copies them with
/// it: whoever reads or writes the buffer meanwhile does so between two copies.
fn fill<C: Cell + Default>(
    py: Python<'_>,
    words: &Dictionary,
    queries: &[Text<'_>],
    out: &mut Matrix<'_, '_>,
    threads: Threads,
) -> PyResult<()> {
    let longest = queries.iter().map(Text::len).max();
    let any = longest.filter(|_| !words.is_empty());
    if any.is_some_and(|longest| longest.max(words.longest()) > C::MOST) {
        let message = format!("a distance may be more than {}, the most in out", C::MOST);
        return Err(PyOverflowError::new_err(message));
    }
    let row = (words.len() * size_of::<C>()).max(1);
    let at_once = threads.most();
    let bytes = CHUNK_BYTES[usize::from(at_once > 1)];
    let rows = TOGETHER * (bytes / row / TOGETHER).max(at_once);
    let rows = rows.min(queries.len());
    let mut cells: Vec<C> = Vec::new();
    let room = cells.try_reserve_exact(rows * words.len());
    room.map_err(|error| memory_error(error.into()))?;
    for (number, some) in queries.chunks(rows.max(1)).enumerate() {
        cells.resize(some.len() * words.len(), C::default());
        let mut signals = Signals::default();
        let go_on = &mut || signals.look_attached();
        let done = py.detach(|| words.cdist(some, &mut cells, threads, go_on));
        signals.result(done)?;
        out.write(number * rows * words.len(), &cells);
    }
    Ok(())
}

fn texts<'a>(queries: &'a Snapshot<'_>) -> PyResult<Vec<Text<'a>>> {
    let mut texts = Vec::new();
    let room = texts.try_reserve_exact(queries.len());
    room.map_err(|error| memory_error(OutOfMemory::from(error)))?;
    texts.extend((0..queries.len()).map(|index| queries.word(index)));
    Ok(texts)
}

fn at_most(threads: Option<isize>) -> PyResult<Threads> {
    let Some(wanted) = threads else {
        return Ok(Threads::new(None));
    };
    let wanted = usize::try_from(wanted).ok().and_then(NonZeroUsize::new);
    let wanted = wanted.ok_or_else(|| PyValueError::new_err("threads must be at least 1"))?;
    Ok(Threads::new(Some(wanted)))
}
