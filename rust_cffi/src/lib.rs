//! The C interface of [`levenshtein`]. `include/lev.h` is generated from this crate.
//!
//! - A function whose result is a number returns it, or a [`lev_status`], which is
//!   then negative. The others that can fail return a [`lev_status`] and write their
//!   result through the last argument, which is left alone when the call fails. Only
//!   [`lev_sum_five`] has a number that may be negative, and returns it with a status.
//! - A string is a pointer and a number of code points: `_latin1` takes one byte for
//!   each, `_ucs4` four. NULs and surrogates are code points like any other. An empty
//!   string may have a null pointer.
//! - `lev_dictionary` and `lev_search` are opaque. Who gets one frees it.
//! - No function keeps a pointer that it was given, and none looks for signals.
//!
//! | module | what is in it |
//! |---|---|
//! | `pairs` | functions of two strings |
//! | `dictionaries`, `searches` | many words, and one query on its way through them |
//! | `crossings` | what crosses without a kernel |
//! | `texts` | the same for callers that can read Python's strings in place |
//! | `boundary` | what all of them need: statuses, panics, memory |
#![allow(
    non_camel_case_types,
    reason = "types have the same name in Rust and in C"
)]

mod boundary;
mod crossings;
mod dictionaries;
mod pairs;
mod searches;
#[cfg(feature = "texts")]
mod texts;

pub use boundary::{lev_code_point, lev_status};
pub use crossings::*;
pub use dictionaries::*;
pub use pairs::*;
pub use searches::*;
#[cfg(feature = "texts")]
pub use texts::*;

use std::ffi::{CStr, c_char};

/// The compiler that built the library, as a string that is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn lev_compiler() -> *const c_char {
    COMPILER.as_ptr()
}

/// How the library was compiled, as a string that is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn lev_flags() -> *const c_char {
    FLAGS.as_ptr()
}

const COMPILER: &CStr = c_string(concat!(compiled_with::compiler!(), "\0"));
const FLAGS: &CStr = c_string(concat!(compiled_with::flags!(), "\0"));

const fn c_string(text: &str) -> &CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("one NUL, at the end"),
    }
}
