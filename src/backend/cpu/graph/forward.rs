//! The forward pass in training mode.

use super::{
    super::{
        features::{Band, Features},
        lanes::{Kernel, Lanes},
        layer::PackedNode,
        parallel,
        pointwise::{add_scaled, affine, power, relu, row_statistics, scale_add, shift},
        resample::{bicubic_row, shuffle_row},
        window::{Distance, Product, WindowPos, forward_row},
    },
    BAND, CpuGraph, Statistics,
};
use crate::{
    backend::Rect,
    nn::{
        Op, Params,
        layers::batch_norm::{inverse_std, unbias},
    },
    tensor::Size,
};

impl CpuGraph {
    pub(super) fn forward_group(&mut self, g: usize, params: &Params) {
        let group = self.groups[g].clone();
        if let Op::BatchNorm { .. } = self.plan.nodes[group[0]].op {
            self.normalise(group[0], params);
        }
        let kept: Vec<usize> = group.iter().copied().filter(|&i| self.kept[i]).collect();
        let mut outputs: Vec<Features> = kept.iter().map(|&i| self.take_value(i)).collect();
        let last = group[group.len() - 1];
        let rows = self.batch.n * self.batch.h * self.plan.nodes[last].scale;
        // A batch norm behind a layer: gather each row's statistics while the row is in the cache.
        let normed = self.normed_by(last).is_some();
        let per_row = if normed { 2 * self.plan.nodes[last].channels } else { 0 };
        let mut statistics = vec![0.0; rows * per_row];
        let mut parts = statistics.as_mut_slice();
        let mut tasks: Vec<ForwardRows<'_>> = Vec::new();
        for output in &mut outputs {
            for (t, band) in output.bands(BAND).into_iter().enumerate() {
                match tasks.get_mut(t) {
                    Some(task) => task.bands.push(band),
                    None => {
                        let (part, rest) = parts.split_at_mut(band.rows * per_row);
                        parts = rest;
                        tasks.push(ForwardRows { graph: self, group: &group, bands: vec![band], statistics: part });
                    }
                }
            }
        }
        let isa = self.isa;
        parallel(tasks, |task| isa.run(task));
        for (i, output) in kept.into_iter().zip(outputs) {
            self.values[i] = output;
            self.round(i);
        }
        if let Some(norm) = self.normed_by(last) {
            let width = self.batch.w * self.plan.nodes[last].scale;
            self.statistics[norm] = reduce(&statistics, per_row / 2, width);
        }
    }

    /// The batch norm that reads this node.
    fn normed_by(&self, node: usize) -> Option<usize> {
        let reads = |i: &usize| {
            let reader = &self.plan.nodes[*i];
            matches!(reader.op, Op::BatchNorm { .. }) && reader.inputs[0] == node
        };
        (node + 1..self.plan.nodes.len()).find(reads)
    }

    fn normalise(&mut self, node: usize, params: &Params) {
        let of = |i: usize| params.values[self.param(node, i)].as_slice();
        let statistics = &self.statistics[node];
        self.layers[node] = PackedNode::affine(of(0), of(1), &statistics.mean, &statistics.inv);
    }

    fn take_value(&mut self, node: usize) -> Features {
        let mut features = std::mem::take(&mut self.values[node]);
        let at = &self.plan.nodes[node];
        features.reset(self.batch.n, self.batch.h * at.scale, self.batch.w * at.scale, at.channels, self.pad);
        features
    }
}

/// Mean and variance of each channel from rows of `width` pixels (Chan's way of joining partial variances: no
/// cancellation, whatever the mean).
fn reduce(rows: &[f32], channels: usize, width: usize) -> Statistics {
    let count = rows.len() / (2 * channels);
    let m = count * width;
    let mut result = Statistics::default();
    for c in 0..channels {
        let means = || rows[c..].iter().step_by(2 * channels).map(|&v| f64::from(v));
        let mean = means().sum::<f64>() / count as f64;
        let within: f64 = rows[channels + c..].iter().step_by(2 * channels).map(|&v| f64::from(v)).sum();
        let between: f64 = means().map(|v| (v - mean).powi(2)).sum::<f64>() * width as f64;
        let biased = (within + between) / m as f64;
        result.mean.push(mean as f32);
        result.inv.push(inverse_std(biased as f32));
        result.unbiased.push((biased * unbias(m)) as f32);
    }
    result
}

