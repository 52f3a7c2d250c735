//! The GPU engine: WGSL kernels in `shaders/`, on a wgpu device of its own.
//!
//! | file | what |
//! |---|---|
//! | `device` | adapters by name, the device with the adapter's own limits, its faults |
//! | `shaders` | the table of kernels: text, bindings, constants; imports |
//! | `uniforms` | what a kernel is told, field by field as in WGSL |
//! | `pipelines` | kernels compiled once per set of constants |
//! | `buffers` | feature maps, channels padded to vec4s, and their reuse |
//! | `pack`, `layer_buffers` | parameters in the order in which kernels read them |
//! | `group` | nodes that one kernel computes together, and its dispatch |
//! | `encode`, `timing`, `readback` | submissions of tens of milliseconds, measured; values back to the host |
//! | `network` | inference of any rectangle of a picture |
//! | `pixel_pipeline` | the same with samples in and out, several tiles under way |
//! | `testing` | what tests do to a device that nobody else may |
//! | `graph` | training: by gradients for the host's optimiser, or whole steps of which only the loss comes back |
//!
//! The window that people see has another device: long work here does not stall it, and a driver that resets one leaves
//! the other alone.

mod buffers;
mod device;
mod encode;
mod graph;
mod group;
mod layer_buffers;
mod network;
mod pack;
mod pipelines;
mod pixel_ops;
mod pixel_pipeline;
mod readback;
pub mod shaders;
#[cfg(feature = "testing")]
mod testing;
mod timing;
pub mod uniforms;

pub use device::{AdapterInfo, AdapterKind, DeviceError, list};
pub use layer_buffers::AdderKernel;

use super::{AdderGradient, Backend, Graph, Network, PixelPipeline, cpu::Cpu};
use crate::{
    nn::{Params, Plan},
    tensor::Shape,
};
use device::{Device, Fault};
use std::sync::{Arc, Mutex, PoisonError};

/// The engine on one device. Clones share it.
#[derive(Clone)]
pub struct Gpu {
    shared: Arc<Shared>,
    options: Options,
}

/// How networks compute.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    adder: AdderKernel,
    /// Operations before this one are the CPU's.
    cpu_until: usize,
    /// A layer whose weights are spoilt on the device, to be found by a test.
    wrong: Option<usize>,
}

/// The device that all networks of an engine share, so that it is opened anew for all of them at once.
struct Shared {
    name: String,
    state: Mutex<DeviceState>,
}

struct DeviceState {
    device: Arc<Device>,
    reopened: bool,
    faults: usize,
}

impl Gpu {
    /// On the best adapter that is no software; `None` if there is none.
    ///
    /// # Errors
    /// If the adapter refuses.
    pub fn best() -> Result<Option<Self>, DeviceError> {
        Ok(Device::open(None)?.map(Self::on))
    }

    /// On the adapter whose name contains `name`, in any case.
    ///
    /// # Errors
    /// If there is none, or it refuses.
    pub fn named(name: &str) -> Result<Self, DeviceError> {
        match Device::open(Some(name))? {
            Some(device) => Ok(Self::on(device)),
            None => Err(DeviceError::Unknown { name: name.to_owned(), known: "none".to_owned() }),
        }
    }

    fn on(device: Device) -> Self {
        let name = device.info.name.clone();
        let state = Mutex::new(DeviceState { device: Arc::new(device), reopened: false, faults: 0 });
        Self { shared: Arc::new(Shared { name, state }), options: Options::default() }
    }

    /// The same engine with another kernel for adder layers; [`AdderKernel::Half`] where the device has 16-bit floats,
    /// else the usual one.
    pub fn with_adder_kernel(self, adder: AdderKernel) -> Self {
        let halves = adder != AdderKernel::Half || self.info().half_floats;
        let adder = if halves { adder } else { AdderKernel::Fast };
        Self { options: Options { adder, ..self.options }, ..self }
    }

    /// The same engine whose networks compute their first `until` operations on the CPU: a wrong picture that becomes right
    /// at some `until` has its mistake in the operation before.
    pub fn with_cpu_until(self, until: usize) -> Self {
        Self { options: Options { cpu_until: until, ..self.options }, ..self }
    }

    /// Whether the kernels take the plan's windows; says it in one line if not.
    fn fits(&self, plan: &Plan) -> bool {
        let fits = layer_buffers::fits(plan, self.info().workgroup_memory);
        if !fits {
            let (window, name) = (plan.widest_window(), self.name());
            tracing::warn!("a window of {window} pixels is too wide for {name}; the CPU computes");
        }
        fits
    }

    fn loaded(&self, plan: &Plan, params: &Params) -> network::GpuNetwork {
        network::GpuNetwork::new(Arc::clone(&self.shared), plan, params, self.options)
    }

    /// What is known of its adapter.
    pub fn info(&self) -> AdapterInfo {
        self.shared.device().info.clone()
    }

    /// Seconds of the longest submission of the last run.
    pub fn longest_submission(&self) -> f64 {
        self.shared.device().speed.longest()
    }

    /// How often the device failed so far, whatever was done about it.
    pub fn faults(&self) -> usize {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).faults
    }
}

impl Backend for Gpu {
    fn name(&self) -> String {
        let info = self.info();
        let kernel = match self.options.adder {
            AdderKernel::Fast => "",
            AdderKernel::Half => ", 16-bit differences",
            AdderKernel::Naive => ", naive adder kernel",
        };
        format!("GPU ({}, {}{kernel})", info.name, info.interface)
    }

    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
        // Also where the CPU stands in: one picture, one precision.
        let plan = &plan.without_codes();
        if self.fits(plan) { Box::new(self.loaded(plan, params)) } else { Cpu::new().network(plan, params) }
    }

    fn pixel_pipeline(&self, plan: &Plan, params: &Params) -> Option<Box<dyn PixelPipeline>> {
        // Where the CPU computes the first operations, floats have to come here anyway.
        let here = self.options.cpu_until <= 1 && layer_buffers::fits(plan, self.info().workgroup_memory);
        here.then(|| -> Box<dyn PixelPipeline> { Box::new(self.loaded(&plan.without_codes(), params)) })
    }

    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
        if !self.fits(plan) {
            return Cpu::new().graph(plan, batch, gradient);
        }
        Box::new(graph::GpuGraph::new(Arc::clone(&self.shared), plan, batch, gradient, self.options.adder))
    }
}

impl Shared {
    fn device(&self) -> Arc<Device> {
        Arc::clone(&self.state.lock().unwrap_or_else(PoisonError::into_inner).device)
    }

    /// After a fault of a device: whether there is one to try again on. Says in one line what happened.
    fn recover(&self, failed: Option<&Device>, fault: &Fault) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.faults += 1;
        if failed.is_some_and(|f| !std::ptr::eq(f, Arc::as_ptr(&state.device))) {
            return true; // another network has seen to it
        }
        let cause = match fault {
            Fault::Memory => "has too little memory even for a small part of the work".to_owned(),
            Fault::Refused(cause) => format!("refused a command ({cause})"),
            Fault::Lost(cause) => format!("was lost ({cause})"),
        };
        if matches!(fault, Fault::Lost(_)) && !state.reopened {
            state.reopened = true;
            if let Ok(Some(device)) = Device::open(Some(&self.name)) {
                tracing::warn!("the graphics device {} {cause}; it was opened again", self.name);
                state.device = Arc::new(device);
                return true;
            }
        }
        tracing::warn!("the graphics device {} {cause}; the CPU continues", self.name);
        false
    }
}
