//! The Python module `lev_pyo3._native`.
//!
//! Each function here takes Python's arguments apart and calls a plain function: of the
//! `levenshtein` crate, or of the modules beside this file. What has no kernel, because
//! it only measures a crossing, is in `crossings.rs` and `collections.rs`.

mod buffer;
mod collections;
mod crossings;
mod ending;
mod tag;
mod text;

use pyo3::prelude::*;

#[pymodule(gil_used = true)]
mod _native {
    use crate::buffer::Out;
    use crate::collections::items;
    use crate::ending::{Int, check_signals, clipped, iter, release, wants};
    use crate::tag::LastReference;
    use crate::text::{Snapshot, memory_error, text};
    use levenshtein::dictionary::{self, Words};
    use levenshtein::search::{CHUNK_CELLS, Keep, Nearest, Search};
    use levenshtein::{myers, repeated, wagner_fischer};
    use pyo3::exceptions::{PyTypeError, PyValueError};
    use pyo3::ffi::Py_buffer;
    use pyo3::gc::{PyTraverseError, PyVisit};
    use pyo3::prelude::*;
    use pyo3::types::{PyDict, PyList, PyString, PyTuple};
    use std::num::NonZeroU64;

    #[pymodule_export]
    use crate::collections::{range_bytes, range_list, range_pairs, total_length};
    #[pymodule_export]
    use crate::crossings::{
        buffer_sum, echo, fail, noop, number, packed_length, panic, range_into, sum_five, sum_named,
    };

    /// How often `keep` is called between two looks for signals.
    const CHUNK_CALLS: u32 = 1 << 10;

