//! Reads a number.

use std::{slice, str};

/// Reads the number in `length` bytes of UTF-8. Returns -1 if there is none, else 0.
///
/// # Safety
///
/// `text` points to `length` bytes, `value` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn number(text: *const u8, length: usize, value: *mut f64) -> i32 {
    let text = unsafe { slice::from_raw_parts(text, length) };
    let Some(number) = str::from_utf8(text).ok().and_then(|text| text.parse().ok()) else {
        return -1;
    };
    unsafe { *value = number };
    0
}
