//! A chain of pointwise steps over a piece of a row, in one pass: a few vectors are loaded, taken through all steps in
//! registers, and stored once; where the next layer reads codes, these are made of the same registers.
//!
//! One pass per step would load and store every value as often as there are steps, five or six behind an adder layer,
//! which cost more than the steps themselves (`docs/benchmarks.md`). The steps are data and not code: a group's chain
//! depends on the plan, and one `match` per four vectors is cheap beside what it chooses. Every step computes what its twin
//! in [`pointwise`](super::pointwise) computes, bit for bit.

use super::{
    lanes::{Kernel, Lanes, approx_power},
    pointwise::{power_of, signed},
    sad_conv::{bytes_per_pixel, pad_channels, store_codes},
};
use crate::nn::QuantParams;

/// One step. Slices named `other` lie over the piece, the others hold one value per channel.
#[derive(Clone, Copy, Debug)]
pub(super) enum FusedOp<'a> {
    /// The output of an adder layer from its sum in codes: `v·scale + offset`, rounded after each step.
    Decode { scale: f32, offsets: &'a [f32] },
    /// `v·scale + offset`, rounded once where the hardware fuses.
    Affine { scale: &'a [f32], offset: &'a [f32] },
    /// `v + b·other`
    AddScaled { b: f32, other: &'a [f32] },
    /// `other + a·v`
    ScaleAdd { a: f32, other: &'a [f32] },
    /// `v + by`
    Shift(f32),
    /// `max(v, 0)`
    Relu,
    /// `sign(v)·|v|^alpha`
    Power(&'a [f32]),
    /// The same to a relative error of 1e-4, for values that become codes.
    ApproxPower(&'a [f32]),
}

impl<'a> FusedOp<'a> {
    /// What lies over the piece.
    pub(super) fn other(&self) -> Option<&'a [f32]> {
        match self {
            Self::AddScaled { other, .. } | Self::ScaleAdd { other, .. } => Some(*other),
            _ => None,
        }
    }

    /// Whether channels have numbers of their own.
    fn by_channel(&self) -> bool {
        matches!(self, Self::Decode { .. } | Self::Affine { .. } | Self::Power(_) | Self::ApproxPower(_))
    }
}

/// Where the codes of a piece go.
pub(super) struct Encoding<'a> {
    pub(super) codes: QuantParams,
    pub(super) to: &'a mut [u8],
}

/// Takes whole pixels of `channels` values through all steps.
pub(super) struct Chain<'a> {
    pub(super) steps: &'a [FusedOp<'a>],
    pub(super) row: &'a mut [f32],
    pub(super) channels: usize,
    pub(super) encoding: Option<Encoding<'a>>,
}

impl Kernel for Chain<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { steps, row, mut channels, mut encoding } = self;
        if encoding.is_none() && !steps.iter().any(FusedOp::by_channel) {
            channels = row.len();
        }
        if channels.is_multiple_of(4 * L::WIDTH) {
            blocks::<L, 4>(l, steps, row, channels, &mut encoding);
        } else {
            blocks::<L, 1>(l, steps, row, channels, &mut encoding);
        }
        if let Some(Encoding { codes, to }) = encoding {
            pad_channels(codes, channels, to);
        }
    }
}

/// By `V` vectors; with one, the last of a pixel may be incomplete.
#[inline(always)]
fn blocks<L: Lanes, const V: usize>(
    l: L,
    steps: &[FusedOp],
    row: &mut [f32],
    channels: usize,
    encoding: &mut Option<Encoding>,
) {
    let bytes = bytes_per_pixel(channels);
    for pixel in 0..row.len() / channels {
        for c in (0..channels).step_by(V * L::WIDTH) {
            // With more than one vector the number is a constant, and nothing below asks for it.
            let (at, n) = (pixel * channels + c, if V > 1 { L::WIDTH } else { (channels - c).min(L::WIDTH) });
            let mut v = load::<L, V>(l, row, at, n);
            for step in steps {
                v = taken::<L, V>(l, step, v, at, c, n);
            }
            for (i, &v) in v.iter().enumerate() {
                l.store_partial(v, &mut row[at + i * L::WIDTH..], n);
            }
            if let Some(Encoding { codes, to }) = encoding {
                let to = &mut to[pixel * bytes + c..];
                for (i, &v) in v.iter().enumerate() {
                    store_codes(l, *codes, v, &mut to[i * L::WIDTH..], n);
                }
            }
        }
    }
}

#[inline(always)]
fn load<L: Lanes, const V: usize>(l: L, from: &[f32], at: usize, n: usize) -> [L::F; V] {
    let mut v = [l.splat(0.0); V];
    for (i, v) in v.iter_mut().enumerate() {
        *v = l.load_partial(&from[at + i * L::WIDTH..], n);
    }
    v
}

/// Loops and not closures: those are compiled without the kernel's instruction set.
#[inline(always)]
fn taken<L: Lanes, const V: usize>(l: L, step: &FusedOp, mut v: [L::F; V], at: usize, c: usize, n: usize) -> [L::F; V] {
    match *step {
        FusedOp::Decode { scale, offsets } => {
            let offsets = load::<L, V>(l, offsets, c, n);
            for i in 0..V {
                v[i] = l.add(l.mul(v[i], l.splat(scale)), offsets[i]);
            }
        }
        FusedOp::Affine { scale, offset } => {
            let (scale, offset) = (load::<L, V>(l, scale, c, n), load::<L, V>(l, offset, c, n));
            for i in 0..V {
                v[i] = l.mul_add(v[i], scale[i], offset[i]);
            }
        }
        FusedOp::AddScaled { b, other } => {
            let other = load::<L, V>(l, other, at, n);
            for i in 0..V {
                v[i] = l.mul_add(other[i], l.splat(b), v[i]);
            }
        }
        FusedOp::ScaleAdd { a, other } => {
            let other = load::<L, V>(l, other, at, n);
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
            let alpha = load::<L, V>(l, alpha, c, n);
            for i in 0..V {
                v[i] = power_of(l, v[i], alpha[i]);
            }
        }
        FusedOp::ApproxPower(alpha) => {
            let alpha = load::<L, V>(l, alpha, c, n);
            let mut size = v;
            for size in &mut size {
                *size = l.abs(*size);
            }
            let size = approx_power(l, size, alpha);
            for i in 0..V {
                v[i] = signed(l, size[i], v[i]);
            }
        }
    }
    v
}
