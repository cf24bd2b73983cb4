//! One query against many words, in chunks.

use crate::OutOfMemory;
use crate::dictionary::Words;
use crate::memory::{length_u32, with_capacity};
use crate::myers::{self, BLOCK_ROWS, Block, Column, PLUS, block_ranges};
use crate::text::{CodeUnit, Text};
use std::collections::BinaryHeap;

/// How far a caller should let a search advance before it looks for signals: some
/// 10 to 20 ms on a machine of today.
pub const CHUNK_CELLS: u64 = 1 << 28;

/// What a search does with the distances, which arrive in the order of the words.
pub trait Keep {
    /// Takes the distance of the word at `index`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when there is no room for it.
    fn keep(&mut self, index: u32, distance: u32) -> Result<(), OutOfMemory>;
}

/// Keeps every distance.
#[derive(Debug)]
pub struct Distances(Vec<u32>);

/// Keeps the nearest words, as keys `distance << 32 | index` of which the largest
/// is at hand.
#[derive(Debug)]
pub struct Nearest {
    heap: BinaryHeap<u64>,
    limit: usize,
}

/// One query against many words by Myers' algorithm, advanced in chunks. It can
/// stop in the middle of a word and go on from there.
#[derive(Debug)]
pub struct Search<K> {
    kept: K,
    /// The pattern table of the query.
    blocks: Vec<Block>,
    query_length: u32,
    /// The word, the block and the code point where the search goes on.
    word: usize,
    block: usize,
    position: usize,
    /// The column there.
    column: Column,
    /// The sum so far of the horizontal differences of the query's last row.
    difference: i64,
    /// The horizontal differences between two blocks, for the current word.
    horizontal: Vec<u8>,
}

impl Search<Distances> {
    /// A search that keeps the distance of each of `words` words.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when the distances or the query's table cannot be allocated,
    /// or the query has more than `2^32 - 2` code points.
    pub fn distances(query: Text<'_>, words: usize) -> Result<Self, OutOfMemory> {
        Self::new(query, Distances(with_capacity(words)?))
    }

    /// The distances found so far, in the order of the words.
    #[must_use]
    pub fn into_distances(self) -> Vec<u32> {
        self.kept.0
    }
}

impl Search<Nearest> {
    /// A search that keeps only the `limit` nearest words.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when the query's table cannot be allocated, or the query has
    /// more than `2^32 - 2` code points.
    pub fn nearest(query: Text<'_>, limit: usize) -> Result<Self, OutOfMemory> {
        Self::new(query, Nearest::new(limit))
    }

    /// The nearest words so far as `(distance, index)`, ascending, ties by index.
    #[must_use]
    pub fn into_nearest(self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.kept.into_sorted()
    }
}

impl<K: Keep> Search<K> {
    fn new(query: Text<'_>, kept: K) -> Result<Self, OutOfMemory> {
        let query_length = length_u32(query.len())?;
        let mut blocks: Vec<Block> = with_capacity(query.len().div_ceil(BLOCK_ROWS))?;
        blocks.extend(block_ranges(query.len()).map(Block::new));
        for block in &mut blocks {
            block.fill(query)?;
        }
        Ok(Self {
            kept,
            blocks,
            query_length,
            word: 0,
            block: 0,
            position: 0,
            column: Column::new(),
            difference: 0,
            horizontal: Vec::new(),
        })
    }

    /// Goes on for about `cells` cells, and for at least 64. True when all words are
    /// done.
    ///
    /// A word of `n` code points counts `64 * ceil(query / 64) * (n + 1)` cells.
    ///
    /// # Panics
    ///
    /// May panic, or find wrong distances, unless it is given the same words each time.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when there is no room for the differences between two blocks
    /// or for what is kept, or a word has more than `2^32 - 2` code points. The
    /// search is then of no more use.
    pub fn advance<W: Words + ?Sized>(
        &mut self,
        words: &W,
        cells: u64,
    ) -> Result<bool, OutOfMemory> {
        let mut steps = usize::try_from(cells / BLOCK_ROWS as u64)
            .unwrap_or(usize::MAX)
            .max(1);
        while self.word < words.len() {
            let found = match words.word(self.word) {
                Text::Latin1(text) => self.advance_word(text, &mut steps),
                Text::Ucs2(text) => self.advance_word(text, &mut steps),
                Text::Ucs4(text) => self.advance_word(text, &mut steps),
            };
            let Some(distance) = found? else {
                return Ok(false);
            };
            self.kept.keep(length_u32(self.word)?, distance)?;
            self.word += 1;
        }
        Ok(true)
    }

