//! One query against the words of a dictionary.

use super::groups::{Dictionary, Group, Known};
use super::pair;
use super::path::{Kernel, Path, dispatch};
use super::simd::{BITS, Row, Simd, lanes_of};
use super::watch::{Stop, Watch};
use super::alphabet::PageMap;
use crate::OutOfMemory;
use crate::dictionary::Words;
use crate::memory::{length_u32, with_capacity};
use crate::search::{Keep, Nearest};
use crate::text::Text;

/// Columns between two looks at whether to go on.
const PIECE: usize = 1 << 14;

/// A query prepared for one dictionary.
#[derive(Debug)]
pub struct Query<'a> {
    text: Text<'a>,
    length: u32,
    /// Its code points, each as an index into `known`.
    columns: Vec<u32>,
    /// Its different code points.
    known: Vec<Known>,
}

/// A number that a distance is written as.
pub trait Cell: Copy + Send {
    /// The largest distance that fits.
    const MOST: usize;

    /// A distance, which has to fit.
    fn new(distance: u32) -> Self;
}

impl Cell for u8 {
    const MOST: usize = 0xff;

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the caller has seen to it")]
    fn new(distance: u32) -> Self {
        distance as u8
    }
}

impl Cell for u16 {
    const MOST: usize = 0xffff;

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the caller has seen to it")]
    fn new(distance: u32) -> Self {
        distance as u16
    }
}

impl Cell for u32 {
    const MOST: usize = 0xffff_ffff;

    #[inline]
    fn new(distance: u32) -> Self {
        distance
    }
}

