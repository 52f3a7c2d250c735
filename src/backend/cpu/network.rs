//! Inference: computes any rectangle of a picture, bit for bit as if the whole had been computed.
//!
//! Every node is computed only over the part that later nodes still need, so a tile's halo shrinks from layer to layer.
//! A layer and the pointwise nodes behind it form a group: the group's chain is applied to a band of rows while it is
//! still in the first cache, and only its last value is kept. A value that someone taps ends its group.

use super::{
    features::{Band, Features},
    isa::Isa,
    lanes::{Kernel, Lanes},
    layer::{Layer, pointwise},
    parallel,
    pointwise::{add_scaled, affine, power, relu, scale_add, shift},
    resample::{bicubic_row, shuffle_row},
    window::{Distance, Place, Product, forward_row},
};
use crate::{
    backend::{Network, Rect, Taps, Tile},
    nn::{Op, Params, Plan},
    tensor::Tensor,
};

/// Rows per task: few, so that all cores stay busy on a small tile, and a band fits into the first cache.
const BAND: usize = 4;

pub(super) struct CpuNetwork {
    isa: Isa,
    plan: Plan,
    layers: Vec<Layer>,
    /// How far beyond the output each node's value is still read, in input pixels.
    reach: Vec<usize>,
    last_use: Vec<usize>,
    pad: usize,
    values: Vec<Option<Features>>,
    pool: Vec<Features>,
}

impl CpuNetwork {
    pub(super) fn new(isa: Isa, plan: &Plan, params: &Params) -> Self {
        let mut reach = vec![0; plan.nodes.len()];
        for node in plan.nodes.iter().rev().zip((0..plan.nodes.len()).rev()) {
            let (node, i) = node;
            for &input in &node.inputs {
                let own = plan.reach(i);
                reach[input] = reach[input].max(reach[i] + own);
            }
        }
        Self {
            isa,
            plan: plan.clone(),
            layers: plan.nodes.iter().map(|n| Layer::new(isa, n, params)).collect(),
            reach,
            last_use: plan.last_use(),
            pad: plan.widest_window() / 2,
            values: (0..plan.nodes.len()).map(|_| None).collect(),
            pool: Vec::new(),
        }
    }

    /// Nodes in order, each with the pointwise nodes that can be applied to it in place.
    fn groups(&self, taps: &Taps) -> Vec<Vec<usize>> {
        let nodes = &self.plan.nodes;
        let mut readers = vec![0; nodes.len()];
        nodes.iter().flat_map(|n| &n.inputs).for_each(|&i| readers[i] += 1);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let fits = i > 1
                && pointwise(node.op)
                && node.inputs.contains(&(i - 1))
                && readers[i - 1] == 1
                && !taps.wanted.iter().any(|(tapped, _)| *tapped == i - 1);
            match groups.last_mut() {
                Some(group) if fits => group.push(i),
                _ => groups.push(vec![i]),
            }
        }
        groups
    }

    fn region(&self, node: usize, tile: &Tile) -> Rect {
        if node == 0 {
            return tile.input;
        }
        tile.output.grow(self.reach[node], tile.picture.0, tile.picture.1)
    }
}

impl Network for CpuNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        let output = self.plan.nodes.len() - 1;
        for group in self.groups(taps) {
            let last = group[group.len() - 1];
            let (region, node) = (self.region(last, tile), &self.plan.nodes[last]);
            let mut features = self.pool.pop().unwrap_or_default();
            if group == [0] {
                features.fill(input, self.pad);
            } else {
                features.reset(1, region.h * node.scale, region.w * node.scale, node.channels, self.pad);
                let (isa, this) = (self.isa, &*self);
                parallel(features.bands(BAND), |band| {
                    isa.run(GroupRows { network: this, group: &group, tile, region, band });
                });
            }
            for (wanted, value) in &mut taps.wanted {
                if *wanted == last {
                    *value = Some(cut(&features, region, tile, node.scale));
                }
            }
            self.values[last] = Some(features);
            for i in 0..=last {
                if self.last_use[i] <= last && i != output {
                    self.pool.extend(self.values[i].take());
                }
            }
        }
        let features = self.values[output].take().unwrap_or_default();
        let result = cut(&features, self.region(output, tile), tile, self.plan.scale());
        self.pool.push(features);
        result
    }
}

/// The tile's output out of features that cover `region`.
fn cut(features: &Features, region: Rect, tile: &Tile, scale: usize) -> Tensor {
    let (y, x) = (tile.output.y - region.y, tile.output.x - region.x);
    features.crop(y * scale, x * scale, tile.output.h * scale, tile.output.w * scale)
}

