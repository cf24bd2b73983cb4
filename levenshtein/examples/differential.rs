//! Looks for a pair or a dictionary on which the fast kernels and the slow one disagree, on
//! every path that the machine has, for as many seconds as it is told:
//!
//! ```text
//! cargo run --release --package levenshtein --features fast --example differential -- 60
//! ```
//!
//! Inputs follow from a seed, which is printed with what was found; a second argument begins
//! with another seed.

use levenshtein::dictionary::{Dictionary, Words};
use levenshtein::fast::{self, Path};
use levenshtein::{Text, wagner_fischer};
use std::time::{Duration, Instant};

/// Xorshift: what matters is that it is the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    /// A length: mostly short, now and then around the end of a word or a stripe.
    fn length(&mut self, longest: usize) -> usize {
        let border = [8, 16, 32, 64, 128, 192, 256, 512, 1024, 1536][self.below(10)];
        let length = match self.below(4) {
            0 => self.below(20),
            1 => self.below(130),
            2 => border + self.below(5) - 2,
            _ => self.below(longest),
        };
        length.min(longest)
    }

    fn code_point(&mut self, alphabet: usize) -> u32 {
        let letter = u32::try_from(self.next() % 1000).unwrap_or(0);
        match alphabet {
            0 => 0x61 + letter % 2,
            1 => 0x61 + letter % 26,
            2 => letter % 0x100,
            3 => [0, 0x61, 0xff, 0x100, 0x141, 0xd800, 0xdfff][letter as usize % 7],
            4 => 0x3400 + letter,
            _ => [0x61, 0x141, 0x1_0041, 0x10_ffff][letter as usize % 4],
        }
    }

    fn text(&mut self, longest: usize) -> Vec<u32> {
        let alphabet = self.below(6);
        let length = self.length(longest);
        (0..length).map(|_| self.code_point(alphabet)).collect()
    }

    /// A text after some edits, so many in a hundred code points.
    fn edited(&mut self, text: &[u32]) -> Vec<u32> {
        let percent = [1, 5, 20, 60][self.below(4)];
        let alphabet = self.below(6);
        let mut other = Vec::new();
        for &code_point in text {
            match self.below(300) {
                n if n < percent => {}
                n if n < 2 * percent => other.push(self.code_point(alphabet)),
                n if n < 3 * percent => {
                    other.extend([self.code_point(alphabet), code_point]);
                }
                _ => other.push(code_point),
            }
        }
        other
    }
}

/// A text in the narrowest width that holds it.
enum Narrow {
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Narrow {
    fn new(text: &[u32]) -> Self {
        let latin1: Result<Vec<u8>, _> = text.iter().map(|&c| c.try_into()).collect();
        let ucs2: Result<Vec<u16>, _> = text.iter().map(|&c| c.try_into()).collect();
        match (latin1, ucs2) {
            (Ok(text), _) => Narrow::Latin1(text),
            (_, Ok(text)) => Narrow::Ucs2(text),
            _ => Narrow::Ucs4(text.to_vec()),
        }
    }

    fn text(&self) -> Text<'_> {
        match self {
            Narrow::Latin1(text) => Text::Latin1(text),
            Narrow::Ucs2(text) => Text::Ucs2(text),
            Narrow::Ucs4(text) => Text::Ucs4(text),
        }
    }
}

fn pair(random: &mut Random, path: Path) {
    let a = random.text(2500);
    let b = if random.below(2) == 0 {
        random.text(2500)
    } else {
        random.edited(&a)
    };
    let (a, b) = (Narrow::new(&a), Narrow::new(&b));
    let expected = wagner_fischer::distance(a.text(), b.text()).expect("there is memory");
    let found = fast::distance(a.text(), b.text());
    assert_eq!(found, Ok(expected), "{path:?}: one pair");
    for cutoff in [
        random.below(2 * expected + 2),
        expected,
        expected.saturating_sub(1),
    ] {
        let within = (expected <= cutoff).then_some(expected);
        let found = fast::distance_within(a.text(), b.text(), cutoff);
        assert_eq!(found, Ok(within), "{path:?}: one pair, at most {cutoff}");
    }
}

fn dictionary(random: &mut Random, path: Path) {
    let longest = [5, 10, 70, 300][random.below(4)];
    let mut words = Dictionary::new();
    for _ in 0..random.below(150) {
        let word = random.text(longest);
        words.push(Text::Ucs4(&word)).expect("there is memory");
    }
    let query = Narrow::new(&random.text(2 * longest));
    let distance = |word| wagner_fischer::distance(query.text(), words.word(word));
    let expected: Vec<u32> = (0..words.len())
        .map(|word| distance(word).expect("there is memory"))
        .map(|distance| u32::try_from(distance).expect("words are short"))
        .collect();
    let go_on = &mut || true;
    let fast = fast::Dictionary::new(&words, go_on).expect("there is memory");
    let query = fast.query(query.text()).expect("there is memory");
    let mut found = vec![0; words.len()];
    fast.distances(&query, &mut found, go_on)
        .expect("there is memory");
    assert_eq!(found, expected, "{path:?}: the distances of a dictionary");
    let limit = random.below(20);
    let mut ranked: Vec<(u32, u32)> = expected.into_iter().zip(0..).collect();
    ranked.sort_unstable();
    ranked.truncate(limit);
    let found = fast.nearest(&query, limit, go_on).expect("there is memory");
    assert!(
        found.eq(ranked),
        "{path:?}: the nearest {limit} of a dictionary"
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| match arguments.next().map(|text| text.parse()) {
        None => default,
        Some(Ok(number)) => number,
        Some(Err(_)) => panic!("two numbers: seconds, and the first seed"),
    };
    let (seconds, first) = (number(10_u64), number(1_u64));
    let paths: Vec<Path> = Path::ALL
        .into_iter()
        .filter(|path| path.force().is_ok())
        .collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut seed = first;
    while Instant::now() < end {
        for &path in &paths {
            path.force().expect("it was available before");
            let told = std::panic::catch_unwind(|| {
                let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
                pair(&mut random, path);
                dictionary(&mut random, path);
            });
            assert!(told.is_ok(), "seed {seed} on {path:?}");
        }
        seed += 1;
    }
    let names: Vec<&str> = paths.iter().map(|path| path.name()).collect();
    println!("{} inputs agree on {}", seed - first, names.join(", "));
}
