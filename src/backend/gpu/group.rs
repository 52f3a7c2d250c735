//! Nodes that one kernel computes together, and its dispatch.
//!
//! A layer or a move of pixels takes the pointwise nodes behind it along: they are applied to values still in registers.

use super::{
    buffers::Features,
    encode::Commands,
    layer_buffers::{AdderKernel, LayerBuffers},
    shaders::{Kernel, constant},
    uniforms::{FusedKind, FusedOp, LayerUniforms, MAX_FUSED},
};
use crate::{
    nn::{Node, Op, Plan},
    tensor::{Point, Size},
};

/// Other values that one kernel can read.
const MAX_OPERANDS: usize = 3;

/// Nodes in order, each with the pointwise nodes that can follow in the same kernel: the only reader of their
/// predecessor, whose value nobody else (`kept`) wants to see.
pub(super) fn groups(plan: &Plan, adder: AdderKernel, kept: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let op = |i: usize| plan.nodes[i].op;
    let adds = |group: &[usize]| group.iter().filter(|&&i| matches!(op(i), Op::Add { .. })).count();
    plan.fused(kept, |group, i| {
        let naive = adder == AdderKernel::Naive && matches!(op(i - 1), Op::Adder { .. });
        // A convolution's bias is a step as well, hence one less.
        !naive && group.len() < MAX_FUSED - 1 && adds(group) < MAX_OPERANDS
    })
}

/// A finished value, and where the corner of the group's result lies in it, in its own pixels.
#[derive(Clone, Copy)]
pub(super) struct FeatureView<'a> {
    pub(super) features: &'a Features,
    pub(super) dy: usize,
    pub(super) dx: usize,
}

/// Where a bicubic's input and result lie in the whole picture.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BicubicPos {
    /// Corner of what the input covers, in its pixels.
    pub(super) covered: Point,
    /// Corner of the result, in its pixels.
    pub(super) corner: Point,
    /// Of the whole input.
    pub(super) picture: Size,
}

/// One group to be computed.
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan,
    pub(super) layers: &'a LayerBuffers,
    pub(super) group: &'a [usize],
    pub(super) value: &'a dyn Fn(usize) -> FeatureView<'a>,
    pub(super) bicubic: BicubicPos,
}

impl<'a> Job<'a> {
    /// Adds the dispatch that fills `out`.
    pub(super) fn dispatch(&self, commands: &mut Commands<'_>, out: &Features) {
        let first = self.group[0];
        let node = &self.plan.nodes[first];
        let input = (self.value)(node.inputs[0]);
        let mut uniforms = LayerUniforms {
            in_h: input.features.shape.h as u32,
            in_w: input.features.shape.w as u32,
            in_c4: input.features.c4(),
            out_h: out.shape.h as u32,
            out_w: out.shape.w as u32,
            out_c4: out.c4(),
            out_c: out.shape.c as u32,
            dy: input.dy as i32,
            dx: input.dx as i32,
            ..LayerUniforms::default()
        };
        let mut chain = Chain { job: self, uniforms: &mut uniforms, operands: Vec::new() };
        match node.op {
            Op::Conv { bias: true, .. } => chain.push(FusedKind::Offset, first, 0.0),
            _ if node.op.is_pointwise() => chain.node(first, node.inputs[0]),
            _ => {}
        }
        for &at in &self.group[1..] {
            chain.node(at, at - 1);
        }
        let operands = chain.operands;

        let mut buffers = vec![&input.features.buffer, &out.buffer, &self.layers.tables];
        let nothing = &self.layers.tables;
        buffers.extend((0..MAX_OPERANDS).map(|i| operands.get(i).map_or(nothing, |f| &f.buffer)));
        let (n, values) = (out.shape.n as u32, (out.shape.pixels() * 4) as f64 * f64::from(uniforms.out_c4));
        let rows = [(uniforms.out_w * uniforms.out_c4).div_ceil(64), uniforms.out_h, n];
        let (kernel, work) = match node.op {
            Op::Conv { cin, k, .. } | Op::Adder { cin, k, .. } => {
                return self.window(commands, &mut uniforms, &mut buffers, out, Window { cin, k });
            }
            Op::PixelShuffle { scale } => {
                uniforms.scale = scale as u32;
                (Kernel::PixelShuffle, 16.0)
            }
            Op::Bicubic { scale } => {
                let BicubicPos { covered, corner, picture } = self.bicubic;
                (uniforms.dy, uniforms.dx) = (-(covered.y as i32), -(covered.x as i32));
                (uniforms.top, uniforms.left) = (corner.y as u32, corner.x as u32);
                (uniforms.picture_h, uniforms.picture_w) = (picture.height as u32, picture.width as u32);
                (uniforms.scale, uniforms.table) = (scale as u32, self.layers.table[first]);
                (Kernel::Bicubic, 64.0)
            }
            _ => (Kernel::Elementwise, 16.0),
        };
        commands.dispatch(kernel, &Vec::new(), &uniforms, &buffers, rows, work * values);
    }

