//! The same distances, as fast as the machine allows.
//!
//! The other modules are loops that several languages can be compared on, and take no
//! shortcut. This one takes every shortcut there is: what two texts have in common at both
//! ends is cut off, columns outside of a band are left out, words are compared with a query
//! dozens at a time in the lanes of a vector, and words that are too long or too short to be
//! among the nearest are passed over. The answers are the same.
//!
//! | item | what it is |
//! |---|---|
//! | [`distance`], [`distance_within`] | one pair |
//! | [`Dictionary`] | words prepared for searches |
//! | [`Dictionary::nearest`] | the nearest words to a query |
//! | [`Dictionary::distances`] | the distance of each word |
//! | [`Dictionary::nearest_many`], [`Dictionary::cdist`] | many queries, in threads |
//! | [`Path`] | the vectors that the kernels use, chosen when the program runs |
//!
//! ```
//! use levenshtein::{Text, fast};
//!
//! let (a, b) = (Text::Latin1(b"kitten"), Text::Latin1(b"sitting"));
//! assert_eq!(fast::distance(a, b)?, 3);
//! assert_eq!(fast::distance_within(a, b, 2)?, None);
//! # Ok::<(), levenshtein::OutOfMemory>(())
//! ```

#![expect(
    clippy::inline_always,
    reason = "a kernel is compiled for a path only if all of it is inlined there"
)]

mod alphabet;
mod blocks;
mod groups;
mod many;
#[cfg(all(target_arch = "aarch64", not(miri)))]
mod neon;
mod pair;
mod path;
mod portable;
mod search;
mod simd;
mod watch;
mod word;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86;

pub use groups::Dictionary;
pub use many::Threads;
pub use path::Path;
pub use search::{Cell, Query, TOGETHER};
pub use watch::Stop;

use crate::{OutOfMemory, Text};
use watch::Watch;

/// The Levenshtein distance between `a` and `b`, in code points.
///
/// Memory: nothing on the heap up to 64 code points, else up to 2 bytes for each code point
/// of the one that has the columns and 17 KB for a table; for texts other than Latin-1 33 KB
/// instead, 6 bytes for each code point of both, and 16 to 32 for each of the shorter one.
///
/// # Errors
///
/// [`OutOfMemory`] when that memory cannot be allocated.
#[inline]
pub fn distance(a: Text<'_>, b: Text<'_>) -> Result<usize, OutOfMemory> {
    // No distance is beyond this cut-off.
    Ok(distance_within(a, b, usize::MAX)?.unwrap_or(usize::MAX))
}

/// The distance, if it is at most `cutoff`: a small one is quicker to decide.
///
/// # Errors
///
/// As for [`distance`].
#[inline]
pub fn distance_within(
    a: Text<'_>,
    b: Text<'_>,
    cutoff: usize,
) -> Result<Option<usize>, OutOfMemory> {
    pair::distance(a, b, cutoff, &mut Watch::new(&mut || true)).map_err(|_| OutOfMemory)
}

/// The same, asking from time to time whether to go on; false stops it.
///
/// # Errors
///
/// [`Stop`] says why there is no answer.
pub fn distance_unless(
    a: Text<'_>,
    b: Text<'_>,
    cutoff: usize,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<usize>, Stop> {
    pair::distance(a, b, cutoff, &mut Watch::new(go_on))
}
