//! AVX2 with FMA: eight lanes, sixteen registers.

use super::{Kernel, Lanes};
use std::arch::x86_64::*;

/// Proof that the processor has AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// The token, if the processor has the instructions.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

// SAFETY of every block below: `self` exists only if `detect` saw AVX2 and FMA; loads and stores are unaligned and stay
// within a slice whose length was just checked.
impl Lanes for Avx2 {
    const WIDTH: usize = 8;
    const REGISTERS: usize = 16;
    type F = __m256;
    type Sums = [__m256i; 2];
    type Weights = [__m256i; 2];
    type Bytes = __m256i;

    #[inline(always)]
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out {
        #[target_feature(enable = "avx2,fma")]
        fn inner<K: Kernel>(token: Avx2, kernel: K) -> K::Out {
            kernel.run(token)
        }
        unsafe { inner(self, kernel) }
    }

    #[inline(always)]
    fn splat(self, v: f32) -> Self::F {
        unsafe { _mm256_set1_ps(v) }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::F {
        let from = &from[..8];
        unsafe { _mm256_loadu_ps(from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::F, to: &mut [f32]) {
        let to = &mut to[..8];
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_sub_ps(a, b) }
    }
    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_mul_ps(a, b) }
    }
    #[inline(always)]
    fn div(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_div_ps(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    fn add_by(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
        unsafe { _mm256_fmadd_ps(a, one, b) }
    }
    #[inline(always)]
    fn sub_by(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
        unsafe { _mm256_fnmadd_ps(b, one, a) }
    }
    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_max_ps(a, b) }
    }
    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_min_ps(a, b) }
    }
    #[inline(always)]
    fn abs(self, a: Self::F) -> Self::F {
        unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) }
    }
    #[inline(always)]
    fn copysign(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm256_or_ps(self.abs(a), _mm256_and_ps(_mm256_set1_ps(-0.0), b)) }
    }
    #[inline(always)]
    fn select_gt(self, a: Self::F, b: Self::F, x: Self::F, y: Self::F) -> Self::F {
        unsafe { _mm256_blendv_ps(y, x, _mm256_cmp_ps::<_CMP_GT_OQ>(a, b)) }
    }
    #[inline(always)]
    fn round(self, a: Self::F) -> Self::F {
        unsafe { _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a) }
    }
    #[inline(always)]
    fn split_exponent(self, a: Self::F) -> (Self::F, Self::F) {
        unsafe {
            let bits = _mm256_castps_si256(a);
            let mantissa = _mm256_and_si256(bits, _mm256_set1_epi32(0x007f_ffff));
            let e = _mm256_sub_epi32(_mm256_srli_epi32::<23>(bits), _mm256_set1_epi32(127));
            (_mm256_castsi256_ps(_mm256_or_si256(mantissa, _mm256_set1_epi32(0x3f80_0000))), _mm256_cvtepi32_ps(e))
        }
    }
    #[inline(always)]
    fn exp2_whole(self, e: Self::F) -> Self::F {
        unsafe {
            let e = _mm256_add_epi32(_mm256_cvtps_epi32(e), _mm256_set1_epi32(127));
            _mm256_castsi256_ps(_mm256_slli_epi32::<23>(e))
        }
    }

    #[inline(always)]
    fn no_sums(self) -> Self::Sums {
        unsafe { [_mm256_setzero_si256(); 2] }
    }
    #[inline(always)]
    fn weights(self, from: &[u8; 64]) -> Self::Weights {
        let half = |i: usize| from[i..i + 32].as_ptr().cast::<__m256i>();
        unsafe { [_mm256_loadu_si256(half(0)), _mm256_loadu_si256(half(32))] }
    }
    #[inline(always)]
    fn bytes(self, from: [u8; 8]) -> Self::Bytes {
        unsafe { _mm256_set1_epi64x(i64::from_le_bytes(from)) }
    }
    #[inline(always)]
    fn add_distances(self, [a, b]: Self::Sums, x: Self::Bytes, [v, w]: Self::Weights) -> Self::Sums {
        unsafe { [_mm256_add_epi32(a, _mm256_sad_epu8(x, v)), _mm256_add_epi32(b, _mm256_sad_epu8(x, w))] }
    }
    #[inline(always)]
    fn store_sums(self, [a, b]: Self::Sums, to: &mut [f32; 8]) {
        unsafe {
            // The low halves of a's and b's quadwords: outputs 0 1 4 5 | 2 3 6 7, then in order.
            let low = _mm256_shuffle_ps::<0b10_00_10_00>(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
            let ordered = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_castps_si256(low));
            _mm256_storeu_ps(to.as_mut_ptr(), _mm256_cvtepi32_ps(ordered));
        }
    }
    #[inline(always)]
    fn store_bytes(self, v: Self::F, to: &mut [u8]) {
        let to = &mut to[..8];
        unsafe {
            let v = _mm256_cvtps_epi32(v);
            let words = _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256::<1>(v));
            _mm_storeu_si64(to.as_mut_ptr(), _mm_packus_epi16(words, words));
        }
    }
}
