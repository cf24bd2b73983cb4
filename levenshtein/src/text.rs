//! Strings in the three widths in which Python stores them.

/// A string as Python stores it: code points in one, two or four bytes.
///
/// The width says nothing about the content: a `Ucs4` text may hold ASCII only.
/// Surrogates are code points like any other.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// Code points below 2^8.
    Latin1(&'a [u8]),
    /// Code points below 2^16.
    Ucs2(&'a [u16]),
    /// Any code points.
    Ucs4(&'a [u32]),
}

impl Text<'_> {
    /// The number of code points.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Text::Latin1(units) => units.len(),
            Text::Ucs2(units) => units.len(),
            Text::Ucs4(units) => units.len(),
        }
    }

    /// Whether there is no code point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code point at `index`, which must be below `len()`.
    ///
    /// The match makes this unfit for an inner loop. It is meant for the string
    /// that a kernel reads once per row.
    pub(crate) fn code_point(&self, index: usize) -> u32 {
        match self {
            Text::Latin1(units) => units[index].into(),
            Text::Ucs2(units) => units[index].into(),
            Text::Ucs4(units) => units[index],
        }
    }
}

/// One stored code point: `u8`, `u16` or `u32`. The inner loops are compiled once for each.
pub(crate) trait CodeUnit: Copy + Into<u32> {
    /// Such code points as a text.
    #[cfg(feature = "fast")]
    fn text(units: &[Self]) -> Text<'_>;
}

impl CodeUnit for u8 {
    #[cfg(feature = "fast")]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Latin1(units)
    }
}

impl CodeUnit for u16 {
    #[cfg(feature = "fast")]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Ucs2(units)
    }
}

impl CodeUnit for u32 {
    #[cfg(feature = "fast")]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Ucs4(units)
    }
}
