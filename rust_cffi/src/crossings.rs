//! What crosses without a kernel behind it: each function measures one way of crossing.
//!
//! Buffers are read and written in any alignment, because Python's may have any. Whoever
//! calls sees to it that nobody else writes to them meanwhile: a slice of Rust promises
//! the compiler as much. cffi, which has released the GIL by then, leaves that to its user.

use crate::boundary::{caught, items, lev_code_point, lev_status, number, pieces};
use crate::dictionaries::lev_dictionary;
use levenshtein::MAX_LENGTH;
use std::ffi::c_void;
use std::slice;

/// Does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn lev_noop() {}

/// Does nothing, with a dictionary.
#[unsafe(no_mangle)]
pub extern "C" fn lev_dictionary_noop(_: *const lev_dictionary) {}

/// The number 7.
#[unsafe(no_mangle)]
pub extern "C" fn lev_number() -> i64 {
    7
}

/// The number itself.
#[unsafe(no_mangle)]
pub extern "C" fn lev_echo(n: i64) -> i64 {
    n
}

/// A sum that may be any number, and so cannot be a status at the same time.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct lev_sum {
    /// The sum, or 0 if it does not fit.
    pub sum: i64,
    /// `LEV_STATUS_OK` or `LEV_STATUS_OVERFLOW`.
    pub status: lev_status,
}

/// The sum of five numbers. It may leave 64 bits on the way, but not in the end.
#[unsafe(no_mangle)]
#[expect(
    clippy::many_single_char_names,
    reason = "five numbers are five numbers"
)]
pub extern "C" fn lev_sum_five(a: i64, b: i64, c: i64, d: i64, e: i64) -> lev_sum {
    let sum: i128 = [a, b, c, d, e].map(i128::from).iter().sum();
    match sum.try_into() {
        Ok(sum) => lev_sum {
            sum,
            status: lev_status::Ok,
        },
        Err(_) => lev_sum {
            sum: 0,
            status: lev_status::Overflow,
        },
    }
}

/// Fails with `LEV_STATUS_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn lev_fail() -> lev_status {
    lev_status::InvalidArgument
}

/// Panics inside, to show what its caller sees of that: `LEV_STATUS_PANIC`.
#[unsafe(no_mangle)]
#[expect(clippy::missing_panics_doc, reason = "the panic ends inside")]
pub extern "C" fn lev_panic() -> lev_status {
    caught(|| panic!("lev_panic was called")).unwrap_or_else(|status| status)
}

/// The sum of the lengths of `count` strings, which stand one after the other in `text`,
/// in code points, or a status. Invalid unless `lengths` adds up to `text_length`.
///
/// # Safety
///
/// `text` points to `text_length` code points, and `lengths` to the length of each
/// string in code points.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_total_length_latin1(
    text: *const u8,
    text_length: usize,
    lengths: *const u64,
    count: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (text, lengths) = unsafe { (items(text, text_length), items(lengths, count)) };
    number(|| total_length(text, lengths))
}

/// The same for code points of four bytes.
///
/// # Safety
///
/// As for `lev_total_length_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_total_length_ucs4(
    text: *const lev_code_point,
    text_length: usize,
    lengths: *const u64,
    count: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (text, lengths) = unsafe { (items(text, text_length), items(lengths, count)) };
    number(|| total_length(text, lengths))
}

/// The number of code points in the UTF-8 strings `data[offsets[i]..offsets[i + 1]]`, or
/// a status: of the bytes that do not continue a code point, valid or not. Invalid if
/// there is no offset, or if they descend, begin below 0 or lead out of `data`.
///
/// # Safety
///
/// `offsets` points to `offset_count` numbers of type `int32_t` in any alignment, and
/// `data` to `data_length` bytes. Nobody writes to either during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_packed_length(
    offsets: *const c_void,
    offset_count: usize,
    data: *const u8,
    data_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for both buffers.
    let (offsets, data) = unsafe {
        (
            items(offsets.cast(), offset_count),
            items(data, data_length),
        )
    };
    number(|| packed_length(offsets, data).ok_or(lev_status::InvalidArgument))
}

/// The sum of a buffer of unsigned 32-bit integers, or a status.
///
/// # Safety
///
/// `numbers` points to `count` numbers of type `uint32_t` in any alignment, to which
/// nobody writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_buffer_sum(numbers: *const c_void, count: usize) -> i64 {
    // SAFETY: the caller vouches for the numbers.
    let numbers = unsafe { items(numbers.cast(), count) };
    sum(numbers).unwrap_or(lev_status::Overflow as i64)
}

/// Writes the numbers 0, 1, ..., `count` - 1.
///
/// # Safety
///
/// `out` points to a place for `count` numbers of type `uint32_t` in any alignment, which
/// nobody else uses during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_range_into(out: *mut c_void, count: usize) {
    // SAFETY: the caller vouches for the place.
    let out = unsafe { places(out.cast::<[u8; 4]>(), count) };
    for (i, place) in (0_u32..).zip(out) {
        *place = i.to_ne_bytes();
    }
}

/// Writes the pairs (0, 0), (1, 1), ..., (`count` - 1, `count` - 1).
///
/// # Safety
///
/// `out` points to a place for two times `count` numbers of type `uint32_t` in any
/// alignment, which nobody else uses during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_range_pairs_into(out: *mut c_void, count: usize) {
    // SAFETY: the caller vouches for the place.
    let out = unsafe { places(out.cast::<[[u8; 4]; 2]>(), count) };
    for (i, place) in (0_u32..).zip(out) {
        *place = [i.to_ne_bytes(); 2];
    }
}

fn total_length<T>(text: &[T], lengths: &[u64]) -> Result<usize, lev_status> {
    let mut total = 0;
    pieces(text, lengths, |piece| {
        // The bound that the kernels have.
        if piece.len() > MAX_LENGTH {
            return Err(lev_status::OutOfMemory);
        }
        total += piece.len();
        Ok(())
    })?;
    Ok(total)
}

/// Nothing if an offset leads out of `data`, or back.
fn packed_length(offsets: &[[u8; 4]], data: &[u8]) -> Option<usize> {
    let mut offsets = offsets
        .iter()
        .map(|&bytes| usize::try_from(i32::from_ne_bytes(bytes)).ok());
    let mut start = offsets.next()??;
    let mut total = 0;
    // A range that descends or leads out is none of `data`, and so with an empty one.
    data.get(start..)?;
    for end in offsets {
        let end = end?;
        let string = data.get(start..end)?;
        total += string.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        start = end;
    }
    Some(total)
}

fn sum(numbers: &[[u8; 4]]) -> Option<i64> {
    // In pieces whose sum fits, so that the loop needs no check.
    numbers.chunks(1 << 31).try_fold(0_i64, |total, piece| {
        let numbers = piece.iter().map(|&bytes| u32::from_ne_bytes(bytes));
        total.checked_add(numbers.map(i64::from).sum())
    })
}

/// # Safety
///
/// `data` points to places for `count` items that nobody else uses during `'a`.
unsafe fn places<'a, T>(data: *mut T, count: usize) -> &'a mut [T] {
    if count == 0 {
        return &mut [];
    }
    // SAFETY: the caller vouches for the places.
    unsafe { slice::from_raw_parts_mut(data, count) }
}
