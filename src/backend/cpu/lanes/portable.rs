//! Eight lanes in plain Rust: what every processor has. The compiler turns the loops into whatever its base set offers.

use super::{GROUP, Kernel, Lanes, slide::Slide};

/// The token that needs no detection.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

const N: usize = 8;

#[inline(always)]
fn map2(a: [f32; N], b: [f32; N], f: impl Fn(f32, f32) -> f32) -> [f32; N] {
    std::array::from_fn(|i| f(a[i], b[i]))
}

impl Slide for Portable {}

impl Lanes for Portable {
    const WIDTH: usize = N;
    const REGISTERS: usize = 16;
    type F = [f32; N];
    const PIXELS: usize = 2;
    type Acc = [u32; GROUP];
    type Acc16 = [u32; GROUP];
    type Weights = [u8; 8 * GROUP];
    type Bytes = [u8; 8];

    #[inline(always)]
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out {
        kernel.run(self)
    }

    #[inline(always)]
    fn splat(self, v: f32) -> Self::F {
        [v; N]
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::F {
        std::array::from_fn(|i| from[..N][i])
    }
    #[inline(always)]
    fn store(self, v: Self::F, to: &mut [f32]) {
        to[..N].copy_from_slice(&v);
    }
    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| x + y)
    }
    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| x - y)
    }
    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| x * y)
    }
    #[inline(always)]
    fn div(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| x / y)
    }
    #[inline(always)]
    fn mul_add(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        // Not `f32::mul_add`: without the hardware that is a slow library call.
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }
    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| if x > y { x } else { y })
    }
    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, |x, y| if x < y { x } else { y })
    }
    #[inline(always)]
    fn abs(self, a: Self::F) -> Self::F {
        a.map(f32::abs)
    }
    #[inline(always)]
    fn copysign(self, a: Self::F, b: Self::F) -> Self::F {
        map2(a, b, f32::copysign)
    }
    #[inline(always)]
    fn select_gt(self, a: Self::F, b: Self::F, x: Self::F, y: Self::F) -> Self::F {
        std::array::from_fn(|i| if a[i] > b[i] { x[i] } else { y[i] })
    }
    #[inline(always)]
    fn round(self, a: Self::F) -> Self::F {
        // Adding 1.5·2²³ leaves no bits for a fraction: ties to even without a library call. Exact for |a| < 2²².
        const BIG: f32 = 12_582_912.0;
        a.map(|x| (x + BIG) - BIG)
    }
    #[inline(always)]
    fn split_exponent(self, a: Self::F) -> (Self::F, Self::F) {
        let bits = a.map(f32::to_bits);
        (bits.map(|b| f32::from_bits((b & 0x007f_ffff) | 0x3f80_0000)), bits.map(|b| ((b >> 23) as i32 - 127) as f32))
    }
    #[inline(always)]
    fn exp2_whole(self, e: Self::F) -> Self::F {
        e.map(|e| f32::from_bits(((e as i32 + 127) << 23) as u32))
    }

    #[inline(always)]
    fn zero_acc(self) -> Self::Acc {
        [0; GROUP]
    }
    #[inline(always)]
    fn zero_acc16(self) -> Self::Acc16 {
        [0; GROUP]
    }
    #[inline(always)]
    fn weights(self, from: &[u8; 8 * GROUP]) -> Self::Weights {
        *from
    }
    #[inline(always)]
    fn bytes(self, from: [u8; 8]) -> Self::Bytes {
        from
    }
    #[inline(always)]
    fn add_distances(self, mut sums: Self::Acc16, x: Self::Bytes, w: Self::Weights) -> Self::Acc16 {
        for (sum, w) in sums.iter_mut().zip(w.as_chunks::<8>().0) {
            // Eight differences fit 16 bits: the shape of the instruction, where the base set has it.
            *sum += u32::from(x.iter().zip(w).map(|(x, w)| u16::from(x.abs_diff(*w))).sum::<u16>());
        }
        sums
    }
    #[inline(always)]
    fn widen(self, sums: Self::Acc, short: Self::Acc16) -> Self::Acc {
        std::array::from_fn(|i| sums[i] + short[i])
    }
    #[inline(always)]
    fn store_sums(self, sums: Self::Acc, to: &mut [f32; GROUP]) {
        *to = sums.map(|s| s as f32);
    }
    #[inline(always)]
    fn store_bytes(self, v: Self::F, to: &mut [u8]) {
        to[..N].copy_from_slice(&v.map(|v| v.round_ties_even() as u8));
    }
}
