//! Words prepared for searches: by length, as many to a row as it has lanes for them.
//!
//! A word of up to 8 code points has a lane of 8 bits, up to 16 one of 16 bits, and so on up
//! to 64; so 64 words or 8 are searched at once. Words that lie side by side are a *group*.
//! Like the pattern of a pair a group has a row of bits for each code point that occurs in
//! it. The most frequent code points have theirs in the same place in each group; of the 64
//! most frequent others are found by counting bits, and all others by a binary search. Words of more than 64 code points, and the longest few if they would fill
//! less than a quarter of a group, are kept as they are.

use super::alphabet::PageMap;
use super::simd::{BITS, Row};
use super::watch::{Stop, Watch};
use super::word;
use crate::OutOfMemory;
use crate::dictionary::{self, Words};
use crate::memory::{length_u32, with_capacity};
use crate::text::Text;
use std::ops::Range;

/// The widths of lanes, and so the greatest lengths of their words.
pub(crate) const LANES: [usize; 4] = [8, 16, 32, word::ROWS];

/// One in so many lanes has to have a word.
const WORTH_A_GROUP: usize = 4;

/// Code points that are found without a search.
const COMMON: usize = 64;

/// Words prepared for searches, immutable.
///
/// Memory: 8 bytes for each word; for each group 32 bytes, a row of 64 bytes, and one for
/// each code point that occurs in it, with 8 bytes more if that is not among the 64 most
/// frequent; and at most a third as many empty rows. English words take about 65 bytes each.
/// The most that words can take is 86 bytes for each of their code points and 24 for each
/// word, where no two code points of a group are the same. Words of more than 64 code
/// points take what [`dictionary::Dictionary`] takes.
#[derive(Debug)]
pub struct Dictionary {
    /// The first row is empty; then come those of each group.
    pub(crate) rows: Vec<Row>,
    pub(crate) groups: Vec<Group>,
    /// The code points of each group that are not common, ascending, and their rows.
    rare: Vec<(u32, u32)>,
    /// 1 + the place of a code point among the common ones; the first 256 once more, where
    /// they are found at once.
    common: PageMap,
    common_bytes: [u8; 256],
    /// The index of each word, by length.
    pub(crate) order: Vec<u32>,
    /// The place of each word in that order.
    pub(crate) places: Vec<u32>,
    /// The words that are too long for a lane, or too few for a group, in that order.
    pub(crate) long: dictionary::Dictionary,
    longest: usize,
}

/// Words that are searched at once.
#[derive(Debug)]
pub(crate) struct Group {
    /// Which of the common code points occur.
    common: u64,
    /// The first of its words in the order.
    pub(crate) first: u32,
    /// Its first row, which has a bit for each row of each word. Then come the rows of the
    /// first `dense` common code points, whether they occur or not; those of the other common
    /// ones that occur; and those of the others.
    pub(crate) rows: u32,
    rare: (u32, u32),
    /// So many that three in four of them occur.
    pub(crate) dense: u8,
    pub(crate) words: u8,
    pub(crate) shortest: u8,
    pub(crate) longest: u8,
    /// Bits of a lane.
    pub(crate) lane: u8,
}

/// A code point of a query, as a dictionary knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known {
    /// The place among the common code points, from 0 on.
    Common(u8),
    /// Any other code point.
    Rare(u32),
}

