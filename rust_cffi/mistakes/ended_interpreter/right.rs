//! Numbers for a function of the caller's.

use std::ffi::c_void;
use std::{mem, thread};

struct Sleep;

impl Drop for Sleep {
    fn drop(&mut self) {
        loop {
            thread::park();
        }
    }
}

/// Calls `function` with `context` and each number below `end`.
///
/// # Safety
///
/// `function` takes such a context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn each(
    function: unsafe extern "C-unwind" fn(context: *mut c_void, number: u64),
    context: *mut c_void,
    end: u64,
) {
    for number in 0..end {
        // A thread that outlives the interpreter sleeps, as it does from CPython 3.14 on.
        let unwound = Sleep;
        unsafe { function(context, number) };
        mem::forget(unwound);
    }
}
