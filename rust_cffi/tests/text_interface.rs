//! Strings that are read in place: the answers of the other functions, in every width.
#![cfg(feature = "texts")]

use lev_capi::{
    lev_dictionary, lev_dictionary_free, lev_distance_myers_ucs4, lev_distance_ucs4, lev_found,
    lev_search, lev_search_free, lev_search_step, lev_status, lev_text, lev_text_dictionary_new,
    lev_text_distance, lev_text_distance_myers, lev_text_distance_myers_repeated,
    lev_text_distance_repeated, lev_text_search_distances, lev_text_search_nearest,
    lev_text_search_step,
};
use std::ptr::{null, null_mut};
use std::slice;

fn text<T>(units: &[T]) -> lev_text {
    lev_text {
        data: units.as_ptr().cast(),
        length: units.len(),
        width: u32::try_from(size_of::<T>()).unwrap(),
    }
}

const EMPTY: lev_text = lev_text {
    data: null(),
    length: 0,
    width: 1,
};

/// Every width, an empty string, and one that several steps have to share.
fn texts() -> [lev_text; 5] {
    static LONG: [u16; 5_000_000] = [0x1e9; 5_000_000];
    [
        text(b"kitten"),
        text(&[0x6b_u16, 0x69, 0x444, 0x444, 0xd800]),
        text(&[0x6b_u32, 0x1_f600, 0, 0x74]),
        EMPTY,
        text(&LONG),
    ]
}

fn ucs4(text: lev_text) -> Vec<u32> {
    // SAFETY: every text here is what its type says.
    unsafe {
        match text.width {
            1 if text.data.is_null() => Vec::new(),
            1 => widened(slice::from_raw_parts::<u8>(text.data.cast(), text.length)),
            2 => widened(slice::from_raw_parts::<u16>(text.data.cast(), text.length)),
            _ => widened(slice::from_raw_parts::<u32>(text.data.cast(), text.length)),
        }
    }
}

fn widened<T: Copy + Into<u32>>(units: &[T]) -> Vec<u32> {
    units.iter().map(|&unit| unit.into()).collect()
}

/// Steps until the search is finished, and frees it. Returns the steps and what was found.
fn finished(
    mut search: *mut lev_search,
    step: impl Fn(*mut lev_search, *mut lev_found) -> lev_status,
) -> (usize, Vec<u32>) {
    let mut found = lev_found {
        numbers: null(),
        count: 0,
    };
    let mut steps = 0;
    while found.numbers.is_null() {
        assert_eq!(step(search, &raw mut found), lev_status::Ok);
        steps += 1;
    }
    // SAFETY: the search is finished and alive, then freed once.
    unsafe {
        let numbers = slice::from_raw_parts(found.numbers, found.count).to_vec();
        lev_search_free(&raw mut search);
        (steps, numbers)
    }
}

fn all_distances(query: lev_text, words: usize) -> *mut lev_search {
    let mut search = null_mut();
    // SAFETY: the query is what its type says.
    let status = unsafe { lev_text_search_distances(query, words, &raw mut search) };
    assert_eq!(status, lev_status::Ok);
    search
}

fn nearest(query: lev_text, limit: usize) -> *mut lev_search {
    let mut search = null_mut();
    // SAFETY: the query is what its type says.
    let status = unsafe { lev_text_search_nearest(query, limit, &raw mut search) };
    assert_eq!(status, lev_status::Ok);
    search
}

#[test]
fn pairs_have_the_distance_of_their_code_points() {
    let short = &texts()[..4];
    for &a in short {
        for &b in short {
            let (x, y) = (ucs4(a), ucs4(b));
            // SAFETY: all strings are as long as is said.
            unsafe {
                let expected = lev_distance_ucs4(x.as_ptr(), x.len(), y.as_ptr(), y.len());
                assert_eq!(lev_text_distance(a, b), expected);
                assert_eq!(lev_text_distance_repeated(a, b, 2), expected);
                let expected = lev_distance_myers_ucs4(x.as_ptr(), x.len(), y.as_ptr(), y.len());
                assert_eq!(lev_text_distance_myers(a, b), expected);
                assert_eq!(lev_text_distance_myers_repeated(a, b, 2), expected);
            }
        }
    }
}

#[test]
fn words_in_place_and_copied_ones_are_searched_alike() {
    let words = texts();
    let mut copies = null_mut::<lev_dictionary>();
    // SAFETY: all words are what their type says.
    let status = unsafe { lev_text_dictionary_new(words.as_ptr(), words.len(), &raw mut copies) };
    assert_eq!(status, lev_status::Ok);
    // SAFETY: as above; the search and the dictionary are alive.
    let in_place =
        |search, found| unsafe { lev_text_search_step(search, words.as_ptr(), words.len(), found) };
    // SAFETY: as above.
    let in_copies = |search, found| unsafe { lev_search_step(search, copies, found) };

    let query = text(&[0x444_u16; 64]);
    let (steps, distances) = finished(all_distances(query, words.len()), in_place);
    assert!(steps > 1);
    assert_eq!(distances, [64, 62, 64, 64, 5_000_000]);
    assert_eq!(
        finished(all_distances(query, words.len()), in_copies),
        (steps, distances)
    );

    let (_, pairs) = finished(nearest(query, 3), in_place);
    assert_eq!(pairs, [62, 1, 64, 0, 64, 2]);
    assert_eq!(finished(nearest(query, 3), in_copies).1, pairs);

    // SAFETY: it came from the library.
    unsafe { lev_dictionary_free(&raw mut copies) };
}

#[test]
fn another_width_is_invalid() {
    for width in [0, 3, 8, u32::MAX] {
        let odd = lev_text {
            width,
            ..text(b"kitten")
        };
        let mut dictionary = null_mut();
        let mut search = null_mut();
        let mut running = all_distances(EMPTY, 1);
        let mut found = lev_found {
            numbers: null(),
            count: 0,
        };
        // SAFETY: nothing is read of a string of such a width.
        let answers = unsafe {
            [
                lev_text_distance(odd, EMPTY),
                lev_text_distance_myers(EMPTY, odd),
                lev_text_distance_repeated(EMPTY, odd, 1),
                lev_text_distance_myers_repeated(odd, EMPTY, 1),
                lev_text_dictionary_new(&raw const odd, 1, &raw mut dictionary) as i64,
                lev_text_search_distances(odd, 1, &raw mut search) as i64,
                lev_text_search_nearest(odd, 1, &raw mut search) as i64,
                lev_text_search_step(running, &raw const odd, 1, &raw mut found) as i64,
            ]
        };
        assert_eq!(answers, [lev_status::InvalidArgument as i64; 8]);
        assert!(dictionary.is_null());
        assert!(search.is_null());
        assert!(found.numbers.is_null());
        // SAFETY: it came from the library.
        unsafe { lev_search_free(&raw mut running) };
    }
}

#[test]
fn no_repetition_is_invalid() {
    // SAFETY: both strings are empty.
    let answers = unsafe {
        [
            lev_text_distance_repeated(EMPTY, EMPTY, 0),
            lev_text_distance_myers_repeated(EMPTY, EMPTY, 0),
        ]
    };
    assert_eq!(answers, [lev_status::InvalidArgument as i64; 2]);
}
