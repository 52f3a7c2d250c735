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
//! # The limit
//!
//! Measured on one core of an AMD EPYC (Zen 3, AVX2), in G taps/s; `benches/sad` repeats the rows that stayed. The processor
//! issues two `vpsadbw` per cycle (206 G taps/s), on pipes 0 and 3. Every result needs an addition, which may issue on any of
//! four pipes and then takes, now and then, one that a difference needs. Whatever joins results, `n` of them take `n`
//! joining instructions; what can be chosen is their pipe.
//!
//! | in registers, no loads | G taps/s | of bare |
//! |---|---|---|
//! | `vpsadbw` alone | 206 | 100 % |
//! | + one `vpaddd` each | 166 | 81 % |
//! | two, `vpackusdw`, `vpaddd` (16 bits in 32) | 171 | 83 % |
//! | **four, three `vpackusdw`, one `vpaddw`** (packed sums) | 183 | 89 % |
//! | the same with loads, 72 steps, 4 / 6 / 7 / 8 pixels | 166 / 181 / 182 / 179 | 81 to 89 % |
//! | two added, then one pack, one `vpaddw` | 164 | 80 % |
//! | `vphaddw` of two | 82 | 40 % |
//!
//! Packs issue on pipes 1 and 2 alone, so three joins of four cannot be in the way. Sums of 16 bits overflow after 32
//! steps and are widened to 32 bits then. That, loop ends and stores cost a tenth: the sums alone reach 160 at 64 → 64 (**78 %**
//! of bare `vpsadbw`, 145 and 70 % before) and 148 at 32 → 32 in `benches/sad`; a whole layer whose outputs go to memory 118 and 91. The
//! 85 % that were aimed at were not reached.
//!
//! # What was tried
//!
//! * **16 outputs per broadcast**: with plain sums 149 instead of 147, with packed ones the only shape that needs no further
//!   shuffle: kept.
//! * **Walking a run over the whole piece** before the next one (k-blocking) gains 1 to 3 % over whole windows, in spite of sums
//!   that go through memory: kept.
//! * **Pixels per block** of 4, 6, 7, 8, 10: 166, 162, 168, 168, 166 in the whole loop. Pieces of 16 to 64 pixels: no difference.
//! * **Writing out two or four steps** of the loop: nothing, or 2 % lost. **Weights as memory operands** of the differences: 78 % of
//!   bare, two loads per cycle are too few.
//! * **Additions in other pipes**: sums of a few bits may be added as (denormal) doubles. `vaddpd` gives 118 instead of 166,
//!   `vfmadd231pd` 118, every second one of either 150: all lose.
//! * **Maxima instead of differences** (`|x − w| = 2·max − x − w`), added as bytes before they are summed: 165 with codes of 7 bits,
//!   180 with 6 bits, in registers. No better than packed sums, with coarser codes.
//! * **4-bit weights by table** (`vpshufb` as `|x − w|` for 16 levels, lanes are pixels): a lookup and a byte addition, 171 in
//!   registers: no better, and one would add to it the widening every 17 steps and a table load per weight.
//! * **Non-temporal stores** of the floats behind a layer: of maps of 67 MB, a pass that only reads and writes takes 2.9 instead of 3.9 ns
//!   per vector, of 4 MB 2.1 instead of 1.6. A layer takes 36 ns per vector, and the next one reads what was stored: left out.
//! * **Skipping taps in the padding**: of a tile of 512×512 pixels 0.26 % of all taps. Left out.
//! * **Ending early where ReLU will give zero**: 82 to 95 % of the values behind the ReLUs of `x2` are zeros, but of blocks of 8
//!   pixels × 16 outputs that are zero throughout there are 0.00 % in blocks 0 and 3 and 13 % in block 7. Left out.
//! * **A function of its own** ([`Lanes::vectorize`] is not inlined): within the loop over a row's chain the compiler kept
//!   five of eight sums in memory, and the kernel took twice the time.

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
    let code = l.round(l.min(l.max(code, l.splat(0.0)), l.splat(255.0)));
    l.store_bytes_partial(code, to, n);
}

/// The bytes behind the channels of every pixel: the code of zero, as in the weights.
#[inline(always)]
pub fn pad_channels(codes: QuantParams, channels: usize, to: &mut [u8]) {
    let bytes = bytes_per_pixel(channels);
    if bytes > channels {
        to.chunks_exact_mut(bytes).for_each(|pixel| pixel[channels..].fill(codes.zero_point()));
    }
}
