//! What every function of the interface needs: how it ends, and how memory changes hands.

use levenshtein::{OutOfMemory, Text};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{ptr, slice};

/// A code point: any number below 0x110000, surrogates included.
pub type lev_code_point = u32;

/// How a call ended. Failures are negative.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum lev_status {
    /// All went well.
    Ok = 0,
    /// An allocation failed, or there are more than 2^32 - 2 code points in a string
    /// or words in a dictionary.
    OutOfMemory = -1,
    /// An argument contradicts another or its description.
    InvalidArgument = -2,
    /// A bug in the library; its message went to standard error.
    Panic = -3,
    /// The result does not fit into a signed 64-bit integer.
    Overflow = -4,
    /// A function of the caller wanted no more.
    Stopped = -5,
}

impl From<OutOfMemory> for lev_status {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// Runs `compute` and returns its result, a count of code points, or the status.
pub(crate) fn number(compute: impl FnOnce() -> Result<usize, lev_status>) -> i64 {
    match caught(compute) {
        #[expect(clippy::cast_possible_wrap, reason = "it is below 2^33")]
        Ok(number) => number as i64,
        Err(status) => status as i64,
    }
}

/// Runs `compute` and writes its result.
///
/// # Safety
///
/// `result` points to a place to write to.
pub(crate) unsafe fn write<T>(
    result: *mut T,
    compute: impl FnOnce() -> Result<T, lev_status>,
) -> lev_status {
    match caught(compute) {
        Ok(value) => {
            // SAFETY: the caller vouches for `result`.
            unsafe { result.write(value) };
            lev_status::Ok
        }
        Err(status) => status,
    }
}

/// Runs `compute`, out of which nothing unwinds: a panic that reached C would end the
/// process.
pub(crate) fn caught<T>(compute: impl FnOnce() -> Result<T, lev_status>) -> Result<T, lev_status> {
    // A panic can leave a search half advanced. Going on with it may give a wrong
    // answer or panic again; memory stays safe, because the kernels have no unsafe code.
    catch_unwind(AssertUnwindSafe(compute)).unwrap_or(Err(lev_status::Panic))
}

/// # Safety
///
/// `data` points to `length` items that nobody changes during `'a`, or `length` is 0.
pub(crate) unsafe fn items<'a, T>(data: *const T, length: usize) -> &'a [T] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller vouches for the items.
    unsafe { slice::from_raw_parts(data, length) }
}

/// # Safety
///
/// As for [`items`].
pub(crate) unsafe fn latin1<'a>(data: *const u8, length: usize) -> Text<'a> {
    // SAFETY: the caller vouches for the items.
    Text::Latin1(unsafe { items(data, length) })
}

/// # Safety
///
/// As for [`items`].
pub(crate) unsafe fn ucs4<'a>(data: *const lev_code_point, length: usize) -> Text<'a> {
    // SAFETY: the caller vouches for the items.
    Text::Ucs4(unsafe { items(data, length) })
}

/// Hands out `text` in pieces of such `lengths`, which must add up.
pub(crate) fn pieces<'a, T>(
    mut text: &'a [T],
    lengths: &[u64],
    mut take: impl FnMut(&'a [T]) -> Result<(), lev_status>,
) -> Result<(), lev_status> {
    for &length in lengths {
        let (piece, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| text.split_at_checked(length))
            .ok_or(lev_status::InvalidArgument)?;
        take(piece)?;
        text = rest;
    }
    if text.is_empty() {
        Ok(())
    } else {
        Err(lev_status::InvalidArgument)
    }
}

pub(crate) fn with_capacity<T>(capacity: usize) -> Result<Vec<T>, lev_status> {
    let mut items = Vec::new();
    items
        .try_reserve_exact(capacity)
        .map_err(|_| lev_status::OutOfMemory)?;
    Ok(items)
}

/// Gives away `value` in a box. (`Box::new` would end the process if memory is out.)
pub(crate) fn boxed<T>(value: T) -> Result<*mut T, lev_status> {
    let mut place = with_capacity(1)?;
    place.push(value);
    let place: Box<[T]> = place.into_boxed_slice();
    Ok(Box::into_raw(place).cast())
}

/// Frees what [`boxed`] gave away, if anything.
///
/// # Safety
///
/// `place` points to null or to what [`boxed`] gave away.
pub(crate) unsafe fn free<T>(place: *mut *mut T) {
    // SAFETY: the caller vouches for `place`.
    let given = unsafe { place.replace(ptr::null_mut()) };
    if !given.is_null() {
        // SAFETY: this was its only copy.
        drop(unsafe { Box::from_raw(given) });
    }
}
