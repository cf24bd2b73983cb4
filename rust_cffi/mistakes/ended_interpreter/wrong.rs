//! Numbers for a function of the caller's.

use std::ffi::c_void;

/// Calls `function` with `context` and each number below `end`.
///
/// # Safety
///
/// `function` takes such a context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn each(
    function: unsafe extern "C" fn(context: *mut c_void, number: u64),
    context: *mut c_void,
    end: u64,
) {
    for number in 0..end {
        // Until CPython 3.13, a thread that outlives the interpreter is unwound from here.
        unsafe { function(context, number) };
    }
}
