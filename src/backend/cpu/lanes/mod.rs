//! Vectors of `f32` and sums of byte differences, one file per instruction set.
//!
//! A [`Lanes`] value is a zero-sized token that only detection can create, so holding one proves that the processor has
//! the instructions: kernels are generic over it and contain no `unsafe`. A kernel is written once, as a [`Kernel`] whose
//! `run` is `#[inline(always)]`; each token's `vectorize` calls it from a function compiled for its instruction set.
//! All sets compute the same operations in the same order, so adder layers give the same bits on each of them (only
//! `mul_add` rounds once where the hardware fuses, which concerns convolutions).

#![allow(unsafe_code, reason = "the one place where instructions meet Rust; see the safety comments of each token")]

pub mod slide;
use slide::Slide;

mod portable;
pub use portable::Portable;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod slide512;
#[cfg(target_arch = "x86_64")]
pub use {
    avx2::{Avx2, packs_well},
    avx512::Avx512,
};

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "aarch64")]
pub use neon::Neon;

/// Outputs whose byte differences are summed together.
pub const GROUP: usize = 16;

/// Steps of eight bytes that a [`Lanes::Acc16`] holds: 32 · 8 · 255 is below 2¹⁶.
pub const ACC16_STEPS: usize = 32;

/// Where the steps of a window begin, counted from its first byte.
#[derive(Clone, Debug, Default)]
pub struct Offsets {
    steps: Vec<u32>,
    /// Where the farthest of them ends.
    reach: usize,
}

