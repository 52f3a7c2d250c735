//! Dispatches on their way to the device: collected, cut where they are long, submitted in short pieces.
//!
//! Drivers reset a device whose submission takes too long (two seconds on Windows), and the desktop stutters long before.
//! So the time of a dispatch is estimated from its work and the device's measured speed, long ones are cut into bands of
//! workgroup rows, and a submission is closed before it exceeds [`LONGEST`].

use super::{
    device::{Device, Fault},
    params::Params,
    shaders::{Constants, Kernel},
    timing::Stopwatch,
};

/// Seconds that a submission should stay below, half of what issue and users bear: the estimate is only one.
const LONGEST: f64 = 0.025;

/// Bytes between the uniforms of two dispatches: the largest alignment that any device asks for.
const SLOT: usize = (size_of::<Params>()).next_multiple_of(256);
/// Dispatches per submission.
const SLOTS: usize = 128;

struct Dispatch {
    pipeline: std::sync::Arc<super::pipelines::Pipeline>,
    group: wgpu::BindGroup,
    offset: u32,
    counts: [u32; 3],
}

/// Commands being collected for a device.
pub(super) struct Commands<'d> {
    pub(super) device: &'d Device,
    uniforms: wgpu::Buffer,
    bytes: Vec<u8>,
    pending: Vec<Dispatch>,
    work: f64,
    watch: Stopwatch,
}

impl<'d> Commands<'d> {
    pub(super) fn new(device: &'d Device) -> Self {
        let uniforms = device.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("uniforms"),
            size: (SLOT * SLOTS) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { device, uniforms, bytes: Vec::new(), pending: Vec::new(), work: 0.0, watch: Stopwatch::new() }
    }

    /// Adds a dispatch of `counts` workgroups that does `work` taps' worth of arithmetic. `buffers` are its bindings behind
    /// the uniforms.
    pub(super) fn dispatch(
        &mut self,
        kernel: Kernel,
        constants: &Constants,
        params: &Params,
        buffers: &[&wgpu::Buffer],
        counts: [u32; 3],
        work: f64,
    ) {
        if counts.contains(&0) {
            return;
        }
        let pipeline = self.device.pipeline(kernel, constants);
        let uniforms = wgpu::BufferBinding {
            buffer: &self.uniforms,
            offset: 0,
            size: wgpu::BufferSize::new(size_of::<Params>() as u64),
        };
        let first = wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(uniforms) };
        let rest =
            (1..).zip(buffers).map(|(binding, b)| wgpu::BindGroupEntry { binding, resource: b.as_entire_binding() });
        let entries: Vec<_> = std::iter::once(first).chain(rest).collect();
        let group = self.device.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.layout,
            entries: &entries,
        });
        let per_row = work / f64::from(counts[1]);
        let mut row = 0;
        while row < counts[1] {
            let left = LONGEST * self.device.speed.taps_per_second() - self.work;
            let rows = ((left / per_row.max(1.0)) as u32).min(counts[1] - row);
            if (rows == 0 && !self.pending.is_empty()) || self.pending.len() == SLOTS {
                self.flush();
                continue;
            }
            // A single row of workgroups that is too long cannot be cut.
            let rows = rows.max(1);
            let mut params = *params;
            params.first_row = row;
            let offset = self.bytes.len() as u32;
            self.bytes.extend_from_slice(bytemuck::bytes_of(&params));
            self.bytes.resize(offset as usize + SLOT, 0);
            let counts = [counts[0], rows, counts[2]];
            self.pending.push(Dispatch { pipeline: pipeline.clone(), group: group.clone(), offset, counts });
            self.work += per_row * f64::from(rows);
            row += rows;
        }
    }

    /// Submits what was collected.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        self.device.queue.write_buffer(&self.uniforms, 0, &self.bytes);
        let mut encoder = self.device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let lap = self.watch.lap(self.device, self.work);
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes: lap.map(|queries| wgpu::ComputePassTimestampWrites {
                    query_set: queries,
                    beginning_of_pass_write_index: Some(0),
                    end_of_pass_write_index: Some(1),
                }),
            });
            for d in &self.pending {
                pass.set_pipeline(&d.pipeline.pipeline);
                pass.set_bind_group(0, &d.group, &[d.offset]);
                pass.dispatch_workgroups(d.counts[0], d.counts[1], d.counts[2]);
            }
        }
        self.watch.resolve(&mut encoder);
        self.device.queue.submit([encoder.finish()]);
        self.pending.clear();
        self.bytes.clear();
        self.work = 0.0;
    }

    /// Submits everything, and leaves it to the caller to wait and to stop the watch.
    pub(super) fn submit(mut self) -> Stopwatch {
        self.flush();
        self.watch
    }

    /// Submits everything, waits for it and returns the first `len` values of each of these buffers.
    ///
    /// # Errors
    /// If the device had a fault since the last check.
    pub(super) fn read(mut self, wanted: &[(&wgpu::Buffer, usize)]) -> Result<Vec<Vec<f32>>, Fault> {
        self.flush();
        let values = super::readback::read(self.device, wanted)?;
        self.watch.stop(self.device);
        Ok(values)
    }
}