/// One band of a group: rows of every kept node.
struct ForwardRows<'a> {
    graph: &'a CpuGraph,
    group: &'a [usize],
    bands: Vec<Band<'a>>,
    statistics: &'a mut [f32],
}

impl Kernel for ForwardRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let graph = self.graph;
        let node = &graph.plan.nodes[self.group[0]];
        let (w, c) = (graph.batch.w * node.scale, node.channels);
        let mut row = vec![0.0; w * c];
        let mut sums = Vec::new();
        for i in 0..self.bands[0].rows {
            let (n, y) = (self.bands[0].n, self.bands[0].y + i);
            let mut bands = self.bands.iter_mut();
            for (step, &at) in self.group.iter().enumerate() {
                if step == 0 {
                    first(l, graph, at, n, y, &mut sums, &mut row);
                } else {
                    chained(l, graph, at, at - 1, n, y, &mut row);
                }
                if graph.kept[at]
                    && let Some(band) = bands.next()
                {
                    band.row(i, w, c, graph.pad).copy_from_slice(&row);
                }
            }
            if !self.statistics.is_empty() {
                row_statistics(l, &row, &mut self.statistics[i * 2 * c..(i + 1) * 2 * c]);
            }
        }
    }
}

#[inline(always)]
fn first<L: Lanes>(l: L, graph: &CpuGraph, at: usize, n: usize, y: usize, sums: &mut Vec<f32>, row: &mut [f32]) {
    let node = &graph.plan.nodes[at];
    let input = &graph.values[node.inputs[0]];
    let place = |k: usize| WindowPos { n, dy: input.pad - k / 2, dx: input.pad - k / 2 };
    match (node.op, &graph.layers[at]) {
        (Op::Adder { k, .. }, PackedNode::Window(p)) => {
            let input = graph.read_by_adders(node.inputs[0]);
            forward_row(l, Distance, p, input, place(k), y, sums, row);
        }
        (Op::Conv { k, .. }, PackedNode::Window(p)) => forward_row(l, Product, p, input, place(k), y, sums, row),
        (Op::PixelShuffle { scale }, _) => shuffle_row(input.row(n, y / scale), input.c, scale, y, row),
        (Op::Bicubic { scale }, _) => {
            let picture = Size::new(input.w, input.h);
            bicubic_row(input, n, Rect::whole(picture), picture, scale, y, 0, row);
        }
        _ => {
            row.copy_from_slice(input.row(n, y));
            chained(l, graph, at, node.inputs[0], n, y, row);
        }
    }
}

#[inline(always)]
fn chained<L: Lanes>(l: L, graph: &CpuGraph, at: usize, from: usize, n: usize, y: usize, row: &mut [f32]) {
    let node = &graph.plan.nodes[at];
    match (node.op, &graph.layers[at]) {
        (Op::BatchNorm { .. }, PackedNode::Affine { scale, offset }) => affine(l, row, scale, offset),
        (Op::Power { .. }, PackedNode::Power(alpha)) => power(l, row, alpha),
        (Op::Shift { by }, _) => shift(l, row, by),
        (Op::Relu, _) => relu(l, row),
        (Op::Add { scale }, _) if node.inputs[0] == from => {
            add_scaled(l, row, scale, graph.values[node.inputs[1]].row(n, y));
        }
        (Op::Add { scale }, _) => scale_add(l, row, scale, graph.values[node.inputs[0]].row(n, y)),
        (op, _) => unreachable!("{op:?} is not pointwise"),
    }
}
