//! The backward pass: nodes in reverse, gradients of a node's value until the node is done.

use super::{
    super::{
        buffers::Features,
        device::Fault,
        encode::Commands,
        group::{window_counts, window_work},
        pack,
        shaders::{Kernel, constant, window_constants},
        uniforms::{FusedKind, FusedOp, LayerUniforms, WeightUniforms},
    },
    OnDevice,
    flat::Flat,
    norm::{Sum, total},
};
use crate::{
    backend::{AdderGradient, Gradients},
    nn::{Op, Params, Plan},
    tensor::{Shape, Tensor},
};

/// vec4s of inputs, and of outputs, of a workgroup of `shaders/conv_grad_weight.wgsl`.
const BLOCK: u32 = 8;
/// Taps that it takes together.
const TAPS: usize = 3;
/// Workgroups into which a layer's sums over all pixels are cut: several for each processor of a large card.
const WORKGROUPS: u32 = 1024;

/// How a buffer of sums becomes gradients of parameters.
pub(super) enum Reading {
    /// Matrices of a weight's gradient: parameter, channels in and out, side of the window.
    Weight(usize, usize, usize, usize),
    /// First sums of each channel, and second ones if there is a second parameter.
    Sums(usize, Option<usize>),
    /// First sums of all so many channels together.
    Total { param: usize, channels: usize },
    /// Mean and unbiased variance.
    Statistics { mean: usize, variance: usize },
}

/// What a pointwise step reads beside its gradient: the value of one node, the table of another.
#[derive(Clone, Copy)]
struct Beside {
    value: usize,
    table: usize,
}

/// Buffers to be read once everything is done.
type Readings = Vec<(wgpu::Buffer, usize, Reading)>;

/// Where a pass has the weights from, and leaves the gradients.
pub(super) enum ParamsOn<'a> {
    /// They are the host's, who reads the gradients.
    Host(&'a Params),
    /// They are on the device already, in every order that is needed, and so stay the gradients.
    Device(&'a Flat),
}

/// One backward pass.
struct Pass<'a, 'd> {
    on: &'a mut OnDevice,
    plan: &'a Plan,
    weights: ParamsOn<'a>,
    commands: Commands<'d>,
    grads: Vec<Option<Features>>,
    readings: Readings,
}

impl OnDevice {
    /// Gradients of all parameters.
    ///
    /// # Errors
    /// If the device has a fault.
    pub(super) fn backward(
        &mut self,
        plan: &Plan,
        params: &Params,
        seeds: &[(usize, Tensor)],
    ) -> Result<Gradients, Fault> {
        let device = std::sync::Arc::clone(&self.device);
        let mut pass = Pass::new(self, plan, ParamsOn::Host(params), Commands::new(&device));
        for (node, seed) in seeds {
            pass.seed(*node, seed);
        }
        pass.nodes();
        let Pass { commands, readings, grads, .. } = pass;
        let buffers: Vec<_> = readings.iter().map(|(buffer, len, _)| (buffer, *len)).collect();
        let read = commands.read(&buffers)?;
        grads.into_iter().flatten().for_each(|g| self.pool.give(g));
        let mut gradients = Gradients { values: Params::zeros(plan).values };
        for ((_, _, reading), values) in readings.iter().zip(&read) {
            reading.store(values, &mut gradients.values);
        }
        Ok(gradients)
    }

    /// Adds the dispatches from the gradient of the last node's value to those of all parameters, which stay on the device.
    pub(super) fn backward_there<'d>(
        &mut self,
        plan: &Plan,
        flat: &Flat,
        seed: Features,
        commands: Commands<'d>,
    ) -> Commands<'d> {
        let mut pass = Pass::new(self, plan, ParamsOn::Device(flat), commands);
        if let Some(last) = pass.grads.last_mut() {
            *last = Some(seed);
        }
        pass.nodes();
        let Pass { commands, grads, .. } = pass;
        grads.into_iter().flatten().for_each(|g| self.pool.give(g));
        commands
    }
}

