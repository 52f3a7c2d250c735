//! The forward kernel of adder layers and convolutions, and what a block of outputs is.
//!
//! A register block of `P` neighbouring pixels × `V` vectors of output channels is kept while the window is walked in the
//! order rows, columns, input channels: per tap one broadcast of an input value serves `V` vectors and one load of
//! weights serves `P` pixels. Lanes are outputs, so no sum is ever split over lanes: every instruction set adds in the
//! same order.
//!
//! **An adder tap is a maximum and an addition.** `|x − w| = 2·max(x, w) − x − w`, so
//! `−Σ|x − w| = Σx + Σw − 2·Σ max(x, w)`, where `Σw` is known beforehand and `Σx` is one number per window, shared by all
//! output channels. Subtraction, absolute value and addition become two instructions of three. Zen 3 compares and adds in
//! the same two pipes, so there the addition is a fused multiply-add by one ([`Lanes::add_via_fma`]): the same bits, from pipes
//! that would be idle (64 → 64 channels on one such core: 24 G taps/s with an addition, 32 with this; `benches/engine.rs`).
//!
//! On numbers with few bits (the tests' lattices) the result equals the plain loop's exactly; on others it differs by
//! rounding, as any order of summation would. This departs from "equal to the plain loop bit for bit" for the sake of
//! speed; equality between instruction sets and between tilings stays.

use super::{features::Features, lanes::Lanes, pack::Packed};

/// What a tap does with an input value and a weight.
pub trait Tap: Copy {
    /// Whether windows need their sum `Σx`.
    const DISTANCE: bool;
    /// Adds one tap; `one` as in [`Lanes::add_via_fma`].
    fn tap<L: Lanes>(l: L, sum: L::F, x: L::F, w: L::F, one: L::F) -> L::F;
    /// Makes the output from the sum of taps, the window's `Σx` and the channel's offset.
    fn finish<L: Lanes>(l: L, sum: L::F, window: f32, offset: L::F) -> L::F;
}

/// The adder layer's tap.
#[derive(Clone, Copy, Debug)]
pub struct Distance;

impl Tap for Distance {
    const DISTANCE: bool = true;
    #[inline(always)]
    fn tap<L: Lanes>(l: L, sum: L::F, x: L::F, w: L::F, one: L::F) -> L::F {
        l.add_via_fma(l.max(x, w), sum, one)
    }
    #[inline(always)]
    fn finish<L: Lanes>(l: L, sum: L::F, window: f32, offset: L::F) -> L::F {
        l.sub(l.add(l.splat(window), offset), l.add(sum, sum))
    }
}

/// The convolution's tap.
#[derive(Clone, Copy, Debug)]
pub struct Product;

impl Tap for Product {
    const DISTANCE: bool = false;
    #[inline(always)]
    fn tap<L: Lanes>(l: L, sum: L::F, x: L::F, w: L::F, _one: L::F) -> L::F {
        l.mul_add(x, w, sum)
    }
    #[inline(always)]
    fn finish<L: Lanes>(l: L, sum: L::F, _window: f32, offset: L::F) -> L::F {
        l.add(sum, offset)
    }
}

/// Where a band of outputs reads: output row `y`, column `x` has its window's first tap in the ring-including row `y + dy`
/// and column `x + dx` of the input. For an input and an output of the same place both are `pad − k/2`.
#[derive(Clone, Copy, Debug)]
pub struct WindowPos {
    /// Picture.
    pub n: usize,
    /// Rows to add.
    pub dy: usize,
    /// Columns to add.
    pub dx: usize,
}

/// Vectors of output channels per block, for a layer with so many output channels.
pub fn vectors<L: Lanes>(_: L, cout: usize) -> usize {
    if cout > L::WIDTH { 2 } else { 1 }
}

/// Computes one row of outputs, `out.len() / cout` pixels, from the windows whose first row is `y` (see [`WindowPos`]).
#[inline(always)]
pub fn forward_row<L: Lanes, T: Tap>(
    l: L,
    _: T,
    layer: &Packed,
    input: &Features,
    place: WindowPos,
    y: usize,
    sums: &mut Vec<f32>,
    out: &mut [f32],
) {
    let w = out.len() / layer.cout;
    if T::DISTANCE {
        window_sums(input, place, y, layer.k, w, sums);
    } else {
        sums.clear();
        sums.resize(w, 0.0);
    }
    match (layer.block / L::WIDTH, L::REGISTERS >= 32) {
        (1, _) => row::<L, T, 8, 1>(l, layer, input, place, y, sums, out),
        (_, false) => row::<L, T, 4, 2>(l, layer, input, place, y, sums, out),
        (_, true) => row::<L, T, 8, 2>(l, layer, input, place, y, sums, out),
    }
}

