//! The mean of whole numbers, rounded.

use std::slice;

/// Writes the mean of `count` numbers to `mean`. Returns -1 if there are none, else 0.
///
/// # Safety
///
/// `numbers` points to `count` numbers, `mean` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean(numbers: *const i64, count: usize, mean: *mut i64) -> i32 {
    let numbers = unsafe { slice::from_raw_parts(numbers, count) };
    if numbers.is_empty() {
        return -1;
    }
    unsafe { *mean = numbers.iter().sum::<i64>() / numbers.len() as i64 };
    0
}
