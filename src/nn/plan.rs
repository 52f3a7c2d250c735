//! The plan of a network: its operations in order, and all that can be known of them without running anything.
//!
//! Node `i` reads the values of nodes before it, so a plan is executed by walking the list once. Channels, spatial scale,
//! receptive radius, parameters, operation counts and the life time of each value fall out of the list; backends, tiles,
//! feature maps and `addersr info` all read the same one.

use super::{Op, QuantParams, models::ModelSpec};
use crate::tensor::Size;

/// What a parameter is for: decides its start value, its optimiser rule and whether it is learnt at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// Convolution weight `[out, in, kh, kw]`.
    ConvWeight,
    /// Convolution bias `[out]`.
    ConvBias,
    /// Adder weight `[out, in, kh, kw]`.
    AdderWeight,
    /// Batch norm scale `[c]`.
    NormWeight,
    /// Batch norm offset `[c]`.
    NormBias,
    /// Batch norm running mean `[c]`, not learnt by gradients.
    RunningMean,
    /// Batch norm running variance `[c]` (unbiased), not learnt by gradients.
    RunningVar,
    /// Exponents of a power activation `[1]` or `[c]`.
    Alpha,
}

impl ParamKind {
    /// Whether an optimiser changes it.
    pub fn learnt(self) -> bool {
        !matches!(self, Self::RunningMean | Self::RunningVar)
    }
}

/// Name, shape and purpose of one parameter tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamSpec {
    /// Name in the weights file, e.g. `body.0.1.adder.weight`.
    pub name: String,
    /// Extent, `[out, in, kh, kw]` or `[c]`.
    pub shape: Vec<usize>,
    /// Purpose.
    pub kind: ParamKind,
}

impl ParamSpec {
    /// Number of values.
    pub fn numel(&self) -> usize {
        self.shape.iter().product()
    }
}

/// One operation in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Name for taps and the layers view, e.g. `body.0.1.power`.
    pub name: String,
    /// What it computes.
    pub op: Op,
    /// The nodes it reads, one or two.
    pub inputs: Vec<usize>,
    /// Indices into [`Plan::params`], in the order of the op's doc comment (weight, bias, mean, variance).
    pub params: Vec<usize>,
    /// Channels of its output.
    pub channels: usize,
    /// Pixels of its output per pixel of the network's input, along one side.
    pub scale: usize,
    /// How many input pixels away from an output pixel's own place can still change it.
    pub radius: usize,
    /// The 8-bit codes in which adder layers read its value, in a plan that carries its 8-bit form; see
    /// [`quantize`](super::quantize).
    pub codes: Option<QuantParams>,
}

/// Operations and what they cost, for one picture. See [`Plan::cost`].
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Cost {
    /// Additions and subtractions (an adder tap counts two).
    pub additions: u64,
    /// Multiplications (a convolution tap counts one, and one addition).
    pub multiplications: u64,
    /// Energy in joules of these operations in 45 nm FP32 arithmetic (multiplication 3.7 pJ, addition 0.9 pJ; SPEC 2).
    pub joules: f64,
}

/// A network in order of execution; the last node is the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The model it was made from.
    pub spec: ModelSpec,
    /// Operations in order.
    pub nodes: Vec<Node>,
    /// Parameters in order of first use.
    pub params: Vec<ParamSpec>,
}

impl Plan {
    /// An empty plan to which [`push`](Self::push) adds nodes.
    pub fn new(spec: ModelSpec) -> Self {
        Self { spec, nodes: Vec::new(), params: Vec::new() }
    }

