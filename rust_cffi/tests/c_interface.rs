//! The promises of the C interface that Python cannot put to the test: every failure
//! has its status, and what fails writes nothing.

use lev_capi::{
    lev_buffer_sum, lev_dictionary, lev_dictionary_free, lev_dictionary_new_latin1,
    lev_dictionary_new_ucs4, lev_distance_latin1, lev_distance_myers_repeated_latin1,
    lev_distance_myers_repeated_ucs4, lev_distance_repeated_latin1, lev_distance_repeated_ucs4,
    lev_fail, lev_found, lev_keep, lev_packed_length, lev_panic, lev_search, lev_search_distances,
    lev_search_free, lev_search_nearest, lev_search_nearest_where, lev_search_step, lev_status,
    lev_sum, lev_sum_five, lev_total_length_latin1, lev_total_length_ucs4,
};
use std::ffi::c_void;
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

/// What a predicate was asked.
type Asked = Vec<(u32, u32)>;

unsafe extern "C-unwind" fn keep_even(context: *mut c_void, distance: u32, index: u32) -> i32 {
    // SAFETY: the test hands in such a vector, and does not touch it meanwhile.
    unsafe { &mut *context.cast::<Asked>() }.push((distance, index));
    if index.is_multiple_of(2) { 1 } else { 2 }
}

unsafe extern "C-unwind" fn stop_at_one<const ANSWER: i32>(
    context: *mut c_void,
    distance: u32,
    index: u32,
) -> i32 {
    // SAFETY: as in `keep_even`.
    unsafe { &mut *context.cast::<Asked>() }.push((distance, index));
    if index == 1 { ANSWER } else { 1 }
}

/// A finished search for the distances of the empty query.
fn lengths(words: *mut lev_dictionary) -> *mut lev_search {
    let mut search = null_mut();
    let mut found = nothing();
    // SAFETY: the dictionary is alive.
    unsafe {
        let status = lev_search_distances(null(), 0, words, &raw mut search);
        assert_eq!(status, lev_status::Ok);
        let status = lev_search_step(search, words, &raw mut found);
        assert_eq!(status, lev_status::Ok);
    }
    search
}

#[test]
fn a_predicate_is_asked_about_every_word_in_order() {
    let mut words = dictionary(&[b"four", b"a", b"", b"bcd", b"two"]);
    let mut search = lengths(words);
    let mut asked = Asked::new();
    let mut found = nothing();
    // SAFETY: the search is alive, the context what `keep_even` expects.
    let status = unsafe {
        lev_search_nearest_where(
            search,
            2,
            keep_even,
            (&raw mut asked).cast(),
            None,
            &raw mut found,
        )
    };
    assert_eq!(status, lev_status::Ok);
    assert_eq!(asked, [(4, 0), (1, 1), (0, 2), (3, 3), (3, 4)]);
    // SAFETY: the search is alive.
    let numbers = unsafe { slice::from_raw_parts(found.numbers, found.count) };
    assert_eq!(numbers, [0, 2, 3, 4]);
    // SAFETY: both came from the library.
    unsafe {
        lev_search_free(&raw mut search);
        lev_dictionary_free(&raw mut words);
    }
}

#[test]
fn any_answer_but_yes_and_no_stops_the_search() {
    // 0 first: a callback that could not be made returns that.
    stops_with(stop_at_one::<0>);
    stops_with(stop_at_one::<{ -1 }>);
    stops_with(stop_at_one::<3>);
    stops_with(stop_at_one::<{ i32::MIN }>);
}

fn stops_with(stop_at_one: lev_keep) {
    let mut words = dictionary(&[b"a", b"b", b"c"]);
    let mut search = lengths(words);
    let mut asked = Asked::new();
    let mut found = nothing();
    // SAFETY: the search is alive, the context what `stop_at_one` expects.
    let status = unsafe {
        lev_search_nearest_where(
            search,
            2,
            stop_at_one,
            (&raw mut asked).cast(),
            None,
            &raw mut found,
        )
    };
    assert_eq!(status, lev_status::Stopped);
    assert_eq!(asked, [(1, 0), (1, 1)]);
    assert!(found.numbers.is_null());
    // SAFETY: both came from the library.
    unsafe {
        lev_search_free(&raw mut search);
        lev_dictionary_free(&raw mut words);
    }
}

