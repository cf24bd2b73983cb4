//! Sequences of words, and one that owns its words.

use crate::memory::length_u32;
use crate::text::CodeUnit;
use crate::{OutOfMemory, Text};

/// A sequence of texts, as a [`Search`](crate::search::Search) reads it.
pub trait Words {
    /// The number of words.
    fn len(&self) -> usize;

    /// Whether there is no word at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The word at `index`. May panic unless `index < len()`.
    fn word(&self, index: usize) -> Text<'_>;
}

impl Words for [Text<'_>] {
    fn len(&self) -> usize {
        self.len()
    }

    fn word(&self, index: usize) -> Text<'_> {
        self[index]
    }
}

/// Words copied into three arenas, one for each storage width.
#[derive(Debug, Default)]
pub struct Dictionary {
    latin1: Vec<u8>,
    ucs2: Vec<u16>,
    ucs4: Vec<u32>,
    entries: Vec<Entry>,
}

/// Where a word lies.
#[derive(Debug)]
struct Entry {
    start: usize,
    length: u32,
    width: Width,
}

#[derive(Debug)]
enum Width {
    Latin1,
    Ucs2,
    Ucs4,
}

impl Dictionary {
    /// A dictionary without words.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a word, copied into the narrowest width that holds it.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when there is no room, when the word has more than
    /// `2^32 - 2` code points, or when the dictionary has that many words. The
    /// dictionary is then unchanged.
    #[expect(clippy::inline_always, reason = "measured: 30 % of copying a list")]
    #[inline(always)]
    pub fn push(&mut self, word: Text<'_>) -> Result<(), OutOfMemory> {
        let length = length_u32(word.len())?;
        length_u32(self.entries.len() + 1)?;
        self.entries.try_reserve(1)?;
        #[expect(clippy::cast_possible_truncation, reason = "the largest one fits")]
        let (width, start) = match word {
            Text::Latin1(units) => (Width::Latin1, append(&mut self.latin1, units)?),
            Text::Ucs2(units) => match largest(units) {
                0..0x100 => (
                    Width::Latin1,
                    append_as(&mut self.latin1, units, |unit| unit as u8)?,
                ),
                _ => (Width::Ucs2, append(&mut self.ucs2, units)?),
            },
            Text::Ucs4(units) => match largest(units) {
                0..0x100 => (
                    Width::Latin1,
                    append_as(&mut self.latin1, units, |unit| unit as u8)?,
                ),
                0x100..0x1_0000 => (
                    Width::Ucs2,
                    append_as(&mut self.ucs2, units, |unit| unit as u16)?,
                ),
                _ => (Width::Ucs4, append(&mut self.ucs4, units)?),
            },
        };
        self.entries.push(Entry {
            start,
            length,
            width,
        });
        Ok(())
    }
}

/// The largest code point, or 0.
fn largest<U: CodeUnit>(units: &[U]) -> u32 {
    units.iter().map(|&unit| unit.into()).max().unwrap_or(0)
}

/// Copies `units` to the end of `arena`. Returns where they start.
fn append<T: Copy>(arena: &mut Vec<T>, units: &[T]) -> Result<usize, OutOfMemory> {
    let start = arena.len();
    arena.try_reserve(units.len())?;
    arena.extend_from_slice(units);
    Ok(start)
}

/// Does the same in another width.
fn append_as<T, U: CodeUnit>(
    arena: &mut Vec<T>,
    units: &[U],
    narrow: impl Fn(U) -> T,
) -> Result<usize, OutOfMemory> {
    let start = arena.len();
    arena.try_reserve(units.len())?;
    arena.extend(units.iter().map(|&unit| narrow(unit)));
    Ok(start)
}

impl Words for Dictionary {
    fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    fn word(&self, index: usize) -> Text<'_> {
        let entry = &self.entries[index];
        let range = entry.start..entry.start + entry.length as usize;
        match entry.width {
            Width::Latin1 => Text::Latin1(&self.latin1[range]),
            Width::Ucs2 => Text::Ucs2(&self.ucs2[range]),
            Width::Ucs4 => Text::Ucs4(&self.ucs4[range]),
        }
    }
}

#[cfg(test)]
mod tests;
