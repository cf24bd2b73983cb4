//! Crossings without a kernel: call shapes and buffers, where there is neither a string
//! nor a list. Those are in `collections.rs`.
#![expect(
    clippy::many_single_char_names,
    reason = "the contract names the arguments"
)]

use crate::buffer::{BYTES, Buffer, INT32, Out, UINT32};
use crate::ending::Int;
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::ffi::Py_buffer;
use pyo3::prelude::*;

/// More numbers than this, `range_*` do not hand out.
const MAX_RANGE: u32 = 1 << 24;

// ------------------------------------------------------------------ call shapes

/// Do nothing.
#[pyfunction]
pub fn noop() {}

/// Return 7.
#[pyfunction]
pub fn number() -> i64 {
    7
}

/// Return ``n`` by way of a signed 64-bit integer.
///
/// Raises ``OverflowError`` if it does not fit.
#[pyfunction]
#[pyo3(signature = (n, /))]
pub fn echo(n: Int) -> i64 {
    n.0
}

/// Return the sum of five signed 64-bit integers.
///
/// Raises ``OverflowError`` if one of them, or the sum, does not fit.
#[pyfunction]
#[pyo3(signature = (a, b, c, d, e, /))]
pub fn sum_five(a: Int, b: Int, c: Int, d: Int, e: Int) -> PyResult<i64> {
    sum([a, b, c, d, e].map(|number| number.0))
}

/// Return the sum of five signed 64-bit integers, given by name.
///
/// Raises ``OverflowError`` if one of them, or the sum, does not fit.
#[pyfunction]
#[pyo3(signature = (*, a, b, c, d, e))]
pub fn sum_named(a: Int, b: Int, c: Int, d: Int, e: Int) -> PyResult<i64> {
    sum([a, b, c, d, e].map(|number| number.0))
}

/// It is the whole sum that must fit, so the way there has more bits.
fn sum(numbers: [i64; 5]) -> PyResult<i64> {
    let sum: i128 = numbers.map(i128::from).iter().sum();
    i64::try_from(sum)
        .map_err(|_| PyOverflowError::new_err("the sum does not fit into a signed 64-bit integer"))
}

/// Raise ``ValueError``.
#[pyfunction]
pub fn fail() -> PyResult<()> {
    Err(PyValueError::new_err("failed on purpose"))
}

/// Panic on purpose, to show what becomes of it. This is not part of the contract.
#[pyfunction]
pub fn panic() {
    panic!("panicked on purpose");
}

// ---------------------------------------------------------------------- buffers

/// Return the number of code points in strings that are packed as Arrow does it.
///
/// ``offsets`` is a C-contiguous, one-dimensional buffer of n + 1 signed 32-bit
/// integers in native byte order, ``data`` one of bytes. String i is the UTF-8 in
/// ``data[offsets[i]:offsets[i + 1]]``. Every byte counts that does not continue a
/// code point, also where the bytes are no UTF-8. Raises ``ValueError`` if there is
/// no offset, or if the offsets descend or lead out of ``data``.
#[pyfunction]
#[pyo3(signature = (offsets, data, /))]
pub fn packed_length(offsets: &Bound<'_, PyAny>, data: &Bound<'_, PyAny>) -> PyResult<usize> {
    let (mut offsets_view, mut data_view) = (Py_buffer::new(), Py_buffer::new());
    let offsets = Buffer::get(&mut offsets_view, offsets, "offsets", INT32)?;
    let data = Buffer::get(&mut data_view, data, "data", BYTES)?;
    let data = data.bytes();
    let [first, ..] = offsets.items() else {
        let message = "offsets is empty, expected one more than there are strings";
        return Err(PyValueError::new_err(message));
    };
    let mut start = place(*first);
    let mut total = 0;
    // The first offset is taken for an end too: it must lie within data even if it is alone.
    for end in offsets.items().iter().copied().map(place) {
        let string = data.get(start..end);
        let string =
            string.ok_or_else(|| PyValueError::new_err("offsets must ascend within data"))?;
        total += code_points(string);
        start = end;
    }
    Ok(total)
}

/// An offset as an index. A negative one becomes an index that is outside of any data.
fn place(offset: [u8; 4]) -> usize {
    usize::try_from(i32::from_ne_bytes(offset)).unwrap_or(usize::MAX)
}

/// The number of bytes that do not continue a code point of UTF-8.
fn code_points(bytes: &[u8]) -> usize {
    let starts = bytes.iter().filter(|byte| !(0x80..0xC0).contains(*byte));
    starts.count()
}

/// Return the sum of a buffer of unsigned 32-bit integers.
///
/// ``numbers`` is C-contiguous, one-dimensional and in native byte order; it may be
/// read-only.
#[pyfunction]
#[pyo3(signature = (numbers, /))]
pub fn buffer_sum(numbers: &Bound<'_, PyAny>) -> PyResult<u64> {
    let mut view = Py_buffer::new();
    let numbers = Buffer::get(&mut view, numbers, "numbers", UINT32)?;
    let numbers = numbers.items().iter();
    // 64 bits hold the sum of 2^32 items, which take 16 GiB.
    Ok(numbers
        .map(|&item| u64::from(u32::from_ne_bytes(item)))
        .sum())
}

/// Write the numbers 0, 1, ... into a buffer of unsigned 32-bit integers.
///
/// ``out`` is what ``Dictionary.distances_into`` takes, of any length up to 2**24.
/// Raises ``ValueError`` for a longer one.
#[pyfunction]
#[pyo3(signature = (out, /))]
pub fn range_into(out: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut view = Py_buffer::new();
    let mut out = Out::get(&mut view, out)?;
    let end = range_end(out.len())?;
    out.fill(0..end);
    Ok(())
}

/// How many numbers a `range_*` function hands out.
pub fn range_end(n: impl TryInto<u32>) -> PyResult<u32> {
    n.try_into()
        .ok()
        .filter(|&end| end <= MAX_RANGE)
        .ok_or_else(|| PyValueError::new_err("n must be between 0 and 2**24"))
}
