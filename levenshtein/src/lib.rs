//! Levenshtein distance over code points: the kernels that `rust_cffi` and
//! `rust_pyo3` share. The loops are those of `docs/algorithm.md`; there is no
//! Python here, no foreign function and no unsafe code.
//!
//! | item | what it is |
//! |---|---|
//! | [`Text`] | a string as Python stores it: code points in one, two or four bytes |
//! | [`wagner_fischer::distance`] | two rows, `m * n` cells |
//! | [`myers::distance`] | bit-vectors, 64 rows at a time, for strings of any length |
//! | [`repeated`] | a kernel run `n` times with nothing hoisted out of the loop |
//! | [`dictionary::Words`] | a sequence of texts: [`dictionary::Dictionary`] or a slice of [`Text`] |
//! | [`search::Search::distances`] | one query against many words, in chunks, every distance kept |
//! | [`search::Search::nearest`] | the same, only the nearest words kept |
//! | [`OutOfMemory`] | the one error |
//!
//! A search is driven by its caller, so that the caller can look for signals:
//!
//! ```
//! use levenshtein::{Text, dictionary::Dictionary, search::{CHUNK_CELLS, Search}};
//!
//! let mut words = Dictionary::new();
//! words.push(Text::Latin1(b"sitting"))?;
//! words.push(Text::Latin1(b"kitchen"))?;
//!
//! let mut search = Search::nearest(Text::Latin1(b"kitten"), 5)?;
//! while !search.advance(&words, CHUNK_CELLS)? {
//!     // Here the caller may stop: look for Ctrl-C, for a deadline.
//! }
//! assert_eq!(search.into_nearest().collect::<Vec<_>>(), [(2, 1), (3, 0)]);
//! # Ok::<(), levenshtein::OutOfMemory>(())
//! ```
#![deny(unsafe_code)]

pub mod dictionary;
#[cfg(feature = "fast")]
pub mod fast;
mod memory;
pub mod myers;
pub mod search;
mod text;
pub mod wagner_fischer;

pub use memory::{MAX_LENGTH, OutOfMemory};
pub use text::Text;

use std::hint::black_box;
use std::num::NonZeroU64;

/// Runs a kernel `n` times on the same two texts and returns the last answer.
///
/// Divided by `n`, the time of this call is that of the kernel alone.
///
/// # Errors
///
/// The first error of the kernel ends the loop.
pub fn repeated(
    n: NonZeroU64,
    a: Text<'_>,
    b: Text<'_>,
    kernel: impl Fn(Text<'_>, Text<'_>) -> Result<usize, OutOfMemory>,
) -> Result<usize, OutOfMemory> {
    // The compiler must not see that all runs are the same, or it would keep only one.
    let run = || black_box(kernel(black_box(a), black_box(b)));
    for _ in 1..n.get() {
        run()?;
    }
    run()
}
