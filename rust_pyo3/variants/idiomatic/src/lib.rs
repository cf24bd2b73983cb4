//! The Python module `lev_pyo3_idiomatic._native`: the functions of `lev_pyo3`, with
//! strings as `&str` and lists of them as `Vec<String>`.
//!
//! A `&str` is UTF-8, and the kernels want code points, so each string is converted
//! twice on its way. What is refused, and how, is the contract's matter and not one
//! of style: the buffer's checks are those of `lev_pyo3`, in the same file. So is what
//! passes neither strings nor lists, and what a thread does that outlives the interpreter.

mod buffer;
mod collections;
mod crossings;
mod ending;
mod tag;

use ending::{check_signals, clipped};
use levenshtein::dictionary::Words;
use levenshtein::search::{CHUNK_CELLS, Keep, Search};
use levenshtein::{MAX_LENGTH, OutOfMemory, Text};
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;
use std::num::NonZeroU64;

#[pymodule(gil_used = true)]
mod _native {
    use super::{CodePoints, WordList, at_most, memory_error, repetitions, run};
    use crate::buffer::Out;
    use crate::ending::{Int, iter, release, wants};
    use crate::tag::LastReference;
    use levenshtein::dictionary::Words;
    use levenshtein::search::{CHUNK_CELLS, Keep, Nearest, Search};
    use levenshtein::{myers, repeated, wagner_fischer};
    use pyo3::exceptions::PyTypeError;
    use pyo3::ffi::Py_buffer;
    use pyo3::gc::{PyTraverseError, PyVisit};
    use pyo3::prelude::*;
    use pyo3::types::PyList;
    use std::collections::HashMap;

    #[pymodule_export]
    use crate::collections::{range_bytes, range_list, range_pairs, total_length};
    #[pymodule_export]
    use crate::crossings::{
        buffer_sum, echo, fail, noop, number, packed_length, panic, range_into, sum_five, sum_named,
    };

    /// How often `keep` is called between two looks for signals.
    const CHUNK_CALLS: u32 = 1 << 10;

