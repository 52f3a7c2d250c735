//! The forward kernel of adder layers in 8-bit codes: `−Σ|x − w|` by sums of absolute differences of bytes.
//!
//! Weights lie as `[out/16][dy][dx][in/8][16 outputs][8 bytes]`: eight input bytes are broadcast, and one difference
//! instruction gives partial sums of four (AVX2) or eight (AVX-512) outputs with no horizontal step behind it. Lanes are
//! outputs here too, and the sums are whole numbers: every instruction set and every tiling gives the same bits, and they
//! equal the plain loop's.
//!
//! A block of neighbouring pixels shares each load of weights, and each broadcast serves a whole group of sixteen outputs.
//! A row is walked in pieces of [`PIECE`] pixels, group by group, and a group's window in runs of at most [`ACC16_STEPS`]
//! steps: a run's weights (3 kB at 64 → 64) and the piece's input stay in the first cache.
//!
//! What limits it, what else was tried and what each of these choices gains is in `docs/benchmarks.md`.

use super::{
    features::Features,
    lanes::{ACC16_STEPS, GROUP, Kernel, Lanes, Offsets},
    window::WindowPos,
};
use crate::nn::quantize::{QuantParams, QuantizedWeights};

/// Input bytes per step.
const STEP: usize = 8;

/// Pixels of a row that are taken through a whole group of operations at once.
pub const PIECE: usize = 64;

/// One adder layer's weights in the codes of its input.
#[derive(Clone, Debug)]
pub struct Coded {
    /// Codes of input and weights.
    pub codes: QuantParams,
    /// Channels written.
    pub cout: usize,
    /// Side of the window.
    pub k: usize,
    /// Bytes per input pixel: the channels read, filled up to whole steps.
    pub bytes: usize,
    /// `[out/16][k][k][bytes/8][16][8]`, outputs in the instruction set's order; what fills up is the code of zero, as in the input.
    weights: Vec<u8>,
    /// What is added to an output: minus the weights' excess.
    pub offsets: Vec<f32>,
}

/// Bytes per pixel for so many channels.
pub fn bytes_per_pixel(channels: usize) -> usize {
    channels.next_multiple_of(STEP)
}

impl Coded {
    /// Clamps, codes and packs `[out, in, kh, kw]`, each group of outputs in this order.
    pub fn new(weight: &[f32], cin: usize, cout: usize, k: usize, codes: QuantParams, order: [usize; GROUP]) -> Self {
        let coded = QuantizedWeights::new(weight, cout, codes);
        let bytes = bytes_per_pixel(cin);
        let mut weights = Vec::with_capacity(cout.next_multiple_of(GROUP) * k * k * bytes);
        for first in (0..cout).step_by(GROUP) {
            for tap in 0..k * k {
                for c in (0..bytes).step_by(STEP) {
                    for (o, c) in order.iter().flat_map(|o| (c..c + STEP).map(move |c| (first + o, c))) {
                        let inside = o < cout && c < cin;
                        weights.push(if inside {
                            coded.codes[(o * cin + c) * k * k + tap]
                        } else {
                            codes.zero_point()
                        });
                    }
                }
            }
        }
        Self { codes, cout, k, bytes, weights, offsets: coded.excess.iter().map(|e| -e).collect() }
    }
}

/// `Σ|q − u|` of a piece of a row, as floats, which hold them exactly.
#[derive(Debug)]
pub struct Distances<'a> {
    /// The layer.
    pub layer: &'a Coded,
    /// What it reads.
    pub input: &'a Features<u8>,
    /// Where it reads.
    pub place: WindowPos,
    /// Row of the outputs (see [`WindowPos`]).
    pub y: usize,
    /// Column of the first output.
    pub x: usize,
    /// Scratch.
    pub offsets: &'a mut Offsets,
    /// `cout` values for each pixel of the piece.
    pub out: &'a mut [f32],
}

