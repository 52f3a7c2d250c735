//! Feature maps in the device's memory, and buffers kept for the next ones.

use super::device::Device;
use crate::tensor::{Shape, Tensor};

/// Values `[n, h, w, c]`, channels padded with zeros to whole vec4s.
#[derive(Clone, Debug)]
pub(super) struct Features {
    pub(super) buffer: wgpu::Buffer,
    pub(super) shape: Shape,
}

/// vec4s that hold so many channels.
pub(super) fn vectors(channels: usize) -> usize {
    channels.div_ceil(4)
}

/// Bytes of feature maps.
pub(super) fn bytes(shape: Shape) -> u64 {
    (shape.pixels() * vectors(shape.c) * 16) as u64
}

impl Features {
    /// vec4s per pixel.
    pub(super) fn c4(&self) -> u32 {
        vectors(self.shape.c) as u32
    }

    /// Bytes in use.
    pub(super) fn bytes(&self) -> u64 {
        bytes(self.shape)
    }
}

/// Values with their channels padded to whole vec4s.
pub(super) fn padded(tensor: &Tensor) -> Vec<f32> {
    let (c, width) = (tensor.shape.c, 4 * vectors(tensor.shape.c));
    if c == width {
        return tensor.data.clone();
    }
    let mut all = vec![0.0; tensor.shape.pixels() * width];
    for (to, from) in all.chunks_exact_mut(width).zip(tensor.data.chunks_exact(c)) {
        to[..c].copy_from_slice(from);
    }
    all
}

/// The reverse of [`padded`].
pub(super) fn unpadded(shape: Shape, values: &[f32]) -> Tensor {
    let width = 4 * vectors(shape.c);
    let data = values.chunks_exact(width).take(shape.pixels()).flat_map(|p| &p[..shape.c]).copied().collect();
    Tensor::from_vec(shape, data)
}

/// Invocations in a row of workgroups of kernels that count along a line, see `shaders/loss.wgsl`.
const ROW: usize = 65536;

/// Workgroups of a kernel with so many invocations along a line.
pub(super) fn line(count: usize) -> [u32; 3] {
    [count.min(ROW).div_ceil(64) as u32, count.div_ceil(ROW) as u32, 1]
}

impl Device {
    /// A buffer for kernels, its contents undefined.
    pub(super) fn storage(&self, bytes: u64) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes.max(16).next_multiple_of(16),
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    /// A buffer for kernels with these values.
    pub(super) fn upload<T: bytemuck::NoUninit>(&self, values: &[T]) -> wgpu::Buffer {
        let buffer = self.storage(size_of_val(values) as u64);
        self.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(values));
        buffer
    }
}

/// Buffers that are free for reuse, and the bytes of all that were made. Fresh device memory is slow to get.
#[derive(Debug, Default)]
pub(super) struct Pool {
    free: Vec<wgpu::Buffer>,
    held: u64,
}

impl Pool {
    /// Feature maps of that shape with undefined values. Where the device's memory does not hold them, it has a fault, and
    /// their buffer is of no use.
    pub(super) fn take(&mut self, device: &Device, shape: Shape) -> Features {
        let needed = bytes(shape).max(16);
        let fits = |b: &wgpu::Buffer| (needed..=2 * needed).contains(&b.size());
        let buffer = match self.free.iter().position(fits) {
            Some(at) => self.free.swap_remove(at),
            None if device.allows(self.held + needed) => {
                self.held += needed;
                device.storage(needed)
            }
            None => device.storage(0),
        };
        Features { buffer, shape }
    }

    /// Feature maps with these values.
    pub(super) fn fill(&mut self, device: &Device, values: &Tensor) -> Features {
        let features = self.take(device, values.shape);
        device.queue.write_buffer(&features.buffer, 0, bytemuck::cast_slice(&padded(values)));
        features
    }

    /// Gives a buffer back.
    pub(super) fn give(&mut self, features: Features) {
        self.free.push(features.buffer);
    }

    /// Frees everything. What was taken and not given back counts as freed too: for use after a fault.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_back() {
        let tensor = Tensor::from_vec(Shape::new(1, 1, 2, 3), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(padded(&tensor), [1.0, 2.0, 3.0, 0.0, 4.0, 5.0, 6.0, 0.0]);
        assert_eq!(unpadded(tensor.shape, &padded(&tensor)), tensor);
        let whole = Tensor::zeros(Shape::new(1, 2, 1, 8));
        assert_eq!(padded(&whole), whole.data);
    }
}
