//! The mean of whole numbers, rounded.

use std::slice;

/// The mean of `count` numbers.
///
/// # Safety
///
/// `numbers` points to `count` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean(numbers: *const i64, count: usize) -> i64 {
    let numbers = unsafe { slice::from_raw_parts(numbers, count) };
    // Without numbers this is a panic, and no panic gets past the caller in C.
    numbers.iter().sum::<i64>() / numbers.len() as i64
}
