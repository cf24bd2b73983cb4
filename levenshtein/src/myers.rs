//! Myers' bit-vectors in blocks of 64 rows.
//!
//! Source: G. Myers, "A fast bit-vector algorithm for approximate string matching
//! based on dynamic programming", J. ACM 46 (1999), 395-415, in the form that
//! H. Hyyrö gave for the distance between two whole strings ("A bit-vector
//! algorithm for computing Levenshtein and Damerau edit distances", 2003).

use crate::OutOfMemory;
use crate::memory::{length_u32, with_capacity};
use crate::text::{CodeUnit, Text};
use std::ops::Range;

/// Rows of the table in one block: the bits of one machine word.
pub(crate) const BLOCK_ROWS: usize = 64;

/// The Levenshtein distance between `a` (the pattern) and `b` (the text), in code points.
///
/// Takes `ceil(a.len() / 64) * b.len()` steps of 64 cells each. Memory: one byte
/// per code point of `b` when `a` is longer than 64, and 2 KiB for a block with a
/// code point above 255.
///
/// # Errors
///
/// [`OutOfMemory`] when that memory cannot be allocated or a text has more than
/// `2^32 - 2` code points.
pub fn distance(a: Text<'_>, b: Text<'_>) -> Result<usize, OutOfMemory> {
    match b {
        Text::Latin1(b) => blockwise(a, b),
        Text::Ucs2(b) => blockwise(a, b),
        Text::Ucs4(b) => blockwise(a, b),
    }
}

fn blockwise<U: CodeUnit>(pattern: Text<'_>, text: &[U]) -> Result<usize, OutOfMemory> {
    let m = length_u32(pattern.len())?;
    let n = length_u32(text.len())?;
    let difference = match pattern.len() {
        0 => i64::from(n),
        1..=BLOCK_ROWS => {
            let mut block = Block::new(0..pattern.len());
            block.fill(pattern)?;
            block.run_alone(&mut Column::new(), text)
        }
        _ => {
            let mut horizontal = with_capacity(text.len())?;
            horizontal.resize(text.len(), PLUS);
            for rows in block_ranges(pattern.len()) {
                let mut block = Block::new(rows);
                block.fill(pattern)?;
                block.run_between(&mut Column::new(), text, &mut horizontal);
            }
            sum(&horizontal)
        }
    };
    Ok(apply(m, difference) as usize)
}

/// The distance at the bottom right corner: it starts at `m`, the bottom of the
/// left border, and changes by the horizontal differences of the last row.
pub(crate) fn apply(m: u32, difference: i64) -> u32 {
    u32::try_from(i64::from(m) + difference).expect("a distance is at most the longer length")
}

/// The rows of each block of a pattern of `length` code points, from top to bottom.
pub(crate) fn block_ranges(length: usize) -> impl Iterator<Item = Range<usize>> {
    (0..length)
        .step_by(BLOCK_ROWS)
        .map(move |start| start..length.min(start + BLOCK_ROWS))
}

/// Horizontal differences between two blocks, one byte for each code point of the
/// text: bit 0 says +1, bit 1 says -1.
pub(crate) const PLUS: u8 = 1;

/// The sum of horizontal differences.
pub(crate) fn sum(horizontal: &[u8]) -> i64 {
    horizontal
        .iter()
        .map(|&h| i64::from(h & 1) - i64::from(h >> 1))
        .sum()
}

/// One column of a block, as vertical differences: bit `i` of `pv` says that the
/// difference at row `i` is +1, bit `i` of `mv` that it is -1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pv: u64,
    mv: u64,
}

impl Column {
    /// The left border of the table, `D[i][0] = i`.
    pub(crate) fn new() -> Self {
        Self { pv: !0, mv: 0 }
    }

    /// Moves right by one code point of the text. `eq` has the rows that match it.
    /// `pin` and `min` are the horizontal difference that comes in from above, and
    /// what is returned goes out below row `last`.
    #[inline]
    fn step(&mut self, eq: u64, (pin, min): (u64, u64), last: u32) -> (u64, u64) {
        let Self { pv, mv } = *self;
        let xv = eq | mv;
        let eq = eq | min;
        let xh = ((eq & pv).wrapping_add(pv) ^ pv) | eq;
        let ph = mv | !(xh | pv);
        let mh = pv & xh;
        let out = ((ph >> last) & 1, (mh >> last) & 1);
        let ph = (ph << 1) | pin;
        let mh = (mh << 1) | min;
        self.pv = mh | !(xv | ph);
        self.mv = ph & xv;
        out
    }
}

