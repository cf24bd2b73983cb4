//! One query against the words of a dictionary.

use super::alphabet::PageMap;
use super::groups::{Dictionary, Group, Known};
use super::pair::Prepared;
use super::path::{Kernel, Path, dispatch};
use super::simd::{BITS, Row, Simd, lanes_of};
use super::watch::{Stop, Watch};
use crate::OutOfMemory;
use crate::dictionary::Words;
use crate::memory::{length_u32, with_capacity};
use crate::search::{Keep, Nearest};
use crate::text::Text;

/// Columns between two looks at whether to go on.
const PIECE: usize = 1 << 14;

/// Queries that go through a dictionary side by side: [`Dictionary::cdist`] does best with a
/// multiple of them.
pub const TOGETHER: usize = 8;

/// A query prepared for one dictionary.
#[derive(Debug)]
pub struct Query<'a> {
    text: Text<'a>,
    length: u32,
    /// Its code points, each as an index into `known`.
    columns: Vec<u32>,
    /// Its different code points.
    known: Vec<Known>,
    /// Its code points, each as a place among the common ones, if all of them are common.
    places: Vec<u8>,
    /// More than any of these places; more than there are if some code point is not common.
    places_end: u8,
}

/// Code points of a query up to which it is quicker to compare them all than to make a table.
const FEW: usize = 32;

