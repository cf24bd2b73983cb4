//! The vectors of [`Simd`] on x86-64: two registers of AVX2, or one of AVX-512.
#![allow(unsafe_code)]
#![allow(
    clippy::wildcard_imports,
    reason = "the names of intrinsics say where they are from"
)]

use super::simd::{Row, Simd, lanes_of};
use std::arch::x86_64::*;

/// Proof of AVX2, BMI1, BMI2 and POPCNT.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

/// Proof of what [`Avx2`] proves, and of AVX-512 F, BW, DQ, VL, VBMI2, BITALG and
/// VPOPCNTDQ: Ice Lake, Zen 4 and later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

impl Avx2 {
    pub(crate) fn detected() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt")
    }

    /// # Safety
    ///
    /// [`Avx2::detected`] must have said so.
    pub(crate) unsafe fn new() -> Self {
        Self(())
    }
}

impl Avx512 {
    pub(crate) fn detected() -> bool {
        Avx2::detected()
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("avx512bitalg")
            && is_x86_feature_detected!("avx512vpopcntdq")
    }

    /// # Safety
    ///
    /// [`Avx512::detected`] must have said so.
    pub(crate) unsafe fn new() -> Self {
        Self(())
    }
}

/// The lower and the upper four words.
type Two = (__m256i, __m256i);

/// Adds lanes of `LANE` bits.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn add<const LANE: usize>(a: __m256i, b: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        match LANE {
            8 => _mm256_add_epi8(a, b),
            16 => _mm256_add_epi16(a, b),
            32 => _mm256_add_epi32(a, b),
            _ => _mm256_add_epi64(a, b),
        }
    }
}

/// In each lane of `LANE` bits ones where `a` is more than `b`.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn more<const LANE: usize>(a: __m256i, b: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        match LANE {
            8 => _mm256_cmpgt_epi8(a, b),
            16 => _mm256_cmpgt_epi16(a, b),
            32 => _mm256_cmpgt_epi32(a, b),
            _ => _mm256_cmpgt_epi64(a, b),
        }
    }
}

/// For each lane of `LANE` bits the number of ones in `p` less that in `n`.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn count_difference<const LANE: usize>(p: __m256i, n: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        // At most 8 either way, so bytes do; wider lanes are sums of these.
        let bytes = _mm256_sub_epi8(byte_counts(p), byte_counts(n));
        if LANE == 8 {
            return bytes;
        }
        let pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes);
        if LANE == 16 {
            return pairs;
        }
        let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
        if LANE == 32 {
            return fours;
        }
        // The two halves of each word, the sum of which is extended to its upper half.
        let sums = _mm256_add_epi32(fours, _mm256_shuffle_epi32(fours, 0b10_11_00_01));
        let upper = _mm256_srai_epi32(sums, 31);
        _mm256_blend_epi32(sums, upper, 0b1010_1010)
    }
}

/// The number of ones in each byte.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn byte_counts(v: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        let low = _mm256_set1_epi8(15);
        let table = _mm256_setr_epi8(
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2,
            3, 3, 4,
        );
        let halves = (
            _mm256_and_si256(v, low),
            _mm256_and_si256(_mm256_srli_epi16(v, 4), low),
        );
        _mm256_add_epi8(
            _mm256_shuffle_epi8(table, halves.0),
            _mm256_shuffle_epi8(table, halves.1),
        )
    }
}

// SAFETY of all that follows: a token of this type exists only where the CPU has what the
// intrinsics need, and references to rows are valid and aligned for what is read or written.
#[expect(
    clippy::undocumented_unsafe_blocks,
    reason = "the comment above is about each of them"
)]
impl Simd for Avx2 {
    type V = Two;
    const COMPARES: bool = true;

    #[inline(always)]
    fn load(self, row: &Row) -> Two {
        let from: *const __m256i = std::ptr::from_ref(row).cast();
        unsafe { (_mm256_load_si256(from), _mm256_load_si256(from.add(1))) }
    }

    #[inline(always)]
    fn store(self, v: Two, row: &mut Row) {
        let to: *mut __m256i = std::ptr::from_mut(row).cast();
        unsafe {
            _mm256_store_si256(to, v.0);
            _mm256_store_si256(to.add(1), v.1);
        }
    }

    #[inline(always)]
    fn splat(self, word: u64) -> Two {
        let v = unsafe { _mm256_set1_epi64x(word.cast_signed()) };
        (v, v)
    }

