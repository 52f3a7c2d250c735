//! The backward pass: groups in reverse, gradients of a node's value in `grads` until the node is done.

use super::{
    super::{
        features::{Band, Features},
        gradient::{adder_input_row, padded, weight_rows},
        lanes::{Kernel, Lanes},
        layer::block,
        pack::Packed,
        parallel,
        pointwise::{add_scaled, norm_backward, norm_sums, power_backward, relu_backward},
        resample::unshuffle_row,
        window::{Place, Product, forward_row},
    },
    BAND, CpuGraph,
};
use crate::{
    backend::{AdderGradient, Gradients, reference},
    nn::{Op, Params},
};

/// Rows per partial sum of weight gradients: a fixed number, so that the order of additions is too.
const WEIGHT_BAND: usize = 16;

impl CpuGraph {
    pub(super) fn backward_group(&mut self, g: usize, params: &Params, gradients: &mut Gradients) {
        let group = self.groups[g].clone();
        let last = group[group.len() - 1];
        if !self.learns[last] {
            return;
        }
        let Some(grad) = self.grads[last].take() else { return };
        let node = self.plan.nodes[last].clone();
        let input = node.inputs[0];
        match node.op {
            Op::Conv { cin, cout, k, bias } => {
                let sums = self.weight_gradient(&grad, input, k, None);
                gradients.values[node.params[0]] = transpose(&sums, cin, cout, k);
                if bias {
                    gradients.values[node.params[1]] = channel_sums(&grad).iter().map(|&s| s as f32).collect();
                }
                let weight = &params.values[node.params[0]];
                self.input_gradient(
                    &grad,
                    input,
                    cin,
                    |isa| Packed::backward(weight, cin, cout, k, block(isa, cin)),
                    None,
                );
            }
            Op::Adder { cin, cout, k } => {
                let weight = &params.values[node.params[0]];
                let sign = self.gradient == AdderGradient::Sign;
                let sums = self.weight_gradient(&grad, input, k, sign.then_some(weight));
                let slot = &mut gradients.values[node.params[0]];
                *slot = transpose(&sums, cin, cout, k);
                if !sign {
                    let totals = channel_sums(&grad);
                    for ((dw, w), g) in slot.chunks_mut(cin * k * k).zip(weight.chunks(cin * k * k)).zip(totals) {
                        dw.iter_mut().zip(w).for_each(|(d, w)| *d -= w * g as f32);
                    }
                }
                let pack = |isa| Packed::backward(weight, cin, cout, k, block(isa, cin));
                self.input_gradient(&grad, input, cin, pack, Some(sign));
            }
            Op::PixelShuffle { scale } => self.unshuffle(&grad, input, scale),
            Op::Bicubic { scale } => {
                let shape = self.values[input].to_tensor().shape;
                let small = reference::bicubic::backward(shape, scale, &grad.to_tensor());
                let mut target = self.target(input);
                for n in 0..shape.n {
                    for y in 0..shape.h {
                        let from = &small.data[(n * shape.h + y) * shape.w * shape.c..];
                        target.row_mut(n, y).iter_mut().zip(from).for_each(|(t, s)| *t += s);
                    }
                }
                self.grads[input] = Some(target);
            }
            Op::Input { .. } => {}
            Op::Shift { .. } | Op::BatchNorm { .. } | Op::Add { .. } | Op::Relu | Op::Power { .. } => {
                self.backward_chain(&group, &grad, params, gradients);
            }
        }
        self.pool.push(grad);
    }

    /// The gradient of a node's value, zeros if nothing has reached it yet.
    fn target(&mut self, node: usize) -> Features {
        if let Some(grad) = self.grads[node].take() {
            return grad;
        }
        let mut features = self.fresh(node);
        for n in 0..features.n {
            for y in 0..features.h {
                features.row_mut(n, y).fill(0.0);
            }
        }
        features
    }

