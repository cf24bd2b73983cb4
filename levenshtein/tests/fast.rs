//! The fast kernels against the slow ones, on every path that this machine has.
#![cfg(feature = "fast")]

use levenshtein::dictionary::{self, Words};
use levenshtein::fast::{self, Path, Stop, Threads};
use levenshtein::{Text, wagner_fischer};
use proptest::collection::vec;
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

/// The path is one for the whole process, and tests run in threads.
static PATH: Mutex<()> = Mutex::new(());

fn on_each_path(mut test: impl FnMut(Path)) {
    let _alone = PATH.lock().unwrap_or_else(PoisonError::into_inner);
    for path in Path::ALL {
        if path.force().is_ok() {
            test(path);
        }
    }
}

fn go_on() -> impl FnMut() -> bool {
    || true
}

/// Code points in the narrowest width that holds them, as Python stores them.
enum Owned {
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

fn narrow<T: TryFrom<u32>>(code_points: &[u32]) -> Option<Vec<T>> {
    code_points.iter().map(|&c| T::try_from(c).ok()).collect()
}

impl Owned {
    fn new(code_points: &[u32]) -> Self {
        narrow(code_points)
            .map(Owned::Latin1)
            .or_else(|| narrow(code_points).map(Owned::Ucs2))
            .unwrap_or_else(|| Owned::Ucs4(code_points.to_vec()))
    }

    fn text(&self) -> Text<'_> {
        match self {
            Owned::Latin1(units) => Text::Latin1(units),
            Owned::Ucs2(units) => Text::Ucs2(units),
            Owned::Ucs4(units) => Text::Ucs4(units),
        }
    }
}

/// Few different code points in each width, so that many match, or very many; lone
/// surrogates, and what is no code point at all.
fn code_points(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u32>> {
    let latin1 = || prop_oneof![Just(0), 0x61_u32..0x64, Just(0xff)];
    let ucs2 = || prop_oneof![latin1(), Just(0x141), Just(0x1c1), Just(0xd800)];
    let ucs4 = || prop_oneof![ucs2(), Just(0x1_0041), Just(0x10_ffff), Just(0x11_0000)];
    prop_oneof![
        vec(latin1(), lengths.clone()),
        vec(ucs2(), lengths.clone()),
        vec(ucs4(), lengths.clone()),
        vec(0_u32..0x11_0000, lengths.clone()),
        vec(0x61_u32..0x7b, lengths),
    ]
}

/// A text, and what becomes of it by some edits here and there.
fn similar(lengths: std::ops::Range<usize>) -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let edit = (any::<prop::sample::Index>(), 0..3_u8, 0x61_u32..0x64);
    (code_points(lengths), vec(edit, 0..20)).prop_map(|(text, edits)| {
        let mut other = text.clone();
        for (place, kind, code_point) in edits {
            let place = place.index(other.len() + 1);
            match kind {
                0 => other.insert(place, code_point),
                1 if place < other.len() => other[place] = code_point,
                _ if place < other.len() => drop(other.remove(place)),
                _ => {}
            }
        }
        (text, other)
    })
}

fn check_pair(a: &[u32], b: &[u32]) {
    let (narrow_a, narrow_b) = (Owned::new(a), Owned::new(b));
    let expected = wagner_fischer::distance(narrow_a.text(), narrow_b.text()).unwrap();
    on_each_path(|path| {
        for a in [narrow_a.text(), Text::Ucs4(a)] {
            for b in [narrow_b.text(), Text::Ucs4(b)] {
                assert_eq!(fast::distance(a, b), Ok(expected), "{path:?}");
                for cutoff in [
                    0,
                    expected / 2,
                    expected.saturating_sub(1),
                    expected,
                    expected + 1,
                ] {
                    let within = Some(expected).filter(|&d| d <= cutoff);
                    let found = fast::distance_within(a, b, cutoff);
                    assert_eq!(found, Ok(within), "{path:?}, at most {cutoff}");
                }
            }
        }
    });
}

