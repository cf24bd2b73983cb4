//! Inputs that are meant to defeat a fast path, and how long the fast kernels take for them as a
//! fraction of what the scalar ones take, on every path that the machine has:
//!
//! ```text
//! cargo run --release --package levenshtein --features fast --example adverse
//! ```
//!
//! Both are timed in turn, and the median of the ratios is shown. None should be above 1.1, but
//! for a dictionary of one word, in which there is nothing to gain.

use levenshtein::dictionary::Dictionary;
use levenshtein::fast::{self, Path};
use levenshtein::search::{CHUNK_CELLS, Search};
use levenshtein::{Text, myers};
use std::hint::black_box;
use std::time::Instant;

/// Xorshift: the same numbers each time.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// A text of so many code points, of an alphabet of this size that begins with `first`.
fn text(seed: u64, length: usize, first: u32, letters: u64) -> Vec<u32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut letter = || first + u32::try_from(random(&mut state) % letters).unwrap_or(0);
    (0..length).map(|_| letter()).collect()
}

/// How many times as long `a` takes as `b`.
fn ratio(mut a: impl FnMut(), mut b: impl FnMut()) -> f64 {
    let seconds = |action: &mut dyn FnMut(), turns: u32| {
        let start = Instant::now();
        for _ in 0..turns {
            action();
        }
        start.elapsed().as_secs_f64()
    };
    let once = seconds(&mut b, 1).min(seconds(&mut b, 1));
    let turns = [1, 10, 100, 1000, 10_000]
        .into_iter()
        .find(|&turns| f64::from(turns) * once > 3e-4)
        .unwrap_or(10_000);
    let mut ratios: Vec<f64> = (0..15)
        .map(|_| seconds(&mut a, turns) / seconds(&mut b, turns))
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[7]
}

fn pair(name: &str, path: Path, a: &[u32], b: &[u32]) {
    let (latin1_a, latin1_b): (Vec<u8>, Vec<u8>) = (narrowed(a), narrowed(b));
    let (a, b) = if latin1_a.len() == a.len() && latin1_b.len() == b.len() {
        (Text::Latin1(&latin1_a), Text::Latin1(&latin1_b))
    } else {
        (Text::Ucs4(a), Text::Ucs4(b))
    };
    let fast = || {
        _ = black_box(fast::distance(black_box(a), black_box(b)));
    };
    let slow = || {
        _ = black_box(myers::distance(black_box(a), black_box(b)));
    };
    println!("{:9} {name:58} {:6.3}", path.name(), ratio(fast, slow));
}

/// The code points that fit into a byte.
fn narrowed(text: &[u32]) -> Vec<u8> {
    text.iter().filter_map(|&c| u8::try_from(c).ok()).collect()
}

fn search(name: &str, path: Path, query: &[u32], words: &[Vec<u32>]) {
    let mut slow = Dictionary::new();
    for word in words {
        slow.push(Text::Ucs4(word)).expect("there is memory");
    }
    let fast = fast::Dictionary::new(&slow, &mut || true).expect("there is memory");
    let query = Text::Ucs4(query);
    let with_fast = || {
        let query = fast.query(black_box(query)).expect("there is memory");
        let found = fast
            .nearest(&query, 5, &mut || true)
            .expect("there is memory");
        drop(black_box(found.collect::<Vec<_>>()));
    };
    let with_slow = || {
        let mut search = Search::nearest(black_box(query), 5).expect("there is memory");
        while !search.advance(&slow, CHUNK_CELLS).expect("there is memory") {}
        drop(black_box(search.into_nearest().collect::<Vec<_>>()));
    };
    println!(
        "{:9} {name:58} {:6.3}",
        path.name(),
        ratio(with_fast, with_slow)
    );
}

/// Letters of the widest alphabet.
const MANY: u64 = 100_000;

