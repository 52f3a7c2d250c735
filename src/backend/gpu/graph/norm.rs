//! Sums per channel over a batch, and what batch norm makes of them.

use super::{
    super::{buffers::Features, encode::Commands, shaders::Kernel, uniforms::SumUniforms},
    OnDevice,
};
use crate::nn::layers::batch_norm::unbias;

/// What is added up; the numbers are `shaders/reduce.wgsl`'s.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(super) enum Sum {
    /// Values.
    Values = 0,
    /// Deviations from the mean and their squares.
    Moments = 1,
    /// Gradients and their products with normalised values.
    Norm = 2,
    /// Gradients times slopes of the power activation's exponents.
    Power = 3,
}

/// Pixels that one workgroup adds up, at least.
const SLICE: usize = 1024;
/// Slices, at most: one invocation adds up their sums.
const MAX_SLICES: usize = 256;

/// Adds the dispatch that adds up so many slices of `vectors` vec4s each.
pub(super) fn total(
    commands: &mut Commands<'_>,
    partial: &wgpu::Buffer,
    sums: &wgpu::Buffer,
    slices: u32,
    vectors: u32,
) {
    let uniforms = SumUniforms { c4: vectors, count: slices, ..Default::default() };
    let (counts, work) = ([vectors.div_ceil(64), 1, 1], f64::from(slices) * f64::from(vectors) * 4.0);
    commands.dispatch(Kernel::ReduceSums, &Vec::new(), &uniforms, &[partial, sums], counts, work);
}

impl OnDevice {
    /// Adds the dispatches that sum `of`, and returns the buffer of sums, `[vec4 of channels][2]`. `other` is what a
    /// sum of products reads beside it, `node` the batch norm or power activation it is for.
    pub(super) fn sums(
        &self,
        commands: &mut Commands<'_>,
        kind: Sum,
        of: &Features,
        other: Option<&Features>,
        node: usize,
    ) -> wgpu::Buffer {
        let (pixels, c4) = (of.shape.pixels(), of.c4());
        let slice = pixels.div_ceil(MAX_SLICES).max(SLICE);
        let slices = pixels.div_ceil(slice) as u32;
        let partial = self.device.storage(u64::from(slices * c4) * 32);
        let sums = self.device.storage(u64::from(c4) * 32);
        let nothing = &self.layers.tables;
        let uniforms = SumUniforms {
            c4,
            slice: slice as u32,
            count: pixels as u32,
            table: self.layers.table[node],
            ..Default::default()
        };
        let other = other.map_or(nothing, |f| &f.buffer);
        let statistics = self.statistics[node].as_ref().unwrap_or(nothing);
        let work = 8.0 * (pixels * 4) as f64 * f64::from(c4);
        let buffers = [&of.buffer, &partial, nothing, other, statistics];
        let counts = [c4, slices, 1];
        commands.dispatch(Kernel::Reduce, &vec![("REDUCE_KIND", kind as u32)], &uniforms, &buffers, counts, work);
        total(commands, &partial, &sums, slices, 2 * c4);
        sums
    }

    /// Adds the dispatches that find a batch norm's statistics of its input, and the scale and offset it applies.
    pub(super) fn measure(&self, commands: &mut Commands<'_>, node: usize, input: usize) {
        let x = &self.values[input];
        let Some(statistics) = &self.statistics[node] else { unreachable!("batch norms have statistics") };
        let pixels = x.shape.pixels();
        let uniforms = SumUniforms {
            c4: x.c4(),
            count: pixels as u32,
            factor: unbias(pixels) as f32,
            table: self.layers.table[node],
            ..Default::default()
        };
        for (second, kind) in [(0, Sum::Values), (1, Sum::Moments)] {
            let sums = self.sums(commands, kind, x, None, node);
            let buffers = [&sums, statistics, &self.layers.tables];
            let counts = [x.c4().div_ceil(64), 1, 1];
            commands.dispatch(Kernel::BatchNorm, &vec![("SECOND_PASS", second)], &uniforms, &buffers, counts, 1000.0);
        }
    }
}
