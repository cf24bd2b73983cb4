//! A buffer of the caller's that takes a matrix of unsigned integers.

use crate::ending::export;
use levenshtein::fast::Cell;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_char};
use std::slice;

/// Bytes of an item.
#[derive(Clone, Copy)]
pub enum Width {
    One,
    Two,
    Four,
}

/// A writable, C-contiguous buffer. It is exported, and so cannot move or shrink, until
/// dropped. `buffer.rs` says why `PyO3`'s own will not do.
pub struct Matrix<'a, 'py> {
    view: &'a mut ffi::Py_buffer,
    width: Width,
    /// Proof that the GIL is held wherever this object is.
    _py: Python<'py>,
}

impl<'a, 'py> Matrix<'a, 'py> {
    /// Exports the buffer of the argument `out` into `view`, if it has so many rows and
    /// columns.
    pub fn get(
        view: &'a mut ffi::Py_buffer,
        object: &Bound<'py, PyAny>,
        rows: usize,
        columns: usize,
    ) -> PyResult<Self> {
        let py = object.py();
        export(object, view, ffi::PyBUF_FULL_RO)?;
        // From here on the buffer is released when this object is dropped.
        let mut matrix = Self {
            view,
            width: Width::Four,
            _py: py,
        };
        matrix.check(rows, columns)?;
        Ok(matrix)
    }

    fn check(&mut self, rows: usize, columns: usize) -> PyResult<()> {
        let view = &*self.view;
        if view.readonly != 0 {
            return Err(PyBufferError::new_err("out is read-only"));
        }
        // SAFETY: `view` was filled by PyObject_GetBuffer and is not released yet.
        if unsafe { ffi::PyBuffer_IsContiguous(view, b'C'.cast_signed() as c_char) } == 0 {
            return Err(PyBufferError::new_err("out is not C-contiguous"));
        }
        let format = if view.format.is_null() {
            c"B"
        } else {
            // SAFETY: a format is a C string that lives as long as the exported buffer.
            unsafe { CStr::from_ptr(view.format) }
        };
        self.width = width(format, view.itemsize).ok_or_else(|| {
            let message = format!(
                "out has items of format {format:?} and {} bytes, expected unsigned integers \
                 of 8, 16 or 32 bits in native byte order",
                view.itemsize
            );
            PyValueError::new_err(message)
        })?;
        let shape = if view.shape.is_null() {
            Vec::new()
        } else {
            let dimensions = usize::try_from(view.ndim).unwrap_or(0);
            // SAFETY: a shape has as many numbers as there are dimensions.
            unsafe { slice::from_raw_parts(view.shape, dimensions) }.to_vec()
        };
        let sizes = [rows, columns].map(|size| isize::try_from(size).unwrap_or(isize::MAX));
        let items = sizes[0].saturating_mul(sizes[1]);
        if shape != sizes && !(view.ndim == 1 && view.len / view.itemsize == items) {
            let message = format!("out has the shape {shape:?}, expected {sizes:?} or [{items}]");
            return Err(PyValueError::new_err(message));
        }
        Ok(())
    }

    pub fn width(&self) -> Width {
        self.width
    }

    /// Writes cells of the matrix's own width from the item `start` on.
    pub fn write<C: Cell>(&mut self, start: usize, cells: &[C]) {
        let (from, size) = (start * size_of::<C>(), size_of_val(cells));
        let length = usize::try_from(self.view.len).unwrap_or(0);
        assert!(from + size <= length, "the matrix has been checked");
        if size == 0 {
            return;
        }
        // SAFETY: the buffer is contiguous, writable and `len` bytes long until it is
        // released, and the cells are plain numbers that lie elsewhere. It need not be
        // aligned, so bytes are copied. The GIL is held.
        unsafe {
            let to = self.view.buf.cast::<u8>().add(from);
            std::ptr::copy_nonoverlapping(cells.as_ptr().cast(), to, size);
        }
    }
}

impl Drop for Matrix<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: `view` was filled by PyObject_GetBuffer and has not been released. The
        // GIL is held.
        unsafe { ffi::PyBuffer_Release(self.view) };
    }
}

/// The width of the items of a buffer, if they are unsigned integers in native byte order.
fn width(format: &CStr, size: isize) -> Option<Width> {
    const NATIVE: u8 = if cfg!(target_endian = "little") {
        b'<'
    } else {
        b'>'
    };
    let ([code] | [b'@' | b'=' | NATIVE, code]) = format.to_bytes() else {
        return None;
    };
    match (code, size) {
        (b'B', 1) => Some(Width::One),
        (b'H', 2) => Some(Width::Two),
        (b'I' | b'L', 4) => Some(Width::Four),
        _ => None,
    }
}
