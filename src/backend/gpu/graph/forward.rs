//! The forward pass: every node in order, batch norm with the batch's own statistics.

use super::{
    super::{
        buffers::padded,
        device::Fault,
        encode::Commands,
        group::{BicubicPos, FeatureView, Job},
    },
    OnDevice,
};
use crate::{
    nn::{Op, Params, Plan},
    tensor::Tensor,
};

impl OnDevice {
    /// Computes and keeps every node's value.
    ///
    /// # Errors
    /// If the device has a fault.
    pub(super) fn forward(&mut self, plan: &Plan, params: &Params, input: &Tensor) -> Result<(), Fault> {
        self.layers.update(&self.device, plan, params);
        self.device.queue.write_buffer(&self.values[0].buffer, 0, bytemuck::cast_slice(&padded(input)));
        let device = std::sync::Arc::clone(&self.device);
        let mut commands = Commands::new(&device);
        self.walk(plan, &mut commands);
        commands.flush();
        self.device.check()
    }

    /// Adds the dispatches of every node, with the weights and the input that are on the device.
    pub(super) fn walk(&self, plan: &Plan, commands: &mut Commands<'_>) {
        for (i, node) in plan.nodes.iter().enumerate().skip(1) {
            if let Op::BatchNorm { .. } = node.op {
                self.measure(commands, i, node.inputs[0]);
            }
            let of = self.values[node.inputs[0]].shape;
            let bicubic = BicubicPos { picture: of.size(), ..BicubicPos::default() };
            let value = |node: usize| FeatureView { features: &self.values[node], dy: 0, dx: 0 };
            let job = Job { plan, layers: &self.layers, group: &[i], value: &value, bicubic };
            job.dispatch(commands, &self.values[i]);
        }
    }
}
