//! The forward kernel of 3×3 and 1×1 convolutions on [`Blocks`]: neighbouring columns in a vector, so that a head of three channels
//! and a tail of twelve use all lanes. Products are added in the order of [`window`](super::window): the same bits.

use super::{
    lanes::{Kernel, Lanes, slide::SPAN},
    planes::Blocks,
};

/// Output channels whose weights lie together.
const GROUP: usize = 4;

/// Values that a block reads of one channel in one row: one column before it, its own, and at least one behind.
pub(super) const FLOAT_STRIP: usize = SPAN + 16;

/// One layer's weights.
#[derive(Clone, Debug)]
pub(super) struct PlanarConv {
    /// Channels read.
    pub(super) cin: usize,
    /// Side of the window, 1 or 3.
    pub(super) k: usize,
    /// `[out/4][dy][dx][in][4]`, the last four filled up with zeros.
    weights: Vec<[f32; GROUP]>,
    /// One value per output channel, or none.
    bias: Vec<f32>,
}

impl PlanarConv {
    /// Packs `[out, in, k, k]` and the bias, zeros if there is none.
    pub(super) fn new(weight: &[f32], cin: usize, cout: usize, k: usize, bias: Option<&[f32]>) -> Self {
        let mut weights = Vec::with_capacity(cout.div_ceil(GROUP) * k * k * cin);
        for first in (0..cout).step_by(GROUP) {
            for (tap, c) in (0..k * k).flat_map(|tap| (0..cin).map(move |c| (tap, c))) {
                let mut group = [0.0; GROUP];
                for (o, w) in (first..cout).zip(&mut group) {
                    *w = weight[(o * cin + c) * k * k + tap];
                }
                weights.push(group);
            }
        }
        Self { cin, k, weights, bias: bias.map_or_else(|| vec![0.0; cout], <[f32]>::to_vec) }
    }
}

/// Collects what so many rows of a block read for windows of side 3, `[row][channel]`, from the row above `y` on; zeros outside the
/// value.
pub(super) fn gather(input: &Blocks, y: usize, block: usize, rows: usize, strips: &mut Vec<[f32; FLOAT_STRIP]>) {
    strips.clear();
    for y in y as isize - 1..(y + rows) as isize + 1 {
        let row = usize::try_from(y).ok().filter(|&y| y < input.h);
        let part = |b: Option<usize>, c: usize| -> Option<&[f32; SPAN]> {
            input.block(row?, b.filter(|&b| b < input.blocks)?)[c * SPAN..].first_chunk()
        };
        for c in 0..input.c {
            let mut strip = [0.0; FLOAT_STRIP];
            if let Some(left) = part(block.checked_sub(1), c) {
                strip[0] = left[SPAN - 1];
            }
            if let Some(own) = part(Some(block), c) {
                strip[1..=SPAN].copy_from_slice(own);
            }
            if let Some(right) = part(Some(block + 1), c) {
                strip[SPAN + 1] = right[0];
            }
            strips.push(strip);
        }
    }
}

/// A row of a block.
#[derive(Debug)]
pub(super) struct PlanarConvRow<'a> {
    /// The layer.
    pub(super) layer: &'a PlanarConv,
    /// What it reads, `[row][channel][pitch]`: see [`gather`], or a row of a value itself for windows of side 1.
    pub(super) read: &'a [f32],
    /// Values from one channel to the next.
    pub(super) pitch: usize,
    /// All output channels, `[channel][SPAN]`.
    pub(super) out: &'a mut [f32],
}

impl Kernel for PlanarConvRow<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { layer, read, pitch, mut out } = self;
        let taps = layer.k * layer.k * layer.cin;
        let read = Window { read: &read[..layer.k * layer.cin * pitch], pitch, layer };
        let (mut weights, mut bias) = (&layer.weights[..], &layer.bias[..]);
        // Some groups share the loads of what is read.
        while !out.is_empty() {
            let groups = out.len().div_ceil(SPAN * GROUP).min(3);
            let (now, rest) = out.split_at_mut((groups * GROUP * SPAN).min(out.len()));
            for x in (0..SPAN).step_by(2 * L::WIDTH) {
                match groups {
                    3 => columns::<L, 3>(l, read, weights, bias, x, now),
                    2 => columns::<L, 2>(l, read, weights, bias, x, now),
                    _ => columns::<L, 1>(l, read, weights, bias, x, now),
                }
            }
            out = rest;
            (weights, bias) = (&weights[groups * taps..], bias.get(groups * GROUP..).unwrap_or_default());
        }
    }
}

/// What a row of outputs reads.
#[derive(Clone, Copy)]
struct Window<'a> {
    layer: &'a PlanarConv,
    read: &'a [f32],
    pitch: usize,
}

/// Two vectors of columns from `x` on of the channels of `G` groups.
#[inline(always)]
fn columns<L: Lanes, const G: usize>(
    l: L,
    Window { layer, read, pitch }: Window,
    weights: &[[f32; GROUP]],
    bias: &[f32],
    x: usize,
    out: &mut [f32],
) {
    let (cin, k) = (layer.cin, layer.k);
    let taps = k * k * cin;
    let mut groups: [&[[f32; GROUP]]; G] = [&[]; G];
    for (g, group) in groups.iter_mut().enumerate() {
        *group = &weights[g * taps..][..taps];
    }
    let mut sums = [[[l.splat(0.0); 2]; GROUP]; G];
    for (i, row) in read.chunks_exact(cin * pitch).enumerate() {
        for dx in 0..k {
            let at = (i * k + dx) * cin;
            for (c, channel) in row.chunks_exact(pitch).enumerate() {
                let columns = &channel[x + dx..][..2 * L::WIDTH];
                let columns = [l.load(columns), l.load(&columns[L::WIDTH..])];
                for (sums, weights) in sums.iter_mut().zip(groups) {
                    for (sums, &w) in sums.iter_mut().zip(&weights[at + c]) {
                        let w = l.splat(w);
                        for (sum, x) in sums.iter_mut().zip(columns) {
                            *sum = l.mul_add(x, w, *sum);
                        }
                    }
                }
            }
        }
    }
    for ((sums, out), &bias) in sums.as_flattened().iter().zip(out.chunks_exact_mut(SPAN)).zip(bias) {
        for (v, &sum) in sums.iter().enumerate() {
            l.store(l.add(sum, l.splat(bias)), &mut out[x + v * L::WIDTH..]);
        }
    }
}