/// One band of a group.
struct GroupRows<'a> {
    network: &'a CpuNetwork,
    group: &'a [usize],
    tile: &'a Tile,
    region: Rect,
    band: Band<'a>,
}

impl GroupRows<'_> {
    /// A finished value, the part of the picture it covers, and the distance from its corner to this group's in its own
    /// pixels.
    fn value(&self, node: usize) -> (&Features, Rect, usize, usize) {
        let region = self.network.region(node, self.tile);
        let scale = self.network.plan.nodes[node].scale;
        let (dy, dx) = ((self.region.y - region.y) * scale, (self.region.x - region.x) * scale);
        match &self.network.values[node] {
            Some(features) => (features, region, dy, dx),
            None => unreachable!("node {node} is read before it was computed or after it was released"),
        }
    }

    /// The row of another value that lies over row `y` of this group's.
    fn other_row(&self, node: usize, y: usize, len: usize) -> &[f32] {
        let (features, _, dy, dx) = self.value(node);
        &features.row(0, y + dy)[dx * features.c..][..len]
    }
}

impl Kernel for GroupRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let network = self.network;
        let node = &network.plan.nodes[self.group[self.group.len() - 1]];
        let (w, c) = (self.region.w * node.scale, node.channels);
        let data = std::mem::take(&mut self.band.data);
        let mut band = Band { data, ..self.band };
        let mut sums = Vec::new();
        for i in 0..band.rows {
            let y = band.y + i;
            let row = band.row(i, w, c, network.pad);
            self.first(l, y, &mut sums, row);
            for &at in &self.group[1..] {
                self.chained(l, at, at - 1, y, row);
            }
        }
    }
}

impl GroupRows<'_> {
    /// Computes the group's first node into `row`.
    #[inline(always)]
    fn first<L: Lanes>(&self, l: L, y: usize, sums: &mut Vec<f32>, row: &mut [f32]) {
        let at = self.group[0];
        let node = &self.network.plan.nodes[at];
        match (node.op, &self.network.layers[at]) {
            (Op::Adder { k, .. }, Layer::Window(packed)) => {
                let (input, place) = self.place(node.inputs[0], k);
                forward_row(l, Distance, packed, input, place, y, sums, row);
            }
            (Op::Conv { k, .. }, Layer::Window(packed)) => {
                let (input, place) = self.place(node.inputs[0], k);
                forward_row(l, Product, packed, input, place, y, sums, row);
            }
            (Op::PixelShuffle { scale }, _) => {
                let (input, _, dy, dx) = self.value(node.inputs[0]);
                let from = &input.row(0, y / scale + dy)[dx * input.c..];
                shuffle_row(from, input.c, scale, y, row);
            }
            (Op::Bicubic { scale }, _) => {
                let (input, region, _, _) = self.value(node.inputs[0]);
                let inner = self.network.plan.nodes[node.inputs[0]].scale;
                let covered = Rect { y: region.y * inner, x: region.x * inner, h: input.h, w: input.w };
                let picture = (self.tile.picture.0 * inner, self.tile.picture.1 * inner);
                let (top, left) = (self.region.y * node.scale + y, self.region.x * node.scale);
                bicubic_row(input, 0, covered, picture, scale, top, left, row);
            }
            _ => {
                row.copy_from_slice(self.other_row(node.inputs[0], y, row.len()));
                self.chained(l, at, node.inputs[0], y, row);
            }
        }
    }

    fn place(&self, input: usize, k: usize) -> (&Features, Place) {
        let (features, _, dy, dx) = self.value(input);
        let shift = features.pad - k / 2;
        (features, Place { n: 0, dy: dy + shift, dx: dx + shift })
    }

    /// Applies a pointwise node to `row`, which holds the value of its input `from`.
    #[inline(always)]
    fn chained<L: Lanes>(&self, l: L, at: usize, from: usize, y: usize, row: &mut [f32]) {
        let node = &self.network.plan.nodes[at];
        match (node.op, &self.network.layers[at]) {
            (Op::BatchNorm { .. }, Layer::Affine { scale, offset }) => affine(l, row, scale, offset),
            (Op::Power { .. }, Layer::Power(alpha)) => power(l, row, alpha),
            (Op::Shift { by }, _) => shift(l, row, by),
            (Op::Relu, _) => relu(l, row),
            (Op::Add { scale }, _) if node.inputs[0] == from => {
                add_scaled(l, row, scale, self.other_row(node.inputs[1], y, row.len()));
            }
            (Op::Add { scale }, _) => scale_add(l, row, scale, self.other_row(node.inputs[0], y, row.len())),
            (op, _) => unreachable!("{op:?} is not pointwise"),
        }
    }
}
