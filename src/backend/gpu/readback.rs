//! From the device's memory to ours.

use super::device::{Device, Fault};

/// Values on their way: submitted, not waited for.
pub(super) struct Pending {
    staging: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
}

impl Pending {
    /// Asks for the first so many bytes of each buffer, once all work submitted so far is done.
    pub(super) fn begin(device: &Device, wanted: &[(&wgpu::Buffer, u64)]) -> Self {
        let staging = device.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("to the host"),
            size: wanted.iter().map(|(_, bytes)| bytes).sum::<u64>().max(4),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut at = 0;
        for &(buffer, bytes) in wanted {
            encoder.copy_buffer_to_buffer(buffer, 0, &staging, at, bytes);
            at += bytes;
        }
        Self { staging, submission: device.queue.submit([encoder.finish()]) }
    }

    /// Waits for the bytes, one buffer after the other, and for nothing that was submitted later.
    ///
    /// # Errors
    /// If the device had a fault since the last check: its values mean nothing then.
    pub(super) fn wait<T>(self, device: &Device, use_bytes: impl FnOnce(&[u8]) -> T) -> Result<T, Fault> {
        // A buffer that could not be made cannot be mapped either; the fault is known by now.
        device.check()?;
        self.staging.map_async(wgpu::MapMode::Read, .., |_| {});
        let waited =
            device.device.poll(wgpu::PollType::Wait { submission_index: Some(self.submission), timeout: None });
        device.check()?;
        if let Err(e) = waited {
            return Err(Fault::Refused(format!("waiting for it failed: {e}")));
        }
        let failed = |e| Fault::Refused(format!("reading back failed: {e}"));
        let view = self.staging.get_mapped_range(..).map_err(failed)?;
        Ok(use_bytes(&view))
    }
}

/// Waits for all work and returns the first `len` values of each buffer.
///
/// # Errors
/// If the device had a fault since the last check.
pub(super) fn read(device: &Device, wanted: &[(&wgpu::Buffer, usize)]) -> Result<Vec<Vec<f32>>, Fault> {
    let bytes: Vec<_> = wanted.iter().map(|&(buffer, len)| (buffer, 4 * len as u64)).collect();
    Pending::begin(device, &bytes).wait(device, |mut rest| {
        let mut values = Vec::with_capacity(wanted.len());
        for &(_, len) in wanted {
            let (part, behind) = rest.split_at(4 * len);
            values.push(part.as_chunks::<4>().0.iter().map(|&b| f32::from_ne_bytes(b)).collect());
            rest = behind;
        }
        values
    })
}
