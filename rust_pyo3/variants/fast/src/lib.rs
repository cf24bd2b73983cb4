//! The Python module `lev_fast._native`.
//!
//! It is bound as `lev_pyo3` is, and shares its files where there is nothing to differ in;
//! the kernels are those of `levenshtein::fast`. What only this package has is in
//! `many.rs`, and the buffers for it in `matrix.rs`.

mod buffer;
mod collections;
mod crossings;
mod ending;
mod many;
mod matrix;
mod quick;
mod signals;
mod tag;
mod text;

use pyo3::prelude::*;

#[pymodule(gil_used = true)]
mod _native {
    use crate::buffer::Out;
    use crate::collections::items;
    use crate::ending::{Int, clipped, iter, release, wants};
    use crate::signals::Signals;
    use crate::tag::LastReference;
    use crate::text::{Snapshot, memory_error, text};
    use crate::{many, quick};
    use levenshtein::dictionary::{self, Words};
    use levenshtein::fast::{self, Path};
    use levenshtein::search::{Keep, Nearest};
    use levenshtein::{OutOfMemory, Text, repeated};
    use pyo3::exceptions::{PyImportError, PyTypeError, PyValueError};
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
    #[pymodule_export]
    use crate::many::cdist;

    /// How often `keep` is called between two looks for signals.
    const CHUNK_CALLS: u32 = 1 << 10;

    /// How many cells are computed between two looks for signals where each pair is a call of
    /// the kernel: some milliseconds.
    const CHUNK_CELLS: usize = 1 << 24;

