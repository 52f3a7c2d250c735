//! A plan's parameters on the device: packed weights, and one buffer of per-channel values that all chains read.

use super::{
    device::Device,
    pack,
    shaders::{Constants, Kernel, window_constants},
};
use crate::nn::{
    Node, Op, Params, Plan,
    layers::{
        batch_norm::inverse_std,
        bicubic::{TAPS, phases},
    },
};

/// Which kernel computes adder layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AdderKernel {
    /// Tiles in workgroup memory, blocks in registers, pointwise steps behind it.
    #[default]
    Fast,
    /// The same with 16-bit differences, where the device has them: less exact, on some hardware twice as fast.
    Half,
    /// One invocation per output, nothing fused: what the fast one is measured against.
    Naive,
}

/// A layer's weights and the kernel that reads them.
pub(super) struct LayerWeights {
    pub(super) kernel: Kernel,
    pub(super) constants: Constants,
    pub(super) buffer: wgpu::Buffer,
}

/// All of a plan's.
pub(super) struct LayerBuffers {
    pub(super) tables: wgpu::Buffer,
    /// Per node: its first vec4 in `tables`.
    pub(super) table: Vec<u32>,
    pub(super) weights: Vec<Option<LayerWeights>>,
    pub(super) adder: AdderKernel,
}

/// Per-channel values, padded to whole vec4s.
fn push(tables: &mut Vec<f32>, values: impl IntoIterator<Item = f32>) {
    tables.extend(values);
    tables.resize(tables.len().next_multiple_of(4), 0.0);
}

/// Appends what a node's step reads: bias, scale and offset, exponents, or a bicubic's phases.
fn push_tables(tables: &mut Vec<f32>, node: &Node, params: &Params) {
    let param = |i: usize| params.values[node.params[i]].iter().copied();
    match node.op {
        Op::Conv { bias: true, .. } => push(tables, param(1)),
        Op::BatchNorm { .. } => {
            let scale: Vec<f32> = param(0).zip(param(3)).map(|(w, var)| w * inverse_std(var)).collect();
            let offset = param(1).zip(param(2)).zip(&scale).map(|((b, mean), s)| b - mean * s);
            push(tables, scale.iter().copied());
            push(tables, offset);
            // What training makes its own scale and offset of.
            push(tables, param(0));
            push(tables, param(1));
        }
        Op::Power { .. } => push(tables, param(0).cycle().take(node.channels)),
        Op::Bicubic { scale } => {
            for phase in phases(scale) {
                push(tables, phase.map(|w| w as f32));
            }
            const { assert!(TAPS > 4 && TAPS <= 8, "the shader reads two vec4s per phase") };
        }
        Op::Input { .. }
        | Op::Shift { .. }
        | Op::Conv { bias: false, .. }
        | Op::Adder { .. }
        | Op::Add { .. }
        | Op::Relu
        | Op::PixelShuffle { .. } => {}
    }
}

/// All tables of a plan, and where each node's begin, in vec4s. Batch norm is folded with its running statistics.
fn tables(plan: &Plan, params: &Params) -> (Vec<f32>, Vec<u32>) {
    let (mut all, mut first) = (Vec::new(), Vec::new());
    for node in &plan.nodes {
        first.push((all.len() / 4) as u32);
        push_tables(&mut all, node, params);
    }
    (all, first)
}

impl LayerBuffers {
    /// Uploads everything.
    pub(super) fn new(device: &Device, plan: &Plan, params: &Params, adder: AdderKernel) -> Self {
        let (tables, table) = tables(plan, params);
        let weights = plan.nodes.iter().map(|node| LayerWeights::new(device, node, params, adder)).collect();
        Self { tables: device.upload(&tables), table, weights, adder }
    }

    /// Overwrites tables and weights with new parameters.
    pub(super) fn update(&self, device: &Device, plan: &Plan, params: &Params) {
        device.queue.write_buffer(&self.tables, 0, bytemuck::cast_slice(&tables(plan, params).0));
        for (node, weights) in plan.nodes.iter().zip(&self.weights) {
            if let (Some(weights), Some(packed)) = (weights, packed(node, params, self.adder)) {
                device.queue.write_buffer(&weights.buffer, 0, &packed);
            }
        }
    }
}

/// Whether every window of the plan fits the kernels of a device whose workgroups have so many bytes.
pub(super) fn fits(plan: &Plan, memory: u32) -> bool {
    window_constants(plan.widest_window(), memory).is_some()
}

fn packed(node: &Node, params: &Params, adder: AdderKernel) -> Option<Vec<u8>> {
    let forward = |cin, cout, k| pack::forward(&params.values[node.params[0]], cin, cout, k);
    let bytes = |values: Vec<f32>| bytemuck::cast_slice(&values).to_vec();
    match node.op {
        Op::Adder { cin, cout, k } => Some(match adder {
            AdderKernel::Fast => bytes(forward(cin, cout, k)),
            AdderKernel::Half => bytemuck::cast_slice(&pack::halves(&forward(cin, cout, k))).to_vec(),
            AdderKernel::Naive => bytes(pack::naive(&params.values[node.params[0]], cin, cout, k)),
        }),
        Op::Conv { cin, cout, k, .. } => Some(bytes(forward(cin, cout, k))),
        _ => None,
    }
}

impl LayerWeights {
    fn new(device: &Device, node: &Node, params: &Params, adder: AdderKernel) -> Option<Self> {
        let values = packed(node, params, adder)?;
        let memory = device.limits.max_compute_workgroup_storage_size;
        let (kernel, constants) = match node.op {
            Op::Adder { k, .. } if adder == AdderKernel::Naive => (Kernel::AdderConvNaive, vec![("K", k as u32)]),
            Op::Adder { k, .. } if adder == AdderKernel::Half => (Kernel::AdderConvHalf, window_constants(k, memory)?),
            Op::Adder { k, .. } => (Kernel::AdderConv, window_constants(k, memory)?),
            Op::Conv { k, .. } => (Kernel::Conv, window_constants(k, memory)?),
            _ => return None,
        };
        Some(Self { kernel, constants, buffer: device.upload(&values) })
    }
}
