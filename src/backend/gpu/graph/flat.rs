//! All parameters in one row of vec4s on the device, with gradients, optimiser's memory and running mean beside them, and
//! the ways between that row and the orders in which kernels read weights and leave gradients.

use super::{
    super::{
        buffers::{line, vectors},
        device::Device,
        encode::Commands,
        layer_buffers::LayerBuffers,
        shaders::Kernel,
        uniforms::{OrderUniforms, UpdateUniforms},
    },
    backward::Reading,
};
use crate::{
    backend::{BETA1, BETA2, EPS, Learnt, MOMENTUM, Optimiser, State, Update},
    nn::{
        Op, ParamKind, Params, Plan,
        layers::{adder::ETA, batch_norm::BN_MOMENTUM},
    },
};

/// In a list of places: leave the value as it is.
const NOWHERE: u32 = u32::MAX;

/// The row.
pub(super) struct Flat {
    pub(super) params: wgpu::Buffer,
    gradients: wgpu::Buffer,
    first: wgpu::Buffer,
    second: wgpu::Buffer,
    mean: wgpu::Buffer,
    /// Per vec4: kind of its parameter, and four times the place of its scale.
    owners: wgpu::Buffer,
    /// Adaptive rates of adder layers.
    scales: wgpu::Buffer,
    /// Whether a value became not finite.
    nonfinite: wgpu::Buffer,
    /// Lists for `shaders/gather.wgsl`: of the tables; of sums; 0, 1, ….
    places: wgpu::Buffer,
    /// Floats in the tables.
    tables: usize,
    /// Where the other two lists begin.
    sums: u32,
    straight: u32,
    layout: Layout,
    /// Steps that the optimiser has taken.
    pub(super) steps: u64,
}

/// Where each parameter lies.
struct Layout {
    /// First vec4 of each parameter.
    starts: Vec<u32>,
    /// vec4s of all.
    len: u32,
    /// Values of each parameter.
    sizes: Vec<usize>,
    /// Adder weights.
    adders: Vec<usize>,
}

impl Layout {
    fn new(plan: &Plan) -> Self {
        let sizes: Vec<usize> = plan.params.iter().map(|p| p.numel()).collect();
        let mut len = 0;
        let start = |&size: &usize| {
            let start = len;
            len += vectors(size) as u32;
            start
        };
        let starts = sizes.iter().map(start).collect();
        let adders = (0..sizes.len()).filter(|&i| plan.params[i].kind == ParamKind::AdderWeight).collect();
        Self { starts, len, sizes, adders }
    }

    fn flatten(&self, params: &Params) -> Vec<f32> {
        let mut row = vec![0.0; 4 * self.len as usize];
        for (&start, values) in self.starts.iter().zip(&params.values) {
            row[4 * start as usize..][..values.len()].copy_from_slice(values);
        }
        row
    }

    fn unflatten(&self, row: &[f32]) -> Params {
        let of = |(&start, &size): (&u32, &usize)| row[4 * start as usize..][..size].to_vec();
        Params { values: self.starts.iter().zip(&self.sizes).map(of).collect() }
    }

    fn owners(&self, plan: &Plan) -> Vec<u32> {
        let of = |(i, spec): (usize, &crate::nn::ParamSpec)| {
            let owner = match spec.kind {
                ParamKind::AdderWeight => 1 + 4 * self.adders.iter().position(|&a| a == i).unwrap_or_default() as u32,
                kind if kind.learnt() => 0,
                _ => 2,
            };
            std::iter::repeat_n(owner, vectors(self.sizes[i]))
        };
        plan.params.iter().enumerate().flat_map(of).collect()
    }

    /// Where each float of the layers' tables has its value from.
    fn tables(&self, plan: &Plan, layers: &LayerBuffers, len: usize) -> Vec<u32> {
        let mut places = vec![NOWHERE; len];
        for (node, &table) in plan.nodes.iter().zip(&layers.table) {
            let width = 4 * vectors(node.channels);
            let mut put = |param: usize, after: usize| {
                let (param, first) = (node.params[param], 4 * table as usize + after);
                for c in 0..node.channels {
                    places[first + c] = 4 * self.starts[param] + (c % self.sizes[param]) as u32;
                }
            };
            match node.op {
                Op::Conv { bias: true, .. } => put(1, 0),
                // Behind scale and offset, which each batch finds anew.
                Op::BatchNorm { .. } => {
                    put(0, 2 * width);
                    put(1, 3 * width);
                }
                Op::Power { .. } => put(0, 0),
                _ => {}
            }
        }
        places
    }
}

