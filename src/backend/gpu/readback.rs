//! From the device's memory to ours.

use super::device::{Device, Fault};

/// Waits for all work and returns the first `len` values of each buffer.
///
/// # Errors
/// If the device had a fault since the last check: its values mean nothing then.
pub(super) fn read(device: &Device, wanted: &[(&wgpu::Buffer, usize)]) -> Result<Vec<Vec<f32>>, Fault> {
    let total: u64 = wanted.iter().map(|&(_, len)| 4 * len as u64).sum();
    let staging = device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("to the host"),
        size: total.max(4),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut at = 0;
    for &(buffer, len) in wanted {
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, at, 4 * len as u64);
        at += 4 * len as u64;
    }
    device.queue.submit([encoder.finish()]);
    // A buffer that could not be made cannot be mapped either; the fault is known by now.
    device.check()?;
    staging.map_async(wgpu::MapMode::Read, .., |_| {});
    let waited = device.device.poll(wgpu::PollType::wait_indefinitely());
    device.check()?;
    if let Err(e) = waited {
        return Err(Fault::Refused(format!("waiting for it failed: {e}")));
    }
    let view = staging.get_mapped_range(..).map_err(|e| Fault::Refused(format!("reading back failed: {e}")))?;
    let mut rest: &[u8] = &view;
    let mut values = Vec::with_capacity(wanted.len());
    for &(_, len) in wanted {
        let (part, behind) = rest.split_at(4 * len);
        values.push(part.as_chunks::<4>().0.iter().map(|&b| f32::from_ne_bytes(b)).collect());
        rest = behind;
    }
    Ok(values)
}
