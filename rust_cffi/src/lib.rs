//! The C interface of [`levenshtein`]. `include/lev.h` is generated from this file.
//!
//! - A function whose result is a number returns it, or a [`lev_status`], which is
//!   then negative. The others that can fail return a [`lev_status`] and write their
//!   result through the last argument, which is left alone when the call fails.
//! - A string is a pointer and a number of code points: `_latin1` takes one byte for
//!   each, `_ucs4` four. NULs and surrogates are code points like any other. An empty
//!   string may have a null pointer.
//! - `lev_dictionary` and `lev_search` are opaque. Who gets one frees it.
//! - No function keeps a pointer that it was given, and none looks for signals.
#![allow(
    non_camel_case_types,
    reason = "types have the same name in Rust and in C"
)]

use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::search::{CHUNK_CELLS, Distances, Nearest, Search};
use levenshtein::{OutOfMemory, Text, myers, repeated, wagner_fischer};
use std::ffi::{CStr, c_char};
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{mem, ptr, slice};

/// A code point: any number below 0x110000, surrogates included.
pub type lev_code_point = u32;

/// How a call ended. Failures are negative.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum lev_status {
    /// All went well.
    Ok = 0,
    /// An allocation failed, or there are more than 2^32 - 2 code points in a string
    /// or words in a dictionary.
    OutOfMemory = -1,
    /// An argument contradicts another or its description.
    InvalidArgument = -2,
    /// A bug in the library; its message went to standard error.
    Panic = -3,
}

impl From<OutOfMemory> for lev_status {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// Words that are copied once and searched many times. Threads may share one.
#[derive(Debug)]
pub struct lev_dictionary(Dictionary);

/// A query on its way through a dictionary, for one thread at a time.
#[derive(Debug)]
pub struct lev_search(State);

#[derive(Debug)]
enum State {
    Distances(Search<Distances>),
    Nearest(Search<Nearest>),
    Finished(Vec<u32>),
}

/// What a search has found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lev_found {
    /// Null until the search is finished; then valid until the search is freed.
    pub numbers: *const u32,
    /// How many numbers there are.
    pub count: usize,
}

/// Does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn lev_noop() {}

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

/// The sum of the lengths of two strings in code points, or a status.
///
/// # Safety
///
/// `a` and `b` point to as many code points as the lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_pair_length_latin1(
    a: *const u8,
    a_length: usize,
    b: *const u8,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (latin1(a, a_length), latin1(b, b_length)) };
    number(|| pair_length(a, b))
}

/// The same for code points of four bytes.
///
/// # Safety
///
/// As for `lev_pair_length_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_pair_length_ucs4(
    a: *const lev_code_point,
    a_length: usize,
    b: *const lev_code_point,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (ucs4(a, a_length), ucs4(b, b_length)) };
    number(|| pair_length(a, b))
}

/// The Levenshtein distance by Wagner-Fischer with two rows, or a status.
///
/// # Safety
///
/// `a` and `b` point to as many code points as the lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_latin1(
    a: *const u8,
    a_length: usize,
    b: *const u8,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (latin1(a, a_length), latin1(b, b_length)) };
    number(|| Ok(wagner_fischer::distance(a, b)?))
}

/// The same for code points of four bytes.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_ucs4(
    a: *const lev_code_point,
    a_length: usize,
    b: *const lev_code_point,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (ucs4(a, a_length), ucs4(b, b_length)) };
    number(|| Ok(wagner_fischer::distance(a, b)?))
}

/// The Levenshtein distance by Myers' bit-vectors, or a status.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_myers_latin1(
    a: *const u8,
    a_length: usize,
    b: *const u8,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (latin1(a, a_length), latin1(b, b_length)) };
    number(|| Ok(myers::distance(a, b)?))
}

/// The same for code points of four bytes.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_myers_ucs4(
    a: *const lev_code_point,
    a_length: usize,
    b: *const lev_code_point,
    b_length: usize,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (ucs4(a, a_length), ucs4(b, b_length)) };
    number(|| Ok(myers::distance(a, b)?))
}

/// The answer of `lev_distance_latin1`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_repeated_latin1(
    a: *const u8,
    a_length: usize,
    b: *const u8,
    b_length: usize,
    n: u64,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (latin1(a, a_length), latin1(b, b_length)) };
    number(|| Ok(repeated(times(n)?, a, b, wagner_fischer::distance)?))
}

/// The answer of `lev_distance_ucs4`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_repeated_ucs4(
    a: *const lev_code_point,
    a_length: usize,
    b: *const lev_code_point,
    b_length: usize,
    n: u64,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (ucs4(a, a_length), ucs4(b, b_length)) };
    number(|| Ok(repeated(times(n)?, a, b, wagner_fischer::distance)?))
}

