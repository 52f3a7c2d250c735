//! The backward kernels of adder layers and convolutions.
//!
//! *Input*, adder: `dX[p, c] = Σ_{taps, o} clip(W[o, c] − X[p, c], −1, 1)·g[p − tap, o]` (AdderNet §3.2). Lanes are input
//! channels; a block keeps its `X` in registers while it walks over the window of `g` with the turned-round weights.
//! A convolution needs no kernel of its own: its input gradient is a forward pass with those weights.
//!
//! *Weights*: both layers need `Σ_p X[p + tap, c]·g[p, o]`; the adder's full-precision gradient `Σ(X − W)·g` is that minus
//! `W·Σg`. Lanes are output channels; a block of input channels × output vectors stays in registers while it runs over
//! the pixels of a few rows.

use super::{
    features::Features,
    lanes::Lanes,
    pack::Packed,
    window::{WindowPos, load_vectors, windows},
};

/// Makes the sign out of a clip: differences above 1e-30 count as one.
const STEEP: f32 = 1e30;

/// Adds one row of the adder layer's input gradient to `grad`. `place` locates the row's window in `g` as in
/// [`super::window::forward_row`]; `x` is the row of inputs. With `sign`, the true derivative instead of the HardTanh.
#[inline(always)]
pub fn adder_input_row<L: Lanes>(
    l: L,
    layer: &Packed,
    g: &Features,
    place: WindowPos,
    y: usize,
    x: &[f32],
    sign: bool,
    grad: &mut [f32],
) {
    match (sign, L::REGISTERS >= 32, layer.block / L::WIDTH) {
        (false, true, 2) => input_row::<L, 4, 2, false>(l, layer, g, place, y, x, grad),
        (false, _, 2) => input_row::<L, 2, 2, false>(l, layer, g, place, y, x, grad),
        (false, ..) => input_row::<L, 4, 1, false>(l, layer, g, place, y, x, grad),
        (true, _, 2) => input_row::<L, 2, 2, true>(l, layer, g, place, y, x, grad),
        (true, ..) => input_row::<L, 2, 1, true>(l, layer, g, place, y, x, grad),
    }
}

#[inline(always)]
fn input_row<L: Lanes, const P: usize, const V: usize, const SIGN: bool>(
    l: L,
    layer: &Packed,
    g: &Features,
    place: WindowPos,
    y: usize,
    x: &[f32],
    grad: &mut [f32],
) {
    let (cin, cout) = (layer.cin, layer.cout); // `cin` counts the channels of g here
    let stride = g.stride();
    let rows = &g.from_padded_row(place.n, y + place.dy)[place.dx * cin..];
    let w = grad.len() / cout;
    for (b, weights) in layer.weights.chunks_exact(layer.k * layer.k * cin * V * L::WIDTH).enumerate() {
        let first = b * V * L::WIDTH;
        let mut at = 0;
        while at + P <= w {
            input_block::<L, P, V, SIGN>(l, layer, weights, &rows[at * cin..], stride, first, at, x, grad);
            at += P;
        }
        while at < w {
            input_block::<L, 1, V, SIGN>(l, layer, weights, &rows[at * cin..], stride, first, at, x, grad);
            at += 1;
        }
    }
}

#[inline(always)]
fn input_block<L: Lanes, const P: usize, const V: usize, const SIGN: bool>(
    l: L,
    layer: &Packed,
    weights: &[f32],
    rows: &[f32],
    stride: usize,
    first: usize,
    at: usize,
    x: &[f32],
    grad: &mut [f32],
) {
    let (cin, cout, run) = (layer.cin, layer.cout, layer.k * layer.cin);
    let mut xs = [[l.splat(0.0); V]; P];
    for (p, xs) in xs.iter_mut().enumerate() {
        for (v, x_v) in xs.iter_mut().enumerate() {
            let o = first + v * L::WIDTH;
            let (start, n) = ((at + p) * cout + o, cout.saturating_sub(o));
            if n > 0 {
                *x_v = l.load_partial(&x[start..], n);
            }
        }
    }
    let one = l.opaque_one();
    let mut sum = [[l.splat(0.0); V]; P];
    for (dy, weights) in weights.chunks_exact(run * V * L::WIDTH).enumerate() {
        let row = &rows[dy * stride..];
        let pixels = windows::<P>(row, cin, run);
        for (i, w) in weights.chunks_exact(V * L::WIDTH).enumerate() {
            let w = load_vectors::<L, V>(l, w);
            for p in 0..P {
                let g = l.splat(pixels[p][i]);
                for v in 0..V {
                    let mut d = l.sub_via_fma(w[v], xs[p][v], one);
                    if SIGN {
                        d = l.mul(d, l.splat(STEEP));
                    }
                    sum[p][v] = l.mul_add(l.clip_unit(d), g, sum[p][v]);
                }
            }
        }
    }
    for (p, sum) in sum.iter().enumerate() {
        for (v, &sum) in sum.iter().enumerate() {
            let o = first + v * L::WIDTH;
            let (start, n) = ((at + p) * cout + o, cout.saturating_sub(o));
            if n > 0 {
                let old = l.load_partial(&grad[start..], n);
                l.store_partial(l.add(old, sum), &mut grad[start..], n);
            }
        }
    }
}

/// Rows over which a block of weights stays in registers: few, so that inputs and gradients stay in the first cache.
const ROWS: usize = 4;

