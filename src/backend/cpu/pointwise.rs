//! Pointwise work on one row of features at a time: batch norm, shortcuts, ReLU, the power activation, and their
//! backward rules.
//!
//! A row fits into the first cache, so a chain of these costs little more than one of them. Everything here works on
//! rows of whole pixels; per-channel values are read with the same vectors.

use super::lanes::{Lanes, exp2, log2};
use crate::nn::layers::power::POWER_EPS;

/// Runs a block for every vector of a flat row, `i` its offset and `n` the lanes in use.
///
/// A macro and not a function with a closure: closures are compiled without the kernel's instruction set, and nothing
/// can ask for them to be inlined.
macro_rules! each {
    ($L:ident, $len:expr, |$i:ident, $n:ident| $body:block) => {
        let len = $len;
        let mut $i = 0;
        while $i + $L::WIDTH <= len {
            let $n = $L::WIDTH;
            $body
            $i += $L::WIDTH;
        }
        if $i < len {
            let $n = len - $i;
            $body
        }
    };
}

/// Runs a block for every vector of a row of pixels with `c` channels, `i` its offset, `ch` its first channel and `n` the
/// lanes in use.
macro_rules! each_channel {
    ($L:ident, $len:expr, $c:expr, |$i:ident, $ch:ident, $n:ident| $body:block) => {
        let mut pixel = 0;
        while pixel < $len {
            each!($L, $c, |$ch, $n| {
                let $i = pixel + $ch;
                $body
            });
            pixel += $c;
        }
    };
}

