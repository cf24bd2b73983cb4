//! The vectors of [`Simd`] in plain Rust: eight machine words, whose lanes are kept apart
//! by arithmetic. Compilers make of it what the platform always has, such as SSE2.

use super::simd::{Row, Simd, WORDS, lanes_of};

/// Anybody may have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

type V = [u64; WORDS];

fn map2(a: V, b: V, f: impl Fn(u64, u64) -> u64) -> V {
    let mut out = [0; WORDS];
    for i in 0..WORDS {
        out[i] = f(a[i], b[i]);
    }
    out
}

/// The highest bit of each lane of `lane` bits.
fn signs(lane: usize) -> u64 {
    lanes_of(lane, 1 << (lane - 1))
}

fn add(lane: usize, a: u64, b: u64) -> u64 {
    let signs = signs(lane);
    // Without their highest bits two lanes have a sum that stays within the lane.
    ((a & !signs) + (b & !signs)) ^ ((a ^ b) & signs)
}

/// The number of ones in each lane.
fn counts(lane: usize, word: u64) -> u64 {
    let pairs = word - ((word >> 1) & lanes_of(2, 1));
    let nibbles = (pairs & lanes_of(4, 3)) + ((pairs >> 2) & lanes_of(4, 3));
    let mut sums = (nibbles + (nibbles >> 4)) & lanes_of(8, 15);
    let mut wide = 8;
    while wide < lane {
        sums = (sums + (sums >> wide)) & lanes_of(2 * wide, 0x7f);
        wide *= 2;
    }
    sums
}

impl Simd for Portable {
    type V = V;
    const COMPARES: bool = false;

    #[inline(always)]
    fn load(self, row: &Row) -> V {
        row.0
    }

    #[inline(always)]
    fn store(self, v: V, row: &mut Row) {
        row.0 = v;
    }

    #[inline(always)]
    fn splat(self, word: u64) -> V {
        [word; WORDS]
    }

    #[inline(always)]
    fn and(self, a: V, b: V) -> V {
        map2(a, b, |a, b| a & b)
    }

    #[inline(always)]
    fn or(self, a: V, b: V) -> V {
        map2(a, b, |a, b| a | b)
    }

    #[inline(always)]
    fn xor_or(self, a: V, b: V, c: V) -> V {
        map2(map2(a, b, |a, b| a ^ b), c, |ab, c| ab | c)
    }

    #[inline(always)]
    fn or_nor(self, a: V, b: V, c: V) -> V {
        map2(a, map2(b, c, |b, c| !(b | c)), |a, bc| a | bc)
    }

    #[inline(always)]
    fn add<const LANE: usize>(self, a: V, b: V) -> V {
        map2(a, b, |a, b| match LANE {
            64 => a.wrapping_add(b),
            _ => add(LANE, a, b),
        })
    }

    #[inline(always)]
    fn count_difference<const LANE: usize>(self, p: V, n: V) -> V {
        map2(p, n, |p, n| {
            let (p, n) = (counts(LANE, p), counts(LANE, n));
            match LANE {
                64 => p.wrapping_sub(n),
                // p - n is p + !n + 1 in each lane.
                _ => add(LANE, add(LANE, p, !n), lanes_of(LANE, 1)),
            }
        })
    }

    #[inline(always)]
    fn any_at_most<const LANE: usize>(self, v: V, limit: i64) -> bool {
        v.iter().any(|word| {
            let mut lanes = (0..64).step_by(LANE);
            lanes.any(|start| {
                // The lane as a signed number: to the top of the word, and back.
                let number = (word << (64 - LANE - start)).cast_signed() >> (64 - LANE);
                number <= limit
            })
        })
    }

    #[inline(always)]
    fn pick<const WHERE: u8>(self, mut a: V, b: V) -> V {
        for (i, (a, b)) in a.iter_mut().zip(b).enumerate() {
            if WHERE >> i & 1 == 1 {
                *a = b;
            }
        }
        a
    }

    #[inline(always)]
    fn up(self, v: V, first: V) -> V {
        let mut moved = v;
        moved[1..].copy_from_slice(&v[..WORDS - 1]);
        moved[0] = first[WORDS - 1];
        moved
    }

    #[inline(always)]
    fn top(self, v: V) -> u8 {
        v[WORDS - 1].to_le_bytes()[7]
    }

    #[inline(always)]
    fn with_top(self, byte: u8) -> V {
        [u64::from(byte) << 56; WORDS]
    }

    #[inline(always)]
    fn carry(self, v: V) -> V {
        v.map(|word| word >> 63)
    }

    #[inline(always)]
    fn shift_in(self, v: V, below: V) -> V {
        map2(v, below, |v, below| v << 1 | below >> 63)
    }

    fn matches(self, _: V, _: u8) -> u64 {
        unreachable!("a table is quicker")
    }
}