    /// Goes on with the current word for at most `steps` steps, each one block and
    /// one code point, and one more step for the end of each block. Returns the
    /// distance when the word is done, and is then ready for the next.
    // Inlined into the loop over the words, however many callers there are: by itself the
    // compiler stops doing so as soon as there is a second one.
    #[expect(clippy::inline_always, reason = "measured: 5 % of a search")]
    #[inline(always)]
    fn advance_word<U: CodeUnit>(
        &mut self,
        text: &[U],
        steps: &mut usize,
    ) -> Result<Option<u32>, OutOfMemory> {
        let length = length_u32(text.len())?;
        loop {
            let piece = self.position..text.len().min(self.position + *steps);
            match self.blocks.as_slice() {
                [] => {}
                [block] => {
                    self.difference += block.run_alone(&mut self.column, &text[piece.clone()]);
                }
                blocks => {
                    if self.block == 0 {
                        // The row above the first is D[0][j] = j. It is laid out as
                        // the search comes by, so that a long word costs no pause.
                        self.horizontal
                            .try_reserve_exact(text.len() - self.horizontal.len())?;
                        self.horizontal.resize(piece.end, PLUS);
                    }
                    let horizontal = &mut self.horizontal[piece.clone()];
                    let block = &blocks[self.block];
                    block.run_between(&mut self.column, &text[piece.clone()], horizontal);
                    if self.block + 1 == blocks.len() {
                        self.difference += myers::sum(horizontal);
                    }
                }
            }
            *steps -= piece.len();
            self.position = piece.end;
            if *steps == 0 {
                return Ok(None);
            }

            *steps -= 1;
            self.position = 0;
            self.column = Column::new();
            self.block += 1;
            if self.block >= self.blocks.len() {
                let distance = if self.blocks.is_empty() {
                    length
                } else {
                    myers::apply(self.query_length, self.difference)
                };
                self.block = 0;
                self.difference = 0;
                self.horizontal.clear();
                return Ok(Some(distance));
            }
        }
    }
}

impl Keep for Distances {
    #[expect(clippy::inline_always, reason = "as for `advance_word`")]
    #[inline(always)]
    fn keep(&mut self, _: u32, distance: u32) -> Result<(), OutOfMemory> {
        self.0.try_reserve(1)?;
        self.0.push(distance);
        Ok(())
    }
}

impl Nearest {
    /// Keeps the `limit` nearest of the words that it is given.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            heap: BinaryHeap::new(),
            limit,
        }
    }

    /// The largest distance kept, once there is no room for another.
    #[cfg(feature = "fast")]
    pub(crate) fn worst(&self) -> Option<u32> {
        let largest = self.heap.peek().filter(|_| self.heap.len() == self.limit);
        largest.map(|key| (key >> 32) as u32)
    }

    /// What was kept as `(distance, index)`, ascending, ties by index.
    #[must_use]
    pub fn into_sorted(self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        let keys = self.heap.into_sorted_vec();
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of a key")]
        keys.into_iter().map(|key| ((key >> 32) as u32, key as u32))
    }
}

impl Keep for Nearest {
    #[expect(clippy::inline_always, reason = "as for `advance_word`")]
    #[inline(always)]
    fn keep(&mut self, index: u32, distance: u32) -> Result<(), OutOfMemory> {
        let key = u64::from(distance) << 32 | u64::from(index);
        if self.heap.len() < self.limit {
            self.heap.try_reserve(1)?;
            self.heap.push(key);
        } else if let Some(mut largest) = self.heap.peek_mut()
            && key < *largest
        {
            *largest = key;
        }
        Ok(())
    }
}
