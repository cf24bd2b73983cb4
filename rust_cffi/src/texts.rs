//! Strings that are read in place, for callers that can see how Python stores them.
//!
//! The functions are those for Latin-1 and for code points of four bytes, without the
//! conversion; a search can also run over words that nobody has copied.

use crate::boundary::{boxed, items, lev_status, number, write};
use crate::dictionaries::lev_dictionary;
use crate::pairs::times;
use crate::searches::{State, lev_found, lev_search};
use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::search::{CHUNK_CELLS, Search};
use levenshtein::{Text, myers, repeated, wagner_fischer};
use std::cell::Cell;
use std::ffi::c_void;

/// A string as Python stores it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lev_text {
    /// The code points, in native byte order and aligned to their width. May be null for
    /// an empty string.
    pub data: *const c_void,
    /// How many code points there are.
    pub length: usize,
    /// Bytes per code point: 1, 2 or 4. Any other width is an invalid argument.
    pub width: u32,
}

/// The Levenshtein distance by Wagner-Fischer with two rows, or a status.
///
/// # Safety
///
/// `a` and `b` are what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_distance(a: lev_text, b: lev_text) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (text(a), text(b)) };
    number(|| Ok(wagner_fischer::distance(a?, b?)?))
}

/// The Levenshtein distance by Myers' bit-vectors, or a status.
///
/// # Safety
///
/// As for `lev_text_distance`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_distance_myers(a: lev_text, b: lev_text) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (text(a), text(b)) };
    number(|| Ok(myers::distance(a?, b?)?))
}

/// The answer of `lev_text_distance`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_text_distance`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_distance_repeated(a: lev_text, b: lev_text, n: u64) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (text(a), text(b)) };
    number(|| Ok(repeated(times(n)?, a?, b?, wagner_fischer::distance)?))
}

/// The answer of `lev_text_distance_myers`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_text_distance`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_distance_myers_repeated(a: lev_text, b: lev_text, n: u64) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (text(a), text(b)) };
    number(|| Ok(repeated(times(n)?, a?, b?, myers::distance)?))
}

/// A dictionary of copies of `count` words, each in the narrowest width that holds it.
///
/// # Safety
///
/// `words` points to `count` texts, each what its type says, and `dictionary` to a place
/// to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_dictionary_new(
    words: *const lev_text,
    count: usize,
    dictionary: *mut *mut lev_dictionary,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(dictionary, || {
            let mut copies = Dictionary::new();
            for &word in items(words, count) {
                copies.push(text(word)?)?;
            }
            boxed(lev_dictionary(copies))
        })
    }
}

/// A search for the distance between `query` and each of `words` words, to be stepped
/// through them or through a dictionary of as many. What it finds is in their order.
///
/// # Safety
///
/// `query` is what its type says, and `search` points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_search_distances(
    query: lev_text,
    words: usize,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let started = Search::distances(text(query)?, words)?;
            boxed(lev_search(State::Distances(started)))
        })
    }
}

/// A search for the `limit` words nearest to `query`, as `lev_search_nearest`.
///
/// # Safety
///
/// `query` is what its type says, and `search` points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_search_nearest(
    query: lev_text,
    limit: usize,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let started = Search::nearest(text(query)?, limit)?;
            boxed(lev_search(State::Nearest(started)))
        })
    }
}

/// Goes on with a search as `lev_search_step`, but through words that are read in place.
///
/// Each step must be given the same words.
///
/// # Safety
///
/// `search` is alive, no other thread uses it, `words` points to `count` texts, each what
/// its type says, and `found` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_text_search_step(
    search: *mut lev_search,
    words: *const lev_text,
    count: usize,
    found: *mut lev_found,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(found, || {
            let words = InPlace::new(items(words, count));
            let step = (*search).0.advance(&words, CHUNK_CELLS)?;
            if words.invalid.get() {
                Err(lev_status::InvalidArgument)
            } else {
                Ok(step)
            }
        })
    }
}

/// Words that a search reads where they are.
struct InPlace<'a> {
    words: &'a [lev_text],
    /// Whether a word of impossible width came by. Looking through all of them at each
    /// step would cost more than this.
    invalid: Cell<bool>,
}

impl<'a> InPlace<'a> {
    /// # Safety
    ///
    /// All `words` are what their type says.
    unsafe fn new(words: &'a [lev_text]) -> Self {
        let invalid = Cell::new(false);
        Self { words, invalid }
    }
}

impl Words for InPlace<'_> {
    fn len(&self) -> usize {
        self.words.len()
    }

    #[inline]
    fn word(&self, index: usize) -> Text<'_> {
        // SAFETY: whoever called `new` vouches for the words.
        unsafe { text(self.words[index]) }.unwrap_or_else(|_| {
            self.invalid.set(true);
            Text::Latin1(&[])
        })
    }
}

/// # Safety
///
/// `text` is what its type says, and stays so during `'a`.
#[inline]
unsafe fn text<'a>(text: lev_text) -> Result<Text<'a>, lev_status> {
    // SAFETY: the caller vouches for the code points.
    unsafe {
        Ok(match text.width {
            1 => Text::Latin1(items(text.data.cast(), text.length)),
            2 => Text::Ucs2(items(text.data.cast(), text.length)),
            4 => Text::Ucs4(items(text.data.cast(), text.length)),
            _ => return Err(lev_status::InvalidArgument),
        })
    }
}
