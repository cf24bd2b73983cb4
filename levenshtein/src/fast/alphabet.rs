//! Numbers for code points.

use crate::OutOfMemory;
use crate::memory::with_capacity;
use crate::text::CodeUnit;

/// Code points of one page.
const PAGE: usize = 256;

/// A number for each code point, 0 unless one was given, in two lookups whatever the code
/// points: no input makes it slow. It takes 1 KB for each page of 256 code points of which
/// one has a number, and 4 bytes for each page up to the last of these, which is 17 KB for
/// all of Unicode.
#[derive(Debug)]
pub(crate) struct PageMap {
    /// Where the page lies in `numbers`; 0 is the page on which every number is 0.
    pages: Vec<u32>,
    numbers: Vec<u32>,
}

impl PageMap {
    pub(crate) fn new() -> Result<Self, OutOfMemory> {
        let mut numbers = with_capacity(PAGE)?;
        numbers.resize(PAGE, 0);
        Ok(Self {
            pages: Vec::new(),
            numbers,
        })
    }

    /// The number of a code point.
    #[inline]
    pub(crate) fn get(&self, code_point: u32) -> u32 {
        let code_point = code_point as usize;
        let page = self.pages.get(code_point / PAGE).copied().unwrap_or(0);
        self.numbers[page as usize * PAGE + code_point % PAGE]
    }

    /// The number of a code point, to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, code_point: u32) -> Result<&mut u32, OutOfMemory> {
        let code_point = code_point as usize;
        let place = code_point / PAGE;
        if place >= self.pages.len() {
            self.pages.try_reserve(place + 1 - self.pages.len())?;
            self.pages.resize(place + 1, 0);
        }
        let page = &mut self.pages[place];
        if *page == 0 {
            self.numbers.try_reserve(PAGE)?;
            *page = u32::try_from(self.numbers.len() / PAGE).map_err(|_| OutOfMemory)?;
            self.numbers.resize(self.numbers.len() + PAGE, 0);
        }
        let start = *page as usize * PAGE;
        Ok(&mut self.numbers[start + code_point % PAGE])
    }

    /// Every code point that has a number, with it; ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        let pages = (0_u32..).zip(&self.pages).filter(|(_, page)| **page != 0);
        pages.flat_map(|(place, page)| {
            let start = *page as usize * PAGE;
            let numbers = (0_u32..).zip(&self.numbers[start..start + PAGE]);
            numbers
                .filter(|(_, number)| **number != 0)
                .map(move |(within, number)| (place * 256 + within, *number))
        })
    }
}

/// Numbers for the code points of one text, from 1, and 0 for all others: a hash table that is
/// never more than half full. Code points that were chosen to collide get a [`PageMap`].
pub(crate) enum Numbers {
    Hashed(Vec<Slot>),
    Paged(PageMap),
}

/// A code point and its number; a number of 0 says that the slot is free.
#[derive(Clone, Copy, Default)]
pub(crate) struct Slot {
    code_point: u32,
    number: u32,
}

/// Slots that are looked at before a table is given up.
const PROBES: usize = 64;

impl Numbers {
    /// Numbers in the order of first appearance, and how many there are.
    pub(crate) fn new<U: CodeUnit>(text: &[U]) -> Result<(Self, u32), OutOfMemory> {
        let size = (2 * text.len()).next_power_of_two();
        let mut slots = with_capacity(size)?;
        slots.resize(size, Slot::default());
        let mut known = 0;
        for &unit in text {
            let code_point = unit.into();
            match find(&slots, code_point) {
                Some(place) => {
                    let slot = &mut slots[place];
                    if slot.number == 0 {
                        known += 1;
                        *slot = Slot {
                            code_point,
                            number: known,
                        };
                    }
                }
                None => return Self::paged(text),
            }
        }
        Ok((Self::Hashed(slots), known))
    }

    fn paged<U: CodeUnit>(text: &[U]) -> Result<(Self, u32), OutOfMemory> {
        let mut map = PageMap::new()?;
        let mut known = 0;
        for &unit in text {
            let number = map.get_mut(unit.into())?;
            if *number == 0 {
                known += 1;
                *number = known;
            }
        }
        Ok((Self::Paged(map), known))
    }

    /// The numbers of another text.
    pub(crate) fn of<U: CodeUnit>(&self, text: &[U]) -> Result<Vec<u32>, OutOfMemory> {
        let mut numbers = with_capacity(text.len())?;
        match self {
            Self::Hashed(slots) => numbers.extend(text.iter().map(|&unit| {
                // Where so many others are in its way, a code point has no number.
                find(slots, unit.into()).map_or(0, |place| slots[place].number)
            })),
            Self::Paged(map) => numbers.extend(text.iter().map(|&unit| map.get(unit.into()))),
        }
        Ok(numbers)
    }
}

/// The slot of a code point, or the free one where it belongs; nothing where neither is near.
#[inline]
fn find(slots: &[Slot], code_point: u32) -> Option<usize> {
    // Fibonacci hashing: the high bits of the product are well mixed.
    let bits = slots.len().trailing_zeros();
    let start = code_point.wrapping_mul(0x9e37_79b9).rotate_left(bits) as usize;
    let mask = slots.len() - 1;
    let places = (0..PROBES).map(|step| (start + step) & mask);
    places.into_iter().find(|&place| {
        let slot = &slots[place];
        slot.number == 0 || slot.code_point == code_point
    })
}
