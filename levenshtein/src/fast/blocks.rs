//! Two long texts: eight blocks of 64 rows side by side in a vector, inside of a band.
//!
//! The table has a row for each code point of the *pattern* and a column for each of the
//! *text*. It is worked through in *stripes* of 512 rows, from the top to the bottom. In a
//! stripe each lane of a vector has a block of 64 rows, and is one column behind the lane
//! above, whose horizontal differences it needs: eight blocks advance at once, along an
//! anti-diagonal. Between two stripes these differences are kept, a byte for each column.
//!
//! A distance of at most `limit` has a path that leaves no diagonal further behind than
//! half of `limit`, so only the columns of a stripe are computed that such a path can
//! reach. What lies outside is taken to be as far as it could be at most; a result of at
//! most `limit` is then exact (E. Ukkonen, "Algorithms for approximate string matching",
//! Information and Control 64 (1985), 100-118). Where no limit is given one is guessed
//! from the first code points, and raised as long as it was too low.

use super::path::{Kernel, Path, dispatch};
use super::simd::{BITS, Row, Simd, WORDS};
use super::word::Column;
use crate::OutOfMemory;
use crate::memory::with_capacity;

/// A code point of the pattern or the text, as a small number.
pub(crate) trait Symbol: Copy {
    /// How a column says which row of the table it matches.
    type Column: Copy + Into<usize>;

    fn index(self) -> usize;

    /// The table for a piece of the pattern, and a piece of the text as its columns.
    fn prepare<'a>(
        tables: &'a mut Tables,
        pattern: &'a [Self],
        text: &'a [Self],
    ) -> (&'a [Row], &'a [Self::Column]);
}

/// The bits of each symbol in a stripe, and what leads there.
#[derive(Debug)]
pub(crate) struct Tables {
    /// The first row is empty, unless symbols are bytes.
    bits: Vec<Row>,
    /// The row of each symbol that occurs in the stripe, 0 for others.
    rows: Vec<u16>,
    columns: Vec<u16>,
}

/// Bytes need no numbers: there is a row for each.
impl Symbol for u8 {
    type Column = u8;

    fn index(self) -> usize {
        self.into()
    }

    #[inline(always)]
    fn prepare<'a>(
        tables: &'a mut Tables,
        pattern: &'a [u8],
        text: &'a [u8],
    ) -> (&'a [Row], &'a [u8]) {
        tables.bits.fill(Row::default());
        let bits: &mut [Row; 256] = tables.bits.as_mut_slice().try_into().expect("its length");
        for (lane, bytes) in pattern.chunks(64).enumerate() {
            for (row, &byte) in bytes.iter().enumerate() {
                bits[usize::from(byte)].0[lane] |= 1 << row;
            }
        }
        (&tables.bits, text)
    }
}

/// Others are numbered anew for each stripe, so that the table has at most 513 rows.
impl Symbol for u32 {
    type Column = u16;

    fn index(self) -> usize {
        self as usize
    }

    #[inline(always)]
    fn prepare<'a>(
        tables: &'a mut Tables,
        pattern: &'a [u32],
        text: &'a [u32],
    ) -> (&'a [Row], &'a [u16]) {
        let Tables {
            bits,
            rows,
            columns,
        } = tables;
        bits.clear();
        bits.push(Row::default());
        for (row, symbol) in pattern.iter().enumerate() {
            let place = &mut rows[symbol.index()];
            if *place == 0 {
                #[expect(clippy::cast_possible_truncation, reason = "at most 513")]
                let next = bits.len() as u16;
                *place = next;
                bits.push(Row::default());
            }
            bits[usize::from(*place)].0[row / 64] |= 1 << (row % 64);
        }
        columns.clear();
        columns.extend(text.iter().map(|symbol| rows[symbol.index()]));
        for symbol in pattern {
            rows[symbol.index()] = 0;
        }
        (bits, columns)
    }
}

/// Columns that the last lane is behind the first.
const BEHIND: usize = WORDS - 1;

/// Columns that are computed in one turn of the loop, because what lies four columns back is
/// then always in the same register.
const TURN: usize = 4;

/// Columns of which a table keeps the state at the end: those of the last turns, in which
/// each lane in turn arrives at the last column.
const KEPT: usize = 3 * TURN;

/// Columns beyond the last that may be read or written.
const PADDING: usize = BEHIND + 3 * TURN;

/// A horizontal difference of +1, or of -1, as a byte of which the highest bit counts.
const YES: u8 = 0x80;

/// Code points from which the first limit is guessed.
const SAMPLE: usize = 64;

