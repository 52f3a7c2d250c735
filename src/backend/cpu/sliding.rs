//! The forward kernel of 3×3 adder layers in 8-bit codes where a window slides fast (see
//! [`Slide`](super::lanes::slide::Slide)): the same whole numbers as [`sad_conv`](super::sad_conv), hence the same bits.
//!
//! Codes lie channel by channel ([`Planes`]). Those that a block of [`SPAN`] columns of a band of rows reads are turned into
//! strips once; every output row reads three rows of strips.

use super::{
    lanes::{
        Kernel, Lanes,
        slide::{OUTPUTS, SPAN, Soon, Strip, Taps},
    },
    planes::Planes,
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

/// What a block of a band reads, as strips.
#[derive(Debug, Default)]
pub struct Strips {
    /// `[row][channel]`
    strips: Vec<Strip>,
    /// By row: the sum over channels of the pixel that each output's fourth byte meets.
    excess: Vec<[u32; SPAN]>,
    /// By row of outputs: minus the excess of its three rows, modulo 2³².
    starts: Vec<[u32; SPAN]>,
}

/// Makes the strips that so many rows of a block read.
#[derive(Debug)]
pub struct Spread<'a> {
    /// What is read.
    pub input: &'a Planes,
    /// The first row that is read, where row 0 is the ring's.
    pub y: usize,
    /// The block.
    pub block: usize,
    /// Rows of outputs.
    pub rows: usize,
    /// Where the strips go.
    pub strips: &'a mut Strips,
}

impl Kernel for Spread<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { input, y, block, rows, strips } = self;
        let rows = rows + SIDE - 1;
        strips.strips.resize(rows * input.c, Strip([0; 64]));
        strips.excess.resize(rows, [0; SPAN]);
        let each = strips.strips.chunks_exact_mut(input.c).zip(&mut strips.excess);
        for (i, (strips, excess)) in each.enumerate() {
            *excess = l.expand(input.lines(y + i, block), strips);
        }
        strips.starts.resize(rows + 1 - SIDE, [0; SPAN]);
        for (start, excess) in strips.starts.iter_mut().zip(strips.excess.windows(SIDE)) {
            for x in 0..SPAN {
                start[x] = (excess[0][x] + excess[1][x] + excess[2][x]).wrapping_neg();
            }
        }
    }
}

/// `Σ|q − u|` of a row of a block for at most [`OUTPUTS`] output channels, as floats, which hold them exactly.
#[derive(Debug)]
pub struct SlidingRow<'a> {
    /// The layer.
    pub layer: &'a Sliding,
    /// What it reads.
    pub strips: &'a Strips,
    /// Which of the rows of outputs that the strips serve.
    pub row: usize,
    /// First output channel, a multiple of [`OUTPUTS`].
    pub first: usize,
    /// `[channel][SPAN]`
    pub out: &'a mut [f32],
    /// What is to be asked for meanwhile.
    pub soon: Soon<'a>,
}

impl Kernel for SlidingRow<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { layer: &Sliding { cin, ref taps, .. }, strips, row, first, out, soon } = self;
        let (first, strips, start) = (first / OUTPUTS * SIDE * cin, &strips.strips[row * cin..], &strips.starts[row]);
        l.slide(&strips[..SIDE * cin], &taps[first..][..SIDE * cin], start, soon, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::{
        isa::Isa,
        planes::{PITCH, end_codes},
    };

    /// `Σ|q − u|` over the window, one after another; `input(y, x, c)` counts rows and columns from the ring's on.
    fn plain(
        input: impl Fn(usize, usize, usize) -> u8,
        coded: &QuantizedWeights,
        cin: usize,
        (o, y, x): (usize, usize, usize),
    ) -> f32 {
        let mut sum = 0;
        for (dy, dx, c) in (0..9 * cin).map(|i| (i / 3 / cin, i / cin % 3, i % cin)) {
            let q = input(y + dy, x + dx, c);
            sum += u32::from(q.abs_diff(coded.codes[((o * cin + c) * 3 + dy) * 3 + dx]));
        }
        sum as f32
    }

    #[test]
    fn every_set_slides_to_the_sums_of_the_plain_loop() {
        for (cin, cout, h, blocks) in
            [(1, 1, 1, 1), (3, 5, 2, 1), (16, 8, 3, 2), (33, 17, 1, 2), (64, 64, 2, 1), (70, 9, 5, 3)]
        {
            let codes = QuantParams::new(1.0, 7).unwrap();
            let noise = |i: usize| (i.wrapping_mul(2_654_435_761) >> 9) as u8;
            let weight: Vec<f32> = (0..cout * cin * 9).map(|i| f32::from(noise(i + 99)) - 7.0).collect();
            let (layer, coded) = (Sliding::new(&weight, cin, cout, codes), QuantizedWeights::new(&weight, cout, codes));
            // Extremes too, so that short sums are as full as they can be.
            let code = |y: usize, x: usize, c: usize| match y {
                y if y % 2 == 1 => 255,
                y => noise((y * 9973 + x) * cin + c),
            };
            let mut input = Planes::default();
            input.reset(h, h, blocks, cin, codes.zero_point());
            for (y, row) in input.bands(0..h, 1) {
                for b in 0..blocks {
                    for (c, x) in (0..cin).flat_map(|c| (0..SPAN).map(move |x| (c, x))) {
                        row[(b * cin + c) * PITCH + 1 + x] = code(y, b * SPAN + x, c);
                    }
                    end_codes(row, cin, b, SPAN, codes.zero_point());
                }
            }
            let ringed = |y: usize, x: usize, c: usize| match (y.checked_sub(1), x.checked_sub(1)) {
                (Some(y), Some(x)) if y < h && x < blocks * SPAN => code(y, x, c),
                _ => codes.zero_point(),
            };
            for (isa, block) in Isa::available().into_iter().flat_map(|isa| (0..blocks).map(move |b| (isa, b))) {
                let mut strips = Strips::default();
                isa.run(Spread { input: &input, y: 0, block, rows: h, strips: &mut strips });
                for (row, first) in (0..h).flat_map(|y| (0..cout).step_by(OUTPUTS).map(move |o| (y, o))) {
                    let mut out = vec![0.0; OUTPUTS.min(cout - first) * SPAN];
                    isa.run(SlidingRow {
                        layer: &layer,
                        strips: &strips,
                        row,
                        first,
                        out: &mut out,
                        soon: Soon::default(),
                    });
                    for (i, sum) in out.iter().enumerate() {
                        let at = (first + i / SPAN, row, block * SPAN + i % SPAN);
                        assert_eq!(*sum, plain(ringed, &coded, cin, at), "{}: {cin} to {cout}, {at:?}", isa.name());
                    }
                }
            }
        }
    }
}
