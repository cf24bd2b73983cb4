//! Counts how often each byte occurs.

use std::slice;

// As in C. Safe Rust would have refused it.
static mut COUNTS: [u64; 256] = [0; 256];

/// Counts `length` bytes.
///
/// # Safety
///
/// `data` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn counts_add(data: *const u8, length: usize) {
    for &byte in unsafe { slice::from_raw_parts(data, length) } {
        unsafe { COUNTS[usize::from(byte)] += 1 };
    }
}

/// How often a byte has occurred.
#[unsafe(no_mangle)]
pub extern "C" fn counts_of(byte: u8) -> u64 {
    unsafe { COUNTS[usize::from(byte)] }
}
