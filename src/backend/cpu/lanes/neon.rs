//! Advanced SIMD of 64-bit Arm: four lanes, thirty-two registers; part of every such processor.

#![allow(unused_unsafe, reason = "part of the base set of most such targets, where the intrinsics need no `unsafe`")]

use super::{GROUP, Kernel, Lanes, slide::Slide};
use std::arch::aarch64::*;

/// Proof that the processor has Advanced SIMD.
#[derive(Clone, Copy, Debug)]
pub struct Neon(());

impl Neon {
    /// The token, if the processor has the instructions.
    pub fn detect() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(()))
    }
}

impl Slide for Neon {}

// SAFETY of every block below: `self` exists only if `detect` saw Advanced SIMD; loads and stores stay within a slice
// whose length was just checked.
impl Lanes for Neon {
    const WIDTH: usize = 4;
    const REGISTERS: usize = 32;
    type F = float32x4_t;
    const PIXELS: usize = 2;
    type Acc = [uint32x4_t; 8];
    type Acc16 = [uint32x4_t; 8];
    type Weights = [uint8x16_t; 8];
    type Bytes = uint8x16_t;

    #[inline(always)]
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out {
        #[target_feature(enable = "neon")]
        fn inner<K: Kernel>(token: Neon, kernel: K) -> K::Out {
            kernel.run(token)
        }
        unsafe { inner(self, kernel) }
    }

    #[inline(always)]
    fn splat(self, v: f32) -> Self::F {
        unsafe { vdupq_n_f32(v) }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::F {
        let from = &from[..4];
        unsafe { vld1q_f32(from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::F, to: &mut [f32]) {
        let to = &mut to[..4];
        unsafe { vst1q_f32(to.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vaddq_f32(a, b) }
    }
    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vsubq_f32(a, b) }
    }
    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vmulq_f32(a, b) }
    }
    #[inline(always)]
    fn div(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vdivq_f32(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        unsafe { vfmaq_f32(c, a, b) }
    }
    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vmaxq_f32(a, b) }
    }
    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vminq_f32(a, b) }
    }
    #[inline(always)]
    fn abs(self, a: Self::F) -> Self::F {
        unsafe { vabsq_f32(a) }
    }
    #[inline(always)]
    fn copysign(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { vbslq_f32(vdupq_n_u32(0x8000_0000), b, a) }
    }
    #[inline(always)]
    fn select_gt(self, a: Self::F, b: Self::F, x: Self::F, y: Self::F) -> Self::F {
        unsafe { vbslq_f32(vcgtq_f32(a, b), x, y) }
    }
    #[inline(always)]
    fn round(self, a: Self::F) -> Self::F {
        unsafe { vrndnq_f32(a) }
    }
    #[inline(always)]
    fn split_exponent(self, a: Self::F) -> (Self::F, Self::F) {
        unsafe {
            let bits = vreinterpretq_u32_f32(a);
            let mantissa = vorrq_u32(vandq_u32(bits, vdupq_n_u32(0x007f_ffff)), vdupq_n_u32(0x3f80_0000));
            let e = vsubq_s32(vreinterpretq_s32_u32(vshrq_n_u32::<23>(bits)), vdupq_n_s32(127));
            (vreinterpretq_f32_u32(mantissa), vcvtq_f32_s32(e))
        }
    }
    #[inline(always)]
    fn exp2_whole(self, e: Self::F) -> Self::F {
        unsafe {
            let e = vaddq_s32(vcvtq_s32_f32(e), vdupq_n_s32(127));
            vreinterpretq_f32_s32(vshlq_n_s32::<23>(e))
        }
    }

    #[inline(always)]
    fn zero_acc(self) -> Self::Acc {
        unsafe { [vdupq_n_u32(0); 8] }
    }
    #[inline(always)]
    fn zero_acc16(self) -> Self::Acc16 {
        self.zero_acc()
    }
    #[inline(always)]
    fn weights(self, from: &[u8; 8 * GROUP]) -> Self::Weights {
        let mut weights = [unsafe { vdupq_n_u8(0) }; 8];
        for (w, from) in weights.iter_mut().zip(from.as_chunks::<16>().0) {
            *w = unsafe { vld1q_u8(from.as_ptr()) };
        }
        weights
    }
    #[inline(always)]
    fn bytes(self, from: [u8; 8]) -> Self::Bytes {
        unsafe { vreinterpretq_u8_u64(vdupq_n_u64(u64::from_le_bytes(from))) }
    }
    #[inline(always)]
    fn add_distances(self, mut sums: Self::Acc16, x: Self::Bytes, w: Self::Weights) -> Self::Acc16 {
        // Two outputs per vector, two lanes of 32 bits each; differences are added in pairs to 16 and then to 32 bits.
        for (sum, w) in sums.iter_mut().zip(w) {
            *sum = unsafe { vpadalq_u16(*sum, vpaddlq_u8(vabdq_u8(x, w))) };
        }
        sums
    }
    #[inline(always)]
    fn widen(self, mut sums: Self::Acc, short: Self::Acc16) -> Self::Acc {
        for (sum, short) in sums.iter_mut().zip(short) {
            *sum = unsafe { vaddq_u32(*sum, short) };
        }
        sums
    }
    #[inline(always)]
    fn store_sums(self, sums: Self::Acc, to: &mut [f32; GROUP]) {
        for ([a, b], to) in sums.as_chunks::<2>().0.iter().zip(to.as_chunks_mut::<4>().0) {
            unsafe { vst1q_f32(to.as_mut_ptr(), vcvtq_f32_u32(vpaddq_u32(*a, *b))) };
        }
    }
    #[inline(always)]
    fn store_bytes(self, v: Self::F, to: &mut [u8]) {
        unsafe {
            let words = vqmovn_u32(vcvtnq_u32_f32(v));
            let bytes = vqmovn_u16(vcombine_u16(words, words));
            to[..4].copy_from_slice(&vget_lane_u32::<0>(vreinterpret_u32_u8(bytes)).to_le_bytes());
        }
    }
}
