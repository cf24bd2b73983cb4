//! Counts how often each value occurs, in memory of the caller.

/// Counts a value. Returns how often it has occurred.
///
/// # Safety
///
/// `counts` points to a counter for each value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn count(counts: *mut u32, value: i64) -> u32 {
    // How many counters there are is not known here, so there is no slice to index.
    let count = unsafe { &mut *counts.offset(value as isize) };
    *count += 1;
    *count
}