#[inline(always)]
fn row<L: Lanes, T: Tap, const P: usize, const V: usize>(
    l: L,
    layer: &Packed,
    input: &Features,
    place: WindowPos,
    y: usize,
    sums: &[f32],
    out: &mut [f32],
) {
    let (cin, cout, k) = (layer.cin, layer.cout, layer.k);
    let w = out.len() / cout;
    let stride = input.stride();
    let rows = &input.from_padded_row(place.n, y + place.dy)[place.dx * cin..];
    let weights = layer.weights.chunks_exact(k * k * cin * V * L::WIDTH);
    for (b, (weights, offsets)) in weights.zip(layer.offsets.chunks_exact(V * L::WIDTH)).enumerate() {
        let first = b * V * L::WIDTH;
        let mut x = 0;
        while x + P <= w {
            let sum = taps::<L, T, P, V>(l, weights, &rows[x * cin..], stride, cin, k);
            write::<L, T, P, V>(l, sum, &sums[x..], offsets, &mut out[x * cout..], first, cout);
            x += P;
        }
        while x < w {
            let sum = taps::<L, T, 1, V>(l, weights, &rows[x * cin..], stride, cin, k);
            write::<L, T, 1, V>(l, sum, &sums[x..], offsets, &mut out[x * cout..], first, cout);
            x += 1;
        }
    }
}

/// The sums of `P` windows for `V` vectors of output channels. `rows` begins with the first pixel's window.
#[inline(always)]
fn taps<L: Lanes, T: Tap, const P: usize, const V: usize>(
    l: L,
    weights: &[f32],
    rows: &[f32],
    stride: usize,
    cin: usize,
    k: usize,
) -> [[L::F; V]; P] {
    let run = k * cin;
    let one = l.opaque_one();
    let mut sum = [[l.splat(0.0); V]; P];
    for (dy, weights) in weights.chunks_exact(run * V * L::WIDTH).enumerate() {
        let row = &rows[dy * stride..];
        let pixels = windows::<P>(row, cin, run);
        for (i, w) in weights.chunks_exact(V * L::WIDTH).enumerate() {
            let w = load_vectors::<L, V>(l, w);
            for p in 0..P {
                let x = l.splat(pixels[p][i]);
                for v in 0..V {
                    sum[p][v] = T::tap(l, sum[p][v], x, w[v], one);
                }
            }
        }
    }
    sum
}

/// `V` vectors from the start of a slice. A loop and not `array::from_fn`: closures are compiled without the kernel's
/// instruction set.
#[inline(always)]
pub(super) fn load_vectors<L: Lanes, const V: usize>(l: L, from: &[f32]) -> [L::F; V] {
    let mut vectors = [l.splat(0.0); V];
    for (v, vector) in vectors.iter_mut().enumerate() {
        *vector = l.load(&from[v * L::WIDTH..]);
    }
    vectors
}

/// One row of the windows of `P` neighbouring pixels of `cin` channels.
#[inline(always)]
pub(super) fn windows<const P: usize>(row: &[f32], cin: usize, run: usize) -> [&[f32]; P] {
    let mut pixels: [&[f32]; P] = [&[]; P];
    for (p, pixel) in pixels.iter_mut().enumerate() {
        *pixel = &row[p * cin..][..run];
    }
    pixels
}

#[inline(always)]
fn write<L: Lanes, T: Tap, const P: usize, const V: usize>(
    l: L,
    sum: [[L::F; V]; P],
    sums: &[f32],
    offsets: &[f32],
    out: &mut [f32],
    first: usize,
    cout: usize,
) {
    for p in 0..P {
        for v in 0..V {
            let o = first + v * L::WIDTH;
            if o < cout {
                let y = T::finish(l, sum[p][v], sums[p], l.load(&offsets[v * L::WIDTH..]));
                l.store_partial(y, &mut out[p * cout + o..], cout - o);
            }
        }
    }
}

/// `Σx` of every window of a row. Eight fixed partial sums per pixel, whatever the instruction set, keep the bits equal.
#[inline(always)]
fn window_sums(input: &Features, place: WindowPos, y: usize, k: usize, w: usize, sums: &mut Vec<f32>) {
    let c = input.c;
    sums.clear();
    sums.resize(w + (w + k - 1), 0.0);
    let (sums_out, columns) = sums.split_at_mut(w);
    for dy in 0..k {
        let row = &input.from_padded_row(place.n, y + place.dy + dy)[place.dx * c..];
        for (column, pixel) in columns.iter_mut().zip(row.chunks_exact(c)) {
            let mut part = [0.0f32; 8];
            let mut eights = pixel.chunks_exact(8);
            for eight in &mut eights {
                for (s, v) in part.iter_mut().zip(eight) {
                    *s += v;
                }
            }
            for (s, v) in part.iter_mut().zip(eights.remainder()) {
                *s += v;
            }
            let [a, b, c, d, e, f, g, h] = part;
            *column += ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
    }
    for (x, sum) in sums_out.iter_mut().enumerate() {
        *sum = columns[x..x + k].iter().sum();
    }
    sums.truncate(w);
}
