//! The dispatches between samples and networks: what a [`Route`](crate::backend::Route) does with three channels.

use super::{
    buffers::{Features, line},
    encode::Commands,
    shaders::Kernel,
    uniforms::PixelUniforms,
};
use crate::{
    backend::Rect,
    tensor::{Depth, Pixels, Point, Samples, Size, resample::Resampler},
};

/// Samples as words, four or two in each.
fn words(samples: &Samples) -> Vec<u8> {
    let mut bytes: Vec<u8> = match samples {
        Samples::U8(v) => v.clone(),
        Samples::U16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
    };
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// Extents of a kernel from pixels to pixels, and its workgroups.
fn extents(from: Size, out: &Features, at: Point) -> (PixelUniforms, [u32; 3]) {
    let (out_h, out_w) = (out.shape.h as u32, out.shape.w as u32);
    let (in_w, dy, dx) = (from.width as u32, at.y as u32, at.x as u32);
    (PixelUniforms { in_w, out_h, out_w, dy, dx, ..Default::default() }, [out_w.div_ceil(64), out_h, 1])
}

/// Samples to floats. `levels`: the float of every sample.
pub(super) fn unpack(commands: &mut Commands<'_>, pixels: &Pixels, levels: &wgpu::Buffer, out: &Features) {
    let device = commands.device;
    let bytes = words(&pixels.samples);
    let buffer = device.storage(bytes.len() as u64);
    device.queue.write_buffer(&buffer, 0, &bytes);
    let (uniforms, groups) = extents(out.shape.size(), out, Point::default());
    let constants = vec![("BITS", pixels.depth().bits() as u32), ("CHANNELS", pixels.channels as u32)];
    let work = 32.0 * pixels.area() as f64;
    commands.dispatch(Kernel::UnpackPixels, &constants, &uniforms, &[&buffer, &out.buffer, levels], groups, work);
}

/// Floats to samples of one or three channels; returns their buffer and bytes.
pub(super) fn pack(commands: &mut Commands<'_>, from: &Features, depth: Depth, channels: usize) -> (wgpu::Buffer, u64) {
    let count = from.shape.pixels() * channels;
    let words = (count * depth.bits()).div_ceil(32);
    let buffer = commands.device.storage(4 * words as u64);
    let uniforms = PixelUniforms { count: count as u32, full: depth.max(), ..Default::default() };
    let constants = vec![("BITS", depth.bits() as u32), ("CHANNELS", channels as u32)];
    let work = 16.0 * count as f64;
    commands.dispatch(Kernel::PackPixels, &constants, &uniforms, &[&from.buffer, &buffer], line(words), work);
    (buffer, 4 * words as u64)
}

/// A kernel from each pixel of the part of `from` with its corner at `at` to one of `out`.
fn across(
    commands: &mut Commands<'_>,
    kernel: Kernel,
    (from, at): (&Features, Point),
    out: &Features,
    others: &[&wgpu::Buffer],
    work: f64,
) {
    let (uniforms, groups) = extents(from.shape.size(), out, at);
    let buffers = [&[&from.buffer, &out.buffer], others].concat();
    commands.dispatch(kernel, &Vec::new(), &uniforms, &buffers, groups, work * out.shape.pixels() as f64);
}

/// The part of `from` with its corner at `at`, clamped.
pub(super) fn crop(commands: &mut Commands<'_>, from: &Features, at: Point, out: &Features) {
    across(commands, Kernel::Crop, (from, at), out, &[], 8.0);
}

/// A rectangle of the resampled picture from one of the picture before.
pub(super) fn resample(
    commands: &mut Commands<'_>,
    by: &Resampler,
    (value, from): (&Features, Rect),
    (out, to): (&Features, Rect),
) {
    let (mut runs, mut weights): (Vec<u32>, Vec<f32>) = Default::default();
    for (axis, origin, range) in [(&by.rows, from.y, to.rows()), (&by.columns, from.x, to.columns())] {
        for i in range {
            let (first, run) = axis.window_f32(i);
            runs.extend([first - origin, run.len(), weights.len()].map(|n| n as u32));
            weights.extend_from_slice(run);
        }
    }
    let (runs, weights) = (commands.device.upload(&runs), commands.device.upload(&weights));
    across(commands, Kernel::Resample, (value, Point::default()), out, &[&runs, &weights], 64.0);
}

/// Luma of three channels.
pub(super) fn luma(commands: &mut Commands<'_>, from: &Features, out: &Features) {
    across(commands, Kernel::Luma, (from, Point::default()), out, &[], 8.0);
}

/// The part of `from` with its corner at `at`, with the luma `bright`, clamped.
pub(super) fn mix_luma(commands: &mut Commands<'_>, from: &Features, at: Point, bright: &Features, out: &Features) {
    across(commands, Kernel::MixLuma, (from, at), out, &[&bright.buffer], 8.0);
}