impl Dictionary {
    /// Prepares words, which need not be kept. Asks from time to time whether to go on.
    ///
    /// # Errors
    ///
    /// [`Stop::OutOfMemory`] when there is no room for them, [`Stop::Interrupted`] when it
    /// shall not go on.
    pub fn new<W: Words + ?Sized>(
        words: &W,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self, Stop> {
        let watch = &mut Watch::new(go_on);
        length_u32(words.len())?;
        let order = by_length(words, watch)?;
        let short = order.partition_point(|&word| words.word(word as usize).len() <= word::ROWS);
        let longest = order
            .last()
            .map_or(0, |&word| words.word(word as usize).len());
        let mut dictionary = Self {
            rows: Vec::new(),
            groups: Vec::new(),
            rare: Vec::new(),
            common: most_frequent(words, &order[..short], watch)?,
            common_bytes: [0; 256],
            places: Vec::new(),
            order,
            long: dictionary::Dictionary::new(),
            longest,
        };
        for (code_point, place) in dictionary.common.iter() {
            if let Some(byte) = dictionary.common_bytes.get_mut(code_point as usize) {
                #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
                let place = place as u8;
                *byte = place;
            }
        }
        let (rows, grouped) = dictionary.group(words, short, watch)?;
        let mut table = with_capacity(rows)?;
        table.resize(rows, Row::default());
        dictionary.fill(words, &mut table, watch)?;
        dictionary.rows = table;
        dictionary.places = with_capacity(dictionary.len())?;
        dictionary.places.resize(dictionary.len(), 0);
        for (place, &word) in (0..).zip(&dictionary.order) {
            dictionary.places[word as usize] = place;
        }
        for &word in &dictionary.order[grouped..] {
            let word = words.word(word as usize);
            watch.spend(word.len() / 64)?;
            dictionary.long.push(word)?;
        }
        Ok(dictionary)
    }

    /// The number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no word at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The length of the longest word, 0 if there is none.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The code points of all words that are in no group.
    pub(crate) fn long_letters(&self) -> usize {
        (0..self.long.len()).map(|i| self.long.word(i).len()).sum()
    }

    /// Divides the first `short` words of the order into groups; returns the number of rows, and
    /// of the words that are in groups.
    fn group<W: Words + ?Sized>(
        &mut self,
        words: &W,
        short: usize,
        watch: &mut Watch<'_>,
    ) -> Result<(usize, usize), Stop> {
        let length = |&word: &u32| words.word(word as usize).len();
        let (mut rows, mut start) = (1, 0);
        let mut others = Vec::new();
        let bit = |place: u8| 1_u64.unbounded_shl(u32::from(place).wrapping_sub(1));
        let bits_of_bytes = self.common_bytes.map(bit);
        for lane in LANES {
            let end = self.order[..short].partition_point(|word| length(word) <= lane);
            while start < end {
                let range = start..end.min(start + BITS / lane);
                // Too few for their own width go with the next one.
                if range.len() < BITS / lane / WORTH_A_GROUP {
                    break;
                }
                let members = &self.order[range.clone()];
                let mut common = 0_u64;
                others.clear();
                for &word in members {
                    let word = words.word(word as usize);
                    if let Some(bits) = common_bits(word, &bits_of_bytes) {
                        common |= bits;
                        continue;
                    }
                    each_code_point(word, |_, code_point| {
                        match self.known(code_point) {
                            Known::Common(place) => common |= 1 << place,
                            Known::Rare(code_point) => {
                                others.try_reserve(1).map_err(|_| OutOfMemory)?;
                                others.push(code_point);
                            }
                        }
                        Ok(())
                    })?;
                }
                watch.spend(members.len())?;
                others.sort_unstable();
                others.dedup();
                let first_rare = length_u32(self.rare.len())?;
                let dense = dense(common);
                let own = 1 + (dense + common.unbounded_shr(dense).count_ones()) as usize;
                self.rare
                    .try_reserve(others.len())
                    .map_err(|_| Stop::OutOfMemory)?;
                for (row, &code_point) in (rows + own..).zip(&others) {
                    self.rare.push((code_point, length_u32(row)?));
                }
                self.groups.try_reserve(1).map_err(|_| Stop::OutOfMemory)?;
                #[expect(clippy::cast_possible_truncation, reason = "lengths up to 64")]
                self.groups.push(Group {
                    common,
                    first: length_u32(range.start)?,
                    rows: length_u32(rows)?,
                    rare: (first_rare, length_u32(self.rare.len())?),
                    dense: dense as u8,
                    words: range.len() as u8,
                    shortest: length(&members[0]) as u8,
                    longest: length(&members[members.len() - 1]) as u8,
                    lane: lane as u8,
                });
                rows += own + others.len();
                start = range.end;
            }
        }
        Ok((rows, start))
    }

    /// Sets the bits of the words in their groups' rows.
    fn fill<W: Words + ?Sized>(
        &self,
        words: &W,
        rows: &mut [Row],
        watch: &mut Watch<'_>,
    ) -> Result<(), Stop> {
        let mut rows_of_bytes = [0; 256];
        let bytes = (0..256).filter(|&byte| self.common_bytes[byte] > 0);
        let mut common = with_capacity(COMMON)?;
        common.extend(bytes.map(|byte| (byte, self.common_bytes[byte] - 1)));
        for group in &self.groups {
            let (lane, mask) = (usize::from(group.lane), group.rows as usize);
            watch.spend(usize::from(group.words))?;
            // A group has more code points than there are bytes to look up.
            for &(byte, place) in &common {
                rows_of_bytes[byte] = self.row(group, Known::Common(place));
            }
            for (place, &word) in self.order[group.range()].iter().enumerate() {
                let word = words.word(word as usize);
                // A lane lies within a word of the row.
                let (at, shift) = (place * lane / 64, place * lane % 64);
                each_code_point(word, |index, code_point| {
                    let row = match rows_of_bytes.get(code_point as usize) {
                        Some(&row) if row > 0 => row,
                        _ => self.row(group, self.known(code_point)),
                    };
                    rows[row as usize].0[at] |= 1 << (shift + index);
                    Ok(())
                })?;
                if !word.is_empty() {
                    rows[mask].0[at] |= u64::MAX >> (64 - word.len()) << shift;
                }
            }
        }
        Ok(())
    }

    /// What this dictionary knows of a code point.
    #[inline]
    pub(crate) fn known(&self, code_point: u32) -> Known {
        #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
        let place = match self.common_bytes.get(code_point as usize) {
            Some(&place) => place,
            None => self.common.get(code_point) as u8,
        };
        match place {
            0 => Known::Rare(code_point),
            place => Known::Common(place - 1),
        }
    }

    /// The row of a code point in a group; the empty one where it does not occur.
    #[inline]
    pub(crate) fn row(&self, group: &Group, known: Known) -> u32 {
        match known {
            Known::Common(place) => {
                let (place, dense) = (u32::from(place), u32::from(group.dense));
                let bit = 1_u64 << place;
                if place < dense {
                    group.rows + 1 + place
                } else if group.common & bit == 0 {
                    0
                } else {
                    let between = (group.common & (bit - 1)) >> dense;
                    group.rows + 1 + dense + between.count_ones()
                }
            }
            Known::Rare(code_point) => {
                let rare = &self.rare[group.rare.0 as usize..group.rare.1 as usize];
                let found = rare.binary_search_by_key(&code_point, |&(code_point, _)| code_point);
                found.map_or(0, |index| rare[index].1)
            }
        }
    }
}

impl Known {
    /// Its place among the common code points.
    pub(crate) fn place(self) -> Option<u8> {
        match self {
            Self::Common(place) => Some(place),
            Self::Rare(_) => None,
        }
    }
}

impl Group {
    /// Its words in the order.
    pub(crate) fn range(&self) -> Range<usize> {
        let first = self.first as usize;
        first..first + usize::from(self.words)
    }
}

/// The bits of a word's code points, if they are bytes that have one each.
#[inline]
fn common_bits(word: Text<'_>, bits_of_bytes: &[u64; 256]) -> Option<u64> {
    let Text::Latin1(units) = word else {
        return None;
    };
    let (mut bits, mut all) = (0, true);
    for &unit in units {
        let bit = bits_of_bytes[usize::from(unit)];
        bits |= bit;
        all &= bit != 0;
    }
    all.then_some(bits)
}

/// Calls `each` with every code point of a text and its place.
#[inline]
fn each_code_point(
    text: Text<'_>,
    mut each: impl FnMut(usize, u32) -> Result<(), OutOfMemory>,
) -> Result<(), OutOfMemory> {
    match text {
        Text::Latin1(units) => {
            let mut units = units.iter().enumerate();
            units.try_for_each(|(index, &unit)| each(index, unit.into()))
        }
        Text::Ucs2(units) => {
            let mut units = units.iter().enumerate();
            units.try_for_each(|(index, &unit)| each(index, unit.into()))
        }
        Text::Ucs4(units) => {
            let mut units = units.iter().enumerate();
            units.try_for_each(|(index, &unit)| each(index, unit))
        }
    }
}

/// How many of the common code points are to have a row whether they occur or not: at least
/// three in four of them do.
fn dense(common: u64) -> u32 {
    let dense = |&count: &u32| {
        let occur = common & u64::MAX.unbounded_shr(64 - count);
        4 * occur.count_ones() >= 3 * count
    };
    (0..=64).rev().find(dense).unwrap_or(0)
}

/// The indices of the words by length; those of one length in their own order.
fn by_length<W: Words + ?Sized>(words: &W, watch: &mut Watch<'_>) -> Result<Vec<u32>, Stop> {
    const LONG: usize = word::ROWS + 1;
    let mut ends = [0; LONG + 1];
    for index in 0..words.len() {
        ends[words.word(index).len().min(LONG)] += 1;
    }
    let mut end = 0;
    for place in &mut ends {
        end += *place;
        *place = end;
    }
    let mut order = with_capacity(words.len())?;
    order.resize(words.len(), 0);
    for index in (0..length_u32(words.len())?).rev() {
        let place = &mut ends[words.word(index as usize).len().min(LONG)];
        *place -= 1;
        order[*place] = index;
        watch.spend(1)?;
    }
    let long = ends[LONG];
    order[long..].sort_unstable_by_key(|&index| (words.word(index as usize).len(), index));
    Ok(order)
}

/// The most frequent code points of some words, numbered from 1 by how often they occur.
fn most_frequent<W: Words + ?Sized>(
    words: &W,
    order: &[u32],
    watch: &mut Watch<'_>,
) -> Result<PageMap, Stop> {
    let mut bytes = [0_u32; 256];
    let mut others = PageMap::new()?;
    for &word in order {
        watch.spend(1)?;
        let mut count = |code_point: u32| -> Result<(), Stop> {
            let number = others.get_mut(code_point)?;
            *number = number.saturating_add(1);
            Ok(())
        };
        match words.word(word as usize) {
            Text::Latin1(units) => {
                for &unit in units {
                    let number = &mut bytes[usize::from(unit)];
                    *number = number.saturating_add(1);
                }
            }
            Text::Ucs2(units) => units.iter().try_for_each(|&unit| count(unit.into()))?,
            Text::Ucs4(units) => units.iter().try_for_each(|&unit| count(unit))?,
        }
    }
    for (code_point, number) in (0..).zip(bytes) {
        if number > 0 {
            *others.get_mut(code_point)? += number;
        }
    }
    let mut found = with_capacity(others.iter().count())?;
    found.extend(
        others
            .iter()
            .map(|(code_point, number)| (number, code_point)),
    );
    if found.len() > COMMON {
        found.select_nth_unstable_by(COMMON - 1, |a, b| b.cmp(a));
        found.truncate(COMMON);
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    let mut common = PageMap::new()?;
    for (number, (_, code_point)) in (1..).zip(found) {
        *common.get_mut(code_point)? = number;
    }
    Ok(common)
}
