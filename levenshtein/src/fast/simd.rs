//! 512 bits at a time, on any machine.
//!
//! A machine with narrower vectors takes several instructions for what one with AVX-512
//! does in one; the kernels are written once, and tables look the same everywhere. An
//! implementation of [`Simd`] is a token: whoever has one is on a machine that can do it,
//! so its methods are safe, and `unsafe` stays with the intrinsics.

/// 512 bits in memory: eight lanes of 64 bits, sixteen of 32, and so on; the first lane
/// has the lowest bits of the first word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Row(pub(crate) [u64; WORDS]);

/// Lanes of 64 bits in a row.
pub(crate) const WORDS: usize = 8;

/// Bits in a row.
pub(crate) const BITS: usize = 64 * WORDS;

/// What the kernels need of vectors.
pub(crate) trait Simd: Copy {
    /// 512 bits in registers.
    type V: Copy;

    /// Whether [`Simd::matches`] is quicker than a table of 256 words.
    const COMPARES: bool;

    fn load(self, row: &Row) -> Self::V;
    fn store(self, v: Self::V, row: &mut Row);
    /// The same word in each lane of 64 bits.
    fn splat(self, word: u64) -> Self::V;

    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    /// `(a ^ b) | c`
    fn xor_or(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a | !(b | c)`
    fn or_nor(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// Adds lanes of `LANE` bits; what is carried out of a lane is lost.
    fn add<const LANE: usize>(self, a: Self::V, b: Self::V) -> Self::V;

    /// For each lane of `LANE` bits the number of ones in `p` less that in `n`, signed.
    fn count_difference<const LANE: usize>(self, p: Self::V, n: Self::V) -> Self::V;
    /// Whether some lane of `LANE` bits, taken as a signed number, is at most `limit`, which
    /// has to be a number of that size.
    fn any_at_most<const LANE: usize>(self, v: Self::V, limit: i64) -> bool;

    /// The words of `b` where `WHERE` has a bit, and of `a` elsewhere.
    fn pick<const WHERE: u8>(self, a: Self::V, b: Self::V) -> Self::V;
    /// Each word moves to the next higher lane; the first becomes the last one of `first`.
    fn up(self, v: Self::V, first: Self::V) -> Self::V;
    /// The highest byte of the last word; of the byte only the highest bit is meant.
    fn top(self, v: Self::V) -> u8;
    /// Rows of which the last word has the highest bit of `byte` as its own.
    fn with_top(self, byte: u8) -> Self::V;
    /// The highest bit of each word as its lowest, all others 0.
    fn carry(self, v: Self::V) -> Self::V;
    /// Each word shifted left by one, the highest bit of the one in `below` entering.
    fn shift_in(self, v: Self::V, below: Self::V) -> Self::V;

    /// A bit for each of 64 bytes, whether it is `byte`. Only where [`Simd::COMPARES`].
    fn matches(self, bytes: Self::V, byte: u8) -> u64;
}

/// Splats a signed number into lanes of `lane` bits of a word.
pub(crate) fn lanes_of(lane: usize, number: i64) -> u64 {
    let mask = u64::MAX >> (64 - lane);
    let ones = u64::MAX / mask;
    (number.cast_unsigned() & mask).wrapping_mul(ones)
}
