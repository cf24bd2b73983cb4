//! A stack of pointers that belong to the caller.

use std::{cell::RefCell, ffi::c_void, ptr};

thread_local! {
    static STACK: RefCell<Vec<*mut c_void>> = const { RefCell::new(Vec::new()) };
}

/// Puts a pointer on top of this thread's stack.
#[unsafe(no_mangle)]
pub extern "C" fn stack_push(item: *mut c_void) {
    STACK.with_borrow_mut(|stack| stack.push(item));
}

/// The pointer on top of this thread's stack, or null.
#[unsafe(no_mangle)]
pub extern "C" fn stack_top() -> *mut c_void {
    STACK.with_borrow(|stack| stack.last().copied().unwrap_or(ptr::null_mut()))
}
