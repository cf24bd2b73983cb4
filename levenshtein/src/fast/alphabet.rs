//! Numbers for code points.

use crate::OutOfMemory;
use crate::memory::with_capacity;

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
