//! Gradients of adder layers and convolutions, spread over tasks.

use super::{
    super::{
        features::{Band, Features},
        gradient::{adder_input_row, padded, weight_rows},
        lanes::{Kernel, Lanes},
        pack::Packed,
        parallel,
        pointwise::add_scaled,
        window::{Product, WindowPos, forward_row},
    },
    BAND, CpuGraph,
};

/// Rows per partial sum of weight gradients: a fixed number, so that the order of additions is too.
const WEIGHT_BAND: usize = 16;

impl CpuGraph {
    pub(super) fn weight_gradient(&self, grad: &Features, x: &Features, k: usize, sign: Option<&Vec<f32>>) -> Vec<f32> {
        struct Task<'a> {
            k: usize,
            x: &'a Features,
            g: &'a Features,
            n: usize,
            y: usize,
            sign: Option<&'a Vec<f32>>,
            sums: &'a mut Vec<f32>,
        }
        impl Kernel for Task<'_> {
            type Out = ();
            #[inline(always)]
            fn run<L: Lanes>(self, l: L) {
                let Task { k, x, g, n, y, .. } = self;
                let width = padded(l, g.c);
                self.sums.resize(k * k * x.c * width, 0.0);
                let sign = self.sign.map(|w| untranspose(w, x.c, g.c, k, width));
                let place = WindowPos { n, dy: x.pad - k / 2, dx: x.pad - k / 2 };
                let rows = WEIGHT_BAND.min(g.h - y);
                weight_rows(l, k, x, place, g, y, rows, sign.as_deref(), self.sums);
            }
        }
        let bands = grad.h.div_ceil(WEIGHT_BAND);
        let mut partial: Vec<Vec<f32>> = vec![Vec::new(); grad.n * bands];
        let task = |(i, sums)| Task { k, x, g: grad, n: i / bands, y: i % bands * WEIGHT_BAND, sign, sums };
        let tasks = partial.iter_mut().enumerate().map(task).collect();
        parallel(tasks, |task: Task<'_>| self.isa.run(task));
        let mut partial = partial.into_iter();
        let mut sums = partial.next().unwrap_or_default();
        for part in partial {
            sums.iter_mut().zip(&part).for_each(|(s, p)| *s += p);
        }
        sums
    }

    /// Adds the gradient with respect to a window layer's input: the adder's (`sign` given) or the convolution's.
    pub(super) fn input_gradient(
        &mut self,
        grad: &Features,
        input: usize,
        channels: usize,
        pack: impl Fn(super::Isa) -> Packed,
        sign: Option<bool>,
    ) {
        struct Task<'a> {
            packed: &'a Packed,
            g: &'a Features,
            x: &'a Features,
            sign: Option<bool>,
            band: Band<'a>,
        }
        impl Kernel for Task<'_> {
            type Out = ();
            #[inline(always)]
            fn run<L: Lanes>(mut self, l: L) {
                let Task { packed, g, x, .. } = self;
                let shift = g.pad - packed.k / 2;
                let place = WindowPos { n: self.band.n, dy: shift, dx: shift };
                let mut scratch = vec![0.0; x.w * x.c];
                let mut sums = Vec::new();
                for i in 0..self.band.rows {
                    let y = self.band.y + i;
                    let row = self.band.row(i, x.w, x.c, x.pad);
                    match self.sign {
                        Some(sign) => adder_input_row(l, packed, g, place, y, x.row(place.n, y), sign, row),
                        None => {
                            forward_row(l, Product, packed, g, place, y, &mut sums, &mut scratch);
                            add_scaled(l, row, 1.0, &scratch);
                        }
                    }
                }
            }
        }
        if !self.requires_grad[input] {
            return;
        }
        let packed = pack(self.isa);
        debug_assert_eq!(packed.cout, channels);
        let mut target = self.target(input);
        let x = if sign.is_some() { self.read_by_adders(input) } else { &self.values[input] };
        let task = |band| Task { packed: &packed, g: grad, x, sign, band };
        let tasks = target.bands(BAND).into_iter().map(task).collect();
        parallel(tasks, |task: Task<'_>| self.isa.run(task));
        self.grads[input] = Some(target);
    }
}

/// `[dy][dx][c][padded o]` to `[o][c][dy][dx]`.
pub(super) fn transpose(sums: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
    let width = sums.len() / (k * k * cin);
    let mut out = vec![0.0; cout * cin * k * k];
    for (o, filter) in out.chunks_mut(cin * k * k).enumerate() {
        for c in 0..cin {
            for t in 0..k * k {
                filter[c * k * k + t] = sums[(t * cin + c) * width + o];
            }
        }
    }
    out
}

/// `[o][c][dy][dx]` to `[dy][dx][c][padded o]`.
fn untranspose(weight: &[f32], cin: usize, cout: usize, k: usize, width: usize) -> Vec<f32> {
    let mut out = vec![0.0; k * k * cin * width];
    for (o, filter) in weight.chunks(cin * k * k).enumerate().take(cout) {
        for c in 0..cin {
            for t in 0..k * k {
                out[(t * cin + c) * width + o] = filter[c * k * k + t];
            }
        }
    }
    out
}

/// `Σ g` per channel over all pixels.
pub(super) fn channel_sums(g: &Features) -> Vec<f64> {
    let mut totals = vec![0.0; g.c];
    for n in 0..g.n {
        for y in 0..g.h {
            let mut part = vec![0.0f32; g.c];
            for pixel in g.row(n, y).chunks_exact(g.c) {
                part.iter_mut().zip(pixel).for_each(|(s, v)| *s += v);
            }
            totals.iter_mut().zip(part).for_each(|(t, p)| *t += f64::from(p));
        }
    }
    totals
}