    /// Appends a node and returns its index. `prefix` names its parameters (`prefix.weight`, …); ops without parameters
    /// ignore it.
    pub fn push(&mut self, name: impl Into<String>, op: Op, inputs: &[usize], prefix: &str) -> usize {
        let of = |i: usize| &self.nodes[inputs[i]];
        let (channels, scale) = match op {
            Op::Input { channels } => (channels, 1),
            Op::Conv { cout, .. } | Op::Adder { cout, .. } => (cout, of(0).scale),
            Op::PixelShuffle { scale } => (of(0).channels / (scale * scale), of(0).scale * scale),
            Op::Bicubic { scale } => (of(0).channels, of(0).scale * scale),
            Op::Shift { .. } | Op::BatchNorm { .. } | Op::Add { .. } | Op::Relu | Op::Power { .. } => {
                (of(0).channels, of(0).scale)
            }
        };
        let radius = inputs.iter().map(|&i| self.nodes[i].radius).max().unwrap_or(0);
        let first = self.params.len();
        self.params.extend(param_specs(op, prefix));
        let params = (first..self.params.len()).collect();
        let (name, inputs) = (name.into(), inputs.to_vec());
        self.nodes.push(Node { name, op, inputs, params, channels, scale, radius, codes: None });
        let last = self.nodes.len() - 1;
        self.nodes[last].radius += self.reach(last);
        last
    }

    /// Channels of the input picture.
    pub fn channels_in(&self) -> usize {
        self.nodes[0].channels
    }

    /// The last node.
    pub fn output(&self) -> &Node {
        &self.nodes[self.nodes.len() - 1]
    }

    /// Output pixels per input pixel along one side.
    pub fn scale(&self) -> usize {
        self.output().scale
    }

    /// Receptive radius of the output in input pixels: the halo a tile needs to be exact.
    pub fn halo(&self) -> usize {
        self.output().radius
    }