/// Bytes of one row of a plan's parameters.
pub(super) fn bytes(plan: &Plan) -> u64 {
    16 * u64::from(Layout::new(plan).len)
}

impl Flat {
    pub(super) fn new(device: &Device, plan: &Plan, layers: &LayerBuffers, values: &Learnt) -> Self {
        let layout = Layout::new(plan);
        let tables = layers.tables.size() as usize / 4;
        let mut places = layout.tables(plan, layers, tables);
        let most = plan.nodes.iter().map(|n| n.channels).max().unwrap_or(0) as u32;
        let sums = places.len() as u32;
        places.extend((0..most).map(|c| c / 4 * 8 + c % 4));
        let straight = places.len() as u32;
        places.extend(0..most);
        let row = |params: &Params| device.upload(&layout.flatten(params));
        Self {
            params: row(&values.params),
            gradients: device.upload(&vec![0.0_f32; 4 * layout.len as usize]),
            first: row(&values.optimiser.first),
            second: row(&values.optimiser.second),
            mean: row(&values.mean),
            owners: device.upload(&layout.owners(plan)),
            scales: device.upload(&vec![1.0_f32; layout.adders.len().max(1)]),
            nonfinite: device.storage(4),
            places: device.upload(&places),
            tables,
            sums,
            straight,
            steps: values.optimiser.steps,
            layout,
        }
    }

    /// Buffers to read, in the order of [`learnt`](Self::learnt), and floats in each.
    pub(super) fn rows(&self) -> Vec<(&wgpu::Buffer, usize)> {
        let len = 4 * self.layout.len as usize;
        [&self.params, &self.mean, &self.first, &self.second].map(|row| (row, len)).to_vec()
    }

    /// What was read of [`rows`](Self::rows).
    pub(super) fn learnt(&self, rows: &[Vec<f32>]) -> Learnt {
        let of = |i: usize| self.layout.unflatten(&rows[i]);
        Learnt { params: of(0), mean: of(1), optimiser: State { first: of(2), second: of(3), steps: self.steps } }
    }

    /// Adds the dispatches that bring the parameters where kernels look for them.
    pub(super) fn spread(
        &self,
        commands: &mut Commands<'_>,
        plan: &Plan,
        layers: &LayerBuffers,
        rotated180: &[Option<wgpu::Buffer>],
    ) {
        self.gather(commands, (&self.params, 0), (&layers.tables, 0), (0, self.tables), 0);
        for (i, node) in plan.nodes.iter().enumerate() {
            let (Op::Conv { cin, cout, k, .. } | Op::Adder { cin, cout, k }) = node.op else { continue };
            let mut pack = |to: &wgpu::Buffer, inputs: usize, outputs: usize, rotated180: u32| {
                let count = outputs.div_ceil(8) * k * k * vectors(inputs) * 2;
                let uniforms = OrderUniforms {
                    inputs: inputs as u32,
                    inputs_c4: vectors(inputs) as u32,
                    outputs: outputs as u32,
                    count: count as u32,
                    start: self.layout.starts[node.params[0]],
                    ..Default::default()
                };
                let constants = vec![("K", k as u32), ("ROTATED180", rotated180)];
                let work = 32.0 * count as f64;
                let buffers = [&self.params, to];
                commands.dispatch(Kernel::PackWeights, &constants, &uniforms, &buffers, line(count), work);
            };
            if let Some(weights) = &layers.weights[i] {
                pack(&weights.buffer, cin, cout, 0);
            }
            if let Some(rotated180) = &rotated180[i] {
                pack(rotated180, cout, cin, 1);
            }
        }
    }