    #[inline(always)]
    fn and(self, a: Two, b: Two) -> Two {
        unsafe { (_mm256_and_si256(a.0, b.0), _mm256_and_si256(a.1, b.1)) }
    }

    #[inline(always)]
    fn or(self, a: Two, b: Two) -> Two {
        unsafe { (_mm256_or_si256(a.0, b.0), _mm256_or_si256(a.1, b.1)) }
    }

    #[inline(always)]
    fn xor_or(self, a: Two, b: Two, c: Two) -> Two {
        let ab = unsafe { (_mm256_xor_si256(a.0, b.0), _mm256_xor_si256(a.1, b.1)) };
        self.or(ab, c)
    }

    #[inline(always)]
    fn or_nor(self, a: Two, b: Two, c: Two) -> Two {
        let (some, ones) = (self.or(b, c), self.splat(u64::MAX));
        let none = unsafe {
            (
                _mm256_andnot_si256(some.0, ones.0),
                _mm256_andnot_si256(some.1, ones.1),
            )
        };
        self.or(a, none)
    }

    #[inline(always)]
    fn add<const LANE: usize>(self, a: Two, b: Two) -> Two {
        unsafe { (add::<LANE>(a.0, b.0), add::<LANE>(a.1, b.1)) }
    }

    #[inline(always)]
    fn count_difference<const LANE: usize>(self, p: Two, n: Two) -> Two {
        unsafe {
            (
                count_difference::<LANE>(p.0, n.0),
                count_difference::<LANE>(p.1, n.1),
            )
        }
    }

    #[inline(always)]
    fn any_at_most<const LANE: usize>(self, v: Two, limit: i64) -> bool {
        let limits = self.splat(lanes_of(LANE, limit)).0;
        unsafe {
            let both = _mm256_and_si256(more::<LANE>(v.0, limits), more::<LANE>(v.1, limits));
            _mm256_movemask_epi8(both) != -1
        }
    }

    #[inline(always)]
    fn pick<const WHERE: u8>(self, a: Two, b: Two) -> Two {
        unsafe { (blend(a.0, b.0, WHERE & 15), blend(a.1, b.1, WHERE >> 4)) }
    }

    #[inline(always)]
    fn up(self, v: Two, first: Two) -> Two {
        unsafe {
            let lower = _mm256_permute4x64_epi64(v.0, 0b10_01_00_00);
            let upper = _mm256_permute4x64_epi64(v.1, 0b10_01_00_00);
            let first = _mm256_permute4x64_epi64(first.1, 0b11_11_11_11);
            let between = _mm256_permute4x64_epi64(v.0, 0b11_11_11_11);
            (
                _mm256_blend_epi32(lower, first, 0b11),
                _mm256_blend_epi32(upper, between, 0b11),
            )
        }
    }

    #[inline(always)]
    fn top(self, v: Two) -> u8 {
        let signs = unsafe { _mm256_movemask_pd(_mm256_castsi256_pd(v.1)) };
        signs.to_le_bytes()[0] << 4
    }

    #[inline(always)]
    fn with_top(self, byte: u8) -> Two {
        let v = unsafe { _mm256_set1_epi8(byte.cast_signed()) };
        (v, v)
    }

    #[inline(always)]
    fn carry(self, v: Two) -> Two {
        unsafe { (_mm256_srli_epi64(v.0, 63), _mm256_srli_epi64(v.1, 63)) }
    }

    #[inline(always)]
    fn shift_in(self, v: Two, below: Two) -> Two {
        self.or(self.add::<64>(v, v), self.carry(below))
    }

    #[inline(always)]
    fn matches(self, bytes: Two, byte: u8) -> u64 {
        let wanted = self.with_top(byte).0;
        let (lower, upper) = unsafe {
            (
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.0, wanted)),
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.1, wanted)),
            )
        };
        u64::from(upper.cast_unsigned()) << 32 | u64::from(lower.cast_unsigned())
    }
}

/// The words of `b` where `chosen` has a bit. Of the sixteen ways the kernels use few, and
/// the choice is known when they are compiled.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
unsafe fn blend(a: __m256i, b: __m256i, chosen: u8) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        match chosen {
            0b0000 => a,
            0b1010 => _mm256_blend_epi32(a, b, 0b1100_1100),
            0b1100 => _mm256_blend_epi32(a, b, 0b1111_0000),
            0b1111 => b,
            _ => unreachable!("no kernel picks these words"),
        }
    }
}

