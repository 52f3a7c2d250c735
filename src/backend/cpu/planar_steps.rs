//! A chain of pointwise steps over some channels of a block of columns. A few vectors at a time go through all steps in registers.
//! Every step computes what its twin in [`steps`](super::steps) computes, bit for bit.

use super::{
    lanes::{Kernel, Lanes, approx_power, slide::SPAN},
    planes::PITCH,
    pointwise::{power_of, signed},
    sad_conv::store_codes,
    steps::FusedOp,
};
use crate::nn::QuantParams;
use std::ops::Range;

/// Takes some channels of a block through all steps.
pub(super) struct PlanarChain<'a> {
    pub(super) steps: &'a [FusedOp<'a>],
    /// `[channel][SPAN]`, all channels, as every `other`.
    pub(super) block: &'a mut [f32],
    pub(super) channels: Range<usize>,
    /// Where a block's codes go, all channels.
    pub(super) encoding: Option<(QuantParams, &'a mut [u8])>,
}

/// Vectors at a time: enough that none waits for another, few enough for the registers of AVX-512.
const VECTORS: usize = 8;

impl Kernel for PlanarChain<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let (mut at, end) = (self.channels.start * SPAN, self.channels.end * SPAN);
        while at + VECTORS * L::WIDTH <= end {
            self.vectors::<L, VECTORS>(l, at);
            at += VECTORS * L::WIDTH;
        }
        while at < end {
            self.vectors::<L, 1>(l, at);
            at += L::WIDTH;
        }
    }
}

/// Replaces every vector. A macro and not a function with a closure, for the reason that [`pointwise`](super::pointwise) gives.
macro_rules! each {
    ($values:ident, |$v:ident, $i:ident| $body:expr) => {
        for ($i, $v) in $values.iter_mut().enumerate() {
            *$v = $body;
        }
    };
}

impl PlanarChain<'_> {
    /// Takes `V` vectors from value `at` on through all steps.
    #[inline(always)]
    fn vectors<L: Lanes, const V: usize>(&mut self, l: L, at: usize) {
        // Values and channels that these vectors hold.
        let (values, first, channels) = (at..at + V * L::WIDTH, at / SPAN, (V * L::WIDTH).div_ceil(SPAN));
        let channels = first..first + channels;
        let block = &mut self.block[values.clone()];
        let mut vectors = [l.splat(0.0); V];
        each!(vectors, |v, i| l.load(&block[i * L::WIDTH..]));
        for step in self.steps {
            match *step {
                FusedOp::Decode { scale, offsets } => {
                    let offsets = &offsets[channels.clone()];
                    each!(vectors, |v, i| l.add(l.mul(*v, l.splat(scale)), l.splat(offsets[i * L::WIDTH / SPAN])))
                }
                FusedOp::Affine { scale, offset } => {
                    let (scale, offset) = (&scale[channels.clone()], &offset[channels.clone()]);
                    each!(vectors, |v, i| {
                        let c = i * L::WIDTH / SPAN;
                        l.mul_add(*v, l.splat(scale[c]), l.splat(offset[c]))
                    })
                }
                FusedOp::AddScaled { b, other } => {
                    let other = &other[values.clone()];
                    each!(vectors, |v, i| l.mul_add(l.load(&other[i * L::WIDTH..]), l.splat(b), *v))
                }
                FusedOp::ScaleAdd { a, other } => {
                    let other = &other[values.clone()];
                    each!(vectors, |v, i| l.mul_add(*v, l.splat(a), l.load(&other[i * L::WIDTH..])))
                }
                FusedOp::Shift(by) => each!(vectors, |v, _i| l.add(*v, l.splat(by))),
                FusedOp::Relu => each!(vectors, |v, _i| l.max(*v, l.splat(0.0))),
                FusedOp::Power(alpha) => {
                    let alpha = &alpha[channels.clone()];
                    each!(vectors, |v, i| power_of(l, *v, l.splat(alpha[i * L::WIDTH / SPAN])))
                }
                FusedOp::ApproxPower(alpha) => {
                    power(l, &alpha[channels.clone()], &mut vectors);
                }
            }
        }
        for (v, to) in vectors.iter().zip(block.chunks_exact_mut(L::WIDTH)) {
            l.store(*v, to);
        }
        if let Some((codes, to)) = &mut self.encoding {
            for (i, v) in vectors.into_iter().enumerate() {
                let (c, x) = ((at + i * L::WIDTH) / SPAN, (at + i * L::WIDTH) % SPAN);
                store_codes(l, *codes, v, &mut to[c * PITCH + 1 + x..], L::WIDTH);
            }
        }
    }
}

/// `sign(v)·|v|^alpha`, one exponent per channel, see [`approx_power`]: four vectors at a time, more would leave the registers.
#[inline(always)]
fn power<L: Lanes, const V: usize>(l: L, alpha: &[f32], vectors: &mut [L::F; V]) {
    let mut i = 0;
    while i + 4 <= V {
        some::<L, 4>(l, alpha, &mut vectors[i..], i);
        i += 4;
    }
    while i < V {
        some::<L, 1>(l, alpha, &mut vectors[i..], i);
        i += 1;
    }
}

#[inline(always)]
fn some<L: Lanes, const N: usize>(l: L, alpha: &[f32], vectors: &mut [L::F], first: usize) {
    let (mut size, mut alphas) = ([l.splat(0.0); N], [l.splat(0.0); N]);
    for i in 0..N {
        size[i] = l.abs(vectors[i]);
        alphas[i] = l.splat(alpha[(first + i) * L::WIDTH / SPAN]);
    }
    let size = approx_power(l, size, alphas);
    for i in 0..N {
        vectors[i] = signed(l, size[i], vectors[i]);
    }
}
