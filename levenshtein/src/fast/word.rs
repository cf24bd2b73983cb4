//! One pair whose rows fit into one machine word, or into a few.

use super::path::{Kernel, Path, dispatch};
use super::simd::{Row, Simd};
use crate::text::CodeUnit;

/// Rows in a word.
pub(crate) const ROWS: usize = 64;

/// The vertical differences of a column: bit `i` of `plus` says that the one at row `i` is
/// +1, bit `i` of `not_minus` that it is not -1.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    plus: u64,
    not_minus: u64,
}

impl Column {
    /// The left border of the table, `D[i][0] = i`.
    pub(crate) const FIRST: Self = Self {
        plus: !0,
        not_minus: !0,
    };

    /// Moves right by one code point, which the rows in `eq` match. The row above the first
    /// is `D[0][j] = j`.
    ///
    /// Each step waits for the one before, so it is the longest chain of operations from
    /// `plus` to `plus` that counts. Written with what is *not* the case it has seven links,
    /// and as it is usually written ten.
    #[inline(always)]
    pub(crate) fn step(&mut self, eq: u64) {
        let Self { plus, not_minus } = *self;
        let sum = (eq & plus).wrapping_add(plus);
        // `horizontal_plus` is minus | !(sum | plus | eq)
        let not_horizontal_plus = (sum | (plus | eq)) & not_minus;
        let horizontal_minus = plus & (eq | !sum);
        let not_diagonal = !((sum ^ plus) | (eq | !not_minus));
        // A one enters at the bottom of the positive ones, so a zero of these.
        let not_above = not_horizontal_plus << 1;
        self.plus = horizontal_minus << 1 | (not_diagonal & not_above);
        self.not_minus = not_above | not_diagonal;
    }

    /// The same for a block below another. `plus_in` and `minus_in` are the horizontal
    /// difference that comes from there, and what is returned goes out at the bottom.
    #[inline(always)]
    fn step_below(&mut self, eq: u64, (plus_in, minus_in): (u64, u64)) -> (u64, u64) {
        let Self { plus, not_minus } = *self;
        let vertical = eq | !not_minus;
        let eq = eq | minus_in;
        let sum = (eq & plus).wrapping_add(plus);
        let horizontal_plus = !((sum | (plus | eq)) & not_minus);
        let horizontal_minus = plus & (eq | !sum);
        let above = horizontal_plus << 1 | plus_in;
        self.plus = (horizontal_minus << 1 | minus_in) | !(vertical | above);
        self.not_minus = !(above & vertical);
        (horizontal_plus >> 63, horizontal_minus >> 63)
    }

    /// The distance in row `m` of column `n`: `D[0][n] = n`, and the differences down to there.
    #[inline(always)]
    pub(crate) fn distance(self, m: usize, n: usize) -> usize {
        let rows = u64::MAX >> (ROWS - m);
        let plus = (self.plus & rows).count_ones() as usize;
        let minus = (!self.not_minus & rows).count_ones() as usize;
        n + plus - minus
    }
}

/// The distance between a pattern of 1 to 64 bytes and a text of any length.
#[inline]
pub(crate) fn distance(pattern: &[u8], text: &[u8]) -> usize {
    let path = Path::current();
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if pattern.len() <= 16 {
        return dispatch(path, sixteen::Sixteen { pattern, text });
    }
    dispatch(path, Word { pattern, text })
}

struct Word<'a> {
    pattern: &'a [u8],
    text: &'a [u8],
}

impl Kernel for Word<'_> {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> usize {
        let Self { pattern, text } = self;
        let mut column = Column::FIRST;
        if S::COMPARES {
            // What lies beyond the pattern may match a NUL: in rows below, which nobody reads.
            let mut row = Row::default();
            for (word, bytes) in row.0.iter_mut().zip(pattern.chunks(8)) {
                let mut padded = [0; 8];
                padded[..bytes.len()].copy_from_slice(bytes);
                *word = u64::from_le_bytes(padded);
            }
            let pattern = simd.load(&row);
            for &byte in text {
                column.step(simd.matches(pattern, byte));
            }
        } else {
            let mut rows = [0; 256];
            for (row, &byte) in pattern.iter().enumerate() {
                rows[usize::from(byte)] |= 1_u64 << row;
            }
            for &byte in text {
                column.step(rows[usize::from(byte)]);
            }
        }
        column.distance(pattern.len(), text.len())
    }
}