/// The answer of `lev_distance_myers_latin1`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_myers_repeated_latin1(
    a: *const u8,
    a_length: usize,
    b: *const u8,
    b_length: usize,
    n: u64,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (latin1(a, a_length), latin1(b, b_length)) };
    number(|| Ok(repeated(times(n)?, a, b, myers::distance)?))
}

/// The answer of `lev_distance_myers_ucs4`, computed `n` times. Invalid if `n` is 0.
///
/// # Safety
///
/// As for `lev_distance_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_distance_myers_repeated_ucs4(
    a: *const lev_code_point,
    a_length: usize,
    b: *const lev_code_point,
    b_length: usize,
    n: u64,
) -> i64 {
    // SAFETY: the caller vouches for the strings.
    let (a, b) = unsafe { (ucs4(a, a_length), ucs4(b, b_length)) };
    number(|| Ok(repeated(times(n)?, a, b, myers::distance)?))
}

/// A dictionary of `count` words, which stand one after the other in `text`. Invalid
/// unless `lengths` adds up to `text_length`.
///
/// # Safety
///
/// `text` points to `text_length` code points, `lengths` to the length of each word
/// in code points, and `dictionary` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_new_latin1(
    text: *const u8,
    text_length: usize,
    lengths: *const u64,
    count: usize,
    dictionary: *mut *mut lev_dictionary,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(dictionary, || {
            let (text, lengths) = (items(text, text_length), items(lengths, count));
            boxed(lev_dictionary(split(text, lengths, Text::Latin1)?))
        })
    }
}

/// The same for code points of four bytes. Each word is kept in the narrowest width
/// that holds it.
///
/// # Safety
///
/// As for `lev_dictionary_new_latin1`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_new_ucs4(
    text: *const lev_code_point,
    text_length: usize,
    lengths: *const u64,
    count: usize,
    dictionary: *mut *mut lev_dictionary,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(dictionary, || {
            let (text, lengths) = (items(text, text_length), items(lengths, count));
            boxed(lev_dictionary(split(text, lengths, Text::Ucs4)?))
        })
    }
}

/// Frees what `dictionary` points to and makes it null. Null is left alone, so a place can
/// be put under the care of a destructor before it is filled.
///
/// # Safety
///
/// `dictionary` points to null or to what `lev_dictionary_new_*` wrote there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_dictionary_free(dictionary: *mut *mut lev_dictionary) {
    // SAFETY: the caller vouches for `dictionary`.
    unsafe { free(dictionary) }
}

/// A search for the distance between `query` and each word, by Myers' bit-vectors.
/// It finds one number for each word, in the order of the dictionary.
///
/// # Safety
///
/// `query` points to `query_length` code points, `dictionary` is alive, and `search`
/// points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_distances(
    query: *const lev_code_point,
    query_length: usize,
    dictionary: *const lev_dictionary,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let words = (*dictionary).0.len();
            let started = Search::distances(ucs4(query, query_length), words)?;
            boxed(lev_search(State::Distances(started)))
        })
    }
}

/// A search for the `limit` words nearest to `query`, by Myers' bit-vectors. It finds
/// two numbers for each of them, its distance and its index, in ascending order of
/// the distance, ties by index.
///
/// # Safety
///
/// `query` points to `query_length` code points, and `search` to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_nearest(
    query: *const lev_code_point,
    query_length: usize,
    limit: usize,
    search: *mut *mut lev_search,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe {
        write(search, || {
            let started = Search::nearest(ucs4(query, query_length), limit)?;
            boxed(lev_search(State::Nearest(started)))
        })
    }
}

/// Goes on with a search for some 10 to 20 ms, and says what it found if that was the
/// rest. Between two steps the caller can look for signals.
///
/// Each step must be given the same dictionary; another one makes the answer wrong or
/// fails.
///
/// # Safety
///
/// `search` and `dictionary` are alive, no other thread uses `search`, and `found`
/// points to a place to write to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_step(
    search: *mut lev_search,
    dictionary: *const lev_dictionary,
    found: *mut lev_found,
) -> lev_status {
    // SAFETY: the caller keeps the promises above.
    unsafe { write(found, || (*search).0.advance(&(*dictionary).0, CHUNK_CELLS)) }
}

/// Frees what `search` points to, finished or not, and makes it null. Null is left alone.
///
/// # Safety
///
/// `search` points to null or to what `lev_search_*` wrote there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lev_search_free(search: *mut *mut lev_search) {
    // SAFETY: the caller vouches for `search`.
    unsafe { free(search) }
}

impl State {
    fn advance(&mut self, words: &Dictionary, cells: u64) -> Result<lev_found, lev_status> {
        let finished = match self {
            Self::Distances(search) => search.advance(words, cells)?,
            Self::Nearest(search) => search.advance(words, cells)?,
            Self::Finished(_) => true,
        };
        if !finished {
            return Ok(lev_found {
                numbers: ptr::null(),
                count: 0,
            });
        }
        let numbers = match mem::replace(self, Self::Finished(Vec::new())) {
            Self::Distances(search) => search.into_distances(),
            Self::Nearest(search) => {
                let nearest = search.into_nearest();
                let mut numbers = with_capacity(2 * nearest.len())?;
                numbers.extend(nearest.flat_map(|(distance, index)| [distance, index]));
                numbers
            }
            Self::Finished(numbers) => numbers,
        };
        let found = lev_found {
            numbers: numbers.as_ptr(),
            count: numbers.len(),
        };
        *self = Self::Finished(numbers);
        Ok(found)
    }
}

