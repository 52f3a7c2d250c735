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

use super::{features::Features, lanes::Lanes, window::Place};
use crate::nn::quantize::{CodedWeights, Codes};

/// Outputs per group, and bytes per step.
const GROUP: usize = 8;

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
    /// `[out/8][k][k][bytes/8][8][8]`; what fills up is the code of zero, as in the input.
    weights: Vec<u8>,
    /// What is added to an output: minus the weights' excess.
    pub offsets: Vec<f32>,
}

/// Bytes per pixel for so many channels.
pub fn bytes_per_pixel(channels: usize) -> usize {
    channels.next_multiple_of(GROUP)
}

impl Coded {
    /// Clamps, codes and packs `[out, in, kh, kw]`.
    pub fn new(weight: &[f32], cin: usize, cout: usize, k: usize, codes: Codes) -> Self {
        let coded = CodedWeights::new(weight, cout, codes);
        let bytes = bytes_per_pixel(cin);
        let mut weights = Vec::with_capacity(cout.next_multiple_of(GROUP) * k * k * bytes);
        for first in (0..cout).step_by(GROUP) {
            for tap in 0..k * k {
                for c in (0..bytes).step_by(GROUP) {
                    for (o, c) in (first..first + GROUP).flat_map(|o| (c..c + GROUP).map(move |c| (o, c))) {
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
    if L::REGISTERS >= 32 {
        pieces::<L, 8>(l, layer, input, place, y, x, out)
    } else {
        pieces::<L, 4>(l, layer, input, place, y, x, out)
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
        let mut x = 0;
        while x + P <= w {
            let sums = block::<L, P>(l, weights, &rows[x * bytes..], stride, bytes, k);
            for sums in sums {
                store(l, sums, &mut out[x * cout + first..], cout - first);
                x += 1;
            }
        }
        while x < w {
            let [sums] = block::<L, 1>(l, weights, &rows[x * bytes..], stride, bytes, k);
            store(l, sums, &mut out[x * cout + first..], cout - first);
            x += 1;
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
    let (run, steps) = (k * bytes, k * bytes / GROUP);
    let mut sums = [l.no_sums(); P];
    for (dy, weights) in weights.chunks_exact(run * GROUP).enumerate() {
        let row = &rows[dy * stride..];
        // All of one length, which spares the loop its checks. It is not written out further: the compiler would then add
        // differences among themselves first, and run out of registers.
        let mut pixels: [&[[u8; GROUP]]; P] = [&[]; P];
        for (p, pixel) in pixels.iter_mut().enumerate() {
            *pixel = &row[p * bytes..][..run].as_chunks().0[..steps];
        }
        for (i, weights) in weights.as_chunks::<{ GROUP * GROUP }>().0[..steps].iter().enumerate() {
            let w = l.weights(weights);
            for p in 0..P {
                sums[p] = l.add_distances(sums[p], l.bytes(pixels[p][i]), w);
            }
        }
    }
    sums
}

/// The outputs from their sums, in place: `−s·Σ + offset`, rounded after each step as the plain loop does.
#[inline(always)]
pub fn decode<L: Lanes>(l: L, layer: &Coded, row: &mut [f32]) {
    let scale = l.splat(-layer.codes.scale());
    for pixel in row.chunks_exact_mut(layer.cout) {
        for (v, o) in pixel.chunks_mut(L::WIDTH).zip(layer.offsets.chunks(L::WIDTH)) {
            let n = v.len();
            let y = l.add(l.mul(l.load_partial(v, n), scale), l.load_partial(o, n));
            l.store_partial(y, v, n);
        }
    }
}

/// Codes of whole pixels of `channels` values, `bytes_per_pixel(channels)` bytes from one pixel to the next.
#[inline(always)]
pub fn encode<L: Lanes>(l: L, codes: Codes, values: &[f32], channels: usize, to: &mut [u8]) {
    let (inverse, zero) = (l.splat(1.0 / codes.scale()), l.splat(f32::from(codes.zero())));
    let bytes = bytes_per_pixel(channels);
    for (values, to) in values.chunks_exact(channels).zip(to.chunks_exact_mut(bytes)) {
        for (v, to) in values.chunks(L::WIDTH).zip(to.chunks_mut(L::WIDTH)) {
            let n = v.len();
            let code = l.add(l.mul(l.load_partial(v, n), inverse), zero);
            let code = l.round(l.min(l.max(code, l.splat(0.0)), l.splat(255.0)));
            l.store_bytes_partial(code, to, n);
        }
    }
    if bytes > channels {
        to.chunks_exact_mut(bytes).for_each(|pixel| pixel[channels..].fill(codes.zero()));
    }
}
