//! Pointwise chains, backwards.

use super::{
    super::{
        features::{Band, Features},
        lanes::{Kernel, Lanes},
        parallel,
        pointwise::{add_scaled, norm_backward, norm_sums, power_backward, relu_backward},
    },
    BAND, CpuGraph,
};
use crate::{
    backend::Gradients,
    nn::{Op, Params},
};

impl CpuGraph {
    /// A chain of pointwise nodes in one pass over the rows; a batch norm at its head needs a second one, because its
    /// gradient depends on sums over all rows.
    pub(super) fn backward_chain(
        &mut self,
        group: &[usize],
        grad: &Features,
        params: &Params,
        gradients: &mut Gradients,
    ) {
        let head = group[0];
        let norm = matches!(self.plan.nodes[head].op, Op::BatchNorm { .. });
        let mut receivers: Vec<usize> = Vec::new();
        for (step, &at) in group.iter().enumerate() {
            for &input in &self.plan.nodes[at].inputs {
                let chained = step > 0 && input == at - 1;
                let normed = norm && step == 0;
                if !chained && !normed && self.requires_grad[input] && !receivers.contains(&input) {
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
        if self.requires_grad[input] {
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
        // The picture and the row that the bands begin with, and their rows.
        let (n, first, rows) = out.bands.first().map_or((0, 0, 0), |b| (b.n, b.y, b.rows));
        let per_row = self.sums.len() / rows.max(1);
        for i in 0..rows {
            let y = first + i;
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
