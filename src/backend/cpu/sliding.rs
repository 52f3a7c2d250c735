//! The forward kernel of 3×3 adder layers in 8-bit codes where a window slides fast (see
//! [`Slide`](super::lanes::slide::Slide)): the same whole numbers as [`sad_conv`](super::sad_conv), hence the same bits.
//!
//! Codes lie pixel by pixel. A piece of [`SPAN`] columns of a band is turned into strips of channels once, halo and all; every
//! output row reads three rows of strips, and its sums are turned back into pixels.

use super::{
    features::Features,
    lanes::{
        Kernel, Lanes,
        slide::{OUTPUTS, REACH, SPAN, Strip, Sums, Taps},
    },
    sad_conv::bytes_per_pixel,
    window::WindowPos,
};
use crate::nn::quantize::{QuantParams, QuantizedWeights};

/// Side of the window.
pub const SIDE: usize = 3;

/// One adder layer's weights in the codes of its input.
#[derive(Clone, Debug)]
pub struct Sliding {
    /// Codes of input and weights.
    pub codes: QuantParams,
    /// Channels read.
    pub cin: usize,
    /// Channels written.
    pub cout: usize,
    /// `[out/8][dy][in]`
    taps: Vec<Taps>,
    /// What is added to an output: minus the weights' excess.
    pub offsets: Vec<f32>,
}

impl Sliding {
    /// Clamps, codes and packs `[out, in, 3, 3]`.
    pub fn new(weight: &[f32], cin: usize, cout: usize, codes: QuantParams) -> Self {
        let coded = QuantizedWeights::new(weight, cout, codes);
        let mut taps = Vec::with_capacity(cout.div_ceil(OUTPUTS) * SIDE * cin);
        for first in (0..cout).step_by(OUTPUTS) {
            for (dy, c) in (0..SIDE).flat_map(|dy| (0..cin).map(move |c| (dy, c))) {
                let mut group = [[0; 4]; OUTPUTS];
                for (o, taps) in (first..cout).zip(&mut group) {
                    let row = ((o * cin + c) * SIDE + dy) * SIDE;
                    taps[..SIDE].copy_from_slice(&coded.codes[row..row + SIDE]);
                }
                taps.push(group);
            }
        }
        Self { codes, cin, cout, taps, offsets: coded.excess.iter().map(|e| -e).collect() }
    }
}

/// A piece of a band's input as strips.
#[derive(Debug, Default)]
pub struct Strips {
    /// `[row][channel]`
    strips: Vec<Strip>,
    /// By row: the sum over channels of the pixel that each output's fourth byte meets.
    excess: Vec<[u32; SPAN]>,
}

/// Makes the strips that so many rows of outputs read, from row `y` and column `x` on (see [`WindowPos`]).
#[derive(Debug)]
pub struct Spread<'a> {
    /// The layer.
    pub layer: &'a Sliding,
    /// What it reads.
    pub input: &'a Features<u8>,
    /// Where it reads.
    pub place: WindowPos,
    /// Row of the first outputs.
    pub y: usize,
    /// Column of the first output.
    pub x: usize,
    /// Rows of outputs.
    pub rows: usize,
    /// Where the strips go.
    pub strips: &'a mut Strips,
}

impl Kernel for Spread<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { layer: &Sliding { cin, .. }, input, place, y, x, rows, strips } = self;
        let (bytes, rows) = (bytes_per_pixel(cin), rows + SIDE - 1);
        strips.strips.resize(rows * cin, [0; 64]);
        strips.excess.resize(rows, [0; SPAN]);
        let each = strips.strips.chunks_exact_mut(cin).zip(&mut strips.excess);
        let mut short = Vec::new();
        for (i, (strips, excess)) in each.enumerate() {
            let mut pixels = &input.from_padded_row(place.n, y + place.dy + i)[(x + place.dx) * bytes..];
            if pixels.len() < REACH * bytes {
                // At the end of the picture: what is missing belongs to no output.
                short.clear();
                short.extend_from_slice(pixels);
                short.resize(REACH * bytes, 0);
                pixels = &short;
            }
            l.spread(pixels, bytes, strips);
            for (x, excess) in excess.iter_mut().enumerate() {
                let mut sum = 0;
                for &v in &pixels[(x + SIDE) * bytes..][..cin] {
                    sum += u32::from(v);
                }
                *excess = sum;
            }
        }
    }
}

