//! The vectors of [`Simd`] on `AArch64`: four registers of NEON.
#![allow(unsafe_code)]
#![allow(
    clippy::wildcard_imports,
    reason = "the names of intrinsics say where they are from"
)]

use super::simd::{Row, Simd, lanes_of};
use std::arch::aarch64::*;

/// Proof of NEON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neon(());

impl Neon {
    /// # Safety
    ///
    /// The CPU must have NEON.
    pub(crate) unsafe fn new() -> Self {
        Self(())
    }
}

type V = [uint64x2_t; 4];

#[inline(always)]
fn map2(a: V, b: V, f: impl Fn(uint64x2_t, uint64x2_t) -> uint64x2_t) -> V {
    [f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])]
}

// SAFETY of all that follows: a token of this type exists only where the CPU has NEON, and
// references to rows are valid for what is read or written.
#[expect(
    clippy::undocumented_unsafe_blocks,
    reason = "the comment above is about each of them"
)]
impl Simd for Neon {
    type V = V;
    const COMPARES: bool = false;

    #[inline(always)]
    fn load(self, row: &Row) -> V {
        let from = row.0.as_ptr();
        unsafe {
            [
                vld1q_u64(from),
                vld1q_u64(from.add(2)),
                vld1q_u64(from.add(4)),
                vld1q_u64(from.add(6)),
            ]
        }
    }

    #[inline(always)]
    fn store(self, v: V, row: &mut Row) {
        let to = row.0.as_mut_ptr();
        unsafe {
            vst1q_u64(to, v[0]);
            vst1q_u64(to.add(2), v[1]);
            vst1q_u64(to.add(4), v[2]);
            vst1q_u64(to.add(6), v[3]);
        }
    }

    #[inline(always)]
    fn splat(self, word: u64) -> V {
        [unsafe { vdupq_n_u64(word) }; 4]
    }

    #[inline(always)]
    fn and(self, a: V, b: V) -> V {
        map2(a, b, |a, b| unsafe { vandq_u64(a, b) })
    }

    #[inline(always)]
    fn or(self, a: V, b: V) -> V {
        map2(a, b, |a, b| unsafe { vorrq_u64(a, b) })
    }

    #[inline(always)]
    fn xor_or(self, a: V, b: V, c: V) -> V {
        self.or(map2(a, b, |a, b| unsafe { veorq_u64(a, b) }), c)
    }

    #[inline(always)]
    fn or_nor(self, a: V, b: V, c: V) -> V {
        // vornq gives a | !b.
        map2(a, self.or(b, c), |a, bc| unsafe { vornq_u64(a, bc) })
    }

    #[inline(always)]
    fn add<const LANE: usize>(self, a: V, b: V) -> V {
        map2(a, b, |a, b| unsafe {
            match LANE {
                8 => {
                    vreinterpretq_u64_u8(vaddq_u8(vreinterpretq_u8_u64(a), vreinterpretq_u8_u64(b)))
                }
                16 => vreinterpretq_u64_u16(vaddq_u16(
                    vreinterpretq_u16_u64(a),
                    vreinterpretq_u16_u64(b),
                )),
                32 => vreinterpretq_u64_u32(vaddq_u32(
                    vreinterpretq_u32_u64(a),
                    vreinterpretq_u32_u64(b),
                )),
                _ => vaddq_u64(a, b),
            }
        })
    }

    #[inline(always)]
    fn count_difference<const LANE: usize>(self, p: V, n: V) -> V {
        map2(p, n, |p, n| unsafe {
            let bytes = vreinterpretq_s8_u8(vsubq_u8(
                vcntq_u8(vreinterpretq_u8_u64(p)),
                vcntq_u8(vreinterpretq_u8_u64(n)),
            ));
            match LANE {
                8 => vreinterpretq_u64_s8(bytes),
                16 => vreinterpretq_u64_s16(vpaddlq_s8(bytes)),
                32 => vreinterpretq_u64_s32(vpaddlq_s16(vpaddlq_s8(bytes))),
                _ => vreinterpretq_u64_s64(vpaddlq_s32(vpaddlq_s16(vpaddlq_s8(bytes)))),
            }
        })
    }

    #[inline(always)]
    fn any_at_most<const LANE: usize>(self, v: V, limit: i64) -> bool {
        let limits = self.splat(lanes_of(LANE, limit));
        let at_most = map2(v, limits, |v, limits| unsafe {
            match LANE {
                8 => vreinterpretq_u64_u8(vcleq_s8(
                    vreinterpretq_s8_u64(v),
                    vreinterpretq_s8_u64(limits),
                )),
                16 => vreinterpretq_u64_u16(vcleq_s16(
                    vreinterpretq_s16_u64(v),
                    vreinterpretq_s16_u64(limits),
                )),
                32 => vreinterpretq_u64_u32(vcleq_s32(
                    vreinterpretq_s32_u64(v),
                    vreinterpretq_s32_u64(limits),
                )),
                _ => vcleq_s64(vreinterpretq_s64_u64(v), vreinterpretq_s64_u64(limits)),
            }
        });
        unsafe {
            let some = vorrq_u64(
                vorrq_u64(at_most[0], at_most[1]),
                vorrq_u64(at_most[2], at_most[3]),
            );
            vmaxvq_u32(vreinterpretq_u32_u64(some)) != 0
        }
    }

    #[inline(always)]
    fn pick<const WHERE: u8>(self, a: V, b: V) -> V {
        let two = |a, b, chosen: u8| unsafe {
            match chosen {
                0b00 => a,
                0b01 => vsetq_lane_u64(vgetq_lane_u64(b, 0), a, 0),
                0b10 => vsetq_lane_u64(vgetq_lane_u64(b, 1), a, 1),
                _ => b,
            }
        };
        [
            two(a[0], b[0], WHERE & 3),
            two(a[1], b[1], WHERE >> 2 & 3),
            two(a[2], b[2], WHERE >> 4 & 3),
            two(a[3], b[3], WHERE >> 6),
        ]
    }

    #[inline(always)]
    fn up(self, v: V, first: V) -> V {
        unsafe {
            [
                vextq_u64(first[3], v[0], 1),
                vextq_u64(v[0], v[1], 1),
                vextq_u64(v[1], v[2], 1),
                vextq_u64(v[2], v[3], 1),
            ]
        }
    }

    #[inline(always)]
    fn top(self, v: V) -> u8 {
        unsafe { vgetq_lane_u8(vreinterpretq_u8_u64(v[3]), 15) }
    }

    #[inline(always)]
    fn with_top(self, byte: u8) -> V {
        [unsafe { vreinterpretq_u64_u8(vdupq_n_u8(byte)) }; 4]
    }

    #[inline(always)]
    fn carry(self, v: V) -> V {
        map2(v, v, |v, _| unsafe { vshrq_n_u64(v, 63) })
    }

    #[inline(always)]
    fn shift_in(self, v: V, below: V) -> V {
        map2(v, below, |v, below| unsafe {
            // Shifted left, and the lowest bit inserted from the highest of the other.
            vsriq_n_u64(vshlq_n_u64(v, 1), below, 63)
        })
    }

    fn matches(self, _: V, _: u8) -> u64 {
        unreachable!("a table is quicker")
    }
}