    /// Return ``len(a) + len(b)`` in code points.
    ///
    /// Raises ``UnicodeEncodeError`` for lone surrogates.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn pair_length(a: &str, b: &str) -> PyResult<usize> {
        let (a, b) = (CodePoints::new(a)?, CodePoints::new(b)?);
        Ok(a.text().len() + b.text().len())
    }

    /// Return the Levenshtein distance, by Wagner-Fischer with two rows.
    ///
    /// Raises ``UnicodeEncodeError`` for lone surrogates. A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance(a: &str, b: &str) -> PyResult<usize> {
        let (a, b) = (CodePoints::new(a)?, CodePoints::new(b)?);
        wagner_fischer::distance(a.text(), b.text()).map_err(memory_error)
    }

    /// Return the Levenshtein distance, by Myers' bit-vectors.
    ///
    /// Raises ``UnicodeEncodeError`` for lone surrogates. A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance_myers(a: &str, b: &str) -> PyResult<usize> {
        let (a, b) = (CodePoints::new(a)?, CodePoints::new(b)?);
        myers::distance(a.text(), b.text()).map_err(memory_error)
    }

    /// Run the kernel of ``distance`` ``n`` times and return the distance.
    ///
    /// Raises ``UnicodeEncodeError`` for lone surrogates, ``ValueError`` if ``n < 1``
    /// and ``OverflowError`` if ``n`` does not fit into a signed 64-bit integer. A
    /// call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, n, /))]
    fn distance_repeated(a: &str, b: &str, n: Int) -> PyResult<usize> {
        let (a, b) = (CodePoints::new(a)?, CodePoints::new(b)?);
        repeated(
            repetitions(n.0)?,
            a.text(),
            b.text(),
            wagner_fischer::distance,
        )
        .map_err(memory_error)
    }

    /// Run the kernel of ``distance_myers`` ``n`` times and return the distance.
    ///
    /// Raises ``UnicodeEncodeError`` for lone surrogates, ``ValueError`` if ``n < 1``
    /// and ``OverflowError`` if ``n`` does not fit into a signed 64-bit integer. A
    /// call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, n, /))]
    fn distance_myers_repeated(a: &str, b: &str, n: Int) -> PyResult<usize> {
        let (a, b) = (CodePoints::new(a)?, CodePoints::new(b)?);
        repeated(repetitions(n.0)?, a.text(), b.text(), myers::distance).map_err(memory_error)
    }

    /// Return the distance from ``query`` to each word, by Myers' bit-vectors.
    ///
    /// ``words`` must be a list. What happens to it during the call does not change
    /// the answer. Raises ``UnicodeEncodeError`` for lone surrogates.
    #[pyfunction]
    #[pyo3(signature = (query, words, /))]
    fn distances(py: Python<'_>, query: &str, words: &Bound<'_, PyList>) -> PyResult<Vec<u32>> {
        let query = CodePoints::new(query)?;
        // With `words: Vec<String>` PyO3 would extract it before the call, but from any
        // sequence.
        let words: Vec<String> = words
            .iter()
            .map(|word| word.extract())
            .collect::<PyResult<_>>()?;
        let snapshot = WordList::new(&words)?;
        let mut search = Search::distances(query.text(), snapshot.len()).map_err(memory_error)?;
        while !search
            .advance(&snapshot, CHUNK_CELLS)
            .map_err(memory_error)?
        {
            py.check_signals()?;
        }
        Ok(search.into_distances())
    }

    /// Words that are prepared once and searched many times.
    ///
    /// An object never changes, and many threads may search it at once. Strings with
    /// lone surrogates raise ``UnicodeEncodeError``.
    #[pyclass(frozen, module = "lev_pyo3_idiomatic")]
    struct Dictionary {
        words: WordList,
        /// The object that was handed in with the words.
        #[pyo3(get)]
        tag: Py<PyAny>,
        /// Behind `tag`, because fields are dropped in their order.
        last_reference: LastReference,
    }

    #[pymethods]
    #[expect(clippy::unused_self, reason = "Python calls them as methods")]
    impl Dictionary {
        /// Copy the words of any iterable, and keep ``tag``, any object.
        ///
        /// What the iterator raises arrives unchanged.
        #[new]
        #[pyo3(signature = (words, tag=None, /))]
        fn new(words: &Bound<'_, PyAny>, tag: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
            let py = words.py();
            // `collect` would ask for a hint at the length, and print what that raises.
            let mut strings: Vec<String> = Vec::new();
            for word in iter(words)? {
                let word = word?;
                strings.push(word.extract()?);
                release(word);
            }
            Ok(Self {
                words: WordList::new(&strings)?,
                tag: tag.map_or_else(|| py.None(), |tag| tag.clone().unbind()),
                last_reference: LastReference::new(py, tag)?,
            })
        }

        fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
            visit.call(&self.tag)?;
            self.last_reference.traverse(&visit)
        }

        fn __len__(&self) -> usize {
            self.words.len()
        }

        /// Refuse to be pickled or copied: to send the words is the caller's choice.
        fn __reduce__(&self) -> PyResult<()> {
            let message = "a Dictionary cannot be pickled; make it anew from its words";
            Err(PyTypeError::new_err(message))
        }

        /// Do nothing.
        fn noop(&self) {}

        /// Return the ``limit`` nearest words as ``(distance, index)``.
        ///
        /// The pairs are in ascending order, so words of equal distance come in the
        /// order of the dictionary. A limit beyond the number of words means all of
        /// them. Raises ``UnicodeEncodeError`` for lone surrogates and ``ValueError``
        /// for a negative limit. Releases the GIL.
        #[pyo3(signature = (query, limit, /))]
        fn nearest<'py>(
            &self,
            py: Python<'py>,
            query: &str,
            limit: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let query = CodePoints::new(query)?;
            let limit = at_most(limit)?;
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let search = Search::nearest(query.text(), limit).map_err(memory_error)?;
            PyList::new(py, run(py, search, &self.words, Search::into_nearest)?)
        }

        /// Return the ``limit`` nearest of the words that ``keep`` wants.
        ///
        /// ``keep(distance, index)`` is called once for each word, in the order of the
        /// dictionary, after all distances have been computed; with a limit of 0 it is
        /// not called at all. What it raises ends the search and arrives unchanged. It
        /// may use the dictionary. Raises ``UnicodeEncodeError`` for lone surrogates,
        /// ``TypeError`` if ``keep`` cannot be called, ``ValueError`` for a negative
        /// limit. Releases the GIL while it computes.
        #[pyo3(signature = (query, limit, keep, /))]
        fn nearest_where<'py>(
            &self,
            py: Python<'py>,
            query: &str,
            limit: &Bound<'py, PyAny>,
            keep: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let query = CodePoints::new(query)?;
            let limit = at_most(limit)?;
            if !keep.is_callable() {
                let message = format!("keep must be callable, not {}", keep.get_type().name()?);
                return Err(PyTypeError::new_err(message));
            }
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let search = Search::distances(query.text(), self.words.len()).map_err(memory_error)?;
            let distances = run(py, search, &self.words, Search::into_distances)?;
            let mut nearest = Nearest::new(limit);
            for (index, distance) in (0..).zip(distances) {
                if wants(keep, distance, index)? {
                    nearest.keep(index, distance).map_err(memory_error)?;
                }
                // Only a `keep` written in Python looks for signals itself.
                if (index + 1).is_multiple_of(CHUNK_CALLS) {
                    py.check_signals()?;
                }
            }
            PyList::new(py, py.detach(|| nearest.into_sorted()))
        }

        /// Write the distance from ``query`` to each word into ``out``.
        ///
        /// ``out`` is a writable, C-contiguous, one-dimensional buffer of ``len(self)``
        /// unsigned 32-bit integers in native byte order. Raises
        /// ``UnicodeEncodeError`` for lone surrogates in ``query``, ``TypeError`` if
        /// ``out`` offers no buffer, ``BufferError`` if it is read-only or not
        /// contiguous, ``ValueError`` if it is anything else. Its content is undefined
        /// if the call is interrupted. Releases the GIL.
        #[pyo3(signature = (query, out, /))]
        fn distances_into(
            &self,
            py: Python<'_>,
            query: &str,
            out: &Bound<'_, PyAny>,
        ) -> PyResult<()> {
            let mut view = Py_buffer::new();
            let mut out = Out::get(&mut view, out)?;
            out.expect_len(self.words.len())?;
            let query = CodePoints::new(query)?;
            let search = Search::distances(query.text(), self.words.len()).map_err(memory_error)?;
            out.fill(run(py, search, &self.words, Search::into_distances)?);
            Ok(())
        }
    }

    /// Say what was really imported: ``compiler``, ``flags`` and ``binding``.
    #[pyfunction]
    fn build_info() -> HashMap<&'static str, &'static str> {
        HashMap::from([
            ("compiler", compiled_with::compiler!()),
            ("flags", compiled_with::flags!()),
            ("binding", compiled_with::binding!()),
        ])
    }
}

