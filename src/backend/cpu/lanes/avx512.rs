//! AVX-512 (F, DQ and BW): sixteen lanes, thirty-two registers.

use super::{GROUP, Kernel, Lanes, packs_well};
use std::arch::x86_64::*;

/// Proof that the processor has AVX-512 F, DQ and BW.
#[derive(Clone, Copy, Debug)]
pub struct Avx512 {
    /// Whether sums of 16 bits are best added with saturation: on Intel.
    pub(super) saturating: bool,
}

impl Avx512 {
    /// The token, if the processor has the instructions.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("fma"))
        .then(|| Self { saturating: !packs_well() })
    }
}

// SAFETY of every block below: `self` exists only if `detect` saw these sets; loads and stores are unaligned and
// stay within a slice whose length was just checked.
impl Lanes for Avx512 {
    const WIDTH: usize = 16;
    const REGISTERS: usize = 32;
    type F = __m512;
    const PIXELS: usize = 8;
    type Acc = [__m512i; 2];
    type Acc16 = [__m512i; 2];
    type Weights = [__m512i; 2];
    type Bytes = __m512i;

    #[inline(always)]
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out {
        #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx2,fma")]
        fn inner<K: Kernel>(token: Avx512, kernel: K) -> K::Out {
            kernel.run(token)
        }
        unsafe { inner(self, kernel) }
    }

    #[inline(always)]
    fn splat(self, v: f32) -> Self::F {
        unsafe { _mm512_set1_ps(v) }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::F {
        let from = &from[..16];
        unsafe { _mm512_loadu_ps(from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::F, to: &mut [f32]) {
        let to = &mut to[..16];
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_sub_ps(a, b) }
    }
    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    fn div(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_div_ps(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    fn add_via_fma(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
        unsafe { _mm512_fmadd_ps(a, one, b) }
    }
    #[inline(always)]
    fn sub_via_fma(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
        unsafe { _mm512_fnmadd_ps(b, one, a) }
    }
    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_max_ps(a, b) }
    }
    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        unsafe { _mm512_min_ps(a, b) }
    }
    #[inline(always)]
    fn abs(self, a: Self::F) -> Self::F {
        unsafe { _mm512_andnot_ps(_mm512_set1_ps(-0.0), a) }
    }
    #[inline(always)]
    fn copysign(self, a: Self::F, b: Self::F) -> Self::F {
        // By bits: the third where the mask has a one, else the first.
        const CHOOSE: i32 = 0b1011_1000;
        let [a, b] = unsafe { [_mm512_castps_si512(a), _mm512_castps_si512(b)] };
        unsafe { _mm512_castsi512_ps(_mm512_ternarylogic_epi32::<CHOOSE>(a, _mm512_set1_epi32(i32::MIN), b)) }
    }
    #[inline(always)]
    fn select_gt(self, a: Self::F, b: Self::F, x: Self::F, y: Self::F) -> Self::F {
        unsafe { _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b), y, x) }
    }
    #[inline(always)]
    fn round(self, a: Self::F) -> Self::F {
        unsafe { _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a) }
    }
    #[inline(always)]
    fn split_exponent(self, a: Self::F) -> (Self::F, Self::F) {
        unsafe { (_mm512_getmant_ps::<_MM_MANT_NORM_1_2, _MM_MANT_SIGN_ZERO>(a), _mm512_getexp_ps(a)) }
    }
    #[inline(always)]
    fn exp2_whole(self, e: Self::F) -> Self::F {
        unsafe {
            let e = _mm512_add_epi32(_mm512_cvtps_epi32(e), _mm512_set1_epi32(127));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(e))
        }
    }
    #[inline(always)]
    fn times_exp2(self, a: Self::F, e: Self::F) -> Self::F {
        unsafe { _mm512_scalef_ps(a, e) }
    }
    #[inline(always)]
    fn clip_unit(self, a: Self::F) -> Self::F {
        // One instruction: the value of smaller magnitude of `a` and 1, with the sign of `a`.
        unsafe { _mm512_range_ps::<0b0010>(a, _mm512_set1_ps(1.0)) }
    }

    #[inline(always)]
    fn zero_acc(self) -> Self::Acc {
        unsafe { [_mm512_setzero_si512(); 2] }
    }
    #[inline(always)]
    fn zero_acc16(self) -> Self::Acc16 {
        self.zero_acc()
    }
    #[inline(always)]
    fn weights(self, from: &[u8; 8 * GROUP]) -> Self::Weights {
        let half = |i: usize| from[i..i + 64].as_ptr().cast();
        unsafe { [_mm512_loadu_si512(half(0)), _mm512_loadu_si512(half(64))] }
    }
    #[inline(always)]
    fn bytes(self, from: [u8; 8]) -> Self::Bytes {
        unsafe { _mm512_set1_epi64(i64::from_le_bytes(from)) }
    }
    #[inline(always)]
    fn add_distances(self, [a, b]: Self::Acc16, x: Self::Bytes, [v, w]: Self::Weights) -> Self::Acc16 {
        unsafe { [_mm512_add_epi64(a, _mm512_sad_epu8(x, v)), _mm512_add_epi64(b, _mm512_sad_epu8(x, w))] }
    }
    #[inline(always)]
    fn widen(self, [a, b]: Self::Acc, [c, d]: Self::Acc16) -> Self::Acc {
        unsafe { [_mm512_add_epi64(a, c), _mm512_add_epi64(b, d)] }
    }
    #[inline(always)]
    fn store_sums(self, [a, b]: Self::Acc, to: &mut [f32; GROUP]) {
        unsafe {
            _mm256_storeu_ps(to.as_mut_ptr(), _mm512_cvtepi64_ps(a));
            _mm256_storeu_ps(to[8..].as_mut_ptr(), _mm512_cvtepi64_ps(b));
        }
    }
    #[inline(always)]
    fn store_bytes(self, v: Self::F, to: &mut [u8]) {
        let to = &mut to[..16];
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), _mm512_cvtusepi32_epi8(_mm512_cvtps_epu32(v))) }
    }
}
