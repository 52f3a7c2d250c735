//! A node's parameters in the form in which kernels read them.

use super::{
    isa::Isa,
    lanes::{GROUP, Kernel, Lanes},
    pack::Packed,
    planar_conv::PlanarConv,
    sad_conv::Coded,
    sliding::{SIDE, Sliding},
    window::vectors,
};
use crate::nn::{Node, Op, Params, Plan, layers::batch_norm::inverse_std};

/// What a kernel needs to know of one node.
#[derive(Clone, Debug)]
pub(super) enum PackedNode {
    /// No parameters.
    Plain,
    /// Adder layer or convolution.
    Window(Packed),
    /// Adder layer in 8-bit codes.
    Coded(Coded),
    /// The same with a 3×3 window, where it slides fast.
    Sliding(Sliding),
    /// A 3×3 or 1×1 convolution beside such layers.
    PlanarConv(PlanarConv),
    /// Batch norm folded to `x·scale + offset`.
    Affine {
        /// Factor per channel.
        scale: Vec<f32>,
        /// Offset per channel.
        offset: Vec<f32>,
    },
    /// Power activation, one exponent per channel.
    Power(Vec<f32>),
    /// The same in a network of 8-bit codes.
    ApproxPower(Vec<f32>),
}

impl PackedNode {
    /// For inference: batch norm uses its running statistics.
    pub(super) fn new(isa: Isa, node: &Node, params: &Params) -> Self {
        let param = |i: usize| params.values[node.params[i]].as_slice();
        match node.op {
            Op::Conv { cin, cout, k, bias } => {
                let packed = Packed::forward(param(0), cin, cout, k, block(isa, cout));
                Self::Window(if bias { packed.with_bias(param(1)) } else { packed })
            }
            Op::Adder { cin, cout, k } => {
                Self::Window(Packed::forward(param(0), cin, cout, k, block(isa, cout)).with_sums())
            }
            Op::BatchNorm { .. } => {
                let inv: Vec<f32> = param(3).iter().map(|&v| inverse_std(v)).collect();
                Self::affine(param(0), param(1), param(2), &inv)
            }
            Op::Power { .. } => Self::Power(param(0).iter().copied().cycle().take(node.channels).collect()),
            Op::Input { .. }
            | Op::Shift { .. }
            | Op::Add { .. }
            | Op::Relu
            | Op::PixelShuffle { .. }
            | Op::Bicubic { .. } => Self::Plain,
        }
    }

    /// Node `i` of a plan that may carry its 8-bit form, which windows slide over or not.
    pub(super) fn of_plan(isa: Isa, slides: bool, plan: &Plan, i: usize, params: &Params) -> Self {
        let node = &plan.nodes[i];
        let param = |i: usize| params.values[node.params[i]].as_slice();
        match (node.op, node.inputs.first().and_then(|&input| plan.nodes[input].codes), Self::new(isa, node, params)) {
            (Op::Adder { cin, cout, k: SIDE }, Some(codes), _) if slides => {
                Self::Sliding(Sliding::new(param(0), cin, cout, codes))
            }
            (Op::Conv { cin, cout, k: k @ (1 | SIDE), bias }, ..) if slides && plan.is_eight_bit() => {
                Self::PlanarConv(PlanarConv::new(param(0), cin, cout, k, bias.then(|| param(1))))
            }
            (Op::Adder { cin, cout, k }, Some(codes), _) => {
                Self::Coded(Coded::new(param(0), cin, cout, k, codes, order(isa)))
            }
            (_, _, Self::Power(alpha)) if plan.is_eight_bit() => Self::ApproxPower(alpha),
            (_, _, layer) => layer,
        }
    }

    /// Batch norm with these statistics.
    pub(super) fn affine(weight: &[f32], bias: &[f32], mean: &[f32], inv: &[f32]) -> Self {
        let scale: Vec<f32> = weight.iter().zip(inv).map(|(w, i)| w * i).collect();
        let offset = bias.iter().zip(mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
        Self::Affine { scale, offset }
    }
}

/// Output channels per block for a layer with so many.
pub(super) fn block(isa: Isa, channels: usize) -> usize {
    struct Block(usize);
    impl Kernel for Block {
        type Out = usize;
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> usize {
            vectors(l, self.0) * L::WIDTH
        }
    }
    isa.run(Block(channels))
}

/// The order in which this set wants a group's weights.
fn order(isa: Isa) -> [usize; GROUP] {
    struct Order;
    impl Kernel for Order {
        type Out = [usize; GROUP];
        #[inline(always)]
        fn run<L: Lanes>(self, _: L) -> [usize; GROUP] {
            L::ORDER
        }
    }
    isa.run(Order)
}
