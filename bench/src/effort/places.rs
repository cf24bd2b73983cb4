//! The places in a source text where the author alone keeps memory safe, counted by kind.
//!
//! Code counts as it is written: comments and literals do not count (an f-string is a literal), a
//! macro counts once, where it is defined, and all branches of an `#if` count, as does the C that
//! a `cdef extern` of Cython has in a docstring. A function counts where it is called, in Python
//! also under the name that `unpack = ffi.unpack` gives it. One sign is one place, even where it
//! only leads to an address. Nothing counts in the parentheses of a `sizeof`.
//!
//! - **Unsafe**: Rust's word `unsafe`, before a block, `fn`, `impl`, `trait` or `extern` and in an
//!   attribute, but not in the type of a function pointer. Cython's `boundscheck`, `wraparound`
//!   and `initializedcheck`, each where it is switched off. C has no such word: all of it is so.
//! - **Reference counts**, kept by hand, and whatever else says who owns an object. All native
//!   languages: `Py_INCREF`, `Py_DECREF`, `Py_NewRef`, `Py_SETREF`, the same with `X`, `Py_CLEAR`,
//!   `Py_VISIT`, `PyObject_GC_Track` and `UnTrack`, `PyObject_GetBuffer`, `PyBuffer_Release`. Rust:
//!   `forget`, `into_ptr`, `from_owned_ptr` and `from_borrowed_ptr`, also with `_or_err` or
//!   `_or_opt`. Python: `new_handle`, `from_handle`, `callback` of cffi.
//! - **Allocations** and their ends. All native: `PyMem_*`; `PyObject_` or `PyObject_GC_` with
//!   `Malloc`, `Calloc`, `Realloc`, `Resize`, `Free`, `New`, `NewVar`, `Del`; `tp_alloc` and
//!   `tp_free`; `malloc`, `calloc`, `realloc`, `aligned_alloc`, `strdup`, `free` (Rust: behind
//!   `libc::`). Rust: `into_raw`, `from_raw`, `leak`, `ManuallyDrop::*`, those of `alloc::`,
//!   `from_raw_parts` of `Vec` and `String`. Python: `gc`, `release`, `new_allocator` of cffi.
//! - **Pointers**, followed or moved. C: each `->`, each subscript, each `*` that follows a
//!   pointer. Cython: `.` and `[` behind what the file declares as a pointer or an array, or casts
//!   to one. C and Cython: `+`, `-`, `+=`, `-=`, `++`, `--` behind the same. Rust: in an `unsafe`
//!   block each `*` that follows something, and the methods of raw pointers that read, write or
//!   move (`add`, `offset`, `read`, `write`, `replace`, ...); anywhere `ptr::read` and its like,
//!   `from_raw_parts`, `from_ptr`, `set_len`, `*_unchecked`. All native: the functions of
//!   `string.h` (Rust: behind `libc::`), and the macros of Python that trust an index,
//!   `Py*_GET_ITEM`, `Py*_SET_ITEM`, `PyUnicode_READ`, `_READ_CHAR`, `_WRITE`. Python: `unpack`,
//!   `buffer`, `from_buffer`, `string`, `memmove` of cffi; `string_at`, `wstring_at`, `memmove`,
//!   `memset`, `from_address` of ctypes.
//! - **Casts** of pointers, and types that nobody compares. C and Cython: a cast with a `*` in it;
//!   Cython also `<object>`. Rust: `as *const`, `as *mut`, `cast`, `cast_mut`, `cast_const`,
//!   `transmute`, `zeroed`, `assume_init`; not the checked `cast` of `PyO3`, which a `?` follows or
//!   which names a type that begins with `Py`. Python: `cast`, cffi's `dlopen`, and ctypes'
//!   `argtypes` and `restype` where they are set.
//!
//! What is declared elsewhere, in a header or another module, is not known to be a pointer, and
//! what a macro stands for is not known at all.

mod c;
mod cython;
mod declared;
mod names;
mod operands;
mod python;
mod rust;
#[cfg(test)]
mod tests;
mod tokens;

use std::iter::Sum;
use std::path::Path;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    C,
    Cython,
    Rust,
    Python,
}

/// How many places there are, by kind. In Rust a place inside an `unsafe` block is one beside that
/// of the block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub unsafe_blocks: usize,
    pub reference_counts: usize,
    pub allocations: usize,
    pub pointers: usize,
    pub casts: usize,
}

impl Places {
    fn add(&mut self, kind: Kind) {
        *match kind {
            Kind::Unsafe => &mut self.unsafe_blocks,
            Kind::References => &mut self.reference_counts,
            Kind::Allocations => &mut self.allocations,
            Kind::Pointers => &mut self.pointers,
            Kind::Casts => &mut self.casts,
        } += 1;
    }
}

impl Sum for Places {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, more| Self {
            unsafe_blocks: sum.unsafe_blocks + more.unsafe_blocks,
            reference_counts: sum.reference_counts + more.reference_counts,
            allocations: sum.allocations + more.allocations,
            pointers: sum.pointers + more.pointers,
            casts: sum.casts + more.casts,
        })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Unsafe,
    References,
    Allocations,
    Pointers,
    Casts,
}

/// The language of a file by its ending; none where there is no rule for it, such as for TOML.
pub fn language(path: &Path) -> Option<Language> {
    Some(match path.extension()?.to_str()? {
        "c" | "h" => Language::C,
        "pyx" | "pxd" | "pxi" => Language::Cython,
        "rs" => Language::Rust,
        "py" => Language::Python,
        _ => return None,
    })
}

/// Counts the places in the text of one file. What is no valid text of its language gives some
/// count, too.
pub fn places(language: Language, text: &str) -> Places {
    let tokens = tokens::tokens(language, text);
    match language {
        Language::C => c::places(&tokens),
        Language::Cython => cython::places(text, &tokens),
        Language::Rust => rust::places(&tokens),
        Language::Python => python::places(&tokens),
    }
}