/// Runs `compute` and returns its result, a count of code points, or the status.
fn number(compute: impl FnOnce() -> Result<usize, lev_status>) -> i64 {
    match caught(compute) {
        #[expect(clippy::cast_possible_wrap, reason = "it is below 2^33")]
        Ok(number) => number as i64,
        Err(status) => status as i64,
    }
}

/// Runs `compute` and writes its result.
///
/// # Safety
///
/// `result` points to a place to write to.
unsafe fn write<T>(result: *mut T, compute: impl FnOnce() -> Result<T, lev_status>) -> lev_status {
    match caught(compute) {
        Ok(value) => {
            // SAFETY: the caller vouches for `result`.
            unsafe { result.write(value) };
            lev_status::Ok
        }
        Err(status) => status,
    }
}

/// Runs `compute`, out of which nothing unwinds: a panic that reached C would end the
/// process.
fn caught<T>(compute: impl FnOnce() -> Result<T, lev_status>) -> Result<T, lev_status> {
    // A panic can leave a search half advanced. Going on with it may give a wrong
    // answer or panic again; memory stays safe, because the kernels have no unsafe code.
    catch_unwind(AssertUnwindSafe(compute)).unwrap_or(Err(lev_status::Panic))
}

/// # Safety
///
/// `data` points to `length` items that nobody changes during `'a`, or `length` is 0.
unsafe fn items<'a, T>(data: *const T, length: usize) -> &'a [T] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller vouches for the items.
    unsafe { slice::from_raw_parts(data, length) }
}

/// # Safety
///
/// As for [`items`].
unsafe fn latin1<'a>(data: *const u8, length: usize) -> Text<'a> {
    // SAFETY: the caller vouches for the items.
    Text::Latin1(unsafe { items(data, length) })
}

/// # Safety
///
/// As for [`items`].
unsafe fn ucs4<'a>(data: *const lev_code_point, length: usize) -> Text<'a> {
    // SAFETY: the caller vouches for the items.
    Text::Ucs4(unsafe { items(data, length) })
}

fn pair_length(a: Text<'_>, b: Text<'_>) -> Result<usize, lev_status> {
    // The bound that the kernels have.
    if a.len().max(b.len()) as u64 > 0xffff_fffe {
        return Err(lev_status::OutOfMemory);
    }
    Ok(a.len() + b.len())
}

fn times(n: u64) -> Result<NonZeroU64, lev_status> {
    NonZeroU64::new(n).ok_or(lev_status::InvalidArgument)
}

fn split<'a, T>(
    mut text: &'a [T],
    lengths: &[u64],
    as_text: impl Fn(&'a [T]) -> Text<'a>,
) -> Result<Dictionary, lev_status> {
    let mut dictionary = Dictionary::new();
    for &length in lengths {
        let (word, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| text.split_at_checked(length))
            .ok_or(lev_status::InvalidArgument)?;
        dictionary.push(as_text(word))?;
        text = rest;
    }
    if text.is_empty() {
        Ok(dictionary)
    } else {
        Err(lev_status::InvalidArgument)
    }
}

fn with_capacity<T>(capacity: usize) -> Result<Vec<T>, lev_status> {
    let mut items = Vec::new();
    items
        .try_reserve_exact(capacity)
        .map_err(|_| lev_status::OutOfMemory)?;
    Ok(items)
}

/// Gives away `value` in a box. (`Box::new` would end the process if memory is out.)
fn boxed<T>(value: T) -> Result<*mut T, lev_status> {
    let mut place = with_capacity(1)?;
    place.push(value);
    let place: Box<[T]> = place.into_boxed_slice();
    Ok(Box::into_raw(place).cast())
}

/// Frees what [`boxed`] gave away, if anything.
///
/// # Safety
///
/// `place` points to null or to what [`boxed`] gave away.
unsafe fn free<T>(place: *mut *mut T) {
    // SAFETY: the caller vouches for `place`.
    let given = unsafe { place.replace(ptr::null_mut()) };
    if !given.is_null() {
        // SAFETY: this was its only copy.
        drop(unsafe { Box::from_raw(given) });
    }
}

const COMPILER: &CStr = c_string(concat!(env!("LEV_COMPILER"), "\0"));
const FLAGS: &CStr = c_string(concat!(env!("LEV_FLAGS"), "\0"));

const fn c_string(text: &str) -> &CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("one NUL, at the end"),
    }
}
