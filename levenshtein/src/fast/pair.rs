//! One pair of texts: what they have in common is cut off, then comes the kernel that is
//! quickest for what is left.

use super::alphabet::Numbers;
use super::blocks::{Pair, Progress, Symbol};
use super::path::Path;
use super::simd::BITS;
use super::watch::{Stop, Watch};
use super::word;
use crate::memory::length_u32;
use crate::myers::{self, Block, Column, PLUS, apply};
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
            Plan::Words => {
                let distance = if long.len() <= word::MOST_WORDS * word::ROWS {
                    word::few(long, short)
                } else {
                    myers::distance(Text::Latin1(short), Text::Latin1(long))?
                };
                Ok(Some(distance).filter(|&distance| distance <= cutoff))
            }
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
    } else if long.len() <= word::FEW_ROWS {
        word::by_comparison(long, short)
    } else if long.len() <= word::ROWS {
        in_one_block(long, short)?
    } else {
        match Plan::new(short.len(), long.len(), false) {
            Plan::Word => in_one_block(short, long)?,
            Plan::Words => myers::distance(U::text(short), V::text(long))?,
            plan => {
                // What occurs only in the longer one matches nothing: it is all one.
                let (numbers, known) = Numbers::new(short)?;
                let (short, long) = (numbers.of(short)?, numbers.of(long)?);
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

/// Who has the rows of the table.
enum Plan {
    /// The shorter one, in one machine word.
    Word,
    /// One of them, in a few words.
    Words,
    /// The shorter one, in blocks.
    Short,
    /// The longer one, in blocks.
    Long,
}

impl Plan {
    /// What is quickest for these lengths.
    fn new(short: usize, long: usize, bytes: bool) -> Self {
        Self::with_cost(short, long, bytes).1
    }

    /// The plan with what it costs in cycles, about: as counted on the machine that
    /// `docs/performance.md` names, and close enough on others.
    fn with_cost(short: usize, long: usize, bytes: bool) -> (usize, Self) {
        let (step, begin) = match Path::current() {
            Path::Avx512 => (12, 900),
            Path::Avx2 | Path::Neon => (21, 1200),
            Path::Portable => (60, 2500),
        };
        let blocks = |rows: usize, columns| {
            let stripes = rows.div_ceil(BITS).saturating_mul(begin);
            let steps = Pair::<u8>::cost(rows, columns).saturating_mul(step);
            // Others than bytes are numbered first.
            let numbers = if bytes { 0 } else { 12 * (short + long) + 500 };
            stripes.saturating_add(steps).saturating_add(numbers)
        };
        let word = if short <= word::ROWS {
            STEP * long
        } else {
            usize::MAX
        };
        let count = long.div_ceil(word::ROWS);
        let words = if bytes && count <= word::MOST_WORDS {
            count * (6 * short + 64) + 200
        } else {
            // Code points beyond bytes are looked for in a hash table.
            let (step, begin) = if bytes { (STEP, 200) } else { (14, 400) };
            let blocks = short.div_ceil(word::ROWS);
            blocks.saturating_mul(step * long + begin)
        };
        let plans = [
            (word, Self::Word),
            (words, Self::Words),
            (blocks(short, long), Self::Short),
            (blocks(long, short), Self::Long),
        ];
        let [first, others @ ..] = plans;
        others.into_iter().fold(
            first,
            |best, plan| {
                if plan.0 < best.0 { plan } else { best }
            },
        )
    }
}

/// Cycles of a step of a scalar kernel, about.
const STEP: usize = 8;

/// A text whose blocks are made once, for many others.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    text: Text<'a>,
    /// Whether there was another text before: for one alone there is nothing to prepare.
    used: bool,
    blocks: Vec<Block>,
    horizontal: Vec<u8>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(text: Text<'a>) -> Self {
        Self {
            text,
            used: false,
            blocks: Vec::new(),
            horizontal: Vec::new(),
        }
    }

    /// The distance to another text, if it is at most `cutoff`.
    pub(crate) fn distance(
        &mut self,
        other: Text<'_>,
        cutoff: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<usize>, Stop> {
        let (own, others) = (self.text.len(), other.len());
        if !std::mem::replace(&mut self.used, true) {
            return distance(self.text, other, cutoff, watch);
        }
        if own.abs_diff(others) > cutoff {
            return Ok(None);
        }
        // With the blocks at hand each of their steps is cheap, and there is nothing to begin. To
        // find out whether others are quicker would take as long as they take for a short word.
        let count = own.div_ceil(word::ROWS);
        let steps = count.saturating_mul(others + 1);
        let quicker = || {
            let (short, long) = (own.min(others), own.max(others));
            let bytes = matches!((self.text, other), (Text::Latin1(_), Text::Latin1(_)));
            steps * (STEP - 1) < Plan::with_cost(short, long, bytes).0
        };
        let most = word::MOST_WORDS;
        let cheap = count <= most && (others <= most * word::ROWS || quicker());
        if own == 0 || !cheap {
            return distance(self.text, other, cutoff, watch);
        }
        if self.blocks.is_empty() {
            self.blocks
                .try_reserve_exact(count)
                .map_err(|_| Stop::OutOfMemory)?;
            self.blocks.extend(myers::block_ranges(own).map(Block::new));
            for block in &mut self.blocks {
                block.fill(self.text)?;
            }
        }
        watch.spend(steps / 8)?;
        let difference = match other {
            Text::Latin1(units) => self.difference(units),
            Text::Ucs2(units) => self.difference(units),
            Text::Ucs4(units) => self.difference(units),
        }?;
        let distance = apply(length_u32(own)?, difference) as usize;
        Ok(Some(distance).filter(|&distance| distance <= cutoff))
    }

    /// The sum of the horizontal differences of the last row.
    fn difference<U: CodeUnit>(&mut self, units: &[U]) -> Result<i64, Stop> {
        if let [block] = self.blocks.as_slice() {
            return Ok(block.run_alone(&mut Column::new(), units));
        }
        self.horizontal.clear();
        self.horizontal
            .try_reserve(units.len())
            .map_err(|_| Stop::OutOfMemory)?;
        self.horizontal.resize(units.len(), PLUS);
        for block in &self.blocks {
            block.run_between(&mut Column::new(), units, &mut self.horizontal);
        }
        Ok(myers::sum(&self.horizontal))
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