impl Kernel for Distances<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let (k, run) = (self.layer.k, self.layer.k * self.layer.bytes);
        let stride = self.input.stride();
        self.offsets.set((0..k).flat_map(|dy| (0..run).step_by(STEP).map(move |i| (dy * stride + i) as u32)));
        // A constant per instruction set, which arrays cannot be made of directly.
        match L::PIXELS {
            8 => self.groups::<L, 8>(l),
            _ => self.groups::<L, 2>(l),
        }
    }
}

impl Distances<'_> {
    #[inline(always)]
    fn groups<L: Lanes, const P: usize>(self, l: L) {
        let Self { layer: &Coded { bytes, cout, ref weights, .. }, input, place, y, x, offsets, out } = self;
        let w = out.len() / cout;
        assert!(w <= PIECE, "a piece has at most {PIECE} pixels");
        let from = &input.from_padded_row(place.n, y + place.dy)[(x + place.dx) * bytes..];
        // Equal runs of steps, none longer than short sums hold.
        let run = offsets.len().div_ceil(offsets.len().div_ceil(ACC16_STEPS));
        let mut sums = [l.zero_acc(); PIECE];
        for (group, weights) in weights.as_chunks().0.chunks_exact(offsets.len()).enumerate() {
            sums.fill(l.zero_acc());
            for (i, weights) in weights.chunks(run).enumerate() {
                let mut x = 0;
                for block in sums.as_chunks_mut::<P>().0.iter_mut().take(w / P) {
                    let short = l.add_steps::<P>(weights, &from[x * bytes..], offsets, i * run, bytes);
                    for p in 0..P {
                        block[p] = l.widen(block[p], short[p]);
                    }
                    x += P;
                }
                for sum in &mut sums[x..w] {
                    let [short] = l.add_steps::<1>(weights, &from[x * bytes..], offsets, i * run, bytes);
                    *sum = l.widen(*sum, short);
                    x += 1;
                }
            }
            let first = group * GROUP;
            for (&sums, pixel) in sums.iter().zip(out.chunks_exact_mut(cout)) {
                store(l, sums, &mut pixel[first..], cout - first);
            }
        }
    }
}

/// Writes a group's sums, the first `n` of them if it has more.
#[inline(always)]
fn store<L: Lanes>(l: L, sums: L::Acc, to: &mut [f32], n: usize) {
    match to.first_chunk_mut::<GROUP>() {
        Some(to) if n >= GROUP => l.store_sums(sums, to),
        _ => {
            let mut all = [0.0; GROUP];
            l.store_sums(sums, &mut all);
            let n = n.min(GROUP);
            to[..n].copy_from_slice(&all[..n]);
        }
    }
}

/// Codes of whole pixels of `channels` values, `bytes_per_pixel(channels)` bytes from one pixel to the next.
#[inline(always)]
pub fn encode<L: Lanes>(l: L, codes: QuantParams, values: &[f32], channels: usize, to: &mut [u8]) {
    let bytes = bytes_per_pixel(channels);
    for (values, to) in values.chunks_exact(channels).zip(to.chunks_exact_mut(bytes)) {
        for (v, to) in values.chunks(L::WIDTH).zip(to.chunks_mut(L::WIDTH)) {
            store_codes(l, codes, l.load_partial(v, v.len()), to, v.len());
        }
    }
    pad_channels(codes, channels, to);
}

/// The codes of the first `n` values of a vector.
#[inline(always)]
pub fn store_codes<L: Lanes>(l: L, codes: QuantParams, values: L::F, to: &mut [u8], n: usize) {
    let code = l.add(l.mul(values, l.splat(1.0 / codes.scale())), l.splat(f32::from(codes.zero_point())));
    l.store_bytes_partial(l.min(l.max(code, l.splat(0.0)), l.splat(255.0)), to, n);
}

/// The bytes behind the channels of every pixel: the code of zero, as in the weights.
#[inline(always)]
pub fn pad_channels(codes: QuantParams, channels: usize, to: &mut [u8]) {
    let bytes = bytes_per_pixel(channels);
    if bytes > channels {
        to.chunks_exact_mut(bytes).for_each(|pixel| pixel[channels..].fill(codes.zero_point()));
    }
}