    /// Adds a dispatch that moves `count` values of a list of places; `total` adds them up instead.
    fn gather(
        &self,
        commands: &mut Commands<'_>,
        (from, offset): (&wgpu::Buffer, usize),
        (to, vec4): (&wgpu::Buffer, u32),
        (list, count): (u32, usize),
        total: u32,
    ) {
        let (offset, count32) = (offset as u32, count as u32);
        let uniforms = OrderUniforms { list, offset, start: vec4, count: count32, ..Default::default() };
        let counts = if total == 1 { [1, 1, 1] } else { line(count) };
        let buffers = [from, to, &self.places];
        commands.dispatch(Kernel::Gather, &vec![("SUM_ALL", total)], &uniforms, &buffers, counts, 8.0 * count as f64);
    }

    /// Adds the dispatches that bring what the backward pass left in a buffer of `len` floats to the row of gradients.
    pub(super) fn store(&self, commands: &mut Commands<'_>, from: &wgpu::Buffer, len: usize, reading: &Reading) {
        let place = |param: usize| (&self.gradients, self.layout.starts[param]);
        let size = |param: usize| self.layout.sizes[param];
        match *reading {
            Reading::Weight(param, cin, _, k) => {
                let count = size(param);
                let uniforms = OrderUniforms {
                    inputs: cin as u32,
                    inputs_c4: vectors(cin) as u32,
                    count: count as u32,
                    start: self.layout.starts[param],
                    ..Default::default()
                };
                let (constants, work) = (vec![("K", k as u32)], 16.0 * count as f64);
                let buffers = [from, &self.gradients];
                commands.dispatch(Kernel::UnpackGradient, &constants, &uniforms, &buffers, line(count), work);
            }
            Reading::Sums(one, other) => {
                self.gather(commands, (from, 0), place(one), (self.sums, size(one)), 0);
                if let Some(other) = other {
                    self.gather(commands, (from, 4), place(other), (self.sums, size(other)), 0);
                }
            }
            // Sums of channels that only fill up a vec4 are zero.
            Reading::Total { param, channels } => {
                self.gather(commands, (from, 0), place(param), (self.sums, channels), 1);
            }
            Reading::Statistics { mean, variance } => {
                self.gather(commands, (from, 0), place(mean), (self.straight, size(mean)), 0);
                self.gather(commands, (from, len / 3 * 2), place(variance), (self.straight, size(variance)), 0);
            }
        }
    }

    /// Adds the dispatches that change the parameters by their gradients. `nonfinite` is to be read afterwards.
    pub(super) fn update(&mut self, device: &Device, commands: &mut Commands<'_>, update: &Update) {
        self.steps += 1;
        if update.adaptive {
            for (i, &param) in self.layout.adders.iter().enumerate() {
                let size = self.layout.sizes[param];
                let uniforms = UpdateUniforms {
                    count: vectors(size) as u32,
                    start: self.layout.starts[param],
                    layer: i as u32,
                    eta: (f64::from(ETA) * (size as f64).sqrt()) as f32,
                    ..Default::default()
                };
                let buffers = [&self.gradients, &self.scales];
                let none = Vec::new();
                commands.dispatch(Kernel::AdaptiveRate, &none, &uniforms, &buffers, [1, 1, 1], size as f64);
            }
        }
        let (bias_correction1, bias_correction2) = State::corrections(self.steps);
        let (kernel, beta1) = match update.optimiser {
            Optimiser::Adam => (Kernel::Adam, BETA1),
            Optimiser::Sgd => (Kernel::Sgd, MOMENTUM),
        };
        let uniforms = UpdateUniforms {
            count: self.layout.len,
            rate: update.rate,
            adder_rate: update.adder_rate,
            ema_decay: update.keep,
            bias_correction1,
            bias_correction2,
            beta1,
            beta2: BETA2,
            epsilon: EPS,
            momentum: BN_MOMENTUM,
            ..Default::default()
        };
        device.queue.write_buffer(&self.nonfinite, 0, &[0; 4]);
        let buffers = [
            &self.params,
            &self.gradients,
            &self.first,
            &self.second,
            &self.mean,
            &self.owners,
            &self.scales,
            &self.nonfinite,
        ];
        let (counts, work) = (line(self.layout.len as usize), 64.0 * f64::from(self.layout.len));
        commands.dispatch(kernel, &Vec::new(), &uniforms, &buffers, counts, work);
    }

    /// Where that is, and floats in it: its bits are 0 if all is finite.
    pub(super) fn nonfinite(&self) -> (&wgpu::Buffer, usize) {
        (&self.nonfinite, 1)
    }
}