/// A number that a distance is written as.
pub trait Cell: Copy + Default + Send {
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
    /// Prepares a query. Memory: 5 bytes for each of its code points, 12 for each different
    /// one.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] when there is no room, or it has more than `2^32 - 2` code points.
    pub fn query<'a>(&self, text: Text<'a>) -> Result<Query<'a>, OutOfMemory> {
        let mut query = Query {
            text,
            length: length_u32(text.len())?,
            columns: Vec::new(),
            known: Vec::new(),
            places: Vec::new(),
            places_end: 0,
        };
        if self.groups.is_empty() {
            return Ok(query);
        }
        query.columns.try_reserve_exact(text.len())?;
        match text {
            _ if text.len() <= FEW => {
                let mut seen = [0; FEW];
                for index in 0..text.len() {
                    let code_point = text.code_point(index);
                    seen[index] = code_point;
                    let first = seen.iter().position(|&other| other == code_point);
                    query.push_few(self, code_point, first.unwrap_or(index), index)?;
                }
            }
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
        query.find_places()?;
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
                scan: Scan::new(self, query)?,
                nearest: &mut nearest,
                pass_over,
                watch: Watch::new(go_on),
            };
            // Without a group there is nothing for vectors to do.
            let path = if self.groups.is_empty() {
                Path::Portable
            } else {
                Path::current()
            };
            dispatch(path, kernel)?;
        }
        Ok(nearest.into_sorted())
    }

    /// Writes the distance of each word to `out`, which has a cell for each. Memory:
    /// eight more such cells for each word.
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
        self.distances_of(std::slice::from_ref(query), out, go_on)
    }

    /// The same for up to [`TOGETHER`] queries.
    pub(crate) fn distances_of<C: Cell>(
        &self,
        queries: &[Query<'_>],
        out: &mut [C],
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<(), Stop> {
        let cells = queries.len() * self.len();
        assert!(queries.len() <= TOGETHER, "a column for each query");
        assert_eq!(out.len(), cells, "a cell for each word and query");
        let longest = queries.iter().map(Query::len).max().unwrap_or(0);
        let fits = self.longest().max(longest) <= C::MOST;
        assert!(fits, "a distance may not fit");
        let mut scans = with_capacity(queries.len())?;
        for query in queries {
            scans.push(Scan::new(self, query)?);
        }
        let mut ordered = with_capacity(self.len())?;
        ordered.resize(self.len(), [C::default(); TOGETHER]);
        let watch = Watch::new(go_on);
        let kernel = AllDistances {
            dictionary: self,
            scans,
            ordered,
            out,
            watch,
        };
        dispatch(Path::current(), kernel)
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

    /// The same for the code point at `index` that is at `first` for the first time.
    fn push_few(
        &mut self,
        dictionary: &Dictionary,
        code_point: u32,
        first: usize,
        index: usize,
    ) -> Result<(), OutOfMemory> {
        let mut number = if first < index {
            self.columns[first] + 1
        } else {
            0
        };
        self.push(dictionary, code_point, &mut number)
    }

    fn find_places(&mut self) -> Result<(), OutOfMemory> {
        let mut end = 0;
        for known in &self.known {
            end = end.max(known.place().map_or(u8::MAX, |place| place + 1));
        }
        self.places_end = end;
        if end < u8::MAX {
            self.places.try_reserve_exact(self.columns.len())?;
            let known = |&column: &u32| self.known[column as usize].place().unwrap_or(0);
            self.places.extend(self.columns.iter().map(known));
        }
        Ok(())
    }

    /// The number of its code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// A query on its way through a dictionary.
struct Scan<'a> {
    dictionary: &'a Dictionary,
    query: &'a Query<'a>,
    /// The row of each different code point of the query in the group at hand.
    rows: Vec<u32>,
    /// The query for words that are in no group.
    prepared: Prepared<'a>,
}

impl<'a> Scan<'a> {
    fn new(dictionary: &'a Dictionary, query: &'a Query<'a>) -> Result<Self, Stop> {
        let mut rows = with_capacity(query.known.len())?;
        rows.resize(query.known.len(), 0);
        Ok(Self {
            dictionary,
            query,
            rows,
            prepared: Prepared::new(query.text),
        })
    }

    /// The distances of a group's words, each less the length of the query.
    #[inline(always)]
    fn differences<S: Simd, const LANE: usize>(
        &mut self,
        simd: S,
        group: &Group,
        watch: &mut Watch<'_>,
    ) -> Result<S::V, Stop> {
        let table = self.dictionary.rows.as_slice();
        let first = group.rows as usize;
        let column = (simd.splat(u64::MAX), simd.splat(0));
        let (pv, mv) = if self.query.places_end <= group.dense {
            let rows = &table[first + 1..][..usize::from(group.dense)];
            let columns = self.query.places.as_slice();
            through::<S, LANE, _>(
                simd,
                columns,
                |&place| &rows[usize::from(place)],
                column,
                watch,
            )?
        } else {
            for (row, &known) in self.rows.iter_mut().zip(&self.query.known) {
                *row = self.dictionary.row(group, known);
            }
            let rows = self.rows.as_slice();
            let columns = self.query.columns.as_slice();
            let row = |&column: &u32| &table[rows[column as usize] as usize];
            through::<S, LANE, _>(simd, columns, row, column, watch)?
        };
        // D[0][n] = n, and the vertical differences down to the last row of each word.
        let mask = simd.load(&table[first]);
        Ok(simd.count_difference::<LANE>(simd.and(pv, mask), simd.and(mv, mask)))
    }

    /// Writes what is in each lane of a group: the distances of its words, then anything.
    #[inline(always)]
    fn write<S: Simd, const LANE: usize, C: Cell>(
        &mut self,
        simd: S,
        group: &Group,
        out: &mut [C],
        watch: &mut Watch<'_>,
    ) -> Result<(), Stop> {
        let differences = self.differences::<S, LANE>(simd, group, watch)?;
        let mut row = Row::default();
        simd.store(differences, &mut row);
        let length = self.query.length;
        let cells = numbers::<LANE, C>(&row, |n| C::new(length.wrapping_add_signed(n)));
        let lanes = BITS / LANE;
        out[..lanes].copy_from_slice(&cells[..lanes]);
        Ok(())
    }

    /// The distance of a long word, if it is at most `cutoff`.
    fn long(
        &mut self,
        number: usize,
        cutoff: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<usize>, Stop> {
        let word = self.dictionary.long.word(number);
        watch.spend(1)?;
        self.prepared.distance(word, cutoff, watch)
    }
}

/// A column of vertical differences, as `myers::Column` has them, after the columns of a
/// query, each of which has a row of the group's.
#[inline(always)]
fn through<'r, S: Simd, const LANE: usize, C>(
    simd: S,
    columns: &[C],
    row: impl Fn(&C) -> &'r Row,
    mut column: (S::V, S::V),
    watch: &mut Watch<'_>,
) -> Result<(S::V, S::V), Stop> {
    if columns.len() <= PIECE {
        // Nothing is called in between, so that the column stays in registers.
        watch.spend(columns.len())?;
        return Ok(advanced::<S, LANE>(simd, columns.iter().map(row), column));
    }
    for piece in columns.chunks(PIECE) {
        watch.spend(piece.len())?;
        column = advanced::<S, LANE>(simd, piece.iter().map(&row), column);
    }
    Ok(column)
}

/// The column so many columns further on.
#[inline(always)]
fn advanced<'r, S: Simd, const LANE: usize>(
    simd: S,
    rows: impl Iterator<Item = &'r Row>,
    (mut pv, mut mv): (S::V, S::V),
) -> (S::V, S::V) {
    let ones = simd.splat(lanes_of(LANE, 1));
    for row in rows {
        let eq = simd.load(row);
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
    (pv, mv)
}

/// What `each` makes of the signed numbers in the lanes of a row, of which there may be fewer
/// than 64.
#[inline(always)]
fn numbers<const LANE: usize, T: Copy + Default>(
    row: &Row,
    each: impl Fn(i32) -> T,
) -> [T; MOST_LANES] {
    let bytes = row.0.map(u64::to_le_bytes);
    let bytes = bytes.as_flattened();
    let mut results = [T::default(); MOST_LANES];
    // They are at most 64 either way.
    if LANE == 8 {
        for (result, lane) in results.iter_mut().zip(bytes) {
            *result = each(lane.cast_signed().into());
        }
    } else {
        for (result, lane) in results.iter_mut().zip(bytes.chunks_exact(LANE / 8)) {
            *result = each(i16::from_le_bytes([lane[0], lane[1]]).into());
        }
    }
    results
}

/// Up to [`TOGETHER`] queries on their way through a dictionary, side by side: what one has
/// brought into the cache is there for the next.
struct AllDistances<'a, 'w, C> {
    dictionary: &'a Dictionary,
    scans: Vec<Scan<'a>>,
    /// The distances to the words in the order of the dictionary, for each a cell of each
    /// query. To write them in this order and to pick them in the other one is quicker than
    /// to write them all over the place.
    ordered: Vec<[C; TOGETHER]>,
    /// A row for each query, with a cell for each word.
    out: &'a mut [C],
    watch: Watch<'w>,
}

/// The most lanes in a row.
const MOST_LANES: usize = 64;

/// Groups that one query goes through before the next one does: so few that their rows stay
/// in the first cache.
const NEAR: usize = 16;

impl<C: Cell> AllDistances<'_, '_, C> {
    /// The distances to the words of up to [`NEAR`] groups.
    #[inline(always)]
    fn groups<S: Simd>(&mut self, simd: S, groups: &[Group]) -> Result<(), Stop> {
        let Some((first, last)) = groups.first().zip(groups.last()) else {
            return Ok(());
        };
        let mut cells = [[C::default(); NEAR * MOST_LANES]; TOGETHER];
        for (scan, cells) in self.scans.iter_mut().zip(&mut cells) {
            for group in groups {
                // Lanes without a word are overwritten by what comes next.
                let cells = &mut cells[(group.first - first.first) as usize..];
                match group.lane {
                    8 => scan.write::<S, 8, C>(simd, group, cells, &mut self.watch)?,
                    16 => scan.write::<S, 16, C>(simd, group, cells, &mut self.watch)?,
                    32 => scan.write::<S, 32, C>(simd, group, cells, &mut self.watch)?,
                    _ => scan.write::<S, 64, C>(simd, group, cells, &mut self.watch)?,
                }
            }
        }
        let words = first.range().start..last.range().end;
        for (index, ordered) in self.ordered[words].iter_mut().enumerate() {
            *ordered = std::array::from_fn(|query| cells[query][index]);
        }
        Ok(())
    }

    fn long_words(&mut self) -> Result<(), Stop> {
        let dictionary = self.dictionary;
        let start = dictionary.len() - dictionary.long.len();
        for (query, scan) in self.scans.iter_mut().enumerate() {
            for (number, cells) in (0..dictionary.long.len()).zip(&mut self.ordered[start..]) {
                let distance = scan.long(number, usize::MAX, &mut self.watch)?;
                cells[query] = C::new(length_u32(distance.unwrap_or(usize::MAX))?);
            }
        }
        Ok(())
    }

    /// Copies the cells to their rows, in the order of the words.
    #[inline(always)]
    fn pick(&mut self) {
        let places = self.dictionary.places.as_slice();
        let (parts, rest) = places.as_chunks::<MOST_LANES>();
        let rows = self.out.chunks_exact_mut(places.len().max(1));
        let mut rows: Vec<_> = rows.map(|row| row.as_chunks_mut::<MOST_LANES>()).collect();
        for (part, places) in parts.iter().enumerate() {
            let cells = places.map(|place| self.ordered[place as usize]);
            for (query, (row, _)) in rows.iter_mut().enumerate() {
                row[part] = cells.map(|cells| cells[query]);
            }
        }
        for (index, &place) in rest.iter().enumerate() {
            for (query, (_, row)) in rows.iter_mut().enumerate() {
                row[index] = self.ordered[place as usize][query];
            }
        }
    }
}

impl<C: Cell> Kernel for AllDistances<'_, '_, C> {
    type Output = Result<(), Stop>;

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) -> Result<(), Stop> {
        for groups in self.dictionary.groups.chunks(NEAR) {
            self.groups(simd, groups)?;
        }
        self.long_words()?;
        self.pick();
        Ok(())
    }
}

struct NearestWords<'a, 'w> {
    scan: Scan<'a>,
    watch: Watch<'w>,
    nearest: &'a mut Nearest,
    /// Whether words are passed over that are too short or too long.
    pass_over: bool,
}

impl NearestWords<'_, '_> {
    #[inline(always)]
    fn group<S: Simd, const LANE: usize>(&mut self, simd: S, group: &Group) -> Result<(), Stop> {
        let differences = self
            .scan
            .differences::<S, LANE>(simd, group, &mut self.watch)?;
        let length = self.scan.query.length;
        // What the differences have to be for a word to be among the nearest.
        let most = i64::from(group.lane);
        let limit = match self.nearest.worst() {
            None => most,
            Some(worst) => (i64::from(worst) - i64::from(length)).min(most),
        };
        // No difference is beyond the length of a word, either way.
        if limit < -most || !simd.any_at_most::<LANE>(differences, limit) {
            return Ok(());
        }
        let mut row = Row::default();
        simd.store(differences, &mut row);
        let indices = &self.scan.dictionary.order[group.range()];
        for (&index, difference) in indices
            .iter()
            .zip(numbers::<LANE, i32>(&row, |number| number))
        {
            if i64::from(difference) <= limit {
                self.nearest
                    .keep(index, length.wrapping_add_signed(difference))?;
            }
        }
        Ok(())
    }

    fn long(&mut self, number: usize) -> Result<(), Stop> {
        let dictionary = self.scan.dictionary;
        let index = dictionary.order[dictionary.len() - dictionary.long.len() + number];
        let cutoff = self
            .nearest
            .worst()
            .map_or(usize::MAX, |worst| worst as usize);
        if let Some(distance) = self.scan.long(number, cutoff, &mut self.watch)? {
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
            let below = left
                .checked_sub(1)
                .map(|place| (length.saturating_sub(longest(place)), place));
            let above = (right < all).then(|| (shortest(right).saturating_sub(length), right));
            let (bound, place) = match (below, above) {
                (None, None) => return Ok(()),
                (Some(one), None) | (None, Some(one)) => one,
                (Some(below), Some(above)) if below.0 < above.0 => below,
                (_, Some(above)) => above,
            };
            if self.pass_over
                && self
                    .nearest
                    .worst()
                    .is_some_and(|worst| bound > worst as usize)
            {
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