/// Output channels filled up to whole vectors: the width of the sums below.
pub fn padded<L: Lanes>(_: L, cout: usize) -> usize {
    cout.next_multiple_of(L::WIDTH)
}

/// Adds the rows `y..y + rows` of picture `place.n` to `sums[dy][dx][c][padded o] = Σ X[p + tap, c]·g[p, o]`, or, where
/// weights in that same order are given, to `Σ sign(X − W)·g`.
#[inline(always)]
pub fn weight_rows<L: Lanes>(
    l: L,
    k: usize,
    x: &Features,
    place: WindowPos,
    g: &Features,
    y: usize,
    rows: usize,
    sign: Option<&[f32]>,
    sums: &mut [f32],
) {
    let width = padded(l, g.c);
    let mut from = y;
    while from < y + rows {
        let to = (from + ROWS).min(y + rows);
        for t in 0..k * k {
            let part = t * x.c * width..(t + 1) * x.c * width;
            let task =
                Pixels { x, place: WindowPos { dy: place.dy + t / k, dx: place.dx + t % k, ..place }, g, from, to };
            let (tap, sign) = (&mut sums[part.clone()], sign.map(|w| &w[part]));
            let mut o = 0;
            while o < width {
                let v = if o + 2 * L::WIDTH <= width { 2 } else { 1 };
                let mut c = 0;
                while c < x.c {
                    c += match (sign, v, x.c - c, L::REGISTERS >= 32) {
                        (None, 2, 8.., true) => weight_block::<L, 8, 2>(l, task, c, o, tap),
                        (None, 2, 4.., _) => weight_block::<L, 4, 2>(l, task, c, o, tap),
                        (None, 2, ..) => weight_block::<L, 1, 2>(l, task, c, o, tap),
                        (None, _, 4.., _) => weight_block::<L, 4, 1>(l, task, c, o, tap),
                        (None, ..) => weight_block::<L, 1, 1>(l, task, c, o, tap),
                        (Some(w), 2, ..) => sign_block::<L, 2>(l, task, w, c, o, tap),
                        (Some(w), ..) => sign_block::<L, 1>(l, task, w, c, o, tap),
                    };
                }
                o += v * L::WIDTH;
            }
        }
        from = to;
    }
}

/// Rows of inputs and gradients for one tap of the window.
#[derive(Clone, Copy)]
struct Pixels<'a> {
    x: &'a Features,
    place: WindowPos,
    g: &'a Features,
    from: usize,
    to: usize,
}

impl<'a> Pixels<'a> {
    /// Row `y` of inputs from channel `c` and of gradients from channel `o` on, just long enough for blocks of that many
    /// channels. Lanes behind the last channel read the next pixel; they are thrown away with the padded columns.
    #[inline(always)]
    fn row(&self, y: usize, c: usize, cs: usize, o: usize, os: usize) -> (&'a [f32], &'a [f32]) {
        let xs = &self.x.from_padded_row(self.place.n, y + self.place.dy)[self.place.dx * self.x.c + c..];
        let gs = &self.g.from_padded_row(self.place.n, y + self.g.pad)[self.g.pad * self.g.c + o..];
        (&xs[..(self.g.w - 1) * self.x.c + cs], &gs[..(self.g.w - 1) * self.g.c + os])
    }
}

#[inline(always)]
fn weight_block<L: Lanes, const C: usize, const V: usize>(
    l: L,
    task: Pixels<'_>,
    c: usize,
    o: usize,
    tap: &mut [f32],
) -> usize {
    let width = tap.len() / task.x.c;
    let mut sum = [[l.splat(0.0); V]; C];
    for (i, sum) in sum.iter_mut().enumerate() {
        *sum = load_vectors::<L, V>(l, &tap[(c + i) * width + o..]);
    }
    for y in task.from..task.to {
        let (xs, gs) = task.row(y, c, C, o, V * L::WIDTH);
        for p in 0..task.g.w {
            let g = load_vectors::<L, V>(l, &gs[p * task.g.c..][..V * L::WIDTH]);
            let x = &xs[p * task.x.c..][..C];
            for i in 0..C {
                let x = l.splat(x[i]);
                for v in 0..V {
                    sum[i][v] = l.mul_add(x, g[v], sum[i][v]);
                }
            }
        }
    }
    for (i, sum) in sum.iter().enumerate() {
        for (v, &sum) in sum.iter().enumerate() {
            l.store(sum, &mut tap[(c + i) * width + o + v * L::WIDTH..]);
        }
    }
    C
}

#[inline(always)]
fn sign_block<L: Lanes, const V: usize>(
    l: L,
    task: Pixels<'_>,
    weights: &[f32],
    c: usize,
    o: usize,
    tap: &mut [f32],
) -> usize {
    let at = c * (tap.len() / task.x.c) + o;
    let w = load_vectors::<L, V>(l, &weights[at..]);
    let mut sum = load_vectors::<L, V>(l, &tap[at..]);
    for y in task.from..task.to {
        let (xs, gs) = task.row(y, c, 1, o, V * L::WIDTH);
        for p in 0..task.g.w {
            let x = l.splat(xs[p * task.x.c]);
            for v in 0..V {
                let g = l.load(&gs[p * task.g.c + v * L::WIDTH..]);
                let sign = l.clip_unit(l.mul(l.sub(x, w[v]), l.splat(STEEP)));
                sum[v] = l.mul_add(sign, g, sum[v]);
            }
        }
    }
    for v in 0..V {
        l.store(sum[v], &mut tap[at + v * L::WIDTH..]);
    }
    1
}
