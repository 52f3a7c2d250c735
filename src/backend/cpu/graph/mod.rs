//! Training: a forward pass that keeps what the backward pass needs, and the backward pass.
//!
//! Memory traffic costs as much as the kernels here (a layer's values do not fit into the second cache), so only values
//! that the backward pass reads are written: the adder's output (for batch norm), the input and output of the power
//! activation (for its slope and for ReLU's mask), and whatever a later layer reads. All others live in one row of
//! scratch. The running statistics of a batch norm need all rows first, so each batch norm begins a group of its own
//! (compare `network`, where it is folded).
//!
//! A plan that carries its 8-bit form trains for it (quantisation-aware): adder layers read inputs and weights rounded to
//! what their codes stand for, in forward and backward. Gradients pass the rounding as if it were not there (straight-through),
//! and shortcuts read the value before it, as they do when the network runs.

mod backward;
mod chain;
mod forward;
mod group;
mod window;

use super::{features::Features, isa::Isa, layer::PackedNode, parallel};
use crate::{
    backend::{AdderGradient, Gradients, Graph},
    nn::{Op, Params, Plan},
    tensor::{Shape, Tensor},
};
use group::Group;
use std::borrow::Cow;

/// Rows per task.
const BAND: usize = 4;

/// Statistics of one batch norm over the last batch.
#[derive(Clone, Debug, Default)]
struct Statistics {
    mean: Vec<f32>,
    /// `1/√(biased variance + ε)`
    inv: Vec<f32>,
    unbiased: Vec<f32>,
}

pub(super) struct CpuGraph {
    isa: Isa,
    plan: Plan,
    batch: Shape,
    gradient: AdderGradient,
    pad: usize,
    groups: Vec<Group>,
    /// Per node: whether its value is kept.
    kept: Vec<bool>,
    /// Per node: whether something learnt lies at or before it.
    requires_grad: Vec<bool>,
    values: Vec<Features>,
    /// Per node: what adder layers read of it, where they read codes.
    rounded: Vec<Option<Features>>,
    layers: Vec<PackedNode>,
    statistics: Vec<Statistics>,
    grads: Vec<Option<Features>>,
    pool: Vec<Features>,
}

impl CpuGraph {
    pub(super) fn new(isa: Isa, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Self {
        let groups = group::groups(plan);
        Self {
            isa,
            plan: plan.clone(),
            batch,
            gradient,
            pad: plan.widest_window() / 2,
            kept: group::kept(plan, &groups),
            groups,
            requires_grad: plan.requires_grad(),
            values: plan.nodes.iter().map(|_| Features::default()).collect(),
            rounded: plan.nodes.iter().map(|n| n.codes.map(|_| Features::default())).collect(),
            layers: vec![PackedNode::Plain; plan.nodes.len()],
            statistics: vec![Statistics::default(); plan.nodes.len()],
            grads: plan.nodes.iter().map(|_| None).collect(),
            pool: Vec::new(),
        }
    }

    /// The parameters that the arithmetic uses.
    fn acting<'a>(&self, params: &'a Params) -> Cow<'a, Params> {
        if self.plan.is_eight_bit() { Cow::Owned(self.plan.in_codes(params)) } else { Cow::Borrowed(params) }
    }

    fn fresh(&mut self, node: usize) -> Features {
        let node = &self.plan.nodes[node];
        let mut features = self.pool.pop().unwrap_or_default();
        let (h, w) = (self.batch.h * node.scale, self.batch.w * node.scale);
        features.reset(self.batch.n, h, w, node.channels, self.pad);
        features
    }

    /// Exponents of a power activation, one per channel.
    fn alphas(&self, node: usize) -> &[f32] {
        match &self.layers[node] {
            PackedNode::Power(alpha) => alpha,
            other => unreachable!("node {node} is a power activation, not {other:?}"),
        }
    }

    /// What an adder layer reads of a node.
    fn read_by_adders(&self, node: usize) -> &Features {
        self.rounded[node].as_ref().unwrap_or(&self.values[node])
    }

    /// Rounds a node's new value as its codes would.
    fn round(&mut self, node: usize) {
        let (Some(codes), Some(rounded)) = (self.plan.nodes[node].codes, &mut self.rounded[node]) else { return };
        let value = &self.values[node];
        let Features { n, h, w, c, pad, .. } = *value;
        rounded.reset(n, h, w, c, pad);
        parallel(rounded.bands(BAND), |mut band| {
            for i in 0..band.rows {
                let from = value.row(band.n, band.y + i);
                band.row(i, w, c, pad).iter_mut().zip(from).for_each(|(to, &v)| *to = codes.nearest(v));
            }
        });
    }

    fn param(&self, node: usize, i: usize) -> usize {
        self.plan.nodes[node].params[i]
    }
}

impl Graph for CpuGraph {
    fn forward(&mut self, params: &Params, input: &Tensor) {
        assert_eq!(input.shape, self.batch, "the batch this graph was prepared for");
        let params = &self.acting(params);
        self.layers = self.plan.nodes.iter().map(|n| PackedNode::new(self.isa, n, params)).collect();
        self.values[0].fill(input, self.pad);
        self.round(0);
        for g in 1..self.groups.len() {
            self.forward_group(g, params);
        }
    }

    fn value(&self, node: usize) -> Option<Tensor> {
        self.kept[node].then(|| self.values[node].to_tensor())
    }

    fn backward(&mut self, params: &Params, seeds: Vec<(usize, Tensor)>) -> Gradients {
        let params = &self.acting(params);
        let mut gradients = Gradients { values: Params::zeros(&self.plan).values };
        for (node, seed) in seeds {
            let mut features = self.target(node);
            features.add(&seed);
            self.grads[node] = Some(features);
        }
        for g in (1..self.groups.len()).rev() {
            self.backward_group(g, params, &mut gradients);
        }
        for (i, node) in self.plan.nodes.iter().enumerate() {
            self.pool.extend(self.grads[i].take());
            if let Op::BatchNorm { .. } = node.op {
                gradients.values[node.params[2]].clone_from(&self.statistics[i].mean);
                gradients.values[node.params[3]].clone_from(&self.statistics[i].unbiased);
            }
        }
        gradients
    }
}