#[test]
fn only_a_finished_search_for_distances_has_something_to_ask_about() {
    let mut words = dictionary(&[b"a"]);
    let mut unfinished = null_mut();
    // SAFETY: the dictionary is alive.
    let status = unsafe { lev_search_distances(null(), 0, words, &raw mut unfinished) };
    assert_eq!(status, lev_status::Ok);
    for mut search in [unfinished, nearest(&[], 1)] {
        let mut asked = Asked::new();
        let mut found = nothing();
        // SAFETY: the search is alive, the context what `keep_even` expects.
        let status = unsafe {
            let asked = (&raw mut asked).cast();
            lev_search_nearest_where(search, 1, keep_even, asked, None, &raw mut found)
        };
        assert_eq!(status, lev_status::InvalidArgument);
        assert!(asked.is_empty());
        // SAFETY: it came from the library.
        unsafe { lev_search_free(&raw mut search) };
    }
    // SAFETY: it came from the library.
    unsafe { lev_dictionary_free(&raw mut words) };
}

#[test]
fn only_the_whole_sum_can_be_too_large() {
    let answer = |sum, status| lev_sum { sum, status };
    assert_eq!(
        lev_sum_five(i64::MAX, i64::MAX, i64::MIN, i64::MIN, 3),
        answer(1, lev_status::Ok)
    );
    assert_eq!(
        lev_sum_five(i64::MIN, 1, -1, 0, 0),
        answer(i64::MIN, lev_status::Ok)
    );
    for (a, b) in [(i64::MAX, 1), (i64::MIN, -1)] {
        assert_eq!(lev_sum_five(a, b, 0, 0, 0), answer(0, lev_status::Overflow));
    }
}

#[test]
fn failures_have_their_status() {
    assert_eq!(lev_fail(), lev_status::InvalidArgument);
    assert_eq!(lev_panic(), lev_status::Panic);
}

#[test]
fn total_lengths_must_add_up() {
    // SAFETY: text and lengths are as long as is said.
    unsafe {
        let lengths = [1_u64, 0, 2];
        assert_eq!(
            lev_total_length_latin1(b"abc".as_ptr(), 3, lengths.as_ptr(), 3),
            3
        );
        assert_eq!(
            lev_total_length_ucs4([1, 2, 3].as_ptr(), 3, lengths.as_ptr(), 3),
            3
        );
        let invalid = lev_status::InvalidArgument as i64;
        assert_eq!(
            lev_total_length_latin1(b"abc".as_ptr(), 3, lengths.as_ptr(), 2),
            invalid
        );
        assert_eq!(
            lev_total_length_ucs4([1, 2].as_ptr(), 2, lengths.as_ptr(), 3),
            invalid
        );
    }
}

#[test]
fn offsets_are_checked_before_they_are_followed() {
    let length = |offsets: &[i32], data: &[u8]| {
        // One byte further, so that no number is aligned.
        let bytes: Vec<u8> = [0]
            .into_iter()
            .chain(offsets.iter().flat_map(|offset| offset.to_ne_bytes()))
            .collect();
        // SAFETY: both buffers are as long as is said.
        unsafe {
            let offsets_start = bytes.as_ptr().add(1).cast();
            lev_packed_length(offsets_start, offsets.len(), data.as_ptr(), data.len())
        }
    };
    assert_eq!(length(&[0, 2, 2, 5], "aé\u{1f600}".as_bytes()), 3);
    assert_eq!(length(&[1], b"a"), 0);
    let invalid = lev_status::InvalidArgument as i64;
    for offsets in [
        &[][..],
        &[-1, 1],
        &[0, -1],
        &[0, 2, 1],
        &[0, 4],
        &[4],
        &[4, 4],
        &[i32::MIN],
    ] {
        assert_eq!(length(offsets, b"abc"), invalid, "{offsets:?}");
    }
}

#[test]
fn numbers_may_lie_anywhere() {
    let bytes: Vec<u8> = [0]
        .into_iter()
        .chain([u32::MAX, 1, 7].into_iter().flat_map(u32::to_ne_bytes))
        .collect();
    // SAFETY: there are three numbers.
    let sum = unsafe { lev_buffer_sum(bytes.as_ptr().add(1).cast(), 3) };
    assert_eq!(sum, i64::from(u32::MAX) + 8);
}
