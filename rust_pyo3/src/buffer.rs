//! Buffers of the caller, checked as the contract wants them.

use crate::ending::export;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_char};
use std::slice;

/// What a buffer must hold.
#[derive(Clone, Copy)]
pub struct Items {
    description: &'static str,
    /// The codes of Python's `struct` that stand for such an item.
    codes: &'static [u8],
    size: isize,
}

pub const UINT32: Items = Items {
    description: "unsigned 32-bit integers in native byte order",
    codes: b"IL",
    size: 4,
};

pub const INT32: Items = Items {
    description: "signed 32-bit integers in native byte order",
    codes: b"il",
    size: 4,
};

pub const BYTES: Items = Items {
    description: "single bytes",
    codes: b"Bbc",
    size: 1,
};

/// A C-contiguous, one-dimensional buffer to read. It is exported, and so cannot move or
/// shrink, until dropped.
///
/// `PyBuffer<u32>` will not do: it takes other byte orders and shapes, and refuses
/// ctypes arrays, which leave out their strides.
pub struct Buffer<'a, 'py> {
    /// Borrowed from the caller, because its own pointers may point into it: it must not
    /// move. On the heap it would not either, but an allocation is a good part of what
    /// a small buffer costs.
    view: &'a mut ffi::Py_buffer,
    /// Proof that the GIL is held wherever this object is.
    _py: Python<'py>,
}

impl<'a, 'py> Buffer<'a, 'py> {
    /// Exports the buffer of the argument `name` into `view`, if it holds such items.
    pub fn get(
        view: &'a mut ffi::Py_buffer,
        object: &Bound<'py, PyAny>,
        name: &str,
        items: Items,
    ) -> PyResult<Self> {
        let buffer = Self::export(view, object)?;
        buffer.check(name, items)?;
        Ok(buffer)
    }

    fn export(view: &'a mut ffi::Py_buffer, object: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        // Least is asked for, so that it is the checks below that refuse a buffer.
        export(object, view, ffi::PyBUF_FULL_RO)?;
        // From here on the buffer is released when this object is dropped.
        Ok(Self { view, _py: py })
    }

    fn check(&self, name: &str, items: Items) -> PyResult<()> {
        let view = &*self.view;
        // SAFETY: `view` was filled by PyObject_GetBuffer and is not released yet.
        if unsafe { ffi::PyBuffer_IsContiguous(view, b'C'.cast_signed() as c_char) } == 0 {
            let message = format!("{name} is not C-contiguous");
            return Err(PyBufferError::new_err(message));
        }
        if view.ndim != 1 {
            let message = format!("{name} has {} dimensions, expected 1", view.ndim);
            return Err(PyValueError::new_err(message));
        }
        let format = if view.format.is_null() {
            c"B"
        } else {
            // SAFETY: a format is a C string that lives as long as the exported buffer.
            unsafe { CStr::from_ptr(view.format) }
        };
        if !items.are_of(format) || view.itemsize != items.size {
            let message = format!(
                "{name} has items of format {format:?} and {} bytes, expected {}",
                view.itemsize, items.description
            );
            return Err(PyValueError::new_err(message));
        }
        Ok(())
    }

    /// The bytes of the buffer, which need not be aligned for its items.
    pub fn bytes(&self) -> &[u8] {
        let Some((start, length)) = self.extent() else {
            return &[];
        };
        // SAFETY: the buffer is contiguous and `length` bytes long until it is released.
        // No Python code runs while the slice is borrowed, and the GIL is held. What a
        // thread without the GIL writes here meanwhile is a data race that no binding
        // can prevent, in C as in Rust.
        unsafe { slice::from_raw_parts(start, length) }
    }

    /// The items of a buffer whose items have four bytes.
    pub fn items(&self) -> &[[u8; 4]] {
        self.bytes().as_chunks().0
    }

    /// Where the buffer starts and how many bytes it has, unless it is empty: then its
    /// pointer may be anything.
    fn extent(&self) -> Option<(*mut u8, usize)> {
        let view = &*self.view;
        let length = usize::try_from(view.len)
            .ok()
            .filter(|&length| length > 0)?;
        Some((view.buf.cast(), length))
    }
}

impl Drop for Buffer<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: `view` was filled by PyObject_GetBuffer and has not been released. The
        // GIL is held.
        unsafe { ffi::PyBuffer_Release(self.view) };
    }
}

/// A writable buffer of unsigned 32-bit integers.
pub struct Out<'a, 'py>(Buffer<'a, 'py>);

impl<'a, 'py> Out<'a, 'py> {
    /// Exports the buffer of the argument `out` into `view`.
    pub fn get(view: &'a mut ffi::Py_buffer, object: &Bound<'py, PyAny>) -> PyResult<Self> {
        let buffer = Buffer::export(view, object)?;
        if buffer.view.readonly != 0 {
            return Err(PyBufferError::new_err("out is read-only"));
        }
        buffer.check("out", UINT32)?;
        Ok(Self(buffer))
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.0.items().len()
    }

    /// Raises `ValueError` unless it has room for as many numbers.
    pub fn expect_len(&self, expected: usize) -> PyResult<()> {
        let length = self.len();
        if length == expected {
            return Ok(());
        }
        let message = format!("out has {length} items, expected {expected}");
        Err(PyValueError::new_err(message))
    }

    /// Writes numbers from the start on, until they or the buffer end.
    pub fn fill(&mut self, numbers: impl IntoIterator<Item = u32>) {
        let Some((start, length)) = self.0.extent() else {
            return;
        };
        // SAFETY: as in `Buffer::bytes`, and the buffer is writable.
        let bytes = unsafe { slice::from_raw_parts_mut(start, length) };
        for (item, number) in bytes.as_chunks_mut().0.iter_mut().zip(numbers) {
            *item = number.to_ne_bytes();
        }
    }
}

impl Items {
    /// Whether a format in the notation of Python's `struct` is that of such an item in
    /// native byte order, if its size is right.
    fn are_of(self, format: &CStr) -> bool {
        const NATIVE: u8 = if cfg!(target_endian = "little") {
            b'<'
        } else {
            b'>'
        };
        match format.to_bytes() {
            [code] | [b'@' | b'=' | NATIVE, code] => self.codes.contains(code),
            _ => false,
        }
    }
}