impl Reading {
    fn store(&self, values: &[f32], gradients: &mut [Vec<f32>]) {
        // `[vec4 of channels][2]`: the first or second sum of channel c.
        let sum = |c: usize, which: usize| values[c / 4 * 8 + 4 * which + c % 4];
        match *self {
            Self::Weight(param, cin, cout, k) => gradients[param] = pack::unpack(values, cin, cout, k),
            Self::Sums(first, second) => {
                for (which, param) in [Some(first), second].into_iter().enumerate() {
                    let Some(param) = param else { continue };
                    gradients[param].iter_mut().enumerate().for_each(|(c, g)| *g = sum(c, which));
                }
            }
            Self::Total { param, .. } => {
                gradients[param][0] = (0..values.len() / 2).map(|c| f64::from(sum(c, 0))).sum::<f64>() as f32;
            }
            Self::Statistics { mean, variance } => {
                let (c, width) = (gradients[mean].len(), values.len() / 3);
                gradients[mean].copy_from_slice(&values[..c]);
                gradients[variance].copy_from_slice(&values[2 * width..2 * width + c]);
            }
        }
    }
}

impl<'a, 'd> Pass<'a, 'd> {
    fn new(on: &'a mut OnDevice, plan: &'a Plan, weights: ParamsOn<'a>, commands: Commands<'d>) -> Self {
        Self { on, plan, weights, commands, grads: vec![None; plan.nodes.len()], readings: Vec::new() }
    }

    /// All nodes but the input, last ones first.
    fn nodes(&mut self) {
        for node in (1..self.plan.nodes.len()).rev() {
            self.node(node);
        }
    }

    /// Sends what became of a parameter where it is wanted.
    fn deliver(&mut self, buffer: wgpu::Buffer, len: usize, reading: Reading) {
        match self.weights {
            ParamsOn::Host(_) => self.readings.push((buffer, len, reading)),
            ParamsOn::Device(flat) => flat.store(&mut self.commands, &buffer, len, &reading),
        }
    }

    /// Adds a seed to a node's gradient; several for one node add up.
    fn seed(&mut self, node: usize, seed: &Tensor) {
        let fresh = self.on.pool.fill(&self.on.device, seed);
        match &self.grads[node] {
            None => self.grads[node] = Some(fresh),
            Some(_) => {
                self.pointwise(node, &fresh, FusedKind::Scale, 1.0, None);
                // Not reusable before these commands run: the next seed is written at once.
                self.commands.flush();
                self.on.pool.give(fresh);
            }
        }
    }

    /// Adds to the gradients of a node's inputs and reads those of its parameters.
    fn node(&mut self, at: usize) {
        let plan = self.plan;
        let node = &plan.nodes[at];
        if let (Op::BatchNorm { .. }, Some(statistics)) = (node.op, &self.on.statistics[at]) {
            let reading = Reading::Statistics { mean: node.params[2], variance: node.params[3] };
            let len = 3 * 4 * self.on.values[at].c4() as usize;
            self.deliver(statistics.clone(), len, reading);
        }
        let Some(grad) = self.grads[at].take() else { return };
        if !self.on.requires_grad[at] {
            return self.on.pool.give(grad);
        }
        let input = node.inputs[0];
        match node.op {
            Op::Conv { cin, cout, k, bias } => {
                self.weight(at, &grad, (cin, cout, k));
                if bias {
                    let sums = self.on.sums(&mut self.commands, Sum::Values, &grad, None, at);
                    self.deliver(sums, 8 * grad.c4() as usize, Reading::Sums(node.params[1], None));
                }
                self.window(at, &grad, (cin, cout, k));
            }
            Op::Adder { cin, cout, k } => {
                self.weight(at, &grad, (cin, cout, k));
                self.window(at, &grad, (cin, cout, k));
            }
            Op::BatchNorm { .. } => self.norm(at, &grad),
            Op::Add { scale } => {
                self.pointwise(node.inputs[1], &grad, FusedKind::Scale, scale, None);
                self.pointwise(input, &grad, FusedKind::Scale, 1.0, None);
            }
            Op::Relu => self.pointwise(input, &grad, FusedKind::Mask, 0.0, Some(Beside { value: at, table: at })),
            Op::Power { alphas } => {
                let x = &self.on.values[input];
                let sums = self.on.sums(&mut self.commands, Sum::Power, &grad, Some(x), at);
                let param = node.params[0];
                let reading = if alphas == 1 {
                    Reading::Total { param, channels: node.channels }
                } else {
                    Reading::Sums(param, None)
                };
                self.deliver(sums, 8 * grad.c4() as usize, reading);
                self.pointwise(input, &grad, FusedKind::Slope, 0.0, Some(Beside { value: input, table: at }));
            }
            Op::Shift { .. } => self.pointwise(input, &grad, FusedKind::Scale, 1.0, None),
            Op::PixelShuffle { scale } => self.moved(Kernel::PixelUnshuffle, at, input, &grad, scale),
            Op::Bicubic { scale } => self.moved(Kernel::BicubicGrad, at, input, &grad, scale),
            Op::Input { .. } => {}
        }
        self.on.pool.give(grad);
    }

