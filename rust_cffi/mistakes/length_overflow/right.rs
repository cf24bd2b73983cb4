//! Repeats a block of bytes into memory of the caller.

use std::slice;

/// How many bytes `repeat_into` writes.
#[unsafe(no_mangle)]
pub extern "C" fn repeated_size(length: usize, count: usize) -> usize {
    length.saturating_mul(count)
}

/// Writes a block `count` times, one after the other.
///
/// # Safety
///
/// `block` points to `length` bytes, `out` to `repeated_size(length, count)` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn repeat_into(block: *const u8, length: usize, count: usize, out: *mut u8) {
    let size = repeated_size(length, count);
    let block = unsafe { slice::from_raw_parts(block, length) };
    let out = unsafe { slice::from_raw_parts_mut(out, size) };
    for (to, from) in out.iter_mut().zip(block.iter().cycle()) {
        *to = *from;
    }
}
