//! A chain of pointwise steps over some channels of a block of columns, one step after the other: so few values stay in the first
//! cache, and every step has many vectors at hand that do not wait for each other. Every step computes what its twin in
//! [`steps`](super::steps) computes, bit for bit.

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

/// Replaces every vector of the channels: `v` of channel `c` from value `at` on. A macro and not a function with a closure, for the
/// reason that [`pointwise`](super::pointwise) gives.
macro_rules! each {
    ($l:ident, $L:ident, $block:ident, $channels:ident, |$v:ident, $c:ident, $at:ident| $body:expr) => {
        for $c in $channels {
            for x in (0..SPAN).step_by($L::WIDTH) {
                let $at = $c * SPAN + x;
                let $v = $l.load(&$block[$at..]);
                $l.store($body, &mut $block[$at..]);
            }
        }
    };
}

impl Kernel for PlanarChain<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { steps, block, channels, encoding } = self;
        for step in steps {
            let channels = channels.clone();
            match *step {
                FusedOp::Decode { scale, offsets } => {
                    each!(l, L, block, channels, |v, c, at| l.add(l.mul(v, l.splat(scale)), l.splat(offsets[c])))
                }
                FusedOp::Affine { scale, offset } => {
                    each!(l, L, block, channels, |v, c, at| l.mul_add(v, l.splat(scale[c]), l.splat(offset[c])))
                }
                FusedOp::AddScaled { b, other } => {
                    each!(l, L, block, channels, |v, c, at| l.mul_add(l.load(&other[at..]), l.splat(b), v))
                }
                FusedOp::ScaleAdd { a, other } => {
                    each!(l, L, block, channels, |v, c, at| l.mul_add(v, l.splat(a), l.load(&other[at..])))
                }
                FusedOp::Shift(by) => each!(l, L, block, channels, |v, c, at| l.add(v, l.splat(by))),
                FusedOp::Relu => each!(l, L, block, channels, |v, c, at| l.max(v, l.splat(0.0))),
                FusedOp::Power(alpha) => {
                    each!(l, L, block, channels, |v, c, at| power_of(l, v, l.splat(alpha[c])));
                }
                FusedOp::ApproxPower(alpha) => {
                    let (mut at, end) = (channels.start * SPAN, channels.end * SPAN);
                    while at + 4 * L::WIDTH <= end {
                        power::<L, 4>(l, alpha, block, at);
                        at += 4 * L::WIDTH;
                    }
                    while at < end {
                        power::<L, 1>(l, alpha, block, at);
                        at += L::WIDTH;
                    }
                }
            }
        }
        if let Some((codes, to)) = encoding {
            for c in channels {
                let (block, to) = (&block[c * SPAN..][..SPAN], &mut to[c * PITCH + 1..][..SPAN]);
                for (v, to) in block.chunks_exact(L::WIDTH).zip(to.chunks_exact_mut(L::WIDTH)) {
                    store_codes(l, codes, l.load(v), to, L::WIDTH);
                }
            }
        }
    }
}

/// `sign(v)·|v|^alpha` of a few vectors together, see [`approx_power`].
#[inline(always)]
fn power<L: Lanes, const V: usize>(l: L, alpha: &[f32], block: &mut [f32], at: usize) {
    let block = &mut block[at..][..V * L::WIDTH];
    let (mut v, mut size, mut alphas) = ([l.splat(0.0); V], [l.splat(0.0); V], [l.splat(0.0); V]);
    for i in 0..V {
        v[i] = l.load(&block[i * L::WIDTH..]);
        size[i] = l.abs(v[i]);
        alphas[i] = l.splat(alpha[(at + i * L::WIDTH) / SPAN]);
    }
    let size = approx_power(l, size, alphas);
    for i in 0..V {
        l.store(signed(l, size[i], v[i]), &mut block[i * L::WIDTH..]);
    }
}
