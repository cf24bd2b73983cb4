//! One pair of texts: what they have in common is cut off, then comes the kernel that is
//! quickest for what is left.

use super::alphabet::PageMap;
use super::blocks::{Pair, Progress, Symbol};
use super::path::Path;
use super::watch::{Stop, Watch};
use super::word;
use crate::memory::{length_u32, with_capacity};
use crate::myers::{Block, Column, apply};
use crate::text::{CodeUnit, Text};

/// The distance, if it is at most `cutoff`.
pub(crate) fn distance(
    a: Text<'_>,
    b: Text<'_>,
    cutoff: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    if let (Text::Latin1(a), Text::Latin1(b)) = (a, b) {
        return of_bytes(a, b, cutoff, watch);
    }
    match a {
        Text::Latin1(a) => with(a, b, cutoff, watch),
        Text::Ucs2(a) => with(a, b, cutoff, watch),
        Text::Ucs4(a) => with(a, b, cutoff, watch),
    }
}

fn with<U: CodeUnit>(
    a: &[U],
    b: Text<'_>,
    cutoff: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    match b {
        Text::Latin1(b) => of_any(a, b, cutoff, watch),
        Text::Ucs2(b) => of_any(a, b, cutoff, watch),
        Text::Ucs4(b) => of_any(a, b, cutoff, watch),
    }
}

/// Both in bytes, which are symbols as they are.
#[inline]
fn of_bytes(
    a: &[u8],
    b: &[u8],
    cutoff: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    let (a, b) = trimmed(a, b);
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let distance = if short.is_empty() {
        long.len()
    } else if long.len() - short.len() > cutoff {
        return Ok(None);
    } else if long.len() <= word::ROWS {
        // The longer one has the rows, so that there are fewer columns.
        word::distance(long, short)
    } else {
        return match Plan::new(short.len(), long.len(), true) {
            Plan::Word => Ok(Some(word::distance(short, long)).filter(|&d| d <= cutoff)),
            Plan::Words => Ok(Some(word::few(long, short)).filter(|&d| d <= cutoff)),
            Plan::Short => finish(Pair::new(short, long, 256, cutoff)?, long.len(), watch),
            Plan::Long => finish(Pair::new(long, short, 256, cutoff)?, short.len(), watch),
        };
    };
    Ok(Some(distance).filter(|&distance| distance <= cutoff))
}

/// In whatever widths.
fn of_any<U: CodeUnit, V: CodeUnit>(
    a: &[U],
    b: &[V],
    cutoff: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    let (a, b) = trimmed(a, b);
    if a.len() > b.len() {
        return of_ordered(b, a, cutoff, watch);
    }
    of_ordered(a, b, cutoff, watch)
}

fn of_ordered<U: CodeUnit, V: CodeUnit>(
    short: &[U],
    long: &[V],
    cutoff: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    let distance = if short.is_empty() {
        long.len()
    } else if long.len() - short.len() > cutoff {
        return Ok(None);
    } else if long.len() <= word::ROWS {
        in_one_block(long, short)?
    } else {
        match Plan::new(short.len(), long.len(), false) {
            Plan::Word => in_one_block(short, long)?,
            plan => {
                let mut numbers = PageMap::new()?;
                let mut known = 0;
                for &unit in short {
                    let number = numbers.get_mut(unit.into())?;
                    if *number == 0 {
                        known += 1;
                        *number = known;
                    }
                }
                // What occurs only in the longer one matches nothing: it is all one.
                let (short, long) = (numbered(short, &numbers)?, numbered(long, &numbers)?);
                let symbols = known as usize + 1;
                return match plan {
                    Plan::Long => finish(
                        Pair::new(&long, &short, symbols, cutoff)?,
                        short.len(),
                        watch,
                    ),
                    _ => finish(
                        Pair::new(&short, &long, symbols, cutoff)?,
                        long.len(),
                        watch,
                    ),
                };
            }
        }
    };
    Ok(Some(distance).filter(|&distance| distance <= cutoff))
}

fn numbered<U: CodeUnit>(units: &[U], numbers: &PageMap) -> Result<Vec<u32>, Stop> {
    let mut symbols = with_capacity(units.len())?;
    symbols.extend(units.iter().map(|&unit| numbers.get(unit.into())));
    Ok(symbols)
}

/// Who has the rows of the table.
enum Plan {
    /// The shorter one, in one machine word.
    Word,
    /// The longer one, in a few words.
    Words,
    /// The shorter one, in blocks.
    Short,
    /// The longer one, in blocks.
    Long,
}

impl Plan {
    /// What is quickest for these lengths, by what it costs in cycles, about: counted on the
    /// machines that `docs/performance.md` names, and close enough on others.
    fn new(short: usize, long: usize, bytes: bool) -> Self {
        let (step, begin) = match Path::current() {
            Path::Avx512 => (12, 900),
            Path::Avx2 | Path::Neon => (21, 1200),
            Path::Portable => (40, 1400),
        };
        let blocks = |rows, columns| Pair::<u8>::cost(rows, columns).saturating_mul(step) + begin;
        let (as_short, as_long) = (blocks(short, long), blocks(long, short));
        let word = if short <= word::ROWS {
            8 * long
        } else {
            usize::MAX
        };
        let count = long.div_ceil(word::ROWS);
        let words = if bytes && count <= word::MOST_WORDS {
            count * (6 * short + 64)
        } else {
            usize::MAX
        };
        let best = word.min(words).min(as_short).min(as_long);
        if best == word {
            Plan::Word
        } else if best == words {
            Plan::Words
        } else if best == as_short {
            Plan::Short
        } else {
            Plan::Long
        }
    }
}

/// Works a pair out to its end, unless the caller wants to stop.
fn finish<T: Symbol>(
    mut pair: Pair<'_, T>,
    columns: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<usize>, Stop> {
    loop {
        if let Progress::Done(distance) = pair.advance() {
            return Ok(distance);
        }
        watch.spend(columns)?;
    }
}

/// The pattern is in one block of at most 64 rows.
fn in_one_block<U: CodeUnit, V: CodeUnit>(pattern: &[U], text: &[V]) -> Result<usize, Stop> {
    let length = length_u32(pattern.len())?;
    length_u32(text.len())?;
    let mut block = Block::new(0..pattern.len());
    block.fill(U::text(pattern))?;
    Ok(apply(length, block.run_alone(&mut Column::new(), text)) as usize)
}

/// Both without what they begin and what they end with alike.
#[inline]
fn trimmed<'a, 'b, U: CodeUnit, V: CodeUnit>(a: &'a [U], b: &'b [V]) -> (&'a [U], &'b [V]) {
    let prefix = common(a.iter(), b.iter());
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = common(a.iter().rev(), b.iter().rev());
    (&a[..a.len() - suffix], &b[..b.len() - suffix])
}

#[inline]
fn common<'a, 'b, U: CodeUnit + 'a, V: CodeUnit + 'b>(
    a: impl Iterator<Item = &'a U>,
    b: impl Iterator<Item = &'b V>,
) -> usize {
    a.zip(b)
        .take_while(|&(&a, &b)| Into::<u32>::into(a) == b.into())
        .count()
}