/// `Σ|q − u|` of at most [`SPAN`] pixels of a row, as floats, which hold them exactly.
#[derive(Debug)]
pub struct SlidingRow<'a> {
    /// The layer.
    pub layer: &'a Sliding,
    /// What it reads.
    pub strips: &'a Strips,
    /// Which of the rows of outputs that the strips serve.
    pub row: usize,
    /// `cout` values for each pixel.
    pub out: &'a mut [f32],
}

impl Kernel for SlidingRow<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { layer: &Sliding { cin, cout, ref taps, .. }, strips, row, out } = self;
        let mut excess = [0; SPAN];
        for row in &strips.excess[row..row + SIDE] {
            for (sum, more) in excess.iter_mut().zip(row) {
                *sum += more;
            }
        }
        let read = &strips.strips[row * cin..(row + SIDE) * cin];
        for (first, taps) in (0..cout).step_by(OUTPUTS).zip(taps.chunks_exact(SIDE * cin)) {
            let mut sums: Sums = [[0; SPAN]; OUTPUTS];
            l.slide(read, taps, &mut sums);
            l.store_pixels(&sums, &excess, &mut out[first..], cout, (cout - first).min(OUTPUTS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{backend::cpu::isa::Isa, tensor::Shape};

    /// `Σ|q − u|` over the window, one after another.
    fn plain(
        input: &Features<u8>,
        coded: &QuantizedWeights,
        (cin, cout): (usize, usize),
        y: usize,
        x: usize,
    ) -> Vec<f32> {
        let bytes = bytes_per_pixel(cin);
        let sum = |o: usize| {
            let mut sum = 0;
            for (dy, dx, c) in (0..9 * cin).map(|i| (i / 3 / cin, i / cin % 3, i % cin)) {
                let q = input.from_padded_row(0, y + dy)[(x + dx) * bytes + c];
                sum += u32::from(q.abs_diff(coded.codes[((o * cin + c) * 3 + dy) * 3 + dx]));
            }
            sum as f32
        };
        (0..cout).map(sum).collect()
    }

    #[test]
    fn every_set_slides_to_the_sums_of_the_plain_loop() {
        for (cin, cout, h, w) in
            [(1, 1, 1, 1), (3, 5, 2, 31), (16, 8, 3, 32), (33, 17, 1, 33), (64, 64, 2, 40), (70, 9, 5, 3)]
        {
            let codes = QuantParams::new(1.0, 7).unwrap();
            let noise = |i: usize| (i.wrapping_mul(2_654_435_761) >> 9) as u8;
            let weight: Vec<f32> = (0..cout * cin * 9).map(|i| f32::from(noise(i + 99)) - 7.0).collect();
            let (layer, coded) = (Sliding::new(&weight, cin, cout, codes), QuantizedWeights::new(&weight, cout, codes));
            let mut input = Features::<u8>::default();
            input.reset_to(Shape::new(1, h, w, bytes_per_pixel(cin)), 1, codes.zero_point());
            for y in 0..h {
                // Extremes too, so that short sums are as full as they can be.
                let code = |(i, v): (usize, &mut u8)| *v = if y % 2 == 1 { 255 } else { noise(i + y * 997) };
                input.row_mut(0, y).iter_mut().enumerate().for_each(code);
            }
            for isa in Isa::available() {
                for x in (0..w).step_by(SPAN) {
                    let (mut strips, n) = (Strips::default(), SPAN.min(w - x));
                    let place = WindowPos { n: 0, dy: 0, dx: 0 };
                    isa.run(Spread { layer: &layer, input: &input, place, y: 0, x, rows: h, strips: &mut strips });
                    for y in 0..h {
                        let mut out = vec![0.0; n * cout];
                        isa.run(SlidingRow { layer: &layer, strips: &strips, row: y, out: &mut out });
                        let expected: Vec<f32> =
                            (x..x + n).flat_map(|x| plain(&input, &coded, (cin, cout), y, x)).collect();
                        assert_eq!(out, expected, "{}: {cin} to {cout}, row {y} of {h}, {w} wide", isa.name());
                    }
                }
            }
        }
    }
}