/// The distance between a pattern and a text, worked out stripe by stripe.
#[derive(Debug)]
pub(crate) struct Pair<'a, T> {
    pattern: &'a [T],
    text: &'a [T],
    path: Path,
    /// The largest distance that is of interest.
    cutoff: usize,
    /// The largest distance that this attempt finds.
    limit: usize,

    tables: Tables,
    /// The horizontal differences of the last row of the stripe above. The one of column `c`
    /// is at `c + BEHIND`.
    plus: Vec<u8>,
    minus: Vec<u8>,

    /// Rows that are done.
    done: usize,
    /// The first column of the stripe above, and the distance there in its last row.
    first: usize,
    at_first: usize,
    /// The least distance of all that came through the stripe before.
    least: usize,
}

/// What came of a stripe.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is more to do.
    More,
    /// The distance, if it is at most the cut-off.
    Done(Option<usize>),
}

impl<'a, T: Symbol> Pair<'a, T> {
    /// `symbols` is more than any symbol's index. Both texts must have some.
    pub(crate) fn new(
        pattern: &'a [T],
        text: &'a [T],
        symbols: usize,
        cutoff: usize,
    ) -> Result<Self, OutOfMemory> {
        debug_assert!(!pattern.is_empty() && !text.is_empty());
        let cutoff = cutoff.min(pattern.len().max(text.len()));
        let size = text.len() + 2 * PADDING;
        let numbered = size_of::<T>() > 1;
        let only = |wanted| if numbered { wanted } else { 0 };
        let mut pair = Self {
            pattern,
            text,
            path: Path::current(),
            cutoff,
            limit: cutoff,
            tables: Tables {
                bits: with_capacity(if numbered { symbols.min(BITS) + 1 } else { 256 })?,
                rows: with_capacity(symbols)?,
                columns: with_capacity(only(text.len()))?,
            },
            plus: with_capacity(size)?,
            minus: with_capacity(size)?,
            done: 0,
            first: 0,
            at_first: 0,
            least: 0,
        };
        pair.tables.rows.resize(symbols, 0);
        pair.tables
            .bits
            .resize(if numbered { 0 } else { 256 }, Row::default());
        pair.limit = pair.guess();
        pair.begin();
        Ok(pair)
    }

    /// What the stripes of this pair cost, in vectors.
    pub(crate) fn cost(pattern: usize, text: usize) -> usize {
        pattern.div_ceil(BITS).saturating_mul(text + BEHIND + TURN)
    }

    /// A limit that may do. A stripe has 512 columns at least, so that a table of few stripes
    /// gains nothing from a narrow band.
    fn guess(&mut self) -> usize {
        let (m, n) = (self.pattern.len(), self.text.len());
        if m <= BITS || n <= BITS {
            return self.cutoff;
        }
        let distance = self.sampled();
        if 2 * distance > SAMPLE {
            return self.cutoff;
        }
        let expected = distance * m.max(n) / SAMPLE;
        let least = m.abs_diff(n) + SAMPLE;
        self.cutoff.min(least + expected + expected / 2)
    }

    /// The distance between the first code points of both.
    fn sampled(&mut self) -> usize {
        let mut bits = [0_u64; SAMPLE + 1];
        let mut used = 0;
        let rows = &mut self.tables.rows;
        for (row, symbol) in self.pattern[..SAMPLE].iter().enumerate() {
            let place = &mut rows[symbol.index()];
            if *place == 0 {
                used += 1;
                *place = used;
            }
            bits[usize::from(*place)] |= 1 << row;
        }
        let mut column = Column::FIRST;
        for symbol in &self.text[..SAMPLE] {
            column.step(bits[usize::from(rows[symbol.index()])]);
        }
        for symbol in &self.pattern[..SAMPLE] {
            rows[symbol.index()] = 0;
        }
        column.distance(SAMPLE, SAMPLE)
    }

    /// Begins an attempt: above the first row lies `D[0][j] = j`.
    fn begin(&mut self) {
        let size = self.text.len() + 2 * PADDING;
        self.plus.clear();
        self.plus.resize(size, YES);
        self.minus.clear();
        self.minus.resize(size, 0);
        (self.done, self.first, self.at_first, self.least) = (0, 0, 0, 0);
    }