    /// Where a node's gradient goes, and whether it is to be added there; `None` if nothing before it requires a gradient.
    fn target(&mut self, node: usize) -> Option<(Features, u32)> {
        if !self.on.requires_grad[node] {
            return None;
        }
        Some(match self.grads[node].take() {
            Some(grad) => (grad, 1),
            None => (self.on.pool.take(&self.on.device, self.on.values[node].shape), 0),
        })
    }

    /// Adds `grad`, through one pointwise step, to the gradient of `to`.
    fn pointwise(&mut self, to: usize, grad: &Features, kind: FusedKind, factor: f32, beside: Option<Beside>) {
        let Some((target, accumulate)) = self.target(to) else { return };
        let mut params = extents(grad, &target, accumulate);
        let table = beside.map_or(0, |beside| self.on.layers.table[beside.table]);
        let (h, w) = (params.out_h, params.out_w);
        params.chain[0] = FusedOp { kind: kind as u32, table, factor, h, w, ..FusedOp::default() };
        params.fused = 1;
        let nothing = &self.on.layers.tables;
        let other = beside.map_or(nothing, |beside| &self.on.values[beside.value].buffer);
        let buffers = [&grad.buffer, &target.buffer, nothing, other, nothing, nothing];
        let (counts, work) = rows(&target, 16.0);
        self.commands.dispatch(Kernel::Elementwise, &Vec::new(), &params, &buffers, counts, work);
        self.grads[to] = Some(target);
    }

    /// Gradient of a move of pixels.
    fn moved(&mut self, kernel: Kernel, at: usize, to: usize, grad: &Features, scale: usize) {
        let Some((target, accumulate)) = self.target(to) else { return };
        let mut params = extents(grad, &target, accumulate);
        (params.scale, params.table) = (scale as u32, self.on.layers.table[at]);
        let nothing = &self.on.layers.tables;
        let buffers = [&grad.buffer, &target.buffer, nothing, nothing, nothing, nothing];
        let taps = if kernel == Kernel::BicubicGrad { (25 * scale * scale) as f64 * 16.0 } else { 16.0 };
        let (counts, work) = rows(&target, taps);
        self.commands.dispatch(kernel, &Vec::new(), &params, &buffers, counts, work);
        self.grads[to] = Some(target);
    }

    /// Gradients of a batch norm's input, weight and bias.
    fn norm(&mut self, at: usize, grad: &Features) {
        let node = &self.plan.nodes[at];
        let input = node.inputs[0];
        let x = self.on.values[input].clone();
        let sums = self.on.sums(&mut self.commands, Sum::Norm, grad, Some(&x), at);
        let reading = Reading::Sums(node.params[1], Some(node.params[0]));
        self.deliver(sums.clone(), 8 * grad.c4() as usize, reading);
        let Some((target, accumulate)) = self.target(input) else { return };
        let mut params = extents(grad, &target, accumulate);
        params.table = self.on.layers.table[at];
        params.share = 1.0 / x.shape.pixels() as f32;
        let tables = &self.on.layers.tables;
        let statistics = self.on.statistics[at].as_ref().unwrap_or(tables);
        let buffers = [&grad.buffer, &target.buffer, tables, &sums, tables, tables, &x.buffer, statistics];
        let (counts, work) = rows(&target, 16.0);
        self.commands.dispatch(Kernel::BatchNormGrad, &Vec::new(), &params, &buffers, counts, work);
        self.grads[input] = Some(target);
    }

