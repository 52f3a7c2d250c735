//! The forward kernel of 3×3 and 1×1 convolutions on [`Blocks`]: neighbouring columns in a vector, so that a head of three channels
//! and a tail of twelve use all lanes. Products are added in the order of [`window`](super::window): the same bits.

use super::{
    lanes::{Kernel, Lanes, slide::SPAN},
    planes::Blocks,
};

/// Output channels whose weights lie together.
const GROUP: usize = 4;

/// What a block reads of one channel in one row: one column before it, and at least one behind.
pub(super) type FloatStrip = [f32; SPAN + 16];

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

/// Collects what so many rows of a block read for windows of side `k`, `[row][channel]`: from row `y` on, which may lie above the
/// value or reach below it; zeros outside.
pub(super) fn gather(input: &Blocks, y: isize, block: usize, rows: usize, k: usize, strips: &mut Vec<FloatStrip>) {
    strips.clear();
    for y in y..y + (rows + k - 1) as isize {
        let row = usize::try_from(y).ok().filter(|&y| y < input.h);
        let part = |b: Option<usize>, c: usize| -> Option<&[f32; SPAN]> {
            input.block(row?, b.filter(|&b| b < input.blocks)?)[c * SPAN..].first_chunk()
        };
        for c in 0..input.c {
            let mut strip = [0.0; SPAN + 16];
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

/// A row of a block for some output channels.
#[derive(Debug)]
pub(super) struct PlanarConvRow<'a> {
    /// The layer.
    pub(super) layer: &'a PlanarConv,
    /// What it reads, see [`gather`].
    pub(super) strips: &'a [FloatStrip],
    /// Which of the rows of outputs that the strips serve.
    pub(super) row: usize,
    /// First output channel, a multiple of eight.
    pub(super) first: usize,
    /// `[channel][SPAN]`
    pub(super) out: &'a mut [f32],
}

impl Kernel for PlanarConvRow<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { layer, strips, row, first, out } = self;
        let (cin, k) = (layer.cin, layer.k);
        let (taps, read) = (k * k * cin, &strips[row * cin..][..k * cin]);
        let weights = &layer.weights[first / GROUP * taps..];
        let bias = &layer.bias[first..];
        let channels = out.len() / SPAN;
        for x in (0..SPAN).step_by(2 * L::WIDTH) {
            let mut done = 0;
            while done < channels {
                let (weights, bias) = (&weights[done / GROUP * taps..], &bias[done..]);
                let out = &mut out[done * SPAN..];
                // Two groups share the loads of a strip.
                if channels - done > GROUP {
                    columns::<L, 2>(l, k, [&weights[..taps], &weights[taps..2 * taps]], bias, read, x, out);
                    done += 2 * GROUP;
                } else {
                    columns::<L, 1>(l, k, [&weights[..taps]], bias, read, x, out);
                    done += GROUP;
                }
            }
        }
    }
}

/// Two vectors of columns from `x` on of the channels of `G` groups.
#[inline(always)]
fn columns<L: Lanes, const G: usize>(
    l: L,
    k: usize,
    weights: [&[[f32; GROUP]]; G],
    bias: &[f32],
    read: &[FloatStrip],
    x: usize,
    out: &mut [f32],
) {
    // A strip begins one column before the block.
    let (cin, left) = (read.len() / k, 1 - k / 2);
    let mut sums = [[[l.splat(0.0); 2]; GROUP]; G];
    for (i, strips) in read.chunks_exact(cin).enumerate() {
        for dx in 0..k {
            let at = (i * k + dx) * cin;
            for (c, strip) in strips.iter().enumerate() {
                let columns = &strip[x + left + dx..][..2 * L::WIDTH];
                let columns = [l.load(columns), l.load(&columns[L::WIDTH..])];
                for (sums, weights) in sums.iter_mut().zip(weights) {
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