/// `row = row·scale[c] + offset[c]`
#[inline(always)]
pub fn affine<L: Lanes>(l: L, row: &mut [f32], scale: &[f32], offset: &[f32]) {
    each_channel!(L, row.len(), scale.len(), |i, c, n| {
        let y =
            l.mul_add(l.load_partial(&row[i..], n), l.load_partial(&scale[c..], n), l.load_partial(&offset[c..], n));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// `row = row + b·other`
#[inline(always)]
pub fn add_scaled<L: Lanes>(l: L, row: &mut [f32], b: f32, other: &[f32]) {
    let other = &other[..row.len()];
    each!(L, row.len(), |i, n| {
        let y = l.mul_add(l.load_partial(&other[i..], n), l.splat(b), l.load_partial(&row[i..], n));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// `row = other + a·row`: [`add_scaled`] with the roles exchanged and the same rounding.
#[inline(always)]
pub fn scale_add<L: Lanes>(l: L, row: &mut [f32], a: f32, other: &[f32]) {
    let other = &other[..row.len()];
    each!(L, row.len(), |i, n| {
        let y = l.mul_add(l.load_partial(&row[i..], n), l.splat(a), l.load_partial(&other[i..], n));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// `row = row + by`
#[inline(always)]
pub fn shift<L: Lanes>(l: L, row: &mut [f32], by: f32) {
    each!(L, row.len(), |i, n| {
        let y = l.add(l.load_partial(&row[i..], n), l.splat(by));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// `row = max(row, 0)`
#[inline(always)]
pub fn relu<L: Lanes>(l: L, row: &mut [f32]) {
    each!(L, row.len(), |i, n| {
        let y = l.max(l.load_partial(&row[i..], n), l.splat(0.0));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// `g = g where out > 0, else 0`
#[inline(always)]
pub fn relu_backward<L: Lanes>(l: L, g: &mut [f32], out: &[f32]) {
    let out = &out[..g.len()];
    each!(L, g.len(), |i, n| {
        let zero = l.splat(0.0);
        let y = l.select_gt(l.load_partial(&out[i..], n), zero, l.load_partial(&g[i..], n), zero);
        l.store_partial(y, &mut g[i..], n);
    });
}

/// `row = sign(row)·|row|^alpha[c]`
#[inline(always)]
pub fn power<L: Lanes>(l: L, row: &mut [f32], alpha: &[f32]) {
    each_channel!(L, row.len(), alpha.len(), |i, c, n| {
        let y = power_of(l, l.load_partial(&row[i..], n), l.load_partial(&alpha[c..], n));
        l.store_partial(y, &mut row[i..], n);
    });
}

/// One vector of [`power`].
#[inline(always)]
pub fn power_of<L: Lanes>(l: L, y: L::F, alpha: L::F) -> L::F {
    signed(l, exp2(l, l.mul(log2(l, l.abs(y)), alpha)), y)
}

/// `p`, the power of `|y|`, with the sign of `y`; 0 where `y` is.
#[inline(always)]
pub fn signed<L: Lanes>(l: L, p: L::F, y: L::F) -> L::F {
    l.copysign(l.select_gt(l.abs(y), l.splat(f32::MIN_POSITIVE), p, l.splat(0.0)), y)
}

/// Backward of [`power`] from its input `y` and output `p`, with `m = max(|y|, 1e-3)`: `sums[c] += g·p·ln m`, then
/// `g = g·α·m^(α−1)`.
#[inline(always)]
pub fn power_backward<L: Lanes>(l: L, g: &mut [f32], y: &[f32], p: &[f32], alpha: &[f32], sums: &mut [f32]) {
    let (y, p) = (&y[..g.len()], &p[..g.len()]);
    each_channel!(L, g.len(), alpha.len(), |i, c, n| {
        let (grad, a) = (l.load_partial(&g[i..], n), l.load_partial(&alpha[c..], n));
        let log = log2(l, l.max(l.abs(l.load_partial(&y[i..], n)), l.splat(POWER_EPS)));
        let term = l.mul(l.mul(grad, l.load_partial(&p[i..], n)), l.mul(log, l.splat(std::f32::consts::LN_2)));
        let sum = l.add(l.load_partial(&sums[c..], n), term);
        l.store_partial(sum, &mut sums[c..], n);
        let slope = l.mul(a, exp2(l, l.mul(log, l.sub(a, l.splat(1.0)))));
        l.store_partial(l.mul(grad, slope), &mut g[i..], n);
    });
}

/// Mean and sum of squared deviations per channel of one row, into `stats = [mean; c] ++ [deviations; c]`.
#[inline(always)]
pub fn row_statistics<L: Lanes>(l: L, row: &[f32], stats: &mut [f32]) {
    let c = stats.len() / 2;
    let (mean, deviation) = stats.split_at_mut(c);
    mean.fill(0.0);
    deviation.fill(0.0);
    each_channel!(L, row.len(), c, |i, ch, n| {
        let sum = l.add(l.load_partial(&mean[ch..], n), l.load_partial(&row[i..], n));
        l.store_partial(sum, &mut mean[ch..], n);
    });
    let share = 1.0 / (row.len() / c) as f32;
    mean.iter_mut().for_each(|m| *m *= share);
    each_channel!(L, row.len(), c, |i, ch, n| {
        let d = l.sub(l.load_partial(&row[i..], n), l.load_partial(&mean[ch..], n));
        let sum = l.mul_add(d, d, l.load_partial(&deviation[ch..], n));
        l.store_partial(sum, &mut deviation[ch..], n);
    });
}

/// `sums = [Σg; c] ++ [Σg·(x − mean)·inv; c]` over one row: what the backward of batch norm needs.
#[inline(always)]
pub fn norm_sums<L: Lanes>(l: L, g: &[f32], x: &[f32], mean: &[f32], inv: &[f32], sums: &mut [f32]) {
    let x = &x[..g.len()];
    let c = mean.len();
    let (plain, scaled) = sums.split_at_mut(c);
    each_channel!(L, g.len(), c, |i, ch, n| {
        let grad = l.load_partial(&g[i..], n);
        let sum = l.add(l.load_partial(&plain[ch..], n), grad);
        l.store_partial(sum, &mut plain[ch..], n);
        let d = l.sub(l.load_partial(&x[i..], n), l.load_partial(&mean[ch..], n));
        let hat = l.mul(d, l.load_partial(&inv[ch..], n));
        let sum = l.mul_add(grad, hat, l.load_partial(&scaled[ch..], n));
        l.store_partial(sum, &mut scaled[ch..], n);
    });
}

/// `out = g·scale[c] + (x − mean[c])·slope[c] + offset[c]`: the backward of batch norm from its reduced sums.
#[inline(always)]
pub fn norm_backward<L: Lanes>(
    l: L,
    out: &mut [f32],
    g: &[f32],
    x: &[f32],
    mean: &[f32],
    scale: &[f32],
    slope: &[f32],
    offset: &[f32],
) {
    let (g, x) = (&g[..out.len()], &x[..out.len()]);
    each_channel!(L, out.len(), mean.len(), |i, c, n| {
        let d = l.sub(l.load_partial(&x[i..], n), l.load_partial(&mean[c..], n));
        let tilt = l.mul_add(d, l.load_partial(&slope[c..], n), l.load_partial(&offset[c..], n));
        let y = l.mul_add(l.load_partial(&g[i..], n), l.load_partial(&scale[c..], n), tilt);
        l.store_partial(y, &mut out[i..], n);
    });
}