    fn weight_gradient(&self, grad: &Features, input: usize, k: usize, sign: Option<&Vec<f32>>) -> Vec<f32> {
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
                let place = Place { n, dy: x.pad - k / 2, dx: x.pad - k / 2 };
                let rows = WEIGHT_BAND.min(g.h - y);
                weight_rows(l, k, x, place, g, y, rows, sign.as_deref(), self.sums);
            }
        }
        let x = &self.values[input];
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
    fn input_gradient(
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
                let place = Place { n: self.band.n, dy: shift, dx: shift };
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
        if !self.learns[input] {
            return;
        }
        let packed = pack(self.isa);
        debug_assert_eq!(packed.cout, channels);
        let mut target = self.target(input);
        let x = &self.values[input];
        let task = |band| Task { packed: &packed, g: grad, x, sign, band };
        let tasks = target.bands(BAND).into_iter().map(task).collect();
        parallel(tasks, |task: Task<'_>| self.isa.run(task));
        self.grads[input] = Some(target);
    }

    fn unshuffle(&mut self, grad: &Features, input: usize, scale: usize) {
        let mut target = self.target(input);
        let (w, c, pad) = (target.w, target.c, target.pad);
        parallel(target.bands(BAND), |mut band| {
            let mut scratch = vec![0.0; w * c];
            for i in 0..band.rows {
                let y = band.y + i;
                let rows: Vec<&[f32]> = (0..scale).map(|s| grad.row(band.n, y * scale + s)).collect();
                unshuffle_row(&rows, c, scale, &mut scratch);
                band.row(i, w, c, pad).iter_mut().zip(&scratch).for_each(|(t, s)| *t += s);
            }
        });
        self.grads[input] = Some(target);
    }

    /// A chain of pointwise nodes in one pass over the rows; a batch norm at its head needs a second one, because its
    /// gradient depends on sums over all rows.
    fn backward_chain(&mut self, group: &[usize], grad: &Features, params: &Params, gradients: &mut Gradients) {
        let head = group[0];
        let norm = matches!(self.plan.nodes[head].op, Op::BatchNorm { .. });
        let mut receivers: Vec<usize> = Vec::new();
        for (step, &at) in group.iter().enumerate() {
            for &input in &self.plan.nodes[at].inputs {
                let chained = step > 0 && input == at - 1;
                let normed = norm && step == 0;
                if !chained && !normed && self.learns[input] && !receivers.contains(&input) {
                    receivers.push(input);
                }
            }
        }
        if norm {
            receivers.push(head); // the gradient behind the batch norm, for the second pass
        }
        // A gradient that nothing has reached yet is assigned, not added to: that saves clearing it.
        let started: Vec<bool> = receivers.iter().map(|&r| self.grads[r].is_some() && !(norm && r == head)).collect();
        let behind = if norm { self.grads[head].take() } else { None };
        let mut targets: Vec<Features> = Vec::new();
        for &r in &receivers {
            let target = self.grads[r].take();
            targets.push(target.unwrap_or_else(|| self.fresh(r)));
        }
        if let Some(extra) = behind {
            self.grads[head] = Some(extra); // a seed on the batch norm itself, added in the pass below
        }
        let powers: Vec<usize> =
            group.iter().copied().filter(|&i| matches!(self.plan.nodes[i].op, Op::Power { .. })).collect();
        let c = self.plan.nodes[head].channels;
        let per_row = c * (powers.len() + if norm { 2 } else { 0 });
        let mut sums = vec![0.0; grad.n * grad.h * per_row];
        let mut parts = sums.as_mut_slice();
        let mut tasks: Vec<BackwardRows<'_>> = Vec::new();
        for target in &mut targets {
            for (t, band) in target.bands(BAND).into_iter().enumerate() {
                match tasks.get_mut(t) {
                    Some(task) => task.bands.push(band),
                    None => {
                        let (part, rest) = parts.split_at_mut(band.rows * per_row);
                        parts = rest;
                        tasks.push(BackwardRows {
                            graph: self,
                            group,
                            grad,
                            receivers: &receivers,
                            started: &started,
                            sums: part,
                            bands: vec![band],
                        });
                    }
                }
            }
        }
        let isa = self.isa;
        parallel(tasks, |task| isa.run(task));
        if norm {
            self.pool.extend(self.grads[head].take());
        }
        for (&r, target) in receivers.iter().zip(targets) {
            self.grads[r] = Some(target);
        }

        let totals = column_sums(&sums, per_row);
        for (i, &at) in powers.iter().enumerate() {
            let of_channels = &totals[i * c..(i + 1) * c];
            let slot = &mut gradients.values[self.param(at, 0)];
            match slot.len() {
                1 => slot[0] = of_channels.iter().sum::<f64>() as f32,
                _ => slot.iter_mut().zip(of_channels).for_each(|(s, &t)| *s = t as f32),
            }
        }
        if norm {
            self.backward_norm(head, &totals[powers.len() * c..], params, gradients);
        }
    }

    fn backward_norm(&mut self, at: usize, totals: &[f64], params: &Params, gradients: &mut Gradients) {
        struct Task<'a> {
            g: &'a Features,
            x: &'a Features,
            vectors: [&'a [f32]; 4],
            add: bool,
            band: Band<'a>,
        }
        impl Kernel for Task<'_> {
            type Out = ();
            #[inline(always)]
            fn run<L: Lanes>(mut self, l: L) {
                let Task { g, x, vectors: [mean, scale, slope, offset], add, .. } = self;
                let mut scratch = vec![0.0; x.w * x.c];
                for i in 0..self.band.rows {
                    let (n, y) = (self.band.n, self.band.y + i);
                    let row = self.band.row(i, x.w, x.c, x.pad);
                    let out: &mut [f32] = if add { &mut scratch } else { row };
                    norm_backward(l, out, g.row(n, y), x.row(n, y), mean, scale, slope, offset);
                    if add {
                        add_scaled(l, self.band.row(i, x.w, x.c, x.pad), 1.0, &scratch);
                    }
                }
            }
        }
        let Some(grad) = self.grads[at].take() else { return };
        let input = self.plan.nodes[at].inputs[0];
        let (plain, scaled) = totals.split_at(totals.len() / 2);
        let count = (grad.n * grad.h * grad.w) as f64;
        gradients.values[self.param(at, 0)] = scaled.iter().map(|&s| s as f32).collect();
        gradients.values[self.param(at, 1)] = plain.iter().map(|&s| s as f32).collect();
        if self.learns[input] {
            let weight = &params.values[self.param(at, 0)];
            let add = self.grads[input].is_some();
            let mut target = match self.grads[input].take() {
                Some(target) => target,
                None => self.fresh(input),
            };
            let statistics = &self.statistics[at];
            let scale: Vec<f32> = weight.iter().zip(&statistics.inv).map(|(w, i)| w * i).collect();
            let part = |sums: &[f64], c: usize| -f64::from(scale[c]) * sums[c] / count;
            let slope: Vec<f32> =
                (0..scale.len()).map(|c| (part(scaled, c) * f64::from(statistics.inv[c])) as f32).collect();
            let offset: Vec<f32> = (0..scale.len()).map(|c| part(plain, c) as f32).collect();
            let vectors = [&statistics.mean, &scale, &slope, &offset].map(Vec::as_slice);
            let x = &self.values[input];
            let task = |band| Task { g: &grad, x, vectors, add, band };
            let tasks = target.bands(BAND).into_iter().map(task).collect();
            parallel(tasks, |task: Task<'_>| self.isa.run(task));
            self.grads[input] = Some(target);
        }
        self.pool.push(grad);
    }
}

