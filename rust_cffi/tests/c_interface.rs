//! The promises of the C interface that Python cannot put to the test: every failure
//! has its status, and what fails writes nothing.

use lev_capi::{
    lev_dictionary, lev_dictionary_free, lev_dictionary_new_latin1, lev_dictionary_new_ucs4,
    lev_distance_latin1, lev_distance_myers_repeated_latin1, lev_distance_myers_repeated_ucs4,
    lev_distance_repeated_latin1, lev_distance_repeated_ucs4, lev_found, lev_search,
    lev_search_free, lev_search_nearest, lev_search_step, lev_status,
};
use std::ptr::{null, null_mut};
use std::slice;

fn dictionary(words: &[&[u8]]) -> *mut lev_dictionary {
    let text = words.concat();
    let lengths: Vec<u64> = words.iter().map(|word| word.len() as u64).collect();
    let mut dictionary = null_mut();
    // SAFETY: text and lengths are as long as is said.
    let status = unsafe {
        lev_dictionary_new_latin1(
            text.as_ptr(),
            text.len(),
            lengths.as_ptr(),
            lengths.len(),
            &raw mut dictionary,
        )
    };
    assert_eq!(status, lev_status::Ok);
    dictionary
}

fn nearest(query: &[u32], limit: usize) -> *mut lev_search {
    let mut search = null_mut();
    // SAFETY: the query is as long as is said.
    let status = unsafe { lev_search_nearest(query.as_ptr(), query.len(), limit, &raw mut search) };
    assert_eq!(status, lev_status::Ok);
    search
}

fn nothing() -> lev_found {
    lev_found {
        numbers: null(),
        count: 0,
    }
}

#[test]
fn an_empty_string_may_be_null() {
    // SAFETY: one string is empty, the other as long as is said.
    let distance = unsafe { lev_distance_latin1(null(), 0, b"abc".as_ptr(), 3) };
    assert_eq!(distance, 3);
}

#[test]
fn no_repetition_is_invalid() {
    // SAFETY: all strings are empty.
    let answers = unsafe {
        [
            lev_distance_repeated_latin1(null(), 0, null(), 0, 0),
            lev_distance_repeated_ucs4(null(), 0, null(), 0, 0),
            lev_distance_myers_repeated_latin1(null(), 0, null(), 0, 0),
            lev_distance_myers_repeated_ucs4(null(), 0, null(), 0, 0),
        ]
    };
    assert_eq!(answers, [lev_status::InvalidArgument as i64; 4]);
}

#[test]
fn lengths_that_do_not_add_up_are_invalid() {
    for lengths in [&[1, 1][..], &[2, 2], &[4], &[3, 1], &[1, u64::MAX], &[]] {
        let mut dictionary = null_mut();
        // SAFETY: text and lengths are as long as is said.
        let status = unsafe {
            lev_dictionary_new_ucs4(
                [1, 2, 3].as_ptr(),
                3,
                lengths.as_ptr(),
                lengths.len(),
                &raw mut dictionary,
            )
        };
        assert_eq!(status, lev_status::InvalidArgument, "{lengths:?}");
        assert!(dictionary.is_null());
    }
}

#[test]
fn what_was_found_stays_when_a_finished_search_is_stepped_again() {
    let mut words = dictionary(&[b"sitting", b"mitten"]);
    let mut search = nearest(&[0x6b, 0x69, 0x74, 0x74, 0x65, 0x6e], 2);
    for _ in 0..2 {
        let mut found = nothing();
        // SAFETY: both handles are alive.
        let status = unsafe { lev_search_step(search, words, &raw mut found) };
        assert_eq!(status, lev_status::Ok);
        // SAFETY: the search is finished and alive.
        let numbers = unsafe { slice::from_raw_parts(found.numbers, found.count) };
        assert_eq!(numbers, [1, 1, 3, 0]);
    }
    // SAFETY: both came from the library.
    unsafe {
        lev_search_free(&raw mut search);
        lev_dictionary_free(&raw mut words);
    }
}

#[test]
fn freeing_makes_null_and_null_can_be_freed() {
    let mut words = dictionary(&[b"a"]);
    let mut search = nearest(&[], 1);
    for _ in 0..2 {
        // SAFETY: both came from the library or are null.
        unsafe {
            lev_dictionary_free(&raw mut words);
            lev_search_free(&raw mut search);
        }
        assert!(words.is_null());
        assert!(search.is_null());
    }
}

#[test]
fn a_panic_is_a_status() {
    // The first step ends inside of the long word. There is no such place in the other
    // dictionary.
    let mut long = dictionary(&[&vec![b'a'; 5_000_000]]);
    let mut short = dictionary(&[b"a"]);
    let mut search = nearest(&[0x61; 64], 1);
    let mut found = nothing();
    // SAFETY: all handles are alive.
    let status = unsafe { lev_search_step(search, long, &raw mut found) };
    assert_eq!(status, lev_status::Ok);
    assert!(found.numbers.is_null());
    // SAFETY: as above.
    let status = unsafe { lev_search_step(search, short, &raw mut found) };
    assert_eq!(status, lev_status::Panic);
    assert!(found.numbers.is_null());
    // SAFETY: all came from the library.
    unsafe {
        lev_search_free(&raw mut search);
        lev_dictionary_free(&raw mut long);
        lev_dictionary_free(&raw mut short);
    }
}
