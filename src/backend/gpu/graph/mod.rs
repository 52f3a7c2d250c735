//! Training: forward that keeps every node's value on the device, and backward from gradients at any of them.
//!
//! Of a [`Graph`]'s call, a batch, parameters and seeds go to the device, and parameter gradients come back; as a
//! [`Learner`] it keeps parameters and optimiser there too, and a step uploads a batch and downloads a loss. Each node is a kernel of its own
//! here: the backward pass reads nearly all values, so that fusing saves less than in inference.

mod backward;
mod flat;
mod forward;
mod learner;
mod norm;

use super::{
    Shared,
    buffers::{Features, Pool},
    device::{Device, Fault},
    layer_buffers::{AdderKernel, LayerBuffers},
};
use crate::{
    backend::{AdderGradient, Backend, Gradients, Graph, Learner, cpu::Cpu},
    nn::{Op, Params, Plan},
    tensor::{Shape, Tensor},
};
use std::{cell::RefCell, sync::Arc};

/// A graph on the device, with the CPU behind it.
pub(super) struct GpuGraph {
    shared: Arc<Shared>,
    plan: Plan,
    batch: Shape,
    gradient: AdderGradient,
    adder: AdderKernel,
    // Reading a value back may find the device gone.
    state: RefCell<GraphState>,
}

#[derive(Default)]
struct GraphState {
    device: Option<OnDevice>,
    /// What is learnt there.
    flat: Option<flat::Flat>,
    cpu: Option<Box<dyn Graph>>,
    /// What the last forward was given, to do it again after a fault.
    last: Option<(Params, Tensor)>,
}

/// Everything that lives on the device.
struct OnDevice {
    device: Arc<Device>,
    layers: LayerBuffers,
    /// Per window layer: weights rotated by 180° and transposed, for the gradient of its input.
    rotated180: Vec<Option<wgpu::Buffer>>,
    /// Per batch norm: mean, 1/√(variance + ε), unbiased variance.
    statistics: Vec<Option<wgpu::Buffer>>,
    values: Vec<Features>,
    pool: Pool,
    /// Per node: whether something learnt lies at or before it.
    requires_grad: Vec<bool>,
    gradient: AdderGradient,
}

impl GpuGraph {
    pub(super) fn new(
        shared: Arc<Shared>,
        plan: &Plan,
        batch: Shape,
        gradient: AdderGradient,
        adder: AdderKernel,
    ) -> Self {
        Self { shared, plan: plan.clone(), batch, gradient, adder, state: RefCell::default() }
    }

    /// Runs `on_device` where the last forward's values are; after a fault, that forward is done again, on the device or
    /// by the CPU, which then does the work.
    fn attempt<T>(
        &self,
        state: &mut GraphState,
        on_device: impl Fn(&mut OnDevice) -> Result<T, Fault>,
        on_cpu: impl FnOnce(&mut dyn Graph) -> T,
    ) -> T {
        while state.cpu.is_none() {
            let result = match &mut state.device {
                Some(device) => on_device(device),
                None => self.restart(state).and_then(|mut device| {
                    let result = on_device(&mut device);
                    state.device = Some(device);
                    result
                }),
            };
            match result {
                Ok(value) => return value,
                Err(fault) => {
                    self.failed(state, &fault);
                }
            }
        }
        match &mut state.cpu {
            Some(cpu) => on_cpu(cpu.as_mut()),
            None => unreachable!("the loop ends with a result or with the CPU"),
        }
    }

    /// Forgets what was on a device that failed; where there is no other, the CPU takes over.
    fn failed(&self, state: &mut GraphState, fault: &Fault) {
        let failed = state.device.take().map(|d| d.device);
        state.flat = None;
        if !self.shared.recover(failed.as_deref(), fault) {
            let mut cpu = Cpu::new().graph(&self.plan, self.batch, self.gradient);
            if let Some((params, input)) = &state.last {
                cpu.forward(params, input);
            }
            state.cpu = Some(cpu);
        }
    }

    /// Everything on the device, with the last forward done.
    fn restart(&self, state: &GraphState) -> Result<OnDevice, Fault> {
        let Some((params, input)) = &state.last else { unreachable!("a graph's first call is a forward") };
        let mut device = OnDevice::new(self, params)?;
        device.forward(&self.plan, params, input)?;
        Ok(device)
    }
}

impl OnDevice {
    fn new(graph: &GpuGraph, params: &Params) -> Result<Self, Fault> {
        let (device, plan, batch) = (graph.shared.device(), &graph.plan, graph.batch);
        let requires_grad = plan.requires_grad();
        let mut pool = Pool::default();
        let values: Vec<Features> = (0..plan.nodes.len()).map(|i| pool.take(&device, shape(plan, batch, i))).collect();
        let vec4s = |floats: usize| device.storage(floats as u64 * 16);
        let statistics = plan.nodes.iter().map(|node| match node.op {
            Op::BatchNorm { channels } => Some(vec4s(3 * channels.div_ceil(4))),
            _ => None,
        });
        let rotated180 = plan.nodes.iter().map(|node| match node.op {
            Op::Conv { cin, cout, k, .. } | Op::Adder { cin, cout, k } if requires_grad[node.inputs[0]] => {
                Some(vec4s(cin.next_multiple_of(8) * cout.next_multiple_of(4) * k * k / 4))
            }
            _ => None,
        });
        let (statistics, rotated180) = (statistics.collect(), rotated180.collect());
        let layers = LayerBuffers::new(&device, plan, params, graph.adder);
        device.check()?;
        Ok(Self { device, layers, rotated180, statistics, values, pool, requires_grad, gradient: graph.gradient })
    }

    /// A node's value.
    fn value(&self, node: usize) -> Result<Tensor, Fault> {
        let features = &self.values[node];
        let values = super::readback::read(&self.device, &[(&features.buffer, features.bytes() as usize / 4)])?;
        Ok(super::buffers::unpadded(features.shape, &values[0]))
    }
}

/// Shape of a node's value for a batch.
fn shape(plan: &Plan, batch: Shape, node: usize) -> Shape {
    let node = &plan.nodes[node];
    Shape::new(batch.n, batch.h * node.scale, batch.w * node.scale, node.channels)
}

impl Graph for GpuGraph {
    fn forward(&mut self, params: &Params, input: &Tensor) {
        assert_eq!(input.shape, self.batch, "the batch this graph was prepared for");
        let mut state = self.state.take();
        let known = state.device.is_some();
        state.last = Some((params.clone(), input.clone()));
        let plan = &self.plan;
        // Where nothing is on the device yet, putting it there includes the forward.
        let on_device = |device: &mut OnDevice| if known { device.forward(plan, params, input) } else { Ok(()) };
        self.attempt(&mut state, on_device, |cpu| cpu.forward(params, input));
        self.state.replace(state);
    }

    fn value(&self, node: usize) -> Option<Tensor> {
        let mut state = self.state.borrow_mut();
        self.attempt(&mut state, |device| device.value(node).map(Some), |cpu| cpu.value(node))
    }

    fn backward(&mut self, params: &Params, seeds: Vec<(usize, Tensor)>) -> Gradients {
        let mut state = self.state.take();
        let plan = &self.plan;
        let on_device = |device: &mut OnDevice| device.backward(plan, params, &seeds);
        let gradients = self.attempt(&mut state, on_device, |cpu| cpu.backward(params, seeds.clone()));
        self.state.replace(state);
        gradients
    }

    fn learner(&mut self) -> Option<&mut dyn Learner> {
        if self.can_learn() { Some(self) } else { None }
    }
}
