//! The Python module `lev_pyo3_abi3._native`: the functions of `lev_pyo3` that the study
//! compares, for the stable ABI.
//!
//! What differs is how a string is read, in `text.rs`. What passes neither strings nor
//! lists is in the files of `lev_pyo3`.

mod buffer;
mod crossings;
#[expect(dead_code, reason = "nothing is called back here")]
mod ending;
mod text;

use pyo3::prelude::*;

#[pymodule(gil_used = true)]
mod _native {
    use crate::buffer::Out;
    use crate::ending::{Int, check_signals, clipped, iter, release};
    use crate::text::{Room, Texts, memory_error, strings, text};
    use levenshtein::dictionary::{self, Words};
    use levenshtein::search::{CHUNK_CELLS, Keep, Search};
    use levenshtein::{myers, repeated, wagner_fischer};
    use pyo3::exceptions::{PyTypeError, PyValueError};
    use pyo3::ffi::Py_buffer;
    use pyo3::prelude::*;
    use pyo3::types::{PyDict, PyList, PyString};
    use std::num::NonZeroU64;

    #[pymodule_export]
    use crate::crossings::{
        buffer_sum, echo, fail, noop, number, packed_length, panic, range_into, sum_five, sum_named,
    };

    /// Return ``len(a) + len(b)`` in code points.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn pair_length(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        let (mut room_a, mut room_b) = (Room::new(), Room::new());
        Ok(text(a, &mut room_a)?.len() + text(b, &mut room_b)?.len())
    }

    /// Return the Levenshtein distance, by Wagner-Fischer with two rows.
    ///
    /// A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        let (mut room_a, mut room_b) = (Room::new(), Room::new());
        let (a, b) = (text(a, &mut room_a)?, text(b, &mut room_b)?);
        wagner_fischer::distance(a, b).map_err(memory_error)
    }

    /// Return the Levenshtein distance, by Myers' bit-vectors.
    ///
    /// A call is not interruptible.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance_myers(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        let (mut room_a, mut room_b) = (Room::new(), Room::new());
        let (a, b) = (text(a, &mut room_a)?, text(b, &mut room_b)?);
        myers::distance(a, b).map_err(memory_error)
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
        let (mut room_a, mut room_b) = (Room::new(), Room::new());
        let (a, b) = (text(a, &mut room_a)?, text(b, &mut room_b)?);
        repeated(repetitions(n.0)?, a, b, wagner_fischer::distance).map_err(memory_error)
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
        let (mut room_a, mut room_b) = (Room::new(), Room::new());
        let (a, b) = (text(a, &mut room_a)?, text(b, &mut room_b)?);
        repeated(repetitions(n.0)?, a, b, myers::distance).map_err(memory_error)
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
        let mut room = Room::new();
        let query = text(query, &mut room)?;
        // These own what the texts point into, whatever becomes of the list.
        let strings = strings(words)?;
        let words = Texts::new(&strings)?;
        let mut search = Search::distances(query, words.len()).map_err(memory_error)?;
        while !search.advance(&words, CHUNK_CELLS).map_err(memory_error)? {
            py.check_signals()?;
        }
        PyList::new(py, search.into_distances())
    }

    /// Words that are prepared once and searched many times.
    ///
    /// An object never changes, and many threads may search it at once.
    #[pyclass(frozen, module = "lev_pyo3_abi3")]
    struct Dictionary {
        words: dictionary::Dictionary,
    }

    #[pymethods]
    impl Dictionary {
        /// Copy the words of any iterable.
        ///
        /// What the iterator raises arrives unchanged.
        #[new]
        #[pyo3(signature = (words, /))]
        fn new(words: &Bound<'_, PyAny>) -> PyResult<Self> {
            let mut room = Room::new();
            let mut dictionary = dictionary::Dictionary::new();
            for word in iter(words)? {
                let word = word?;
                let text = text(word.cast()?, &mut room)?;
                dictionary.push(text).map_err(memory_error)?;
                release(word);
            }
            Ok(Self { words: dictionary })
        }

        fn __len__(&self) -> usize {
            self.words.len()
        }

        /// Refuse to be pickled or copied: to send the words is the caller's choice.
        #[expect(clippy::unused_self, reason = "Python calls it as a method")]
        fn __reduce__(&self) -> PyResult<()> {
            let message = "a Dictionary cannot be pickled; make it anew from its words";
            Err(PyTypeError::new_err(message))
        }

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
            let mut room = Room::new();
            let query = text(query, &mut room)?;
            let limit = at_most(limit)?;
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let search = Search::nearest(query, limit).map_err(memory_error)?;
            PyList::new(py, run(py, search, &self.words, Search::into_nearest)?)
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
            let mut room = Room::new();
            let query = text(query, &mut room)?;
            let search = Search::distances(query, self.words.len()).map_err(memory_error)?;
            out.fill(run(py, search, &self.words, Search::into_distances)?);
            Ok(())
        }
    }

    /// Say what was really imported: ``compiler``, ``flags`` and ``binding``.
    #[pyfunction]
    fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let abi = if cfg!(feature = "abi3") {
            "stable ABI of CPython 3.11"
        } else {
            "full API"
        };
        let info = PyDict::new(py);
        info.set_item("compiler", compiled_with::compiler!())?;
        info.set_item("flags", compiled_with::flags!())?;
        info.set_item("binding", format!("{}, {abi}", compiled_with::binding!()))?;
        Ok(info)
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