    /// Works out one stripe.
    pub(crate) fn advance(&mut self) -> Progress {
        let (m, n) = (self.pattern.len(), self.text.len());
        if m.abs_diff(n) > self.limit {
            return self.raise(0, 1);
        }
        let (top, bottom) = (self.done, m.min(self.done + BITS));
        // Diagonals to the right and to the left of the one that starts in the corner.
        let right = (self.limit + n - m.min(n + self.limit)) / 2;
        let left = (self.limit + m - n.min(m + self.limit)) / 2;
        let first = top.saturating_sub(left);
        let end = n.min(bottom + right);
        self.move_first(first);

        let at_end = self.at_first.wrapping_add(self.difference(first..end));
        let mut kept = [(Row::default(), Row::default()); KEPT];
        let stripe = Stripe {
            pattern: &self.pattern[top..bottom],
            text: &self.text[first..end],
            tables: &mut self.tables,
            plus: &mut self.plus[first..end + PADDING],
            minus: &mut self.minus[first..end + PADDING],
            kept: &mut kept,
        };
        dispatch(self.path, stripe);
        self.done = bottom;

        if bottom == m {
            let distance = at_end_of_column(at_end, bottom - top, end - first, &kept);
            if distance <= self.limit {
                return Progress::Done(Some(distance));
            }
            return self.raise(distance, bottom - top);
        }
        // What was computed beyond the last column is none of a stripe's business.
        let beyond = end + BEHIND..(end + BEHIND + TURN).min(self.plus.len());
        self.plus[beyond.clone()].fill(YES);
        self.minus[beyond].fill(0);
        self.at_first += bottom - top;
        let least = self.least(first..end);
        if least > self.limit {
            return self.raise(least, bottom - top);
        }
        self.least = least;
        Progress::More
    }

    /// Moves on to the first column of the next stripe, in the row above it.
    fn move_first(&mut self, first: usize) {
        self.at_first = self
            .at_first
            .wrapping_add(self.difference(self.first..first));
        self.first = first;
    }

    /// The difference between the ends of a piece of the row above; wraps where negative.
    fn difference(&self, columns: std::ops::Range<usize>) -> usize {
        let range = columns.start + BEHIND..columns.end + BEHIND;
        count(&self.plus[range.clone()]).wrapping_sub(count(&self.minus[range]))
    }

    /// A bound below for the distance of all that comes through the row that was done last.
    fn least(&self, columns: std::ops::Range<usize>) -> usize {
        let (m, n) = (self.pattern.len(), self.text.len());
        let rest = m - self.done;
        let mut value = self.at_first;
        let mut least = usize::MAX;
        let mut start = columns.start;
        loop {
            let end = columns.end.min(start + 64);
            let next = value.wrapping_add(self.difference(start..end));
            // Between the two ends it changes by one at a time.
            let between = (value + next).saturating_sub(end - start) / 2;
            // The rest of the way has to change as many lengths.
            let (most, fewest) = (n - start, n - end);
            let rest = fewest.saturating_sub(rest).max(rest.saturating_sub(most));
            least = least.min(between + rest);
            if end == columns.end {
                return least;
            }
            (value, start) = (next, end);
        }
    }

    /// Another attempt, after one that has shown the distance to be more than the limit:
    /// at least `least` after the rows that are done, the last `rows` of which were a stripe.
    fn raise(&mut self, least: usize, rows: usize) -> Progress {
        if self.limit >= self.cutoff {
            return Progress::Done(None);
        }
        let (m, n) = (self.pattern.len(), self.text.len());
        // As it went on in that stripe, so it may go on; and a bit more.
        let slope = least.saturating_sub(self.least) as u64;
        let rest = slope * (m - self.done) as u64 / rows as u64;
        let expected = usize::try_from(rest)
            .unwrap_or(usize::MAX)
            .saturating_add(least);
        let expected = expected.saturating_add(expected / 8);
        let least = m.abs_diff(n) + SAMPLE;
        self.limit = self.cutoff.min(least.max(expected).max(2 * self.limit));
        self.begin();
        Progress::More
    }
}

/// The number of bytes with the highest bit.
fn count(bytes: &[u8]) -> usize {
    let of_few = |few: &[u8]| few.iter().map(|byte| byte >> 7).sum::<u8>();
    bytes.chunks(64).map(|few| usize::from(of_few(few))).sum()
}

/// The distance `rows` rows further down, in the last column.
fn at_end_of_column(above: usize, rows: usize, columns: usize, kept: &[(Row, Row); KEPT]) -> usize {
    let mut distance = above;
    for lane in 0..rows.div_ceil(64) {
        // Each lane arrived there one step after the one above.
        let (plus, minus) = &kept[(columns - 1) % TURN + lane];
        let mask = u64::MAX >> (64 - (rows - 64 * lane).min(64));
        distance += (plus.0[lane] & mask).count_ones() as usize;
        distance -= (minus.0[lane] & mask).count_ones() as usize;
    }
    distance
}

/// All columns of a stripe.
struct Stripe<'a, T> {
    pattern: &'a [T],
    text: &'a [T],
    tables: &'a mut Tables,
    /// Read at `BEHIND + t` in step `t`, when the first lane is at column `t`; written at `t`,
    /// when the last lane is `BEHIND` columns behind.
    plus: &'a mut [u8],
    minus: &'a mut [u8],
    /// The vertical differences after each step of the turns from the one with the last
    /// column on.
    kept: &'a mut [(Row, Row); KEPT],
}

