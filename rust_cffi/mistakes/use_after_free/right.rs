//! A copy of a text.

use std::ffi::{CStr, CString, c_char};

/// A copy of a text. `buffer_free` takes it back.
///
/// # Safety
///
/// `text` ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn buffer_new(text: *const c_char) -> *mut c_char {
    CString::from(unsafe { CStr::from_ptr(text) }).into_raw()
}

/// The length of a text in bytes.
///
/// # Safety
///
/// `buffer` comes from `buffer_new` and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn buffer_length(buffer: *const c_char) -> usize {
    unsafe { CStr::from_ptr(buffer) }.count_bytes()
}

/// Frees a text.
///
/// # Safety
///
/// `buffer` comes from `buffer_new` and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn buffer_free(buffer: *mut c_char) {
    drop(unsafe { CString::from_raw(buffer) });
}