/// The code points of a string, each in four bytes.
struct CodePoints(Vec<u32>);

impl CodePoints {
    /// `string.chars().map(u32::from).collect()`, but a lack of memory raises
    /// `MemoryError` and does not end the process.
    fn new(string: &str) -> PyResult<Self> {
        let length = string.chars().count();
        if length > MAX_LENGTH {
            return Err(memory_error(OutOfMemory));
        }
        let mut code_points = Vec::new();
        code_points
            .try_reserve_exact(length)
            .map_err(|error| memory_error(error.into()))?;
        code_points.extend(string.chars().map(u32::from));
        Ok(Self(code_points))
    }

    fn text(&self) -> Text<'_> {
        Text::Ucs4(&self.0)
    }
}

/// Words as the kernels take them.
struct WordList(Vec<CodePoints>);

impl WordList {
    fn new(words: &[String]) -> PyResult<Self> {
        if words.len() > MAX_LENGTH {
            return Err(memory_error(OutOfMemory));
        }
        let words: PyResult<_> = words.iter().map(|word| CodePoints::new(word)).collect();
        Ok(Self(words?))
    }
}

impl Words for WordList {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn word(&self, index: usize) -> Text<'_> {
        self.0[index].text()
    }
}

/// Runs a search to its end and takes what it has `found` from it, both without the
/// GIL, which is only taken back to look for signals between two chunks.
fn run<K: Keep + Send, F: Send>(
    py: Python<'_>,
    mut search: Search<K>,
    words: &WordList,
    found: fn(Search<K>) -> F,
) -> PyResult<F> {
    py.detach(|| {
        while !search.advance(words, CHUNK_CELLS).map_err(memory_error)? {
            check_signals()?;
        }
        Ok(found(search))
    })
}

fn repetitions(n: i64) -> PyResult<NonZeroU64> {
    u64::try_from(n)
        .ok()
        .and_then(NonZeroU64::new)
        .ok_or_else(|| PyValueError::new_err("n must be at least 1"))
}

/// `limit` as a number of words. Huge numbers become the largest.
fn at_most(limit: &Bound<'_, PyAny>) -> PyResult<usize> {
    usize::try_from(clipped(limit)?)
        .map_err(|_| PyValueError::new_err("limit must not be negative"))
}

/// What Python calls a lack of memory.
fn memory_error(error: OutOfMemory) -> PyErr {
    PyMemoryError::new_err(error.to_string())
}