    /// Which vectors to use instead of the best that there are.
    const PATH: &str = "LEV_FAST_PATH";

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        quick::install(module)?;
        choose_path()
    }

    /// Has the kernels take the path that the environment asks for.
    fn choose_path() -> PyResult<()> {
        let Some(wanted) = std::env::var_os(PATH).filter(|name| !name.is_empty()) else {
            return Ok(());
        };
        let path = Path::ALL.into_iter().find(|path| wanted == path.name());
        if path.is_some_and(|path| path.force().is_ok()) {
            return Ok(());
        }
        let available = Path::ALL.into_iter().filter(|path| path.is_available());
        let names: Vec<&str> = available.map(Path::name).collect();
        let message = format!(
            "{PATH} is {}, but this machine has {}",
            wanted.display(),
            names.join(", ")
        );
        Err(PyImportError::new_err(message))
    }

    /// Return ``len(a) + len(b)`` in code points.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn pair_length(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        Ok(text(a)?.len() + text(b)?.len())
    }

    /// Return the Levenshtein distance between two strings, in code points.
    ///
    /// With ``score_cutoff`` the answer is ``score_cutoff + 1`` for every distance above
    /// it, which is quicker to find. Raises ``ValueError`` if it is negative. A call on
    /// strings of more than some thousand code points looks for Ctrl-C.
    #[pyfunction]
    #[pyo3(signature = (a, b, /, score_cutoff=None))]
    fn distance(
        a: &Bound<'_, PyString>,
        b: &Bound<'_, PyString>,
        score_cutoff: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        let py = a.py();
        let (a, b) = (text(a)?, text(b)?);
        let cutoff = match score_cutoff {
            None => usize::MAX,
            Some(cutoff) => at_most(cutoff, "score_cutoff")?,
        };
        let found = if a.len() | b.len() < 1024 {
            fast::distance_within(a, b, cutoff).map_err(memory_error)?
        } else {
            let mut signals = Signals::default();
            let found = fast::distance_unless(a, b, cutoff, &mut || signals.look(py));
            signals.result(found)?
        };
        Ok(found.unwrap_or_else(|| cutoff + 1))
    }

    /// Return the Levenshtein distance: the same as ``distance``, of which there is only one
    /// kernel here. It looks for Ctrl-C as that does.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn distance_myers(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> PyResult<usize> {
        distance(a, b, None)
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
        let n = u64::try_from(n.0).ok().and_then(NonZeroU64::new);
        let n = n.ok_or_else(|| PyValueError::new_err("n must be at least 1"))?;
        repeated(n, text(a)?, text(b)?, fast::distance).map_err(memory_error)
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
        distance_repeated(a, b, n)
    }

    /// Return the distance from ``query`` to each word.
    ///
    /// ``words`` must be a list. What happens to it during the call does not change
    /// the answer. Words that are searched more than once belong into a ``Dictionary``.
    #[pyfunction]
    #[pyo3(signature = (query, words, /))]
    fn distances<'py>(
        query: &Bound<'py, PyString>,
        words: &Bound<'py, PyList>,
    ) -> PyResult<Bound<'py, PyList>> {
        let py = query.py();
        let words = Snapshot::new(words)?;
        let query = text(query)?;
        let mut distances = Vec::new();
        let room = distances.try_reserve_exact(words.len());
        room.map_err(|error| memory_error(error.into()))?;
        let mut cells = 0;
        for index in 0..words.len() {
            let word = words.word(index);
            let mut signals = Signals::default();
            let found = fast::distance_unless(query, word, usize::MAX, &mut || signals.look(py));
            distances.extend(signals.result(found)?);
            cells += 64 + query.len().saturating_mul(word.len()).min(CHUNK_CELLS);
            if cells >= CHUNK_CELLS {
                cells = 0;
                py.check_signals()?;
            }
        }
        PyList::new(py, distances)
    }

    /// Words that are prepared once and searched many times.
    ///
    /// An object never changes, and many threads may search it at once.
    #[pyclass(frozen, module = "lev_fast")]
    pub(crate) struct Dictionary {
        pub(crate) words: fast::Dictionary,
        /// The object that was handed in with the words.
        #[pyo3(get)]
        tag: Py<PyAny>,
        /// Behind `tag`, because fields are dropped in their order.
        last_reference: LastReference,
    }

    #[pymethods]
    #[expect(clippy::unused_self, reason = "Python calls them as methods")]
    impl Dictionary {
        /// Prepare the words of any iterable, and keep ``tag``, any object.
        ///
        /// What the iterator raises arrives unchanged. English words take about 65 bytes
        /// each, and no word takes more than 24 bytes and 86 for each code point; while they
        /// are prepared there is a copy of them, too. Releases the GIL for the greater part.
        #[new]
        #[pyo3(signature = (words, tag=None, /))]
        fn new(words: &Bound<'_, PyAny>, tag: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
            let py = words.py();
            Ok(Self {
                words: prepared(words)?,
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

        /// Raise ``TypeError``.
        fn __reduce__(&self) -> PyResult<()> {
            Err(PyTypeError::new_err("cannot pickle a Dictionary"))
        }

        /// Do nothing.
        fn noop(&self) {}

        /// Return the ``limit`` nearest words as (distance, index), ascending, ties by
        /// index.
        ///
        /// ``limit`` may be larger than the number of words. Raises ``ValueError`` if it
        /// is negative. Releases the GIL.
        #[pyo3(signature = (query, limit, /))]
        fn nearest<'py>(
            &self,
            query: &Bound<'py, PyString>,
            limit: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let (py, query, limit) = (query.py(), text(query)?, at_most(limit, "limit")?);
            let mut signals = Signals::default();
            let found = py.detach(|| {
                let query = self.words.query(query)?;
                self.words
                    .nearest(&query, limit, &mut || signals.look_attached())
            });
            PyList::new(py, signals.result(found)?)
        }

        /// Return the same as ``nearest``, but pass over no word because of its length: to see
        /// what that is worth.
        #[pyo3(signature = (query, limit, /))]
        fn nearest_of_all<'py>(
            &self,
            query: &Bound<'py, PyString>,
            limit: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let (py, query, limit) = (query.py(), text(query)?, at_most(limit, "limit")?);
            let mut signals = Signals::default();
            let found = py.detach(|| {
                let query = self.words.query(query)?;
                self.words
                    .nearest_of_all(&query, limit, &mut || signals.look_attached())
            });
            PyList::new(py, signals.result(found)?)
        }

        /// Return what ``nearest`` returns for each query, in their order.
        ///
        /// ``queries`` must be a list. ``threads`` may share the work, at most as many as there
        /// are processors for this process, which is what ``None`` means. None is left when
        /// the call returns; where none can be started, the calling one does the work. Raises
        /// ``ValueError`` if ``limit`` is negative or ``threads`` less than 1. Releases the
        /// GIL.
        #[pyo3(signature = (queries, limit, /, *, threads=Some(1)))]
        fn nearest_many<'py>(
            &self,
            queries: &Bound<'py, PyList>,
            limit: &Bound<'py, PyAny>,
            threads: Option<isize>,
        ) -> PyResult<Bound<'py, PyList>> {
            let limit = at_most(limit, "limit")?;
            many::nearest(&self.words, queries, limit, threads)
        }

        /// Write the distance of each word to each query into ``out``.
        ///
        /// ``queries`` must be a list. ``out`` is a writable, C-contiguous buffer of unsigned
        /// integers of 8, 16 or 32 bits in native byte order, of shape ``(len(queries),
        /// len(self))`` or with as many items in one dimension. ``threads`` as for
        /// ``nearest_many``. Raises ``TypeError`` if ``out`` offers no buffer,
        /// ``BufferError`` if it is read-only or not contiguous, ``ValueError`` if it is
        /// anything else, ``OverflowError`` if a distance may be too large for its items.
        /// Its content is undefined after an exception. Releases the GIL.
        #[pyo3(signature = (queries, out, /, *, threads=Some(1)))]
        fn cdist(
            &self,
            queries: &Bound<'_, PyList>,
            out: &Bound<'_, PyAny>,
            threads: Option<isize>,
        ) -> PyResult<()> {
            many::matrix(&self.words, queries, out, threads)
        }

        /// Return what ``nearest`` returns, of only those words for which
        /// ``keep(distance, index)`` is true.
        ///
        /// ``keep`` is called once for each word, in the order of the words. What it
        /// raises arrives unchanged and ends the search. Releases the GIL where it can.
        #[pyo3(signature = (query, limit, keep, /))]
        fn nearest_where<'py>(
            &self,
            query: &Bound<'py, PyString>,
            limit: &Bound<'py, PyAny>,
            keep: &Bound<'py, PyAny>,
        ) -> PyResult<Bound<'py, PyList>> {
            let py = query.py();
            let query = text(query)?;
            let limit = at_most(limit, "limit")?;
            if !keep.is_callable() {
                let message = format!("keep must be callable, not {}", keep.get_type().name()?);
                return Err(PyTypeError::new_err(message));
            }
            if limit == 0 {
                return Ok(PyList::empty(py));
            }
            let mut nearest = Nearest::new(limit);
            for (index, distance) in (0..).zip(self.all_distances(py, query)?) {
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
            out.fill(self.all_distances(py, text(query)?)?);
            Ok(())
        }
    }

    impl Dictionary {
        fn all_distances(&self, py: Python<'_>, query: Text<'_>) -> PyResult<Vec<u32>> {
            let mut signals = Signals::default();
            let found = py.detach(|| {
                let mut distances = Vec::new();
                let room = distances.try_reserve_exact(self.words.len());
                room.map_err(OutOfMemory::from)?;
                distances.resize(self.words.len(), 0);
                let query = self.words.query(query)?;
                let go_on = &mut || signals.look_attached();
                self.words.distances(&query, &mut distances, go_on)?;
                Ok(distances)
            });
            signals.result(found)
        }
    }

    /// Say what was really imported: ``compiler``, ``flags``, ``binding``, and the ``path`` of
    /// the kernels, which is the best that this machine has, or what ``LEV_FAST_PATH`` says.
    #[pyfunction]
    fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let info = PyDict::new(py);
        info.set_item("compiler", compiled_with::compiler!())?;
        info.set_item("flags", compiled_with::flags!())?;
        info.set_item("binding", compiled_with::binding!())?;
        info.set_item("path", Path::current().name())?;
        Ok(info)
    }

    /// The words of any iterable, prepared for searches.
    pub(crate) fn prepared(words: &Bound<'_, PyAny>) -> PyResult<fast::Dictionary> {
        // As in `total_length`.
        let copies = if let Ok(list) = words.cast_exact::<PyList>() {
            copies(items(list))
        } else if let Ok(tuple) = words.cast_exact::<PyTuple>() {
            copies(tuple.iter().map(Ok))
        } else {
            copies(iter(words)?)
        }?;
        let mut signals = Signals::default();
        let go_on = &mut || signals.look_attached();
        let prepared = words.py().detach(|| fast::Dictionary::new(&copies, go_on));
        signals.result(prepared)
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

    /// `limit` as a number of words, or the like. Huge numbers become the largest but one.
    fn at_most(limit: &Bound<'_, PyAny>, name: &str) -> PyResult<usize> {
        usize::try_from(clipped(limit)?)
            .map_err(|_| PyValueError::new_err(format!("{name} must not be negative")))
    }
}