fn check_dictionary(query: &[u32], words: &[Vec<u32>], limit: usize) {
    let mut slow = dictionary::Dictionary::new();
    for word in words {
        slow.push(Text::Ucs4(word)).unwrap();
    }
    let query = Owned::new(query);
    let expected: Vec<u32> = (0..words.len())
        .map(|i| wagner_fischer::distance(query.text(), slow.word(i)).unwrap())
        .map(|distance| u32::try_from(distance).unwrap())
        .collect();
    let mut ranked: Vec<(u32, u32)> = expected.iter().copied().zip(0..).collect();
    ranked.sort_unstable();
    ranked.truncate(limit);
    on_each_path(|path| {
        let words = fast::Dictionary::new(&slow, &mut go_on()).unwrap();
        assert_eq!(words.len(), expected.len());
        let query = words.query(query.text()).unwrap();
        let mut out = vec![0_u32; words.len()];
        words.distances(&query, &mut out, &mut go_on()).unwrap();
        assert_eq!(out, expected, "{path:?}");
        let found = words.nearest(&query, limit, &mut go_on()).unwrap();
        assert_eq!(found.collect::<Vec<_>>(), ranked, "{path:?}");
        let found = words.nearest_of_all(&query, limit, &mut go_on()).unwrap();
        assert_eq!(found.collect::<Vec<_>>(), ranked, "{path:?}");
    });
}

proptest! {
    #[test]
    fn short_pairs(a in code_points(0..70), b in code_points(0..70)) {
        check_pair(&a, &b);
    }

    #[test]
    fn long_pairs(a in code_points(0..1400), b in code_points(0..1400)) {
        check_pair(&a, &b);
    }

    #[test]
    fn similar_pairs((a, b) in similar(0..1400)) {
        check_pair(&a, &b);
    }

    #[test]
    fn dictionaries(
        query in code_points(0..90),
        words in vec(code_points(0..100), 0..90),
        limit in 0_usize..100,
    ) {
        check_dictionary(&query, &words, limit);
    }

    #[test]
    fn dictionaries_of_short_words(
        query in code_points(0..20),
        words in vec(code_points(0..10), 0..200),
        limit in 0_usize..10,
    ) {
        check_dictionary(&query, &words, limit);
    }
}

/// A text of so many of four letters, always the same.
fn letters(seed: usize, length: usize) -> Vec<u32> {
    let alphabet = [0x61, 0x62, 0x141, 0x1_0041];
    let letter = |i: usize| alphabet[(i * i + seed * i + seed) / 3 % 4];
    (0..length).map(letter).collect()
}

/// Small enough for an interpreter that looks for undefined behaviour, as `make miri` runs it.
#[test]
fn a_little_of_everything() {
    for (m, n) in [(0, 3), (3, 5), (17, 9), (70, 65), (300, 20), (40, 530)] {
        let (a, b) = (Owned::new(&letters(1, m)), Owned::new(&letters(5, n)));
        let expected = wagner_fischer::distance(a.text(), b.text());
        on_each_path(|path| assert_eq!(fast::distance(a.text(), b.text()), expected, "{path:?}"));
    }
    let words: Vec<_> = (0..20).map(|length| letters(length, 4 * length)).collect();
    check_dictionary(&letters(3, 10), &words, 3);
}

#[test]
fn every_length_around_the_ends_of_words_and_stripes() {
    for m in (0..20).chain([
        31, 32, 33, 63, 64, 65, 127, 128, 129, 511, 512, 513, 1023, 1024, 1025,
    ]) {
        for n in [0, 1, 7, 8, 9, 16, 17, 63, 64, 65, 128, 511, 512, 513, 1025] {
            check_pair(&letters(1, m), &letters(5, n));
        }
    }
}

#[test]
fn a_pair_that_begins_alike_and_goes_on_otherwise() {
    // The first guess of a limit is far too low.
    let mut a = letters(1, 2000);
    let mut b = a.clone();
    a.extend(vec![0x61; 1500]);
    b.extend(vec![0x62; 1500]);
    b[3] = 0x7a;
    a[1000] = 0x7a;
    check_pair(&a, &b);
}

#[test]
fn words_of_every_length_in_one_dictionary() {
    let words: Vec<_> = (0..140)
        .rev()
        .map(|length| letters(length % 7, length))
        .collect();
    for query in [0, 1, 8, 9, 33, 64, 65, 100, 139, 400] {
        check_dictionary(&letters(3, query), &words, 5);
    }
}