impl<T: Symbol> Kernel for Stripe<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (table, columns) = T::prepare(self.tables, self.pattern, self.text);
        let mut lanes = Lanes::new(simd);
        // The turns before the one with the last column.
        let whole = (columns.len() - 1) / TURN * TURN;
        let (before, last) = columns.split_at(whole);
        for (turn, columns) in before.as_chunks::<TURN>().0.iter().enumerate() {
            let (plus, minus) = (window(self.plus, turn), window(self.minus, turn));
            let row = |step: usize| simd.load(&table[columns[step].into()]);
            lanes.step::<0>(row(0), plus, minus);
            lanes.step::<1>(row(1), plus, minus);
            lanes.step::<2>(row(2), plus, minus);
            lanes.step::<3>(row(3), plus, minus);
        }
        // Until the last lane has arrived, too. Beyond the last column nothing matches.
        let turns = (last.len() + BEHIND).div_ceil(TURN);
        for (turn, kept) in self.kept.as_chunks_mut::<TURN>().0[..turns]
            .iter_mut()
            .enumerate()
        {
            let place = whole / TURN + turn;
            let (plus, minus) = (window(self.plus, place), window(self.minus, place));
            let row = |step: usize| match last.get(TURN * turn + step) {
                Some(&column) => simd.load(&table[column.into()]),
                None => simd.splat(0),
            };
            lanes.step::<0>(row(0), plus, minus);
            lanes.keep(&mut kept[0]);
            lanes.step::<1>(row(1), plus, minus);
            lanes.keep(&mut kept[1]);
            lanes.step::<2>(row(2), plus, minus);
            lanes.keep(&mut kept[2]);
            lanes.step::<3>(row(3), plus, minus);
            lanes.keep(&mut kept[3]);
        }
    }
}

/// What a turn reads and writes.
#[inline(always)]
fn window(differences: &mut [u8], turn: usize) -> &mut [u8; TURN + BEHIND] {
    let window = &mut differences[TURN * turn..TURN * turn + TURN + BEHIND];
    window.try_into().expect("its length")
}

/// Eight blocks on an anti-diagonal.
struct Lanes<S: Simd> {
    simd: S,
    /// Vertical differences, as `myers::Column` has them.
    pv: S::V,
    mv: S::V,
    /// Horizontal differences of the step before.
    ph: S::V,
    mh: S::V,
    /// Rows of the table as they were one, two and four steps before. With them the lanes
    /// are brought into step: of pairs of lanes the second one step behind the first, of
    /// fours the second pair two steps behind, and the second four four steps.
    row: S::V,
    pairs: [S::V; 2],
    fours: [S::V; 4],
}

impl<S: Simd> Lanes<S> {
    /// All lanes before their first column. There they stay as long as nothing matches and
    /// no horizontal difference comes in.
    #[inline(always)]
    fn new(simd: S) -> Self {
        let zero = simd.splat(0);
        Self {
            simd,
            pv: simd.splat(u64::MAX),
            mv: zero,
            ph: zero,
            mh: zero,
            row: zero,
            pairs: [zero; 2],
            fours: [zero; 4],
        }
    }

    /// The step with this number in its turn.
    #[inline(always)]
    fn step<const STEP: usize>(
        &mut self,
        row: S::V,
        plus: &mut [u8; TURN + BEHIND],
        minus: &mut [u8; TURN + BEHIND],
    ) {
        let simd = self.simd;
        let pairs = simd.pick::<0b1010_1010>(row, self.row);
        let fours = simd.pick::<0b1100_1100>(pairs, self.pairs[STEP % 2]);
        let eq = simd.pick::<0b1111_0000>(fours, self.fours[STEP]);
        (self.row, self.pairs[STEP % 2], self.fours[STEP]) = (row, pairs, fours);

        let above_plus = simd.up(self.ph, simd.with_top(plus[STEP + BEHIND]));
        let above_minus = simd.up(self.mh, simd.with_top(minus[STEP + BEHIND]));
        let xv = simd.or(eq, self.mv);
        let eq = simd.or(eq, simd.carry(above_minus));
        let sum = simd.add::<64>(simd.and(eq, self.pv), self.pv);
        let xh = simd.xor_or(sum, self.pv, eq);
        let ph = simd.or_nor(self.mv, xh, self.pv);
        let mh = simd.and(self.pv, xh);
        (self.ph, self.mh) = (ph, mh);
        plus[STEP] = simd.top(ph);
        minus[STEP] = simd.top(mh);
        let ph = simd.shift_in(ph, above_plus);
        let mh = simd.shift_in(mh, above_minus);
        self.pv = simd.or_nor(mh, xv, ph);
        self.mv = simd.and(ph, xv);
    }

    #[inline(always)]
    fn keep(&self, (plus, minus): &mut (Row, Row)) {
        self.simd.store(self.pv, plus);
        self.simd.store(self.mv, minus);
    }
}