    /// Gradient of a window layer's weights.
    fn weight(&mut self, at: usize, grad: &Features, (cin, cout, k): (usize, usize, usize)) {
        let node = &self.plan.nodes[at];
        let rule = match (node.op, self.on.gradient) {
            (Op::Adder { .. }, AdderGradient::FullPrecision) => 1,
            (Op::Adder { .. }, AdderGradient::Sign) => 2,
            _ => 0,
        };
        let x = &self.on.values[node.inputs[0]];
        let (across, down) = (x.c4().div_ceil(BLOCK) * (k * k.div_ceil(TAPS)) as u32, grad.c4().div_ceil(BLOCK));
        let rows = (grad.shape.n * grad.shape.h) as u32;
        let each = rows.div_ceil((WORKGROUPS / (across * down)).max(1));
        let parts = rows.div_ceil(each);
        let uniforms = WeightUniforms {
            in_h: x.shape.h as u32,
            in_w: x.shape.w as u32,
            in_c4: x.c4(),
            out_h: grad.shape.h as u32,
            out_w: grad.shape.w as u32,
            out_c4: grad.c4(),
            dy: -(k as i32 / 2),
            dx: -(k as i32 / 2),
            rows,
            rows_each: each,
            ..Default::default()
        };
        let vectors = grad.c4() as usize * k * k * x.c4() as usize * 4;
        let result = self.on.device.storage(16 * vectors as u64);
        let partial = self.on.pool.take(&self.on.device, Shape::new(parts as usize, 1, vectors, 4));
        let Some(weights) = &self.on.layers.weights[at] else { unreachable!("layers with a window have weights") };
        let packed = match (weights.kernel, &self.weights) {
            // The rule reads weights in the fast kernel's order.
            (Kernel::AdderConvNaive | Kernel::AdderConvHalf, ParamsOn::Host(params)) => {
                &self.on.device.upload(&pack::forward(&params.values[node.params[0]], cin, cout, k))
            }
            _ => &weights.buffer,
        };
        let constants = vec![("K", k as u32), ("RULE", rule)];
        let buffers = [&x.buffer, &partial.buffer, &grad.buffer, packed];
        let work = window_work(grad, cin, k) * 2.0;
        self.commands.dispatch(Kernel::ConvGradWeight, &constants, &uniforms, &buffers, [across, down, parts], work);
        total(&mut self.commands, &partial.buffer, &result, parts, vectors as u32);
        self.on.pool.give(partial);
        self.deliver(result, 4 * vectors, Reading::Weight(node.params[0], cin, cout, k));
    }

    /// Gradient of a window layer's input.
    fn window(&mut self, at: usize, grad: &Features, (cin, cout, k): (usize, usize, usize)) {
        let node = &self.plan.nodes[at];
        let input = node.inputs[0];
        let Some((target, accumulate)) = self.target(input) else { return };
        let Some(weights) = &self.on.rotated180[at] else { unreachable!("made where the input requires a gradient") };
        if let ParamsOn::Host(params) = self.weights {
            let rotated180 = pack::backward(&params.values[node.params[0]], cin, cout, k);
            self.on.device.queue.write_buffer(weights, 0, bytemuck::cast_slice(&rotated180));
        }
        let mut params = extents(grad, &target, accumulate);
        (params.dy, params.dx) = (-(k as i32 / 2), -(k as i32 / 2));
        let memory = self.on.device.limits.max_compute_workgroup_storage_size;
        let Some(mut constants) = window_constants(k, memory) else { unreachable!("checked when it was made") };
        let counts = window_counts(&target, constant(&constants, "LANES_X"));
        let nothing = &self.on.layers.tables;
        let mut buffers = vec![&grad.buffer, &target.buffer, nothing, nothing, nothing, nothing, weights];
        let kernel = match node.op {
            Op::Adder { .. } => {
                constants.push(("SIGN", (self.on.gradient == AdderGradient::Sign) as u32));
                buffers.push(&self.on.values[input].buffer);
                Kernel::AdderConvGradInput
            }
            _ => Kernel::Conv,
        };
        let work = window_work(&target, cout, k) * 2.0;
        self.commands.dispatch(kernel, &constants, &params, &buffers, counts, work);
        self.grads[input] = Some(target);
    }
}

/// Uniforms for a kernel from one feature map to another.
fn extents(from: &Features, to: &Features, accumulate: u32) -> LayerUniforms {
    LayerUniforms {
        in_h: from.shape.h as u32,
        in_w: from.shape.w as u32,
        in_c4: from.c4(),
        out_h: to.shape.h as u32,
        out_w: to.shape.w as u32,
        out_c4: to.c4(),
        out_c: to.shape.c as u32,
        accumulate,
        ..Default::default()
    }
}

/// Workgroups of a kernel with one invocation per vec4, and its work at so many operations per value.
fn rows(out: &Features, per_value: f64) -> ([u32; 3], f64) {
    let counts = [(out.shape.w as u32 * out.c4()).div_ceil(64), out.shape.h as u32, out.shape.n as u32];
    (counts, per_value * (out.shape.pixels() * 4) as f64 * f64::from(out.c4()))
}
