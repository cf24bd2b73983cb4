//! Python's strings as the kernels read them: ASCII in place, anything else copied.
//!
//! The stable ABI does not show where a string keeps its code points. But the UTF-8 of an
//! ASCII string is the string itself, so that one can be read in place. Of any other,
//! `PyUnicode_AsUTF8AndSize` would make a copy that stays with the object for good, and
//! fail at a lone surrogate: so the question whether a string is ASCII comes first. Its
//! answer is a bit of the object, for which the stable ABI has no function, but Python
//! has a method.

use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::{MAX_LENGTH, OutOfMemory, Text};
use pyo3::exceptions::{PyMemoryError, PySystemError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyList, PyString};
use std::mem::MaybeUninit;
use std::{ptr, slice};

/// So many code points are copied to the stack, more to the heap.
const SHORT: usize = 64;

/// The code points of a string, copied into the room if they cannot be read in place.
/// Raises `MemoryError` if there are more than the kernels take.
///
/// A subclass of `str` counts as its text, because no method of the object is called.
pub fn text<'a>(string: &'a Bound<'_, PyString>, room: &'a mut Room) -> PyResult<Text<'a>> {
    match in_place(string)? {
        Some(units) => Ok(Text::Latin1(units)),
        None => Ok(Text::Ucs4(room.copy(string)?)),
    }
}

/// The code points of a string if they are ASCII.
fn in_place<'a>(string: &'a Bound<'_, PyString>) -> PyResult<Option<&'a [u8]>> {
    if !is_ascii(string)? {
        return Ok(None);
    }
    let mut size = 0;
    // SAFETY: this is a string, and the GIL is held.
    let units = unsafe { ffi::PyUnicode_AsUTF8AndSize(string.as_ptr(), &raw mut size) };
    let length = checked(string.py(), size, units.is_null())?;
    // SAFETY: these bytes belong to the string, which never changes and lives as long as it
    // is borrowed.
    Ok(Some(unsafe { slice::from_raw_parts(units.cast(), length) }))
}

/// Room for a copy of a string, should one be needed.
pub struct Room {
    short: [MaybeUninit<u32>; SHORT],
    long: Vec<u32>,
}

impl Room {
    pub const fn new() -> Self {
        Self {
            short: [MaybeUninit::uninit(); SHORT],
            long: Vec::new(),
        }
    }

    fn copy(&mut self, string: &Bound<'_, PyString>) -> PyResult<&[u32]> {
        let py = string.py();
        // SAFETY: this is a string, and the GIL is held.
        let size = unsafe { ffi::PyUnicode_GetLength(string.as_ptr()) };
        let length = checked(py, size, size < 0)?;
        let units = self.reserve(length)?.as_mut_ptr().cast();
        // SAFETY: as above, and `units` has room for `size` code points; no zero follows.
        let copy = unsafe { ffi::PyUnicode_AsUCS4(string.as_ptr(), units, size, 0) };
        checked(py, size, copy.is_null())?;
        // SAFETY: all of them have been written, into the room that is borrowed.
        Ok(unsafe { slice::from_raw_parts(units, length) })
    }

    /// `length` places for code points.
    fn reserve(&mut self, length: usize) -> PyResult<&mut [MaybeUninit<u32>]> {
        if length <= SHORT {
            return Ok(&mut self.short[..length]);
        }
        self.long
            .try_reserve_exact(length)
            .map_err(|error| memory_error(error.into()))?;
        Ok(&mut self.long.spare_capacity_mut()[..length])
    }
}

/// The strings that a list holds. Raises `TypeError` if an item is not a `str`.
pub fn strings<'py>(list: &Bound<'py, PyList>) -> PyResult<Vec<Bound<'py, PyString>>> {
    let mut strings = Vec::new();
    strings
        .try_reserve_exact(list.len())
        .map_err(|error| memory_error(error.into()))?;
    // No Python code runs in this loop, so the list cannot change meanwhile.
    for item in list {
        strings.push(item.cast_into()?);
    }
    Ok(strings)
}

/// Strings as a sequence of texts.
pub struct Texts<'a> {
    words: Vec<Word<'a>>,
    copies: Dictionary,
}

enum Word<'a> {
    InPlace(&'a [u8]),
    /// At this place among the copies.
    Copied(usize),
}

impl<'a> Texts<'a> {
    pub fn new(strings: &'a [Bound<'_, PyString>]) -> PyResult<Self> {
        let mut room = Room::new();
        let mut copies = Dictionary::new();
        let mut words = Vec::new();
        words
            .try_reserve_exact(strings.len())
            .map_err(|error| memory_error(error.into()))?;
        for string in strings {
            words.push(if let Some(units) = in_place(string)? {
                Word::InPlace(units)
            } else {
                let text = Text::Ucs4(room.copy(string)?);
                copies.push(text).map_err(memory_error)?;
                Word::Copied(copies.len() - 1)
            });
        }
        Ok(Self { words, copies })
    }
}

impl Words for Texts<'_> {
    fn len(&self) -> usize {
        self.words.len()
    }

    fn word(&self, index: usize) -> Text<'_> {
        match self.words[index] {
            Word::InPlace(units) => Text::Latin1(units),
            Word::Copied(place) => self.copies.word(place),
        }
    }
}

/// A length as Python gave it, unless its function failed or the kernels take no such text.
fn checked(py: Python<'_>, size: ffi::Py_ssize_t, failed: bool) -> PyResult<usize> {
    if failed {
        return Err(PyErr::fetch(py));
    }
    usize::try_from(size)
        .ok()
        .filter(|&length| length <= MAX_LENGTH)
        .ok_or_else(|| memory_error(OutOfMemory))
}

/// Whether a string is ASCII, from the C function behind `str.isascii`.
fn is_ascii(string: &Bound<'_, PyString>) -> PyResult<bool> {
    static FUNCTION: PyOnceLock<ffi::PyCFunction> = PyOnceLock::new();
    let py = string.py();
    let function = FUNCTION.get_or_try_init(py, || {
        let method = PyString::new(py, "").getattr("isascii")?;
        // SAFETY: both take any object and check that it is a built-in function.
        let (flags, function) = unsafe {
            let object = method.as_ptr();
            let flags = ffi::PyCFunction_GetFlags(object);
            (flags, ffi::PyCFunction_GetFunction(object))
        };
        match function {
            Some(function) if flags == ffi::METH_NOARGS => Ok(function),
            _ => Err(PyErr::take(py)
                .unwrap_or_else(|| PySystemError::new_err("str.isascii takes arguments"))),
        }
    })?;
    // SAFETY: this is a method of `str` without arguments, `string` is a `str`, and the
    // answer is a new reference, or NULL with an exception set.
    let answer = unsafe {
        let answer = function(string.as_ptr(), ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, answer)
    }?;
    Ok(answer.is(&*PyBool::new(py, true)))
}

/// What Python calls a lack of memory.
pub fn memory_error(error: OutOfMemory) -> PyErr {
    PyMemoryError::new_err(error.to_string())
}
