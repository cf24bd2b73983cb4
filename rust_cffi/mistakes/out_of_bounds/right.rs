//! Counts how often each value occurs, in memory of the caller.

use std::slice;

/// Counts a value. Returns how often it has occurred, or 0 if there is no counter for it.
///
/// # Safety
///
/// `counts` points to `length` counters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn count(counts: *mut u32, length: usize, value: i64) -> u32 {
    let counts = unsafe { slice::from_raw_parts_mut(counts, length) };
    let count = usize::try_from(value).ok().and_then(|i| counts.get_mut(i));
    let Some(count) = count else { return 0 };
    *count += 1;
    *count
}
