//! Kernels compiled for a device, once per set of constants.

use super::{
    device::Device,
    shaders::{Binding, Constants, Kernel, expand},
    uniforms::Family,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A compiled kernel.
pub(super) struct Pipeline {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) layout: wgpu::BindGroupLayout,
}

/// Those compiled so far.
#[derive(Default)]
pub(super) struct Pipelines(Mutex<HashMap<(Kernel, Constants), Arc<Pipeline>>>);

impl Device {
    /// The kernel with these constants.
    pub(super) fn pipeline(&self, kernel: Kernel, constants: &Constants) -> Arc<Pipeline> {
        let mut known = self.pipelines.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipeline) = known.get(&(kernel, constants.clone())) {
            return Arc::clone(pipeline);
        }
        let pipeline = Arc::new(self.compile(kernel, constants));
        known.insert((kernel, constants.clone()), Arc::clone(&pipeline));
        pipeline
    }

    #[allow(unsafe_code, reason = "the only way to tell wgpu that loops end; see the safety comment")]
    fn compile(&self, kernel: Kernel, constants: &Constants) -> Pipeline {
        let shader = kernel.shader();
        let text = wgpu::ShaderModuleDescriptor {
            label: Some(shader.name),
            source: wgpu::ShaderSource::Wgsl(expand(shader.text).into()),
        };
        // A counter in every loop, against shaders of strangers that never end, made a training step on an H100 a sixth
        // longer (27.4 instead of 23.1 ms on the device's clock); checks of indices, which stay, cost nothing there.
        let checks = wgpu::ShaderRuntimeChecks { force_loop_bounding: false, ..wgpu::ShaderRuntimeChecks::checked() };
        // SAFETY: the texts are this crate's own, and each of their loops counts towards a bound from uniforms, constants
        // or extents, none of which changes while a kernel runs.
        let module = unsafe { self.device.create_shader_module_trusted(text, checks) };
        let entries: Vec<_> = (0..).zip(shader.bindings).map(|(i, &b)| entry(i, b, shader.family)).collect();
        let layout = self
            .device
            .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(shader.name), entries: &entries });
        let pipeline_layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(shader.name),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let constants: Vec<(&str, f64)> = constants.iter().map(|&(name, v)| (name, f64::from(v))).collect();
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(shader.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &constants,
                // Kernels write what they read.
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        Pipeline { pipeline, layout }
    }
}

fn entry(binding: u32, kind: Binding, family: Family) -> wgpu::BindGroupLayoutEntry {
    let (ty, size) = match kind {
        Binding::Uniforms => (wgpu::BufferBindingType::Uniform, family.size() as u64),
        Binding::Read => (wgpu::BufferBindingType::Storage { read_only: true }, 0),
        Binding::Write => (wgpu::BufferBindingType::Storage { read_only: false }, 0),
    };
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty,
            has_dynamic_offset: matches!(kind, Binding::Uniforms),
            min_binding_size: wgpu::BufferSize::new(size),
        },
        count: None,
    }
}
