//! Python's strings and lists of strings as the kernels read them: in place.

use levenshtein::dictionary::Words;
use levenshtein::{MAX_LENGTH, OutOfMemory, Text};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use pyo3::types::string::PyStringData;
use pyo3::types::{PyList, PyString};

/// The code points of a string, which are not copied. Raises `MemoryError` if there
/// are more than the kernels take.
///
/// A subclass of `str` counts as its text, because no method of the object is called.
pub fn text<'a>(string: &'a Bound<'_, PyString>) -> PyResult<Text<'a>> {
    // SAFETY: `data` reads a C bit-field whose layout is the compiler's choice. The
    // tests compare the answers for every storage width on each platform this is
    // built for. What it borrows stays in place as long as `string` is borrowed,
    // because a `str` never changes.
    let data = unsafe { string.data() }?;
    let text = match data {
        PyStringData::Ucs1(units) => Text::Latin1(units),
        PyStringData::Ucs2(units) => Text::Ucs2(units),
        PyStringData::Ucs4(units) => Text::Ucs4(units),
    };
    if text.len() > MAX_LENGTH {
        return Err(memory_error(OutOfMemory));
    }
    Ok(text)
}

/// The strings that a list held when the snapshot was taken.
pub struct Snapshot<'py>(Vec<Bound<'py, PyString>>);

impl<'py> Snapshot<'py> {
    /// Raises `TypeError` if an item is not a `str`.
    pub fn new(list: &Bound<'py, PyList>) -> PyResult<Self> {
        let mut strings = Vec::new();
        strings
            .try_reserve_exact(list.len())
            .map_err(|error| memory_error(error.into()))?;
        // No Python code runs in this loop, so the list cannot change meanwhile.
        for item in list {
            let string = item.cast_into::<PyString>()?;
            text(&string)?;
            strings.push(string);
        }
        Ok(Self(strings))
    }
}

impl Words for Snapshot<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn word(&self, index: usize) -> Text<'_> {
        text(&self.0[index]).expect("this string was read before, when the snapshot was taken")
    }
}

/// What Python calls a lack of memory.
pub fn memory_error(error: OutOfMemory) -> PyErr {
    PyMemoryError::new_err(error.to_string())
}
