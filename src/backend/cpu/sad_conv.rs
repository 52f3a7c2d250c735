//! The forward kernel of adder layers in 8-bit codes: `−Σ|x − w|` by sums of absolute differences of bytes.
//!
//! Weights lie as `[out/8][dy][dx][in/8][8 outputs][8 bytes]`: eight input bytes are broadcast, and one difference
//! instruction gives partial sums of four (AVX2) or eight (AVX-512) outputs with no horizontal step behind it. Lanes are
//! outputs here too, and the sums are whole numbers: every instruction set and every tiling gives the same bits, and they
//! equal the plain loop's.
//!
//! A block of `P` neighbouring pixels shares each load of weights, and each broadcast serves a whole group of eight outputs.
//! A row is walked in pieces of [`PIECE`] pixels, group by group: a group's weights (4.6 kB at 64 → 64) and the piece's
//! input stay in the first cache.
//!
//! # What was tried
//!
//! Measured on one core of an AMD EPYC (Zen 3, AVX2), in G taps/s, in a probe of the bare loops; `benches/sad` repeats
//! the rows that stayed. The processor issues two `vpsadbw` per cycle (205 G taps/s), but every one needs an addition, and
//! both share four pipes: the pair reaches 166 even without a single load, 81 % of the instruction's own limit.
//!
//! | pixels × vectors of four outputs | 3×2 | 4×2 | 5×2 | 6×2 | 3×4 | 2×4 | 4×4 |
//! |---|---|---|---|---|---|---|---|
//! | G taps/s | 146 | 147 | 146 | 140 | 138 | 149 | 130 |
//!
//! * **16 outputs per broadcast** (2×4) gains 1 % over eight (4×2), and would treat odd groups apart: left out. Larger blocks
//!   run out of registers.
//! * **Additions in other pipes**: sums of a few bits may be added as (denormal) doubles. `vaddpd` gives 118 instead of 166,
//!   `vfmadd231pd` 118, every second one of either 150: all lose.
//! * **Writing out four steps** of the loop gains 3 % alone, but within a whole kernel the compiler then adds differences
//!   among themselves first and spills registers: nothing gained.

use super::{
    features::Features,
    lanes::{GROUP, Lanes, SHORT_STEPS},
    window::Place,
};
use crate::nn::quantize::{CodedWeights, Codes};

/// Input bytes per step.
const STEP: usize = 8;

/// Pixels of a row that are taken through a whole group of operations at once.
pub const PIECE: usize = 64;

/// One adder layer's weights in the codes of its input.
#[derive(Clone, Debug)]
pub struct Coded {
    /// Codes of input and weights.
    pub codes: Codes,
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
    pub fn new(weight: &[f32], cin: usize, cout: usize, k: usize, codes: Codes, order: [usize; GROUP]) -> Self {
        let coded = CodedWeights::new(weight, cout, codes);
        let bytes = bytes_per_pixel(cin);
        let mut weights = Vec::with_capacity(cout.next_multiple_of(GROUP) * k * k * bytes);
        for first in (0..cout).step_by(GROUP) {
            for tap in 0..k * k {
                for c in (0..bytes).step_by(STEP) {
                    for (o, c) in order.iter().flat_map(|o| (c..c + STEP).map(move |c| (first + o, c))) {
                        let inside = o < cout && c < cin;
                        weights.push(if inside { coded.codes[(o * cin + c) * k * k + tap] } else { codes.zero() });
                    }
                }
            }
        }
        Self { codes, cout, k, bytes, weights, offsets: coded.excess.iter().map(|e| -e).collect() }
    }
}

/// `Σ|q − u|` of a piece of a row: `out.len() / cout` pixels from column `x` of output row `y` on (see [`Place`]), as
/// floats, which hold them exactly.
#[inline(always)]
pub fn distances<L: Lanes>(
    l: L,
    layer: &Coded,
    input: &Features<u8>,
    place: Place,
    y: usize,
    x: usize,
    out: &mut [f32],
) {
    // A constant per instruction set, which arrays cannot be made of directly.
    match L::PIXELS {
        8 => pieces::<L, 8>(l, layer, input, place, y, x, out),
        _ => pieces::<L, 2>(l, layer, input, place, y, x, out),
    }
}

