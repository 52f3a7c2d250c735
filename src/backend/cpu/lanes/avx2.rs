//! AVX2 with FMA: eight lanes, sixteen registers.
//!
//! Sums of byte differences come in two ways, which give the same numbers. `vpsadbw` leaves four sums of eleven bits in
//! 64-bit lanes. **Plain**: each result is added to its sum, so there are as many additions as differences. **Packed**: four results
//! are first packed into the sixteen 16-bit lanes of one vector, which takes three packs and *one* addition. On AMD's
//! Zen, differences issue on pipes 0 and 3, packs on 1 and 2, additions on any of the four: packed, three of four
//! helpers can no longer take a pipe that a difference needs (see `sad_conv` for what that gains), and a sum takes a quarter of the
//! registers. On Intel's processors packs and differences share one port, and plain is the better way.

use super::{GROUP, Kernel, Lanes, slide::Slide};
use std::arch::x86_64::*;

/// Proof that the processor has AVX2 and FMA. `PACKED`: how byte differences are summed, see above.
#[derive(Clone, Copy, Debug)]
pub struct Avx2<const PACKED: bool>(());

/// Whether packed sums are the faster ones: on AMD's processors and their offspring.
pub fn packs_well() -> bool {
    let vendor = __cpuid(0);
    [b"AuthenticAMD", b"HygonGenuine"]
        .iter()
        .any(|name| [vendor.ebx, vendor.edx, vendor.ecx].iter().flat_map(|r| r.to_le_bytes()).eq(name.iter().copied()))
}

impl<const PACKED: bool> Avx2<PACKED> {
    /// The token, if the processor has the instructions.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

impl<const PACKED: bool> Slide for Avx2<PACKED> {}

// SAFETY of every block below: `self` exists only if `detect` saw AVX2 and FMA; loads and stores are unaligned and stay
// within a slice whose length was just checked.
impl<const PACKED: bool> Lanes for Avx2<PACKED> {
    const WIDTH: usize = 8;
    const REGISTERS: usize = 16;
    type F = __m256;
    const PIXELS: usize = if PACKED { 8 } else { 2 };
    const ORDER: [usize; GROUP] = if PACKED {
        // Packing brings lane 0 and 1 of each result into one 32-bit lane: outputs 0 to 7 below, 8 to 15 above.
        [0, 8, 4, 12, 1, 9, 5, 13, 2, 10, 6, 14, 3, 11, 7, 15]
    } else {
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    };
    /// Eight in each vector.
    type Acc = [__m256i; 2];
    /// Four in each vector; packed: the first holds all, the others nothing.
    type Acc16 = [__m256i; 4];
    type Weights = [__m256i; 4];
    type Bytes = __m256i;

    #[inline(always)]
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out {
        // Kept apart: within a larger function the sums of `sad_conv` do not stay in registers.
        #[inline(never)]
        #[target_feature(enable = "avx2,fma")]
        fn inner<const PACKED: bool, K: Kernel>(token: Avx2<PACKED>, kernel: K) -> K::Out {
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
    fn add_via_fma(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
        unsafe { _mm256_fmadd_ps(a, one, b) }
    }
    #[inline(always)]
    fn sub_via_fma(self, a: Self::F, b: Self::F, one: Self::F) -> Self::F {
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
    fn zero_acc(self) -> Self::Acc {
        unsafe { [_mm256_setzero_si256(); 2] }
    }
    #[inline(always)]
    fn zero_acc16(self) -> Self::Acc16 {
        unsafe { [_mm256_setzero_si256(); 4] }
    }
    #[inline(always)]
    fn weights(self, from: &[u8; 8 * GROUP]) -> Self::Weights {
        let mut weights = self.zero_acc16();
        for (w, from) in weights.iter_mut().zip(from.as_chunks::<32>().0) {
            *w = unsafe { _mm256_loadu_si256(from.as_ptr().cast()) };
        }
        weights
    }
    #[inline(always)]
    fn bytes(self, from: [u8; 8]) -> Self::Bytes {
        unsafe { _mm256_set1_epi64x(i64::from_le_bytes(from)) }
    }
    #[inline(always)]
    fn add_distances(self, mut sums: Self::Acc16, x: Self::Bytes, w: Self::Weights) -> Self::Acc16 {
        unsafe {
            let [a, b, c, d] = [
                _mm256_sad_epu8(x, w[0]),
                _mm256_sad_epu8(x, w[1]),
                _mm256_sad_epu8(x, w[2]),
                _mm256_sad_epu8(x, w[3]),
            ];
            if PACKED {
                let all = _mm256_packus_epi32(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
                sums[0] = _mm256_add_epi16(sums[0], all);
                return sums;
            }
            [
                _mm256_add_epi32(sums[0], a),
                _mm256_add_epi32(sums[1], b),
                _mm256_add_epi32(sums[2], c),
                _mm256_add_epi32(sums[3], d),
            ]
        }
    }
    #[inline(always)]
    fn widen(self, sums: Self::Acc, [a, b, c, d]: Self::Acc16) -> Self::Acc {
        unsafe {
            let [v, w] = if PACKED {
                [_mm256_and_si256(a, _mm256_set1_epi32(0xffff)), _mm256_srli_epi32::<16>(a)]
            } else {
                [in_order(a, b), in_order(c, d)]
            };
            [_mm256_add_epi32(sums[0], v), _mm256_add_epi32(sums[1], w)]
        }
    }
    #[inline(always)]
    fn store_sums(self, sums: Self::Acc, to: &mut [f32; GROUP]) {
        for (to, eight) in to.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), _mm256_cvtepi32_ps(eight)) };
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

/// The low halves of the 64-bit lanes of `a` and `b`, in order.
#[inline(always)]
fn in_order(a: __m256i, b: __m256i) -> __m256i {
    // SAFETY: called with vectors that only a token's holder can have made.
    unsafe {
        // Outputs 0 1 4 5 | 2 3 6 7.
        let low = _mm256_shuffle_ps::<0b10_00_10_00>(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
        _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_castps_si256(low))
    }
}