    /// Return ``len(a) + len(b)`` in code points.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn pair_length(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        Ok(text(a)?.len() + text(b)?.len())
    }

    /// Return the Levenshtein distance, by Wagner-Fischer with two rows.
    ///
    /// A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        wagner_fischer::distance(text(a)?, text(b)?).map_err(memory_error)
    }

    /// Return the Levenshtein distance, by Myers' bit-vectors.
    ///
    /// A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance_myers(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        myers::distance(text(a)?, text(b)?).map_err(memory_error)
    }

    /// Run the kernel of ``distance`` ``n`` times and return the distance.
    ///
    /// Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not fit
    /// into a signed 64-bit integer. A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, n, /))]
    fn distance_repeated(
        a: &Bound<'_, PyString>,
        b: &Bound<'_, PyString>,
        n: Int,
    ) -> PyResult<usize> {
        repeated(
            repetitions(n.0)?,
            text(a)?,
            text(b)?,
            wagner_fischer::distance,
        )
        .map_err(memory_error)
    }

    /// Run the kernel of ``distance_myers`` ``n`` times and return the distance.
    ///
    /// Raises ``ValueError`` if ``n < 1`` and ``OverflowError`` if ``n`` does not fit
    /// into a signed 64-bit integer. A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, n, /))]
    fn distance_myers_repeated(
        a: &Bound<'_, PyString>,
        b: &Bound<'_, PyString>,
        n: Int,
    ) -> PyResult<usize> {
        repeated(repetitions(n.0)?, text(a)?, text(b)?, myers::distance).map_err(memory_error)
    }

    /// Return the distance from ``query`` to each word, by Myers' bit-vectors.
    ///
    /// ``words`` must be a list. What happens to it during the call does not change
    /// the answer.
    #[pyfunction]
    #[pyo3(signature = (query, words, /))]
    fn distances<'py>(
        query: &Bound<'py, PyString>,
        words: &Bound<'py, PyList>,
    ) -> PyResult<Bound<'py, PyList>> {
        let py = query.py();
        let words = Snapshot::new(words)?;
        let mut search = Search::distances(text(query)?, words.len()).map_err(memory_error)?;
        while !search.advance(&words, CHUNK_CELLS).map_err(memory_error)? {
            py.check_signals()?;
        }
        PyList::new(py, search.into_distances())
    }

    /// Words that are prepared once and searched many times.
    ///
    /// An object never changes, and many threads may search it at once.
    #[pyclass(frozen, module = "lev_pyo3")]
    struct Dictionary {
        words: dictionary::Dictionary,
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
            // As in `total_length`.
            let copies = if let Ok(list) = words.cast_exact::<PyList>() {
                copies(items(list))
            } else if let Ok(tuple) = words.cast_exact::<PyTuple>() {
                copies(tuple.iter().map(Ok))
            } else {
                copies(iter(words)?)
            };
            Ok(Self {
                words: copies?,
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
        /// them. Raises ``ValueError`` for a negative one. Releases the GIL.
        #[pyo3(signature = (query, limit, /))]
        fn nearest<'py>(
            &self,
            query: &Bound<'py, PyString>,
            limit: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let py = query.py();
            let (query, limit) = (text(query)?, at_most(limit)?);
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let search = Search::nearest(query, limit).map_err(memory_error)?;
            PyList::new(py, run(py, search, &self.words, Search::into_nearest)?)
        }

        /// Return the ``limit`` nearest of the words that ``keep`` wants.
        ///
        /// ``keep(distance, index)`` is called once for each word, in the order of the
        /// dictionary, after all distances have been computed; with a limit of 0 it is
        /// not called at all. What it raises ends the search and arrives unchanged. It
        /// may use the dictionary. Raises ``TypeError`` if it cannot be called,
        /// ``ValueError`` for a negative limit. Releases the GIL while it computes.
        #[pyo3(signature = (query, limit, keep, /))]
        fn nearest_where<'py>(
            &self,
            query: &Bound<'py, PyString>,
            limit: &Bound<'py, PyAny>,
            keep: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let py = query.py();
            let query = text(query)?;
            let limit = at_most(limit)?;
            if !keep.is_callable() {
                let message = format!("keep must be callable, not {}", keep.get_type().name()?);
                return Err(PyTypeError::new_err(message));
            }
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let search = Search::distances(query, self.words.len()).map_err(memory_error)?;
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
        /// unsigned 32-bit integers in native byte order. Raises ``TypeError`` if it
        /// offers no buffer, ``BufferError`` if it is read-only or not contiguous,
        /// ``ValueError`` if it is anything else. Its content is undefined if the call
        /// is interrupted. Releases the GIL.
        #[pyo3(signature = (query, out, /))]
        fn distances_into(
            &self,
            query: &Bound<'_, PyString>,
            out: &Bound<'_, PyAny>,
        ) -> PyResult<()> {
            let py = query.py();
            let mut view = Py_buffer::new();
            let mut out = Out::get(&mut view, out)?;
            out.expect_len(self.words.len())?;
            let search = Search::distances(text(query)?, self.words.len()).map_err(memory_error)?;
            out.fill(run(py, search, &self.words, Search::into_distances)?);
            Ok(())
        }
    }

    /// Say what was really imported: ``compiler``, ``flags`` and ``binding``.
    #[pyfunction]
    fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let info = PyDict::new(py);
        info.set_item("compiler", compiled_with::compiler!())?;
        info.set_item("flags", compiled_with::flags!())?;
        info.set_item("binding", compiled_with::binding!())?;
        Ok(info)
    }

    fn copies<'py>(
        words: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
    ) -> PyResult<dictionary::Dictionary> {
        let mut copies = dictionary::Dictionary::new();
        for word in words {
            let word = word?;
            copies.push(text(word.cast()?)?).map_err(memory_error)?;
            release(word);
        }
        Ok(copies)
    }

    /// Runs a search to its end and takes what it has `found` from it, both without the
    /// GIL, which is only taken back to look for signals between two chunks.
    fn run<K: Keep + Send, F: Send>(
        py: Python<'_>,
        mut search: Search<K>,
        words: &dictionary::Dictionary,
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
}