#[inline(always)]
fn pieces<L: Lanes, const P: usize>(
    l: L,
    layer: &Coded,
    input: &Features<u8>,
    place: Place,
    y: usize,
    x: usize,
    out: &mut [f32],
) {
    let (bytes, cout, k) = (layer.bytes, layer.cout, layer.k);
    let w = out.len() / cout;
    let stride = input.stride();
    let rows = &input.from_padded_row(place.n, y + place.dy)[(x + place.dx) * bytes..];
    for (group, weights) in layer.weights.chunks_exact(k * k * bytes * GROUP).enumerate() {
        let first = group * GROUP;
        if w < P {
            for x in 0..w {
                let [sums] = block::<L, 1>(l, weights, &rows[x * bytes..], stride, bytes, k);
                store(l, sums, &mut out[x * cout + first..], cout - first);
            }
            continue;
        }
        for x in (0..w).step_by(P) {
            // The last block ends with the piece: some sums are made twice, which is faster than pixels one by one.
            let x = x.min(w - P);
            for (p, sums) in block::<L, P>(l, weights, &rows[x * bytes..], stride, bytes, k).into_iter().enumerate() {
                store(l, sums, &mut out[(x + p) * cout + first..], cout - first);
            }
        }
    }
}

/// Writes a group's sums, the first `n` of them if it has more.
#[inline(always)]
fn store<L: Lanes>(l: L, sums: L::Sums, to: &mut [f32], n: usize) {
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

/// The sums of `P` windows for one group of outputs. `rows` begins with the first pixel's window.
#[inline(always)]
fn block<L: Lanes, const P: usize>(
    l: L,
    weights: &[u8],
    rows: &[u8],
    stride: usize,
    bytes: usize,
    k: usize,
) -> [L::Sums; P] {
    let steps = k * bytes / STEP;
    // A row of the window in equal runs, none longer than short sums hold.
    let run = steps.div_ceil(steps.div_ceil(SHORT_STEPS));
    let (mut sums, mut short, mut room) = ([l.no_sums(); P], [l.no_short(); P], SHORT_STEPS);
    for (dy, weights) in weights.chunks_exact(steps * STEP * GROUP).enumerate() {
        let row = &rows[dy * stride..];
        for (i, weights) in weights.chunks(run * STEP * GROUP).enumerate() {
            let weights = weights.as_chunks::<{ STEP * GROUP }>().0;
            let n = weights.len();
            if room < n {
                for p in 0..P {
                    sums[p] = l.lengthen(sums[p], short[p]);
                    short[p] = l.no_short();
                }
                room = SHORT_STEPS;
            }
            room -= n;
            // All of one length, which spares the loop its checks.
            let mut pixels: [&[[u8; STEP]]; P] = [&[]; P];
            for (p, pixel) in pixels.iter_mut().enumerate() {
                *pixel = &row[p * bytes + i * run * STEP..][..n * STEP].as_chunks().0[..n];
            }
            for (i, weights) in weights.iter().enumerate() {
                let w = l.weights(weights);
                for p in 0..P {
                    short[p] = l.add_distances(short[p], l.bytes(pixels[p][i]), w);
                }
            }
        }
    }
    for p in 0..P {
        sums[p] = l.lengthen(sums[p], short[p]);
    }
    sums
}

/// Codes of whole pixels of `channels` values, `bytes_per_pixel(channels)` bytes from one pixel to the next.
#[inline(always)]
pub fn encode<L: Lanes>(l: L, codes: Codes, values: &[f32], channels: usize, to: &mut [u8]) {
    let bytes = bytes_per_pixel(channels);
    for (values, to) in values.chunks_exact(channels).zip(to.chunks_exact_mut(bytes)) {
        for (v, to) in values.chunks(L::WIDTH).zip(to.chunks_mut(L::WIDTH)) {
            store_codes(l, codes, l.load_partial(v, v.len()), to, v.len());
        }
    }
    fill_up(codes, channels, to);
}

/// The codes of the first `n` values of a vector.
#[inline(always)]
pub fn store_codes<L: Lanes>(l: L, codes: Codes, values: L::F, to: &mut [u8], n: usize) {
    let code = l.add(l.mul(values, l.splat(1.0 / codes.scale())), l.splat(f32::from(codes.zero())));
    let code = l.round(l.min(l.max(code, l.splat(0.0)), l.splat(255.0)));
    l.store_bytes_partial(code, to, n);
}

/// The bytes behind the channels of every pixel: the code of zero, as in the weights.
#[inline(always)]
pub fn fill_up(codes: Codes, channels: usize, to: &mut [u8]) {
    let bytes = bytes_per_pixel(channels);
    if bytes > channels {
        to.chunks_exact_mut(bytes).for_each(|pixel| pixel[channels..].fill(codes.zero()));
    }
}
