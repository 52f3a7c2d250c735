//! A chain of pointwise steps over some channels of a block of columns, one channel at a time, in registers. Every step computes what
//! its twin in [`steps`](super::steps) computes, bit for bit.

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

impl Kernel for PlanarChain<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        match SPAN / L::WIDTH {
            2 => self.channels::<L, 2>(l),
            4 => self.channels::<L, 4>(l),
            _ => self.channels::<L, 8>(l),
        }
    }
}

/// The steps behind the sums of an adder layer in a network of 8-bit codes. Taken one by one, each would store and load the vectors.
struct Unit<'a> {
    scale: f32,
    offsets: &'a [f32],
    norm_scale: &'a [f32],
    norm_offset: &'a [f32],
    b: f32,
    shortcut: &'a [f32],
    /// 0 where there is a ReLU, else nothing is below it.
    floor: f32,
    alpha: &'a [f32],
}

impl<'a> Unit<'a> {
    /// Of steps that begin so, and those behind them.
    fn first<'s>(steps: &'s [FusedOp<'a>]) -> (Option<Self>, &'s [FusedOp<'a>]) {
        use FusedOp::{AddScaled, Affine, ApproxPower, Decode, Relu};
        if let [
            Decode { scale, offsets },
            Affine { scale: norm_scale, offset: norm_offset },
            AddScaled { b, other: shortcut },
            behind @ ..,
        ] = steps
        {
            let (floor, behind) = match behind {
                [Relu, behind @ ..] => (0.0, behind),
                _ => (f32::NEG_INFINITY, behind),
            };
            if let [ApproxPower(alpha), rest @ ..] = behind {
                let unit = Self { scale: *scale, offsets, norm_scale, norm_offset, b: *b, shortcut, floor, alpha };
                return (Some(unit), rest);
            }
        }
        (None, steps)
    }

    /// Takes channel `c` through them.
    #[inline(always)]
    fn take<L: Lanes, const V: usize>(&self, l: L, mut v: [L::F; V], c: usize) -> [L::F; V] {
        let shortcut = &self.shortcut[c * SPAN..][..SPAN];
        let mut size = v;
        for i in 0..V {
            let y = l.add(l.mul(v[i], l.splat(self.scale)), l.splat(self.offsets[c]));
            let y = l.mul_add(y, l.splat(self.norm_scale[c]), l.splat(self.norm_offset[c]));
            let y = l.mul_add(l.load(&shortcut[i * L::WIDTH..]), l.splat(self.b), y);
            v[i] = l.max(y, l.splat(self.floor));
            size[i] = l.abs(v[i]);
        }
        size = approx_power(l, size, [l.splat(self.alpha[c]); V]);
        for i in 0..V {
            v[i] = signed(l, size[i], v[i]);
        }
        v
    }
}

impl PlanarChain<'_> {
    /// Channels of `V` vectors each. Loops and not closures: those are compiled without the kernel's instruction set.
    #[inline(always)]
    fn channels<L: Lanes, const V: usize>(self, l: L) {
        let Self { steps, block, channels, mut encoding } = self;
        let (unit, rest) = Unit::first(steps);
        for c in channels {
            let own = &mut block[c * SPAN..][..SPAN];
            let mut v = load::<L, V>(l, own);
            if let Some(unit) = &unit {
                v = unit.take(l, v, c);
            }
            for step in rest {
                v = taken(l, step, v, c);
            }
            for i in 0..V {
                l.store(v[i], &mut own[i * L::WIDTH..]);
            }
            if let Some((codes, to)) = &mut encoding {
                let to = &mut to[c * PITCH + 1..][..SPAN];
                for i in 0..V {
                    store_codes(l, *codes, v[i], &mut to[i * L::WIDTH..], L::WIDTH);
                }
            }
        }
    }
}

#[inline(always)]
fn load<L: Lanes, const V: usize>(l: L, from: &[f32]) -> [L::F; V] {
    let mut v = [l.splat(0.0); V];
    for i in 0..V {
        v[i] = l.load(&from[i * L::WIDTH..]);
    }
    v
}

#[inline(always)]
fn taken<L: Lanes, const V: usize>(l: L, step: &FusedOp, mut v: [L::F; V], c: usize) -> [L::F; V] {
    match *step {
        FusedOp::Decode { scale, offsets } => {
            for v in &mut v {
                *v = l.add(l.mul(*v, l.splat(scale)), l.splat(offsets[c]));
            }
        }
        FusedOp::Affine { scale, offset } => {
            for v in &mut v {
                *v = l.mul_add(*v, l.splat(scale[c]), l.splat(offset[c]));
            }
        }
        FusedOp::AddScaled { b, other } => {
            let other = load::<L, V>(l, &other[c * SPAN..][..SPAN]);
            for i in 0..V {
                v[i] = l.mul_add(other[i], l.splat(b), v[i]);
            }
        }
        FusedOp::ScaleAdd { a, other } => {
            let other = load::<L, V>(l, &other[c * SPAN..][..SPAN]);
            for i in 0..V {
                v[i] = l.mul_add(v[i], l.splat(a), other[i]);
            }
        }
        FusedOp::Shift(by) => {
            for v in &mut v {
                *v = l.add(*v, l.splat(by));
            }
        }
        FusedOp::Relu => {
            for v in &mut v {
                *v = l.max(*v, l.splat(0.0));
            }
        }
        FusedOp::Power(alpha) => {
            for v in &mut v {
                *v = power_of(l, *v, l.splat(alpha[c]));
            }
        }
        FusedOp::ApproxPower(alpha) => {
            let mut size = v;
            for size in &mut size {
                *size = l.abs(*size);
            }
            let size = approx_power(l, size, [l.splat(alpha[c]); V]);
            for i in 0..V {
                v[i] = signed(l, size[i], v[i]);
            }
        }
    }
    v
}
