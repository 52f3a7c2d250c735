//! Dispatches on their way to the device: collected, cut where they are long, submitted in short pieces.
//!
//! Drivers reset a device whose submission takes too long (two seconds on Windows), and the desktop stutters long before.
//! So the time of a dispatch is estimated from its work and the measured speed of its kernel, long ones are cut into boxes
//! of workgroups, down to a single one, and a submission is closed before it exceeds [`LONGEST`]. The first submission of a
//! kernel that was never timed is waited for, so that not a whole run is cut by a guess.

use super::{
    device::{Device, Fault},
    shaders::{Constants, Kernel},
    timing::Stopwatch,
    uniforms::{FIRST, Family, Uniforms},
};

/// Seconds that a submission should stay below, half of what issue and users bear: the estimate is only one.
const LONGEST: f64 = 0.025;

/// Bytes between the uniforms of two dispatches: the largest alignment that any device asks for.
const SLOT: usize = Family::Layer.size().next_multiple_of(256);
/// Dispatches per submission.
const SLOTS: usize = 128;

struct Dispatch {
    kernel: Kernel,
    work: f64,
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
    /// How long what is pending will take.
    seconds: f64,
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
        Self { device, uniforms, bytes: Vec::new(), pending: Vec::new(), seconds: 0.0, watch: Stopwatch::new() }
    }

    /// Adds a dispatch of `counts` workgroups that does `work` taps' worth of arithmetic. `buffers` are its bindings behind
    /// the uniforms, which are those of the kernel's family.
    pub(super) fn dispatch<U: Uniforms>(
        &mut self,
        kernel: Kernel,
        constants: &Constants,
        values: &U,
        buffers: &[&wgpu::Buffer],
        counts: [u32; 3],
        work: f64,
    ) {
        const { assert!(size_of::<U>() <= SLOT, "every family fits the largest one's slot") };
        assert_eq!(U::FAMILY, kernel.shader().family, "uniforms for {kernel:?}");
        if counts.contains(&0) {
            return;
        }
        let pipeline = self.device.pipeline(kernel, constants);
        let uniforms = wgpu::BufferBinding {
            buffer: &self.uniforms,
            offset: 0,
            size: wgpu::BufferSize::new(size_of::<U>() as u64),
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
        let workgroups = counts.map(f64::from).iter().product::<f64>();
        let each = work / workgroups;
        let mut first = [0; 3];
        while first[2] < counts[2] {
            // Learnt anew while a dispatch is on its way.
            let seconds = self.device.speed.seconds(kernel, each);
            let room = ((LONGEST - self.seconds) / seconds) as u32;
            let whole = (LONGEST / seconds) as u32;
            let counts_here = piece(first, counts, room);
            // Rather a new submission than a sliver.
            let sliver = room < whole / 2 && volume(counts_here) < volume(piece(first, counts, whole));
            if !self.pending.is_empty() && (room == 0 || sliver || self.pending.len() == SLOTS) {
                self.flush();
                continue;
            }
            let offset = self.bytes.len() as u32;
            self.bytes.extend_from_slice(bytemuck::bytes_of(&first));
            self.bytes.extend_from_slice(&bytemuck::bytes_of(values)[4 * FIRST.len()..]);
            self.bytes.resize(offset as usize + SLOT, 0);
            let (pipeline, group) = (pipeline.clone(), group.clone());
            let work = each * f64::from(volume(counts_here));
            self.pending.push(Dispatch { kernel, work, pipeline, group, offset, counts: counts_here });
            self.seconds += seconds * f64::from(volume(counts_here));
            first = behind(first, counts_here, counts);
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
            let work = self.pending.iter().map(|d| (d.kernel, d.work)).collect();
            let lap = self.watch.lap(self.device, work);
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
        if self.pending.iter().any(|d| !self.device.speed.known(d.kernel)) {
            self.watch.learn(self.device);
        }
        self.pending.clear();
        self.bytes.clear();
        self.seconds = 0.0;
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

/// The largest box of at most `room` workgroups (but at least one) that begins at `first` and leaves a rest that can be
/// cut on in the same way: whole slices, else whole rows of one slice, else a part of one row.
fn piece(first: [u32; 3], counts: [u32; 3], room: u32) -> [u32; 3] {
    let [x, y, z] = counts;
    if first[0] == 0 && first[1] == 0 && room >= x.saturating_mul(y) {
        [x, y, (room / (x * y)).min(z - first[2])]
    } else if first[0] == 0 && room >= x {
        [x, (room / x).min(y - first[1]), 1]
    } else {
        [room.clamp(1, x - first[0]), 1, 1]
    }
}

/// Where the next piece begins.
fn behind(first: [u32; 3], piece: [u32; 3], counts: [u32; 3]) -> [u32; 3] {
    let x = first[0] + piece[0];
    if x < counts[0] {
        return [x, first[1], first[2]];
    }
    let y = first[1] + piece[1];
    if y < counts[1] { [0, y, first[2]] } else { [0, 0, first[2] + piece[2]] }
}

fn volume(counts: [u32; 3]) -> u32 {
    counts.iter().product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_workgroup_once() {
        for counts in [[1, 1, 1], [5, 1, 1], [3, 4, 2], [1, 7, 3], [4, 3, 5]] {
            for room in 0..=volume(counts) + 1 {
                let mut seen = vec![0; volume(counts) as usize];
                let mut first = [0; 3];
                while first[2] < counts[2] {
                    let piece = piece(first, counts, room);
                    assert!(volume(piece) <= room.max(1), "{counts:?} in pieces of {room}: {piece:?}");
                    for z in first[2]..first[2] + piece[2] {
                        for y in first[1]..first[1] + piece[1] {
                            for x in first[0]..first[0] + piece[0] {
                                seen[((z * counts[1] + y) * counts[0] + x) as usize] += 1;
                            }
                        }
                    }
                    first = behind(first, piece, counts);
                }
                assert!(seen.iter().all(|&n| n == 1), "{counts:?} in pieces of {room}: {seen:?}");
            }
        }
    }
}