    fn window<'b>(
        &'b self,
        commands: &mut Commands<'_>,
        uniforms: &mut LayerUniforms,
        buffers: &mut Vec<&'b wgpu::Buffer>,
        out: &Features,
        Window { cin, k }: Window,
    ) {
        let Some(weights) = &self.layers.weights[self.group[0]] else {
            unreachable!("layers with a window have weights")
        };
        uniforms.dy -= (k / 2) as i32;
        uniforms.dx -= (k / 2) as i32;
        let work = window_work(out, cin, k);
        if weights.kernel == Kernel::AdderConvNaive {
            let counts = [(4 * uniforms.out_w * uniforms.out_c4).div_ceil(64), uniforms.out_h, out.shape.n as u32];
            let buffers = [buffers[0], buffers[1], &weights.buffer];
            return commands.dispatch(weights.kernel, &weights.constants, uniforms, &buffers, counts, work);
        }
        buffers.push(&weights.buffer);
        let counts = window_counts(out, constant(&weights.constants, "LANES_X"));
        commands.dispatch(weights.kernel, &weights.constants, uniforms, buffers, counts, work);
    }
}

/// What each output of a layer reads: `cin` channels of `k × k` pixels.
struct Window {
    cin: usize,
    k: usize,
}

/// Workgroups of a window kernel with so many lanes along each side.
pub(super) fn window_counts(out: &Features, lanes: u32) -> [u32; 3] {
    let tiles = |pixels: usize| (pixels as u32).div_ceil(2 * lanes);
    [tiles(out.shape.w), tiles(out.shape.h), out.shape.n as u32 * out.c4().div_ceil(2)]
}

/// Taps of a window layer.
pub(super) fn window_work(out: &Features, cin: usize, k: usize) -> f64 {
    (out.shape.len() * cin * k * k) as f64
}

/// The pointwise steps of a job being written down.
struct Chain<'j, 'a> {
    job: &'j Job<'a>,
    uniforms: &'j mut LayerUniforms,
    operands: Vec<&'a Features>,
}

impl Chain<'_, '_> {
    fn push(&mut self, kind: FusedKind, at: usize, factor: f32) {
        let op = FusedOp { kind: kind as u32, table: self.job.layers.table[at], factor, ..FusedOp::default() };
        self.uniforms.chain[self.uniforms.fused as usize] = op;
        self.uniforms.fused += 1;
    }

    /// A pointwise node applied to the value of its input `from`.
    fn node(&mut self, at: usize, from: usize) {
        let Node { op, ref inputs, .. } = self.job.plan.nodes[at];
        match op {
            Op::BatchNorm { .. } => self.push(FusedKind::Affine, at, 0.0),
            Op::Power { .. } => self.push(FusedKind::Power, at, 0.0),
            Op::Shift { by } => self.push(FusedKind::Shift, at, by),
            Op::Relu => self.push(FusedKind::Relu, at, 0.0),
            Op::Add { scale } if inputs[0] == from => self.add(FusedKind::Add, at, scale, inputs[1]),
            Op::Add { scale } => self.add(FusedKind::AddTo, at, scale, inputs[0]),
            op => unreachable!("{op:?} is not pointwise"),
        }
    }

    fn add(&mut self, kind: FusedKind, at: usize, factor: f32, other: usize) {
        self.push(kind, at, factor);
        let FeatureView { features, dy, dx } = (self.job.value)(other);
        let op = &mut self.uniforms.chain[self.uniforms.fused as usize - 1];
        op.operand = self.operands.len() as u32;
        (op.dy, op.dx) = (dy as u32, dx as u32);
        (op.h, op.w) = (features.shape.h as u32, features.shape.w as u32);
        self.operands.push(features);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    #[test]
    fn a_unit_is_one_kernel() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 8, 2).plan();
        let names = |adder, tapped: Option<usize>| -> Vec<String> {
            let groups = groups(&plan, adder, |i| Some(i) == tapped);
            groups.iter().map(|g| plan.nodes[g[0]].name.clone()).collect()
        };
        let fast = names(AdderKernel::Fast, None);
        assert_eq!(
            fast,
            [
                "input",
                "centred",
                "head",
                "body.0.0.adder",
                "body.0.1.adder",
                "body.1.0.adder",
                "body.1.1.adder",
                "tail",
                "shuffle",
                "bicubic"
            ]
        );
        assert_eq!(names(AdderKernel::Naive, None).len(), fast.len() + 4, "batch norms on their own");
        let tapped = names(AdderKernel::Fast, plan.find("body.0.0.relu"));
        assert!(tapped.contains(&"body.0.0.power".to_owned()), "a tapped value ends its group");
    }
}
