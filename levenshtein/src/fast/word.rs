//! One pair whose shorter side, or both, fit into one machine word of rows.

use super::path::{Kernel, Path, dispatch};
use super::simd::{Row, Simd};

/// Rows in a word.
pub(crate) const ROWS: usize = 64;

/// The vertical differences of a column, as `myers::Column` has them.
#[derive(Clone, Copy)]
struct Column {
    pv: u64,
    mv: u64,
}

impl Column {
    /// Moves right by one code point, which the rows in `eq` match. The row above the first
    /// is `D[0][j] = j`.
    #[inline(always)]
    fn step(&mut self, eq: u64) {
        let Self { pv, mv } = *self;
        let xv = eq | mv;
        let xh = ((eq & pv).wrapping_add(pv) ^ pv) | eq;
        let ph = mv | !(xh | pv);
        let mh = pv & xh;
        let ph = ph << 1 | 1;
        self.pv = mh << 1 | !(xv | ph);
        self.mv = ph & xv;
    }

    /// The distance in row `m` of column `n`: `D[0][n] = n`, and the differences down to there.
    #[inline(always)]
    fn distance(self, m: usize, n: usize) -> usize {
        let rows = u64::MAX >> (ROWS - m);
        let plus = (self.pv & rows).count_ones() as usize;
        let minus = (self.mv & rows).count_ones() as usize;
        n + plus - minus
    }
}

/// The distance between a pattern of 1 to 64 bytes and a text of any length.
#[inline]
pub(crate) fn distance(pattern: &[u8], text: &[u8]) -> usize {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if pattern.len() <= 16 {
        return sixteen::distance(pattern, text);
    }
    dispatch(Path::current(), Word { pattern, text })
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
        let mut column = Column { pv: !0, mv: 0 };
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

/// Up to 16 bytes, which SSE2 compares at once; every x86-64 has it.
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod sixteen {
    #![allow(unsafe_code)]

    use super::Column;
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    pub(super) fn distance(pattern: &[u8], text: &[u8]) -> usize {
        let [low, high] = padded(pattern);
        // SAFETY: SSE2 is part of x86-64.
        let bytes = unsafe { _mm_set_epi64x(high.cast_signed(), low.cast_signed()) };
        let mut column = Column { pv: !0, mv: 0 };
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
            let last = u64::from_le_bytes(*last);
            // Of the last eight those that the first eight do not have.
            let rest = last.checked_shr(8 * (16 - length as u32)).unwrap_or(0);
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