/// One band of a chain, backwards.
struct BackwardRows<'a> {
    graph: &'a CpuGraph,
    group: &'a [usize],
    grad: &'a Features,
    receivers: &'a [usize],
    started: &'a [bool],
    /// Per row: `Σ` for the exponents of each power activation, then the two sums of a batch norm.
    sums: &'a mut [f32],
    bands: Vec<Band<'a>>,
}

impl Kernel for BackwardRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let graph = self.graph;
        let (w, c) = (self.grad.w, self.grad.c);
        let mut row = vec![0.0; w * c];
        let bands = std::mem::take(&mut self.bands);
        let mut out = Receivers { bands, nodes: self.receivers, started: self.started.to_vec(), graph, w, c };
        let (first, rows) = (self.bands_origin(&out), out.bands.first().map_or(0, |b| b.rows));
        let per_row = self.sums.len() / rows.max(1);
        for i in 0..rows {
            let (n, y) = (first.0, first.1 + i);
            out.started.copy_from_slice(self.started);
            row.copy_from_slice(self.grad.row(n, y));
            let sums = &mut self.sums[i * per_row..(i + 1) * per_row];
            let mut power = sums.len() / c.max(1);
            let norm = matches!(graph.plan.nodes[self.group[0]].op, Op::BatchNorm { .. });
            if norm {
                power -= 2;
            }
            for (step, &at) in self.group.iter().enumerate().rev() {
                if step + 1 < self.group.len()
                    && let Some(extra) = &graph.grads[at]
                {
                    add_scaled(l, &mut row, 1.0, extra.row(n, y));
                }
                let node = &graph.plan.nodes[at];
                let before = step > 0;
                match node.op {
                    Op::Add { scale } => {
                        let [a, z] = [node.inputs[0], node.inputs[1]];
                        let (from_a, from_z) = (before && a == at - 1, before && z == at - 1);
                        if !from_z {
                            out.give(l, z, i, &row, scale);
                        }
                        if !from_a {
                            out.give(l, a, i, &row, 1.0);
                        }
                        if from_z && scale != 1.0 {
                            row.iter_mut().for_each(|g| *g *= scale);
                        }
                    }
                    Op::Relu => relu_backward(l, &mut row, graph.values[at].row(n, y)),
                    Op::Power { .. } => {
                        power -= 1;
                        let (y_row, p_row) = (graph.values[node.inputs[0]].row(n, y), graph.values[at].row(n, y));
                        let part = &mut sums[power * c..(power + 1) * c];
                        power_backward(l, &mut row, y_row, p_row, graph.alphas(at), part);
                    }
                    Op::BatchNorm { .. } => {
                        let statistics = &graph.statistics[at];
                        let x = graph.values[node.inputs[0]].row(n, y);
                        let part = sums.len() - 2 * c;
                        norm_sums(l, &row, x, &statistics.mean, &statistics.inv, &mut sums[part..]);
                        out.give(l, at, i, &row, 1.0);
                    }
                    Op::Shift { .. } => {}
                    op => unreachable!("{op:?} is not pointwise"),
                }
                if !before && !matches!(node.op, Op::Add { .. } | Op::BatchNorm { .. }) {
                    out.give(l, node.inputs[0], i, &row, 1.0);
                }
            }
        }
    }
}

