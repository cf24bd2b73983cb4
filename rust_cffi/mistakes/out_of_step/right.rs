//! A checksum of a text: FNV-1a. It had 32 bits once.

use std::slice;

/// Writes the checksum of `length` bytes to `sum`.
///
/// # Safety
///
/// `text` points to `length` bytes, `sum` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn checksum(text: *const u8, length: usize, sum: *mut u64) {
    let text = unsafe { slice::from_raw_parts(text, length) };
    let start = 0xcbf2_9ce4_8422_2325;
    let fnv = |sum: u64, &byte: &u8| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    unsafe { *sum = text.iter().fold(start, fnv) };
}
