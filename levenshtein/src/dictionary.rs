//! Sequences of words, and one that owns its words.

use crate::memory::length_u32;
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
    pub fn push(&mut self, word: Text<'_>) -> Result<(), OutOfMemory> {
        let length = length_u32(word.len())?;
        length_u32(self.entries.len() + 1)?;
        self.entries.try_reserve(1)?;
        let (width, start) = match word {
            Text::Latin1(units) => (Width::Latin1, append(&mut self.latin1, units)?),
            Text::Ucs2(units) => self.append_narrowest(units)?,
            Text::Ucs4(units) => self.append_narrowest(units)?,
        };
        self.entries.push(Entry {
            start,
            length,
            width,
        });
        Ok(())
    }

    fn append_narrowest<U: Copy + Ord + Into<u32>>(
        &mut self,
        units: &[U],
    ) -> Result<(Width, usize), OutOfMemory> {
        let largest = units.iter().max().map_or(0, |&unit| unit.into());
        Ok(match largest {
            0..0x100 => (Width::Latin1, append(&mut self.latin1, units)?),
            0x100..0x1_0000 => (Width::Ucs2, append(&mut self.ucs2, units)?),
            _ => (Width::Ucs4, append(&mut self.ucs4, units)?),
        })
    }
}

/// Copies `units`, which must fit into the width of `arena`, to its end. Returns
/// where they start.
fn append<T, U>(arena: &mut Vec<T>, units: &[U]) -> Result<usize, OutOfMemory>
where
    T: TryFrom<u32>,
    U: Copy + Into<u32>,
{
    let start = arena.len();
    arena.try_reserve(units.len())?;
    arena.extend(
        units
            .iter()
            .filter_map(|&unit| T::try_from(unit.into()).ok()),
    );
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