    /// Per node: pixels of the network's input by which it is computed beyond what is wanted of the output. The input's is
    /// the [halo](Self::halo).
    pub fn margins(&self) -> Vec<usize> {
        let mut margins = vec![0; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate().rev() {
            for &input in &node.inputs {
                margins[input] = margins[input].max(margins[i] + self.reach(i));
            }
        }
        margins
    }

    /// Pixels of the network's input that a node reads of its inputs beyond its own, on each side.
    pub fn reach(&self, node: usize) -> usize {
        let node = &self.nodes[node];
        match node.op {
            Op::Conv { k, .. } | Op::Adder { k, .. } => (k / 2).div_ceil(self.nodes[node.inputs[0]].scale),
            Op::Bicubic { .. } => 2,
            _ => 0,
        }
    }

    /// Per node: whether something learnt lies at or before it, so that its gradient is needed.
    pub fn requires_grad(&self) -> Vec<bool> {
        let mut requires_grad: Vec<bool> = Vec::new();
        for node in &self.nodes {
            let learnt = node.params.iter().any(|&p| self.params[p].kind.learnt());
            requires_grad.push(learnt || node.inputs.iter().any(|&input| requires_grad[input]));
        }
        requires_grad
    }

    /// Nodes in order, each with the pointwise nodes that an engine computes together with it. One joins the group of the
    /// node before it if it reads that node and the engine agrees: `joins(group, node)`.
    pub fn groups(&self, joins: impl Fn(&[usize], usize) -> bool) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            let follows = i > 1 && node.op.is_pointwise() && node.inputs.contains(&(i - 1));
            match groups.last_mut() {
                Some(group) if follows && joins(group, i) => group.push(i),
                _ => groups.push(vec![i]),
            }
        }
        groups
    }

    /// The same where only a group's last value remains: a node's value that another one reads too, or that somebody wants
    /// to see (`kept`), ends its group.
    pub fn fused(&self, kept: impl Fn(usize) -> bool, joins: impl Fn(&[usize], usize) -> bool) -> Vec<Vec<usize>> {
        let mut readers = vec![0; self.nodes.len()];
        self.nodes.iter().flat_map(|node| &node.inputs).for_each(|&input| readers[input] += 1);
        self.groups(|group, i| readers[i - 1] == 1 && !kept(i - 1) && joins(group, i))
    }

    /// Side of the widest window of any layer.
    pub fn widest_window(&self) -> usize {
        let side = |n: &Node| match n.op {
            Op::Conv { k, .. } | Op::Adder { k, .. } => k,
            _ => 1,
        };
        self.nodes.iter().map(side).max().unwrap_or(1)
    }

    /// The node of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|n| n.name == name)
    }

    /// The plan that ends with node `last`: all that its value depends on, with the same list of parameters.
    pub fn ending_with(&self, last: usize) -> Self {
        let mut needed = vec![false; last + 1];
        needed[last] = true;
        for i in (0..=last).rev() {
            if needed[i] {
                self.nodes[i].inputs.iter().for_each(|&input| needed[input] = true);
            }
        }
        let place: Vec<usize> = (0..=last).map(|i| needed[..i].iter().filter(|&&n| n).count()).collect();
        let keep = |i: usize| {
            let node = &self.nodes[i];
            Node { inputs: node.inputs.iter().map(|&input| place[input]).collect(), ..node.clone() }
        };
        Self { nodes: (0..=last).filter(|&i| needed[i]).map(keep).collect(), ..self.clone() }
    }

    /// Index of the last node that reads each node's value (its own index if none does): when a buffer may be reused.
    pub fn last_use(&self) -> Vec<usize> {
        let mut last: Vec<usize> = (0..self.nodes.len()).collect();
        for (i, node) in self.nodes.iter().enumerate() {
            for &input in &node.inputs {
                last[input] = i;
            }
        }
        last
    }

    /// Number of learnt values.
    pub fn parameters(&self) -> usize {
        self.params.iter().filter(|p| p.kind.learnt()).map(ParamSpec::numel).sum()
    }

    /// Additions, multiplications and energy for an input picture of that size.
    ///
    /// With `as_convolutions` every adder layer is counted as the convolution of the same size. Batch norm counts as
    /// folded (one multiplication and one addition per value), the power activation as one multiplication each for
    /// logarithm and exponential: both are negligible beside the layers.
    pub fn cost(&self, of: Size, as_convolutions: bool) -> Cost {
        let mut cost = Cost::default();
        for node in &self.nodes {
            let values = (of.times(node.scale).area() * node.channels) as u64;
            let (add, mul) = match node.op {
                Op::Conv { cin, k, .. } => ((cin * k * k) as u64, (cin * k * k) as u64),
                Op::Adder { cin, k, .. } if as_convolutions => ((cin * k * k) as u64, (cin * k * k) as u64),
                Op::Adder { cin, k, .. } => (2 * (cin * k * k) as u64, 0),
                Op::BatchNorm { .. } => (1, 1),
                Op::Add { scale } => (1, (scale != 1.0) as u64),
                Op::Power { .. } => (0, 2),
                Op::Shift { .. } | Op::Relu => (1, 0),
                Op::Bicubic { .. } => (8, 8),
                Op::Input { .. } | Op::PixelShuffle { .. } => (0, 0),
            };
            cost.additions += add * values;
            cost.multiplications += mul * values;
        }
        cost.joules = cost.multiplications as f64 * 3.7e-12 + cost.additions as f64 * 0.9e-12;
        cost
    }
}

fn param_specs(op: Op, prefix: &str) -> Vec<ParamSpec> {
    use ParamKind::*;
    let spec = |suffix: &str, shape: Vec<usize>, kind| ParamSpec { name: format!("{prefix}.{suffix}"), shape, kind };
    match op {
        Op::Conv { cin, cout, k, bias } => {
            let mut specs = vec![spec("weight", vec![cout, cin, k, k], ConvWeight)];
            if bias {
                specs.push(spec("bias", vec![cout], ConvBias));
            }
            specs
        }
        Op::Adder { cin, cout, k } => vec![spec("weight", vec![cout, cin, k, k], AdderWeight)],
        Op::BatchNorm { channels } => vec![
            spec("weight", vec![channels], NormWeight),
            spec("bias", vec![channels], NormBias),
            spec("running_mean", vec![channels], RunningMean),
            spec("running_var", vec![channels], RunningVar),
        ],
        Op::Power { alphas } => vec![spec("alpha", vec![alphas], Alpha)],
        Op::Input { .. }
        | Op::Shift { .. }
        | Op::Add { .. }
        | Op::Relu
        | Op::PixelShuffle { .. }
        | Op::Bicubic { .. } => Vec::new(),
    }
}
