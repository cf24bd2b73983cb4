//! Every kernel against the recurrence written down as it is defined.

use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::search::{CHUNK_CELLS, Search};
use levenshtein::{OutOfMemory, Text, myers, repeated, wagner_fischer};
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::Cell;
use std::num::NonZeroU64;

/// The whole table, D[i][j] in row i and column j.
fn naive(a: &[u32], b: &[u32]) -> usize {
    let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            d[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let substituted = d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                substituted.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1)
            };
        }
    }
    d[a.len()][b.len()]
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

/// Strings of few different code points, so that many of them match, in each width.
/// 0x141, 0x1c1 and 0x241 fall into the same slot of the hash table.
fn code_points(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u32>> {
    let latin1 = || prop_oneof![Just(0), 0x61_u32..0x64, Just(0xff)];
    let ucs2 = || {
        prop_oneof![
            latin1(),
            Just(0x141),
            Just(0x1c1),
            Just(0x241),
            Just(0xd800)
        ]
    };
    let ucs4 = || prop_oneof![ucs2(), Just(0x1_0041), Just(0x1_f600), Just(0x10_ffff)];
    prop_oneof![
        vec(latin1(), lengths.clone()),
        vec(ucs2(), lengths.clone()),
        vec(ucs4(), lengths.clone()),
        vec(0_u32..0x11_0000, lengths),
    ]
}

fn distances(query: Text<'_>, words: &Dictionary, cells: u64) -> Vec<u32> {
    let mut search = Search::distances(query, words.len()).unwrap();
    while !search.advance(words, cells).unwrap() {}
    search.into_distances()
}

fn nearest(query: Text<'_>, words: &Dictionary, limit: usize, cells: u64) -> Vec<(u32, u32)> {
    let mut search = Search::nearest(query, limit).unwrap();
    while !search.advance(words, cells).unwrap() {}
    search.into_nearest().collect()
}

proptest! {
    #[test]
    fn kernels_agree_with_the_whole_table(a in code_points(0..200), b in code_points(0..200)) {
        let expected = naive(&a, &b);
        let (narrow_a, narrow_b) = (Owned::new(&a), Owned::new(&b));
        for a in [narrow_a.text(), Text::Ucs4(&a)] {
            for b in [narrow_b.text(), Text::Ucs4(&b)] {
                prop_assert_eq!(wagner_fischer::distance(a, b), Ok(expected));
                prop_assert_eq!(myers::distance(a, b), Ok(expected));
            }
        }
    }

    #[test]
    fn searches_agree_with_the_kernel_whatever_the_chunks(
        query in code_points(0..150),
        words in vec(code_points(0..80), 0..12),
        cells in prop_oneof![0_u64..700, Just(CHUNK_CELLS), Just(u64::MAX)],
        limit in 0_usize..14,
    ) {
        let mut dictionary = Dictionary::new();
        for word in &words {
            dictionary.push(Text::Ucs4(word)).unwrap();
        }
        let expected: Vec<u32> =
            words.iter().map(|word| u32::try_from(naive(&query, word)).unwrap()).collect();
        let query = Owned::new(&query);
        prop_assert_eq!(distances(query.text(), &dictionary, cells), expected.clone());

        let mut ranked: Vec<_> = expected.into_iter().zip(0..).collect();
        ranked.sort_unstable();
        ranked.truncate(limit);
        prop_assert_eq!(nearest(query.text(), &dictionary, limit, cells), ranked);
    }

    #[test]
    fn a_dictionary_gives_its_words_back(words in vec(code_points(0..20), 0..20)) {
        let mut dictionary = Dictionary::new();
        for word in &words {
            dictionary.push(Text::Ucs4(word)).unwrap();
        }
        prop_assert_eq!(dictionary.len(), words.len());
        for (index, word) in words.iter().enumerate() {
            let kept = match dictionary.word(index) {
                Text::Latin1(units) => units.iter().map(|&unit| unit.into()).collect(),
                Text::Ucs2(units) => units.iter().map(|&unit| unit.into()).collect(),
                Text::Ucs4(units) => units.to_vec(),
            };
            prop_assert_eq!(&kept, word);
        }
    }
}

#[test]
fn block_boundaries() {
    let alphabet = [0x61, 0x62, 0x141, 0x1c1];
    let text = |seed: usize, length: usize| -> Vec<u32> {
        (0..length)
            .map(|i| alphabet[(i * i + seed * i + seed) / 3 % 4])
            .collect()
    };
    for m in [0, 1, 63, 64, 65, 127, 128, 129, 1000] {
        for n in [0, 1, 63, 64, 65, 128, 1000] {
            let (a, b) = (text(1, m), text(5, n));
            let expected = naive(&a, &b);
            assert_eq!(
                myers::distance(Text::Ucs4(&a), Text::Ucs4(&b)),
                Ok(expected),
                "{m}, {n}"
            );
        }
    }
}

#[test]
fn a_block_of_64_code_points_of_one_slot() {
    // All of them collide: probing goes round the end of the hash table.
    let pattern: Vec<u32> = (0..64).map(|i| 0x100 + 127 + 128 * i).collect();
    let mut reversed = pattern.clone();
    reversed.reverse();
    for b in [&pattern, &reversed] {
        let distance = myers::distance(Text::Ucs4(&pattern), Text::Ucs4(b));
        assert_eq!(distance, Ok(naive(&pattern, b)));
    }
}

#[test]
fn a_search_advances_by_at_most_the_cells_it_is_given() {
    // 100 code points against 10 times 99: 2 * (99 + 1) steps of 64 cells a word.
    let mut words = Dictionary::new();
    for _ in 0..10 {
        words.push(Text::Latin1(&[b'a'; 99])).unwrap();
    }
    let query = Text::Latin1(&[b'a'; 100]);
    for cells in [64, 640, 64 * 200] {
        let mut search = Search::distances(query, words.len()).unwrap();
        let mut chunks = 1;
        while !search.advance(&words, cells).unwrap() {
            chunks += 1;
        }
        assert_eq!(chunks, 10 * 200 * 64 / cells);
        assert_eq!(search.into_distances(), [1; 10]);
    }
}

#[test]
fn repeated_runs_as_often_as_it_is_told() {
    let runs = Cell::new(0);
    let kernel = |a: Text<'_>, b: Text<'_>| {
        runs.set(runs.get() + 1);
        myers::distance(a, b)
    };
    let n = NonZeroU64::new(7).unwrap();
    let answer = repeated(n, Text::Latin1(b"kitten"), Text::Latin1(b"sitting"), kernel);
    assert_eq!((answer, runs.get()), (Ok(3), 7));
}

#[test]
fn repeated_stops_at_an_error() {
    let runs = Cell::new(0);
    let kernel = |_: Text<'_>, _: Text<'_>| {
        runs.set(runs.get() + 1);
        Err(OutOfMemory)
    };
    let n = NonZeroU64::new(7).unwrap();
    let answer = repeated(n, Text::Latin1(b""), Text::Latin1(b""), kernel);
    assert_eq!((answer, runs.get()), (Err(OutOfMemory), 1));
}
