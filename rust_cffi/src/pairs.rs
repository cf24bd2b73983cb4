//! Functions of two strings.

use crate::boundary::{latin1, lev_code_point, lev_status, number, ucs4};
use levenshtein::{MAX_LENGTH, Text, myers, repeated, wagner_fischer};
use std::num::NonZeroU64;

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

fn pair_length(a: Text<'_>, b: Text<'_>) -> Result<usize, lev_status> {
    // The bound that the kernels have.
    if a.len().max(b.len()) > MAX_LENGTH {
        return Err(lev_status::OutOfMemory);
    }
    Ok(a.len() + b.len())
}

pub(crate) fn times(n: u64) -> Result<NonZeroU64, lev_status> {
    NonZeroU64::new(n).ok_or(lev_status::InvalidArgument)
}