fn pairs(path: Path) {
    for length in [
        1, 5, 16, 17, 40, 64, 65, 80, 100, 128, 129, 200, 256, 257, 400, 1000,
    ] {
        let (a, b) = (text(1, length, 97, 26), text(2, length, 97, 26));
        pair(&format!("a pair of {length} letters"), path, &a, &b);
        let (a, b) = (text(1, length, 0x4e00, 40), text(2, length, 0x4e00, 40));
        pair(
            &format!("a pair of {length} of 40 wide letters"),
            path,
            &a,
            &b,
        );
        let (a, b) = (text(1, length, 0x1000, MANY), text(2, length, 0x1000, MANY));
        pair(
            &format!("a pair of {length} of 100,000 letters"),
            path,
            &a,
            &b,
        );
    }
    for (short, long) in [(1, 1000), (10, 1000), (64, 1000), (65, 5000), (3, 100_000)] {
        let (a, b) = (text(1, short, 97, 26), text(2, long, 97, 26));
        pair(
            &format!("a pair of {short} and {long} letters"),
            path,
            &a,
            &b,
        );
        let (a, b) = (text(1, short, 0x4e00, 40), text(2, long, 0x4e00, 40));
        pair(
            &format!("a pair of {short} and {long} wide letters"),
            path,
            &a,
            &b,
        );
    }
    let (mut a, mut b) = (text(1, 3000, 97, 26), text(1, 3000, 97, 26));
    a.extend(text(3, 3000, 97, 26));
    b.extend(text(4, 3000, 97, 26));
    b[0] = 0;
    pair(
        "a pair that is alike at first, and then is not",
        path,
        &a,
        &b,
    );
    let (a, b) = (text(1, 20_000, 0x1000, MANY), text(2, 20_000, 0x1000, MANY));
    pair("a pair of 20,000 of 100,000 letters", path, &a, &b);
}

fn words(count: u64, length: usize, first: u32, letters: u64) -> Vec<Vec<u32>> {
    (0..count)
        .map(|i| text(i + 9, length, first, letters))
        .collect()
}

fn searches(path: Path) {
    let query = text(5, 12, 97, 26);
    search(
        "20,000 words of one length",
        path,
        &query,
        &words(20_000, 12, 97, 26),
    );
    let wide = text(5, 8, 0x1000, MANY);
    let many = words(20_000, 8, 0x1000, MANY);
    search("20,000 words of 100,000 letters", path, &wide, &many);
    search(
        "20,000 empty words",
        path,
        &query,
        &words(20_000, 0, 97, 26),
    );
    search("an empty query", path, &[], &words(20_000, 8, 97, 26));
    search(
        "a query of 10,000 letters",
        path,
        &text(5, 10_000, 97, 26),
        &many[..500],
    );
    search(
        "10 words of 100,000 letters",
        path,
        &query,
        &words(10, 100_000, 97, 26),
    );
    let long = text(5, 10_000, 97, 26);
    search(
        "the same, and a query of 10,000",
        path,
        &long,
        &words(5, 100_000, 97, 26),
    );
    search(
        "200 words of 65 letters",
        path,
        &query,
        &words(200, 65, 97, 26),
    );
    let long = text(5, 70, 97, 26);
    search(
        "the same, and a query of 70",
        path,
        &long,
        &words(200, 65, 97, 26),
    );
    search("one word", path, &query, &words(1, 9, 97, 26));
    let one_of_each: Vec<_> = (0..65).map(|n| text(n as u64, n, 97, 26)).collect();
    search("one word of each length to 64", path, &query, &one_of_each);
    let lengths = [5, 12, 30, 60];
    let four: Vec<_> = lengths.iter().map(|&n| text(n as u64, n, 97, 26)).collect();
    search(
        "four words, one for each width of lane",
        path,
        &query,
        &four,
    );
}

fn main() {
    for path in Path::ALL {
        if path.force().is_ok() {
            pairs(path);
            searches(path);
        }
    }
}