/// Rows up to which it is quicker to compare each than to enter them into a table.
pub(crate) const FEW_ROWS: usize = 12;

/// The distance between few code points and a text, in whatever widths.
pub(crate) fn by_comparison<U: CodeUnit, V: CodeUnit>(pattern: &[U], text: &[V]) -> usize {
    let mut column = Column::FIRST;
    for &unit in text {
        let wanted: u32 = unit.into();
        let mut eq = 0;
        for (row, &unit) in pattern.iter().enumerate() {
            let own: u32 = unit.into();
            eq |= u64::from(own == wanted) << row;
        }
        column.step(eq);
    }
    column.distance(pattern.len(), text.len())
}

/// The most words that [`few`] works on.
pub(crate) const MOST_WORDS: usize = 4;

/// The distance between a pattern of up to 256 bytes and a text. The words of a column wait
/// for each other, but the processor goes on with the columns to the right meanwhile.
pub(crate) fn few(pattern: &[u8], text: &[u8]) -> usize {
    let path = Path::current();
    match pattern.len().div_ceil(ROWS) {
        0..=2 => dispatch(path, Words::<2> { pattern, text }),
        3 => dispatch(path, Words::<3> { pattern, text }),
        _ => dispatch(path, Words::<MOST_WORDS> { pattern, text }),
    }
}

struct Words<'a, const N: usize> {
    pattern: &'a [u8],
    text: &'a [u8],
}

impl<const N: usize> Kernel for Words<'_, N> {
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd>(self, _: S) -> usize {
        let Self { pattern, text } = self;
        let mut rows = [[0_u64; N]; 256];
        for (word, bytes) in pattern.chunks(ROWS).enumerate() {
            for (row, &byte) in bytes.iter().enumerate() {
                rows[usize::from(byte)][word] |= 1 << row;
            }
        }
        let mut columns = [Column::FIRST; N];
        for &byte in text {
            // The row above the first is D[0][j] = j.
            let mut difference = (1, 0);
            for (column, &eq) in columns.iter_mut().zip(&rows[usize::from(byte)]) {
                difference = column.step_below(eq, difference);
            }
        }
        let mut distance = text.len();
        for (column, bytes) in columns.iter().zip(pattern.chunks(ROWS)) {
            distance = column.distance(bytes.len(), distance);
        }
        distance
    }
}

/// Up to 16 bytes, which SSE2 compares at once; every x86-64 has it.
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod sixteen {
    #![allow(unsafe_code)]

    use super::{Column, Kernel, Simd};
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    /// The vectors of the path are not needed, but what comes with them makes steps shorter.
    pub(super) struct Sixteen<'a> {
        pub(super) pattern: &'a [u8],
        pub(super) text: &'a [u8],
    }

    impl Kernel for Sixteen<'_> {
        type Output = usize;

        #[inline(always)]
        fn run<S: Simd>(self, _: S) -> usize {
            distance(self.pattern, self.text)
        }
    }

    #[inline(always)]
    fn distance(pattern: &[u8], text: &[u8]) -> usize {
        let [low, high] = padded(pattern);
        // SAFETY: SSE2 is part of x86-64.
        let bytes = unsafe { _mm_set_epi64x(high.cast_signed(), low.cast_signed()) };
        let mut column = Column::FIRST;
        for &byte in text {
            // SAFETY: SSE2 is part of x86-64.
            let equal = unsafe {
                _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte.cast_signed())))
            };
            column.step(u64::from(equal.cast_unsigned()));
        }
        column.distance(pattern.len(), text.len())
    }

    /// 1 to 16 bytes, followed by zeros. A copy to memory and back would have to wait for it.
    #[inline(always)]
    fn padded(bytes: &[u8]) -> [u64; 2] {
        let length = bytes.len();
        if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            // Of the last eight those that the first eight do not have.
            let rest = match length {
                8 => 0,
                _ => u64::from_le_bytes(*last) >> (8 * (16 - length)),
            };
            return [u64::from_le_bytes(*first), rest];
        }
        if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let [first, last] = [*first, *last].map(|four| u64::from(u32::from_le_bytes(four)));
            return [first | last << (8 * (length - 4)), 0];
        }
        let at = |index: usize| u64::from(bytes[index]) << (8 * index);
        [at(0) | at(length / 2) | at(length - 1), 0]
    }
}