/// Slots in the hash table of a block. A block has at most 64 different code points,
/// so the table is never more than half full and probing ends at an empty slot.
const SLOTS: usize = 128;

/// A code point above 255 and the rows that have it. No rows: the slot is empty.
#[derive(Clone, Copy, Debug)]
struct Slot {
    code_point: u32,
    rows: u64,
}

/// The pattern table of up to 64 rows: for each code point, the rows that have it.
#[derive(Debug)]
pub(crate) struct Block {
    /// The rows of the pattern that this block stands for.
    range: Range<usize>,
    /// Code points below 256, by number.
    latin1: [u64; 256],
    /// All others, with open addressing and linear probing. At most one table; none
    /// when the block has no such code point, so that it need not be cleared.
    others: Vec<[Slot; SLOTS]>,
}

impl Block {
    /// A table without any code point yet. `fill` is a step of its own because
    /// returning it as a `Result` would copy 2 KiB.
    pub(crate) fn new(range: Range<usize>) -> Self {
        debug_assert!((1..=BLOCK_ROWS).contains(&range.len()));
        Self {
            range,
            latin1: [0; 256],
            others: Vec::new(),
        }
    }

    /// Enters the code points of this block's rows of `pattern`.
    pub(crate) fn fill(&mut self, pattern: Text<'_>) -> Result<(), OutOfMemory> {
        for (row, index) in self.range.clone().enumerate() {
            let code_point = pattern.code_point(index);
            *self.rows_mut(code_point)? |= 1 << row;
        }
        Ok(())
    }

    fn rows_mut(&mut self, code_point: u32) -> Result<&mut u64, OutOfMemory> {
        if let Some(rows) = self.latin1.get_mut(code_point as usize) {
            return Ok(rows);
        }
        if self.others.is_empty() {
            self.others.try_reserve_exact(1)?;
            self.others.push(
                [Slot {
                    code_point: 0,
                    rows: 0,
                }; SLOTS],
            );
        }
        let slots = &mut self.others[0];
        let mut index = code_point as usize % SLOTS;
        while slots[index].rows != 0 && slots[index].code_point != code_point {
            index = (index + 1) % SLOTS;
        }
        slots[index].code_point = code_point;
        Ok(&mut slots[index].rows)
    }

    /// The rows that have this code point.
    #[inline]
    fn rows(&self, code_point: u32) -> u64 {
        if let Some(&rows) = self.latin1.get(code_point as usize) {
            return rows;
        }
        let Some(slots) = self.others.first() else {
            return 0;
        };
        let mut index = code_point as usize % SLOTS;
        while slots[index].rows != 0 && slots[index].code_point != code_point {
            index = (index + 1) % SLOTS;
        }
        slots[index].rows
    }

    fn last(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "at most 63")]
        let last = (self.range.len() - 1) as u32;
        last
    }

    /// Advances a block that is the whole pattern over a piece of the text. Returns
    /// the sum of the horizontal differences of its last row.
    pub(crate) fn run_alone<U: CodeUnit>(&self, column: &mut Column, text: &[U]) -> i64 {
        let last = self.last();
        let mut difference = 0;
        for &unit in text {
            // The row above the first is D[0][j] = j: always +1.
            let (p, m) = column.step(self.rows(unit.into()), (1, 0), last);
            difference += i64::from(p == 1) - i64::from(m == 1);
        }
        difference
    }

    /// Advances a block of a longer pattern over a piece of the text. `horizontal`,
    /// as long as `text`, has the differences from the block above and takes those
    /// for the block below.
    pub(crate) fn run_between<U: CodeUnit>(
        &self,
        column: &mut Column,
        text: &[U],
        horizontal: &mut [u8],
    ) {
        let last = self.last();
        for (&unit, h) in text.iter().zip(horizontal) {
            let incoming = (u64::from(*h & 1), u64::from(*h >> 1));
            let (p, m) = column.step(self.rows(unit.into()), incoming, last);
            *h = u8::from(p == 1) | u8::from(m == 1) << 1;
        }
    }
}