impl Offsets {
    /// Takes others, reusing the memory.
    pub fn set(&mut self, steps: impl Iterator<Item = u32>) {
        self.steps.clear();
        self.steps.extend(steps);
        self.reach = self.steps.iter().max().map_or(0, |&last| last as usize + 8);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// One instruction set's vector of `f32`.
pub trait Lanes: Slide + Send + Sync + 'static {
    /// Values per vector.
    const WIDTH: usize;
    /// Vector registers, which decides how large a block of outputs stays in them.
    const REGISTERS: usize;
    /// The vector.
    type F: Copy;
    /// Neighbouring pixels whose sums of byte differences stay in registers together.
    const PIXELS: usize;
    /// Which output each eight bytes of [`Self::Weights`] belong to.
    const ORDER: [usize; GROUP] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    /// Sums of byte differences of a group of outputs.
    type Acc: Copy;
    /// The same over at most [`ACC16_STEPS`] steps.
    type Acc16: Copy;
    /// Eight bytes for each output of a group.
    type Weights: Copy;
    /// The same eight bytes for all outputs.
    type Bytes: Copy;

    /// Runs a kernel compiled for this instruction set.
    fn vectorize<K: Kernel>(self, kernel: K) -> K::Out;

    /// All lanes the same.
    fn splat(self, v: f32) -> Self::F;
    /// The first `WIDTH` values.
    fn load(self, from: &[f32]) -> Self::F;
    /// Writes the first `WIDTH` values.
    fn store(self, v: Self::F, to: &mut [f32]);
    /// `a + b`
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a − b`
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a · b`
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a / b`
    fn div(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a · b + c`, rounded once where the hardware fuses.
    fn mul_add(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// The larger one.
    fn max(self, a: Self::F, b: Self::F) -> Self::F;
    /// The smaller one.
    fn min(self, a: Self::F, b: Self::F) -> Self::F;
    /// `|a|`
    fn abs(self, a: Self::F) -> Self::F;
    /// `|a|` with the sign of `b`.
    fn copysign(self, a: Self::F, b: Self::F) -> Self::F;
    /// Where `a > b`, `x`, elsewhere `y`.
    fn select_gt(self, a: Self::F, b: Self::F, x: Self::F, y: Self::F) -> Self::F;
    /// The nearest whole number, ties to even.
    fn round(self, a: Self::F) -> Self::F;
    /// Splits positive normal numbers: `a = m · 2^e` with `1 ≤ m < 2`; returns `(m, e)`. Others give anything.
    fn split_exponent(self, a: Self::F) -> (Self::F, Self::F);
    /// `2^e` for whole `−127 ≤ e ≤ 127`, where −127 gives 0.
    fn exp2_whole(self, e: Self::F) -> Self::F;
    /// `a · 2^e` for whole `−125 ≤ e ≤ 127` and `½ ≤ a < 2`.
    #[inline(always)]
    fn times_exp2(self, a: Self::F, e: Self::F) -> Self::F {
        self.mul(a, self.exp2_whole(e))
    }

    /// Sums of nothing.
    fn zero_acc(self) -> Self::Acc;
    /// Sums of no steps.
    fn zero_acc16(self) -> Self::Acc16;
    /// Weights of a group, eight bytes each, in [`ORDER`](Self::ORDER).
    fn weights(self, from: &[u8; 8 * GROUP]) -> Self::Weights;
    /// Input bytes that all outputs share.
    fn bytes(self, from: [u8; 8]) -> Self::Bytes;
    /// `sums[o] + Σ|x − w[o]|` over eight bytes.
    fn add_distances(self, sums: Self::Acc16, x: Self::Bytes, w: Self::Weights) -> Self::Acc16;
    /// `sums + short`
    fn widen(self, sums: Self::Acc, short: Self::Acc16) -> Self::Acc;
    /// The sums as floats in order of outputs, exact below 2²⁴.
    fn store_sums(self, sums: Self::Acc, to: &mut [f32; GROUP]);
    /// Numbers from 0 to 255 as the first `WIDTH` bytes: the nearest whole ones, ties to even.
    fn store_bytes(self, v: Self::F, to: &mut [u8]);

    /// Sums of `P` neighbouring windows over the steps from `first` on, at most [`ACC16_STEPS`]: step `i` of window `p`
    /// reads the eight bytes of `from` that begin at `offsets[i] + p·pitch`.
    ///
    /// # Panics
    /// If `from` ends before any of the offsets, or there are fewer offsets than weights.
    #[inline(always)]
    fn add_steps<const P: usize>(
        self,
        weights: &[[u8; 8 * GROUP]],
        from: &[u8],
        offsets: &Offsets,
        first: usize,
        pitch: usize,
    ) -> [Self::Acc16; P] {
        assert!(from.len() >= offsets.reach + (P - 1) * pitch, "windows end within the input");
        let mut sums = [self.zero_acc16(); P];
        for (weights, &offset) in weights.iter().zip(&offsets.steps[first..first + weights.len()]) {
            let w = self.weights(weights);
            for (p, sum) in sums.iter_mut().enumerate() {
                // SAFETY: `offset + 8` is at most `reach` and `p` at most `P − 1`, so the eight bytes lie in `from`, whose length was
                // just seen. A check for each would cost as much as the difference itself.
                let x = unsafe { from.as_ptr().add(offset as usize + p * pitch).cast::<[u8; 8]>().read() };
                *sum = self.add_distances(*sum, self.bytes(x), w);
            }
        }
        sums
    }

    /// `a + b`, where `one` holds ones that the compiler does not know to be ones. Processors that add and compare in the
    /// same pipes may use a fused multiply-add by one instead: the same bits, from pipes that would be idle.
    #[inline(always)]
    fn add_via_fma(self, a: Self::F, b: Self::F, _one: Self::F) -> Self::F {
        self.add(a, b)
    }

    /// `a − b`, in the same way.
    #[inline(always)]
    fn sub_via_fma(self, a: Self::F, b: Self::F, _one: Self::F) -> Self::F {
        self.sub(a, b)
    }

    /// The ones of [`add_via_fma`](Self::add_via_fma).
    #[inline(always)]
    fn opaque_one(self) -> Self::F {
        self.splat(std::hint::black_box(1.0))
    }

    /// Asks for values that will be read soon.
    #[inline(always)]
    fn prefetch<T>(self, from: &[T]) {
        #[cfg(target_arch = "x86_64")]
        for line in from.chunks(64 / size_of::<T>()) {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: every x86-64 processor has it, and it reads nothing.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
        }
        let _ = from;
    }

    /// The first `n` values, zeros behind them.
    #[inline(always)]
    fn load_partial(self, from: &[f32], n: usize) -> Self::F {
        if n >= Self::WIDTH {
            return self.load(from);
        }
        let mut all = [0.0; 16];
        all[..n].copy_from_slice(&from[..n]);
        self.load(&all)
    }

    /// Writes the first `n` values only.
    #[inline(always)]
    fn store_partial(self, v: Self::F, to: &mut [f32], n: usize) {
        if n >= Self::WIDTH {
            return self.store(v, to);
        }
        let mut all = [0.0; 16];
        self.store(v, &mut all);
        to[..n].copy_from_slice(&all[..n]);
    }

    /// Writes the first `n` bytes only.
    #[inline(always)]
    fn store_bytes_partial(self, v: Self::F, to: &mut [u8], n: usize) {
        if n >= Self::WIDTH {
            return self.store_bytes(v, to);
        }
        let mut all = [0; 16];
        self.store_bytes(v, &mut all);
        to[..n].copy_from_slice(&all[..n]);
    }

    /// `clip(a, −1, 1)`, AdderNet's HardTanh.
    #[inline(always)]
    fn clip_unit(self, a: Self::F) -> Self::F {
        self.max(self.min(a, self.splat(1.0)), self.splat(-1.0))
    }
}

/// A piece of work over vectors. `run` must be `#[inline(always)]`, with everything it calls, to be compiled for the
/// instruction set it runs on.
pub trait Kernel {
    /// Result.
    type Out;
    /// Does the work.
    fn run<L: Lanes>(self, lanes: L) -> Self::Out;
}

/// `log2(a)` for positive normal `a`, relative error below 2e-7 away from 1, absolute below 1e-7 around it.
///
/// `a = m·2^e` with `√½ ≤ m < √2`, then the series of `2·artanh((m−1)/(m+1))`, whose sixth term is below 2e-9.
#[inline(always)]
pub fn log2<L: Lanes>(l: L, a: L::F) -> L::F {
    let (m, e) = l.split_exponent(a);
    let root = l.splat(std::f32::consts::SQRT_2);
    let e = l.select_gt(m, root, l.add(e, l.splat(1.0)), e);
    let m = l.select_gt(m, root, l.mul(m, l.splat(0.5)), m);
    let t = l.div(l.sub(m, l.splat(1.0)), l.add(m, l.splat(1.0)));
    let t2 = l.mul(t, t);
    let c = |k: f32| l.splat(2.0 * std::f32::consts::LOG2_E / k);
    let mut s = c(9.0);
    for k in [7.0, 5.0, 3.0, 1.0] {
        s = l.mul_add(s, t2, c(k));
    }
    l.mul_add(s, t, e)
}

/// `a^alpha` for positive normal `a`, relative error below 1e-4 for `alpha` up to 2: for values that become 8-bit codes.
///
/// `log2` by a polynomial of degree 5 in the mantissa (minimax of `log2(m)/(m−1)` on 1 ≤ m < 2), without a division, and
/// `2^f` by one of degree 4.
///
/// Several vectors take each step together: they share the loads of its constants, which are half the work for one.
#[inline(always)]
pub fn approx_power<L: Lanes, const V: usize>(l: L, a: [L::F; V], alpha: [L::F; V]) -> [L::F; V] {
    let (mut m, mut e, mut s) = (a, a, [l.splat(-0.034_436_006); V]);
    for i in 0..V {
        (m[i], e[i]) = l.split_exponent(a[i]);
    }
    for c in [0.318_213_37, -1.231_530_3, 2.598_845_2, -3.324_199, 3.115_79] {
        for i in 0..V {
            s[i] = l.mul_add(s[i], m[i], l.splat(c));
        }
    }
    for i in 0..V {
        let a = l.mul(l.mul_add(s[i], l.sub(m[i], l.splat(1.0)), e[i]), alpha[i]);
        // Not below: subnormal results take Intel's processors a hundred cycles each.
        m[i] = l.min(l.max(a, l.splat(-125.0)), l.splat(127.0));
    }
    // From here on `e` is the whole part of the logarithm and `m` the rest.
    for i in 0..V {
        e[i] = l.round(m[i]);
        m[i] = l.sub(m[i], e[i]);
        s[i] = l.splat(0.009_618_13);
    }
    for c in [0.055_504_11, 0.240_226_5, std::f32::consts::LN_2, 1.0] {
        for i in 0..V {
            s[i] = l.mul_add(s[i], m[i], l.splat(c));
        }
    }
    for i in 0..V {
        s[i] = l.times_exp2(s[i], e[i]);
    }
    s
}

/// `2^a`, relative error below 2e-7; 0 below −126.5, clamped above 127.
///
/// `a = n + f` with whole `n` and `|f| ≤ ½`, then the Taylor series of `e^(f ln 2)` to the seventh power.
#[inline(always)]
pub fn exp2<L: Lanes>(l: L, a: L::F) -> L::F {
    let a = l.min(l.max(a, l.splat(-127.0)), l.splat(127.0));
    let n = l.round(a);
    let f = l.sub(a, n);
    const LN2: f64 = std::f64::consts::LN_2;
    let mut s = l.splat((LN2.powi(7) / 5040.0) as f32);
    for (power, factorial) in [(6, 720.0), (5, 120.0), (4, 24.0), (3, 6.0), (2, 2.0), (1, 1.0)] {
        s = l.mul_add(s, f, l.splat((LN2.powi(power) / factorial) as f32));
    }
    l.mul(l.mul_add(s, f, l.splat(1.0)), l.exp2_whole(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::isa::Isa;

    /// Largest relative error over every instruction set, many magnitudes and exponents.
    struct Worst;
    impl Kernel for Worst {
        type Out = f64;
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> f64 {
            let mut worst = 0.0_f64;
            for i in 0..40_000 {
                let a = ((i as f32 * 0.618_034).fract() * 30.0 - 20.0).exp2();
                let alpha = 0.5 + i as f32 / 40_000.0;
                let mut y = [0.0; 16];
                let [power] = approx_power(l, [l.splat(a)], [l.splat(alpha)]);
                l.store(power, &mut y);
                worst = worst.max((f64::from(y[0]) / f64::from(a).powf(f64::from(alpha)) - 1.0).abs());
            }
            worst
        }
    }

    #[test]
    fn the_approximate_power_is_as_exact_as_it_says() {
        for isa in Isa::available() {
            let worst = isa.run(Worst);
            assert!(worst < 1e-4, "{}: {worst}", isa.name());
        }
    }
}
