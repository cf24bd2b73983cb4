//! A buffer of the caller that distances are written into.

use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_char};
use std::ptr;

/// A writable, C-contiguous, one-dimensional buffer of unsigned 32-bit integers in
/// native byte order. It is exported, and so cannot move or shrink, until dropped.
///
/// `PyBuffer<u32>` will not do: it takes other byte orders and shapes, and refuses
/// ctypes arrays, which leave out their strides.
pub struct Uint32Buffer<'py> {
    /// Allocated by a `Box`. Its own pointers may point into it, so it must not move.
    view: *mut ffi::Py_buffer,
    /// Proof that the GIL is held wherever this object is.
    _py: Python<'py>,
}

impl<'py> Uint32Buffer<'py> {
    /// Exports the buffer of `object` and checks that it is one of `length` such integers.
    pub fn get(object: &Bound<'py, PyAny>, length: usize) -> PyResult<Self> {
        let mut view = Box::new(ffi::Py_buffer::new());
        // Least is asked for, so that it is the checks below that refuse a buffer.
        // SAFETY: `object` is an object, `view` has room for its buffer, and the GIL is held.
        let status =
            unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), &raw mut *view, ffi::PyBUF_FULL_RO) };
        if status != 0 {
            return Err(PyErr::fetch(object.py()));
        }
        // From here on the buffer is released when this object is dropped.
        let buffer = Self {
            view: Box::into_raw(view),
            _py: object.py(),
        };
        buffer.check(length)?;
        Ok(buffer)
    }

    fn check(&self, length: usize) -> PyResult<()> {
        // SAFETY: `view` was filled by PyObject_GetBuffer and is not released yet.
        let view = unsafe { &*self.view };
        if view.readonly != 0 {
            return Err(PyBufferError::new_err("out is read-only"));
        }
        // SAFETY: as above.
        if unsafe { ffi::PyBuffer_IsContiguous(view, b'C'.cast_signed() as c_char) } == 0 {
            return Err(PyBufferError::new_err("out is not C-contiguous"));
        }
        if view.ndim != 1 {
            let message = format!("out has {} dimensions, expected 1", view.ndim);
            return Err(PyValueError::new_err(message));
        }
        let format = if view.format.is_null() {
            c"B"
        } else {
            // SAFETY: a format is a C string that lives as long as the exported buffer.
            unsafe { CStr::from_ptr(view.format) }
        };
        if !is_uint32(format) || view.itemsize != 4 {
            let message = format!(
                "out has items of format {format:?} and {} bytes, expected unsigned 32-bit \
                 integers in native byte order",
                view.itemsize
            );
            return Err(PyValueError::new_err(message));
        }
        let items = view.len / view.itemsize;
        if usize::try_from(items) != Ok(length) {
            let message = format!("out has {items} items, expected {length}");
            return Err(PyValueError::new_err(message));
        }
        Ok(())
    }

    /// Fills the buffer. There must be as many values as it has items.
    pub fn write(&self, values: &[u32]) {
        // SAFETY: `view` was filled by PyObject_GetBuffer and is not released yet.
        let view = unsafe { &*self.view };
        let bytes = size_of_val(values);
        assert_eq!(
            usize::try_from(view.len),
            Ok(bytes),
            "as many values as items"
        );
        // SAFETY: the buffer is writable, contiguous and `bytes` long. It is written as
        // bytes because it need not be aligned. The GIL is held, and `values` is ours.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), view.buf.cast(), bytes) };
    }
}

impl Drop for Uint32Buffer<'_> {
    fn drop(&mut self) {
        // SAFETY: `view` was filled by PyObject_GetBuffer, came out of a `Box`, and is not
        // used after this. The GIL is held.
        unsafe {
            ffi::PyBuffer_Release(self.view);
            drop(Box::from_raw(self.view));
        }
    }
}

/// Whether a format in the notation of Python's `struct` is that of an unsigned
/// integer in native byte order, of 32 bits if its size is four.
fn is_uint32(format: &CStr) -> bool {
    const NATIVE: u8 = if cfg!(target_endian = "little") {
        b'<'
    } else {
        b'>'
    };
    matches!(
        format.to_bytes(),
        [b'I' | b'L'] | [b'@' | b'=' | NATIVE, b'I' | b'L']
    )
}