// SAFETY of all that follows: as for `Avx2`.
#[expect(
    clippy::undocumented_unsafe_blocks,
    reason = "the comment above is about each of them"
)]
impl Simd for Avx512 {
    type V = __m512i;
    const COMPARES: bool = true;

    #[inline(always)]
    fn load(self, row: &Row) -> __m512i {
        unsafe { _mm512_load_si512(std::ptr::from_ref(row).cast()) }
    }

    #[inline(always)]
    fn store(self, v: __m512i, row: &mut Row) {
        unsafe { _mm512_store_si512(std::ptr::from_mut(row).cast(), v) }
    }

    #[inline(always)]
    fn splat(self, word: u64) -> __m512i {
        unsafe { _mm512_set1_epi64(word.cast_signed()) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        unsafe { _mm512_or_si512(a, b) }
    }

    #[inline(always)]
    fn xor_or(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        const TRUTH: i32 = (0xF0 ^ 0xCC) | 0xAA;
        unsafe { _mm512_ternarylogic_epi64(a, b, c, TRUTH) }
    }

    #[inline(always)]
    fn or_nor(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        const TRUTH: i32 = 0xF0 | (0xFF & !(0xCC | 0xAA));
        unsafe { _mm512_ternarylogic_epi64(a, b, c, TRUTH) }
    }

    #[inline(always)]
    fn add<const LANE: usize>(self, a: __m512i, b: __m512i) -> __m512i {
        unsafe {
            match LANE {
                8 => _mm512_add_epi8(a, b),
                16 => _mm512_add_epi16(a, b),
                32 => _mm512_add_epi32(a, b),
                _ => _mm512_add_epi64(a, b),
            }
        }
    }

    #[inline(always)]
    fn count_difference<const LANE: usize>(self, p: __m512i, n: __m512i) -> __m512i {
        unsafe {
            match LANE {
                8 => _mm512_sub_epi8(_mm512_popcnt_epi8(p), _mm512_popcnt_epi8(n)),
                16 => _mm512_sub_epi16(_mm512_popcnt_epi16(p), _mm512_popcnt_epi16(n)),
                32 => _mm512_sub_epi32(_mm512_popcnt_epi32(p), _mm512_popcnt_epi32(n)),
                _ => _mm512_sub_epi64(_mm512_popcnt_epi64(p), _mm512_popcnt_epi64(n)),
            }
        }
    }

    #[inline(always)]
    fn any_at_most<const LANE: usize>(self, v: __m512i, limit: i64) -> bool {
        let limits = self.splat(lanes_of(LANE, limit));
        unsafe {
            match LANE {
                8 => _mm512_cmple_epi8_mask(v, limits) != 0,
                16 => _mm512_cmple_epi16_mask(v, limits) != 0,
                32 => _mm512_cmple_epi32_mask(v, limits) != 0,
                _ => _mm512_cmple_epi64_mask(v, limits) != 0,
            }
        }
    }

    #[inline(always)]
    fn pick<const WHERE: u8>(self, a: __m512i, b: __m512i) -> __m512i {
        // Where there is a mask in a register anyhow, no other has to be loaded each time.
        const FROM_MASK: i32 = (0xF0 & 0xCC) | (!0xF0 & 0xAA);
        unsafe {
            let mask = _mm512_maskz_set1_epi64(WHERE, -1);
            _mm512_ternarylogic_epi64(mask, b, a, FROM_MASK & 0xFF)
        }
    }

    #[inline(always)]
    fn up(self, v: __m512i, first: __m512i) -> __m512i {
        unsafe { _mm512_alignr_epi64(v, first, 7) }
    }

    #[inline(always)]
    fn top(self, v: __m512i) -> u8 {
        unsafe { _mm512_movepi64_mask(v) }
    }

    #[inline(always)]
    fn with_top(self, byte: u8) -> __m512i {
        unsafe { _mm512_set1_epi8(byte.cast_signed()) }
    }

    #[inline(always)]
    fn carry(self, v: __m512i) -> __m512i {
        unsafe { _mm512_srli_epi64(v, 63) }
    }

    #[inline(always)]
    fn shift_in(self, v: __m512i, below: __m512i) -> __m512i {
        unsafe { _mm512_shldi_epi64(v, below, 1) }
    }

    #[inline(always)]
    fn matches(self, bytes: __m512i, byte: u8) -> u64 {
        unsafe { _mm512_cmpeq_epi8_mask(bytes, self.with_top(byte)) }
    }
}