impl Dictionary {
    /// Prepares a query. Memory: 4 bytes for each of its code points, 8 for each different
    /// one.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when there is no room, or it has more than `2^32 - 2` code points.
    pub fn query<'a>(&self, text: Text<'a>) -> Result<Query<'a>, OutOfMemory> {
        let mut query = Query {
            text,
            length: length_u32(text.len())?,
            columns: with_capacity(text.len())?,
            known: Vec::new(),
        };
        match text {
            Text::Latin1(units) => {
                let mut numbers = [0_u32; 256];
                for &unit in units {
                    let code_point = u32::from(unit);
                    query.push(self, code_point, &mut numbers[usize::from(unit)])?;
                }
            }
            Text::Ucs2(units) => {
                let mut numbers = PageMap::new()?;
                for &unit in units {
                    query.push(self, unit.into(), numbers.get_mut(unit.into())?)?;
                }
            }
            Text::Ucs4(units) => {
                let mut numbers = PageMap::new()?;
                for &unit in units {
                    query.push(self, unit, numbers.get_mut(unit)?)?;
                }
            }
        }
        Ok(query)
    }

    /// The `limit` nearest words to a query as `(distance, index)`, ascending, ties by index.
    /// Asks from time to time whether to go on.
    ///
    /// Words are visited from those of the query's length on to shorter and longer ones, as
    /// long as such a word can be among the nearest.
    ///
    /// # Errors
    ///
    /// [`Stop`] says why there is no answer.
    pub fn nearest(
        &self,
        query: &Query<'_>,
        limit: usize,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<impl ExactSizeIterator<Item = (u32, u32)> + use<>, Stop> {
        self.nearest_of(query, limit, true, go_on)
    }

    /// The same, but that it passes over no word: to see what that is worth.
    ///
    /// # Errors
    ///
    /// As for [`Dictionary::nearest`].
    pub fn nearest_of_all(
        &self,
        query: &Query<'_>,
        limit: usize,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<impl ExactSizeIterator<Item = (u32, u32)> + use<>, Stop> {
        self.nearest_of(query, limit, false, go_on)
    }

    fn nearest_of(
        &self,
        query: &Query<'_>,
        limit: usize,
        pass_over: bool,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<impl ExactSizeIterator<Item = (u32, u32)> + use<>, Stop> {
        let mut nearest = Nearest::new(limit);
        if limit > 0 {
            let kernel = NearestWords {
                scan: Scan::new(self, query, go_on)?,
                nearest: &mut nearest,
                pass_over,
            };
            dispatch(Path::current(), kernel)?;
        }
        Ok(nearest.into_sorted())
    }

    /// Writes the distance of each word to `out`, which has a cell for each.
    ///
    /// # Errors
    ///
    /// [`Stop`] says why not all of them are there.
    ///
    /// # Panics
    ///
    /// When `out` has another length, or a distance may not fit into its cells.
    pub fn distances<C: Cell>(
        &self,
        query: &Query<'_>,
        out: &mut [C],
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), Stop> {
        assert_eq!(out.len(), self.len(), "a cell for each word");
        assert!(
            self.longest().max(query.length as usize) <= C::MOST,
            "a distance may not fit"
        );
        let scan = Scan::new(self, query, go_on)?;
        dispatch(Path::current(), AllDistances { scan, out })
    }
}

impl Query<'_> {
    fn push(
        &mut self,
        dictionary: &Dictionary,
        code_point: u32,
        number: &mut u32,
    ) -> Result<(), OutOfMemory> {
        if *number == 0 {
            self.known.try_reserve(1)?;
            self.known.push(dictionary.known(code_point));
            *number = length_u32(self.known.len())?;
        }
        self.columns.push(*number - 1);
        Ok(())
    }

    /// The number of its code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

/// A query on its way through a dictionary.
struct Scan<'a, 'w> {
    dictionary: &'a Dictionary,
    query: &'a Query<'a>,
    /// The row of each different code point of the query in the group at hand.
    rows: Vec<u32>,
    watch: Watch<'w>,
}

impl<'a, 'w> Scan<'a, 'w> {
    fn new(
        dictionary: &'a Dictionary,
        query: &'a Query<'a>,
        go_on: &'w mut dyn FnMut() -> bool,
    ) -> Result<Self, Stop> {
        let mut rows = with_capacity(query.known.len())?;
        rows.resize(query.known.len(), 0);
        Ok(Self {
            dictionary,
            query,
            rows,
            watch: Watch::new(go_on),
        })
    }

    /// The distances of a group's words, each less the length of the query.
    #[inline(always)]
    fn differences<S: Simd, const LANE: usize>(
        &mut self,
        simd: S,
        group: &Group,
    ) -> Result<S::V, Stop> {
        let table = self.dictionary.rows.as_slice();
        for (row, &known) in self.rows.iter_mut().zip(&self.query.known) {
            *row = self.dictionary.row(group, known);
        }
        let ones = simd.splat(lanes_of(LANE, 1));
        let (mut pv, mut mv) = (simd.splat(u64::MAX), simd.splat(0));
        for piece in self.query.columns.chunks(PIECE) {
            self.watch.spend(piece.len())?;
            for &column in piece {
                let eq = simd.load(&table[self.rows[column as usize] as usize]);
                let xv = simd.or(eq, mv);
                let sum = simd.add::<LANE>(simd.and(eq, pv), pv);
                let xh = simd.xor_or(sum, pv, eq);
                let ph = simd.or_nor(mv, xh, pv);
                let mh = simd.and(pv, xh);
                // The row above the first is D[0][j] = j.
                let ph = simd.or(simd.add::<LANE>(ph, ph), ones);
                let mh = simd.add::<LANE>(mh, mh);
                pv = simd.or_nor(mh, xv, ph);
                mv = simd.and(ph, xv);
            }
        }
        // D[0][n] = n, and the vertical differences down to the last row of each word.
        let mask = simd.load(&table[group.rows as usize]);
        Ok(simd.count_difference::<LANE>(simd.and(pv, mask), simd.and(mv, mask)))
    }

    /// The distance of a long word, if it is at most `cutoff`.
    fn long(&mut self, number: usize, cutoff: usize) -> Result<Option<usize>, Stop> {
        let word = self.dictionary.long.word(number);
        pair::distance(self.query.text, word, cutoff, &mut self.watch)
    }
}

/// The signed number in a lane.
#[inline(always)]
fn lane<const LANE: usize>(row: &Row, number: usize) -> i32 {
    let bit = number * LANE;
    let word = row.0[bit / 64] << (64 - LANE - bit % 64);
    #[expect(clippy::cast_possible_truncation, reason = "at most 64 either way")]
    let number = (word.cast_signed() >> (64 - LANE)) as i32;
    number
}

struct AllDistances<'a, 'w, C> {
    scan: Scan<'a, 'w>,
    out: &'a mut [C],
}

impl<C: Cell> AllDistances<'_, '_, C> {
    #[inline(always)]
    fn group<S: Simd, const LANE: usize>(&mut self, simd: S, group: &Group) -> Result<(), Stop> {
        let differences = self.scan.differences::<S, LANE>(simd, group)?;
        let mut row = Row::default();
        simd.store(differences, &mut row);
        let indices = &self.scan.dictionary.order[group.range()];
        for (number, &index) in indices.iter().enumerate().take(BITS / LANE) {
            let distance = self.scan.query.length.wrapping_add_signed(lane::<LANE>(&row, number));
            self.out[index as usize] = C::new(distance);
        }
        Ok(())
    }
}

impl<C: Cell> Kernel for AllDistances<'_, '_, C> {
    type Output = Result<(), Stop>;

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) -> Result<(), Stop> {
        let dictionary = self.scan.dictionary;
        for group in &dictionary.groups {
            match group.lane {
                8 => self.group::<S, 8>(simd, group)?,
                16 => self.group::<S, 16>(simd, group)?,
                32 => self.group::<S, 32>(simd, group)?,
                _ => self.group::<S, 64>(simd, group)?,
            }
        }
        let long = dictionary.long.len();
        for (number, &index) in dictionary.order[dictionary.len() - long..].iter().enumerate() {
            let distance = self.scan.long(number, usize::MAX)?;
            self.out[index as usize] = C::new(length_u32(distance.unwrap_or(usize::MAX))?);
        }
        Ok(())
    }
}

struct NearestWords<'a, 'w> {
    scan: Scan<'a, 'w>,
    nearest: &'a mut Nearest,
    /// Whether words are passed over that are too short or too long.
    pass_over: bool,
}

impl NearestWords<'_, '_> {
    #[inline(always)]
    fn group<S: Simd, const LANE: usize>(&mut self, simd: S, group: &Group) -> Result<(), Stop> {
        let differences = self.scan.differences::<S, LANE>(simd, group)?;
        let length = self.scan.query.length;
        // What the differences have to be for a word to be among the nearest.
        let limit = match self.nearest.worst() {
            None => LANE as i64,
            Some(worst) => (i64::from(worst) - i64::from(length)).clamp(-64, LANE as i64),
        };
        // A group has no difference below -LANE, and where the limit is LANE all qualify.
        if limit < -(LANE as i64) || !simd.any_at_most::<LANE>(differences, limit) {
            return Ok(());
        }
        let mut row = Row::default();
        simd.store(differences, &mut row);
        let indices = &self.scan.dictionary.order[group.range()];
        for (number, &index) in indices.iter().enumerate().take(BITS / LANE) {
            let difference = lane::<LANE>(&row, number);
            if i64::from(difference) <= limit {
                self.nearest.keep(index, length.wrapping_add_signed(difference))?;
            }
        }
        Ok(())
    }

    fn long(&mut self, number: usize) -> Result<(), Stop> {
        let dictionary = self.scan.dictionary;
        let index = dictionary.order[dictionary.len() - dictionary.long.len() + number];
        let cutoff = self.nearest.worst().map_or(usize::MAX, |worst| worst as usize);
        if let Some(distance) = self.scan.long(number, cutoff)? {
            self.nearest.keep(index, length_u32(distance)?)?;
        }
        Ok(())
    }
}

impl Kernel for NearestWords<'_, '_> {
    type Output = Result<(), Stop>;

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) -> Result<(), Stop> {
        let dictionary = self.scan.dictionary;
        let length = self.scan.query.len();
        let groups = dictionary.groups.as_slice();
        let all = groups.len() + dictionary.long.len();
        let shortest = |place: usize| match groups.get(place) {
            Some(group) => usize::from(group.shortest),
            None => dictionary.long.word(place - groups.len()).len(),
        };
        let longest = |place: usize| match groups.get(place) {
            Some(group) => usize::from(group.longest),
            None => dictionary.long.word(place - groups.len()).len(),
        };
        // Groups and long words from `left` to `right` are done. Where it begins, everything
        // to the left is shorter than the query.
        let mut right = groups.partition_point(|group| usize::from(group.longest) < length);
        while right >= groups.len() && right < all && longest(right) < length {
            right += 1;
        }
        let mut left = right;
        loop {
            let below = left.checked_sub(1).map(|place| (length.saturating_sub(longest(place)), place));
            let above = (right < all).then(|| (shortest(right).saturating_sub(length), right));
            let (bound, place) = match (below, above) {
                (None, None) => return Ok(()),
                (Some(one), None) | (None, Some(one)) => one,
                (Some(below), Some(above)) if below.0 < above.0 => below,
                (_, Some(above)) => above,
            };
            if self.pass_over && self.nearest.worst().is_some_and(|worst| bound > worst as usize) {
                return Ok(());
            }
            if place < left {
                left = place;
            } else {
                right = place + 1;
            }
            match groups.get(place) {
                None => self.long(place - groups.len())?,
                Some(group) => match group.lane {
                    8 => self.group::<S, 8>(simd, group)?,
                    16 => self.group::<S, 16>(simd, group)?,
                    32 => self.group::<S, 32>(simd, group)?,
                    _ => self.group::<S, 64>(simd, group)?,
                },
            }
        }
    }
}