impl BackwardRows<'_> {
    fn bands_origin(&self, out: &Receivers<'_>) -> (usize, usize) {
        out.bands.first().map_or((0, 0), |b| (b.n, b.y))
    }
}

/// Where a chain's gradients go.
struct Receivers<'a> {
    bands: Vec<Band<'a>>,
    nodes: &'a [usize],
    started: Vec<bool>,
    graph: &'a CpuGraph,
    w: usize,
    c: usize,
}

impl Receivers<'_> {
    #[inline(always)]
    fn give<L: Lanes>(&mut self, l: L, node: usize, i: usize, row: &[f32], factor: f32) {
        let Some(r) = self.nodes.iter().position(|&n| n == node) else { return };
        let target = self.bands[r].row(i, self.w, self.c, self.graph.pad);
        if !self.started[r] {
            target.fill(0.0);
        }
        add_scaled(l, target, factor, row);
        self.started[r] = true;
    }
}

/// `[dy][dx][c][padded o]` to `[o][c][dy][dx]`.
fn transpose(sums: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
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
fn channel_sums(g: &Features) -> Vec<f64> {
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

/// Sums of the columns of rows of `width` values, in order.
fn column_sums(rows: &[f32], width: usize) -> Vec<f64> {
    let mut totals = vec![0.0; width];
    if width > 0 {
        for row in rows.chunks_exact(width) {
            totals.iter_mut().zip(row).for_each(|(t, &v)| *t += f64::from(v));
        }
    }
    totals
}
