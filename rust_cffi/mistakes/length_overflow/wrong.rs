//! Repeats a block of bytes into memory of the caller.

use std::slice;

/// How many bytes `repeat_into` writes.
#[unsafe(no_mangle)]
pub extern "C" fn repeated_size(length: u32, count: u32) -> u32 {
    // A release build wraps around. A debug build would panic.
    length * count
}

/// Writes a block `count` times, one after the other.
///
/// # Safety
///
/// `block` points to `length` bytes, `out` to `repeated_size(length, count)` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn repeat_into(block: *const u8, length: u32, count: u32, out: *mut u8) {
    let size = repeated_size(length, count) as usize;
    let block = unsafe { slice::from_raw_parts(block, length as usize) };
    let out = unsafe { slice::from_raw_parts_mut(out, size) };
    for (to, from) in out.iter_mut().zip(block.iter().cycle()) {
        *to = *from;
    }
}
