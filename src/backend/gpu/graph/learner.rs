//! Whole training steps on the device: a batch goes up, a loss comes down.
//!
//! Parameters in the row of [`Flat`] are the truth; each step first brings them into the orders in which kernels read them,
//! so that a forward with other parameters in between (to take a judged model's statistics) does no harm. A device that
//! fails takes its values along: the caller is told and goes back to those that it kept.

use super::{
    super::{
        buffers::{Features, line, padded},
        device::Fault,
        encode::Commands,
        layer_buffers::AdderKernel,
        shaders::Kernel,
        uniforms::SumUniforms,
    },
    GpuGraph, GraphState, OnDevice,
    flat::{self, Flat},
    norm::Sum,
};
use crate::{
    backend::{Gone, Learner, Learnt, Stepped, Update},
    nn::Plan,
    tensor::Tensor,
};
use std::sync::Arc;

/// Side of a square of `shaders/contrast.wgsl`.
const SQUARE: usize = 8;

impl OnDevice {
    /// Adds the dispatches that compare the last value with the target; returns the gradient of mean absolute error and
    /// of that much local contrast, and the sums of distances per channel.
    fn loss(&mut self, commands: &mut Commands<'_>, target: &Features, contrast: f32) -> (Features, wgpu::Buffer) {
        let device = Arc::clone(&self.device);
        let last = self.values.len() - 1;
        let shape = self.values[last].shape;
        let seed = self.pool.take(&device, shape);
        let distances = self.pool.take(&device, shape);
        let count = shape.pixels() * target.c4() as usize;
        let uniforms = SumUniforms { count: count as u32, factor: 1.0 / shape.len() as f32, ..Default::default() };
        let buffers = [&self.values[last].buffer, &seed.buffer, &distances.buffer, &target.buffer];
        commands.dispatch(Kernel::Loss, &Vec::new(), &uniforms, &buffers, line(count), 16.0 * count as f64);
        let (rows, columns) = (shape.h / SQUARE, shape.w / SQUARE);
        if contrast > 0.0 && rows * columns > 0 {
            let uniforms = SumUniforms {
                h: shape.h as u32,
                w: shape.w as u32,
                c4: target.c4(),
                count: (shape.n * rows * columns) as u32 * target.c4(),
                factor: contrast / (shape.n * rows * columns * shape.c * 2) as f32,
                ..Default::default()
            };
            let buffers = [&self.values[last].buffer, &seed.buffer, &target.buffer];
            let invocations = uniforms.count as usize;
            commands.dispatch(
                Kernel::Contrast,
                &Vec::new(),
                &uniforms,
                &buffers,
                line(invocations),
                32.0 * count as f64,
            );
        }
        let sums = self.sums(commands, Sum::Values, &distances, None, last);
        self.pool.give(distances);
        (seed, sums)
    }

    fn step(
        &mut self,
        plan: &Plan,
        flat: &mut Flat,
        (input, target): (&Tensor, &Tensor),
        update: &Update,
    ) -> Result<Stepped, Fault> {
        let device = Arc::clone(&self.device);
        device.queue.write_buffer(&self.values[0].buffer, 0, bytemuck::cast_slice(&padded(input)));
        let target = self.pool.fill(&device, target);
        let mut commands = Commands::new(&device);
        flat.spread(&mut commands, plan, &self.layers, &self.rotated180);
        self.walk(plan, &mut commands);
        let (seed, sums) = self.loss(&mut commands, &target, update.contrast);
        let (count, c4) = (target.shape.len(), target.c4() as usize);
        let mut commands = self.backward_there(plan, flat, seed, commands);
        flat.update(&device, &mut commands, update);
        let read = commands.read(&[(&sums, 8 * c4), flat.nonfinite()])?;
        self.pool.give(target);
        // The first of two sums per channel.
        let sum: f64 = read[0].chunks(8).flat_map(|pair| &pair[..4]).map(|&v| f64::from(v)).sum();
        let loss = (sum / count as f64) as f32;
        Ok(Stepped { loss, finite: loss.is_finite() && read[1][0].to_bits() == 0 })
    }
}

impl GpuGraph {
    /// Whether this graph can learn on the device: by the fast kernel, whose weights the device packs itself, and if its
    /// buffers hold all parameters in one row.
    pub(super) fn can_learn(&self) -> bool {
        let largest = self.shared.device().largest_buffer();
        self.adder == AdderKernel::Fast && flat::bytes(&self.plan) <= largest && self.state.borrow().cpu.is_none()
    }

    /// Runs `on_device`; a fault takes the device's values along.
    fn try_to<T>(&mut self, on_device: impl FnOnce(&Self, &mut GraphState) -> Result<T, Fault>) -> Result<T, Gone> {
        let mut state = self.state.take();
        let result = on_device(self, &mut state).map_err(|fault| {
            self.failed(&mut state, &fault);
            Gone
        });
        self.state.replace(state);
        result
    }
}

/// The device and the row on it.
fn learning(state: &mut GraphState) -> Option<(&mut OnDevice, &mut Flat)> {
    Some((state.device.as_mut()?, state.flat.as_mut()?))
}

impl Learner for GpuGraph {
    fn put(&mut self, values: &Learnt) -> Result<(), Gone> {
        self.try_to(|graph, state| {
            let device = match &mut state.device {
                Some(device) => device,
                None => state.device.insert(OnDevice::new(graph, &values.params)?),
            };
            state.flat = Some(Flat::new(&device.device, &graph.plan, &device.layers, values));
            device.device.check()
        })
    }

    fn step(&mut self, input: &Tensor, target: &Tensor, update: &Update) -> Result<Stepped, Gone> {
        assert_eq!(input.shape, self.batch, "the batch this graph was prepared for");
        if learning(self.state.get_mut()).is_none() {
            return Err(Gone);
        }
        self.try_to(|graph, state| {
            let Some((device, flat)) = learning(state) else { unreachable!("just asked") };
            device.step(&graph.plan, flat, (input, target), update)
        })
    }

    fn fetch(&mut self) -> Result<Learnt, Gone> {
        if learning(self.state.get_mut()).is_none() {
            return Err(Gone);
        }
        self.try_to(|_, state| {
            let Some((device, flat)) = learning(state) else { unreachable!("just asked") };
            Ok(flat.learnt(&super::super::readback::read(&device.device, &flat.rows())?))
        })
    }
}
