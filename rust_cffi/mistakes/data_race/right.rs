//! Counts how often each byte occurs.

use std::slice;
use std::sync::Mutex;

static COUNTS: Mutex<[u64; 256]> = Mutex::new([0; 256]);

/// Counts `length` bytes.
///
/// # Safety
///
/// `data` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn counts_add(data: *const u8, length: usize) {
    let mut counts = COUNTS.lock().unwrap();
    for &byte in unsafe { slice::from_raw_parts(data, length) } {
        counts[usize::from(byte)] += 1;
    }
}

/// How often a byte has occurred.
#[unsafe(no_mangle)]
pub extern "C" fn counts_of(byte: u8) -> u64 {
    COUNTS.lock().unwrap()[usize::from(byte)]
}