#[test]
fn many_words_of_one_length_of_which_none_is_like_another() {
    let words: Vec<Vec<u32>> = (0..400)
        .map(|word| (0..8).map(|i| 0x3400 + 8 * word + i).collect())
        .collect();
    check_dictionary(&words[7], &words, 3);
    check_dictionary(&[0x61, 0x3405, 0x62], &words, 3);
}

#[test]
fn threads_give_the_answers_of_one() {
    let mut slow = dictionary::Dictionary::new();
    let words: Vec<_> = (0..3000).map(|i| letters(i, 3 + i % 90)).collect();
    for word in &words {
        slow.push(Text::Ucs4(word)).unwrap();
    }
    let words = fast::Dictionary::new(&slow, &mut go_on()).unwrap();
    let owned: Vec<_> = (0..40).map(|i| letters(i + 7, 5 * i)).collect();
    let queries: Vec<_> = owned.iter().map(|query| Text::Ucs4(query)).collect();
    let with = |threads| Threads::new(NonZeroUsize::new(threads));
    let mut out = vec![0_u16; 40 * 3000];
    words
        .cdist(&queries, &mut out, with(1), &mut go_on())
        .unwrap();
    let found = words
        .nearest_many(&queries, 7, with(1), &mut go_on())
        .unwrap();
    assert_eq!(found[3], {
        let query = words.query(queries[3]).unwrap();
        words
            .nearest(&query, 7, &mut go_on())
            .unwrap()
            .collect::<Vec<_>>()
    });
    for threads in [2, 3, 64] {
        let mut other = vec![0_u16; 40 * 3000];
        words
            .cdist(&queries, &mut other, with(threads), &mut go_on())
            .unwrap();
        assert!(out == other, "{threads} threads");
        let many = words.nearest_many(&queries, 7, with(threads), &mut go_on());
        assert_eq!(many.as_ref(), Ok(&found), "{threads} threads");
    }
    // Nothing to do is nothing wrong.
    assert_eq!(
        words.nearest_many(&[], 7, with(2), &mut go_on()),
        Ok(vec![])
    );
    let none = fast::Dictionary::new(&dictionary::Dictionary::new(), &mut go_on()).unwrap();
    none.cdist::<u8>(&queries, &mut [], with(2), &mut go_on())
        .unwrap();
}

#[test]
fn a_small_cell_holds_what_fits() {
    let mut slow = dictionary::Dictionary::new();
    slow.push(Text::Latin1(&[b'a'; 255])).unwrap();
    let words = fast::Dictionary::new(&slow, &mut go_on()).unwrap();
    let query = words.query(Text::Latin1(b"b")).unwrap();
    let mut out = [0_u8];
    words.distances(&query, &mut out, &mut go_on()).unwrap();
    assert_eq!(out, [255]);
}

#[test]
fn whoever_wants_it_to_stop_is_heard() {
    let long = vec![b'a'; 1 << 20];
    let other = vec![b'b'; 1 << 20];
    let stopped = fast::distance_unless(
        Text::Latin1(&long),
        Text::Latin1(&other),
        usize::MAX,
        &mut || false,
    );
    assert_eq!(stopped, Err(Stop::Interrupted));

    let mut slow = dictionary::Dictionary::new();
    for _ in 0..100 {
        slow.push(Text::Latin1(b"kitten")).unwrap();
    }
    let words = fast::Dictionary::new(&slow, &mut go_on()).unwrap();
    let query = words.query(Text::Latin1(&long)).unwrap();
    let mut out = [0_u32; 100];
    let stopped = words.distances(&query, &mut out, &mut || false);
    assert_eq!(stopped, Err(Stop::Interrupted));
    assert!(words.nearest(&query, 3, &mut || false).is_err());

    // In threads, where it takes some time until somebody asks: so there is work for far longer,
    // on any machine. And in one thread where each task is short.
    let queries = vec![Text::Latin1(&long); 3_000];
    for threads in [1, 2] {
        let threads = Threads::new(NonZeroUsize::new(threads));
        let stopped = words.nearest_many(&queries, 3, threads, &mut || false);
        assert_eq!(stopped, Err(Stop::Interrupted));
    }
    let queries = vec![Text::Latin1(&long[..64]); 20_000];
    let threads = Threads::new(NonZeroUsize::new(1));
    let stopped = words.nearest_many(&queries, 3, threads, &mut || false);
    assert_eq!(stopped, Err(Stop::Interrupted));
}
