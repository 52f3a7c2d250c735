//! Pictures as samples: 8 or 16 bits per channel go to the device and come back, floats never leave it. Of successive
//! tiles one is uploaded and recorded while another computes and a third is on its way back.

use super::{
    buffers::{Features, line, vectors},
    device::{Device, Fault},
    encode::Commands,
    network::GpuNetwork,
    params::Params,
    readback::Pending,
    shaders::Kernel,
};
use crate::{
    backend::{Network, Pictures, Taps, Tile},
    tensor::{Depth, Pixels, Samples, Shape},
};
use std::sync::Arc;

/// A tile under way.
pub(super) struct Flight {
    input: Pixels,
    tile: Tile,
    /// `None` where it did not fit the device or that had a fault: it is then computed as floats when it is waited for.
    pending: Option<(Arc<Device>, Pending)>,
}

/// Samples as words, four or two in each.
fn words(samples: &Samples) -> Vec<u8> {
    let mut bytes: Vec<u8> = match samples {
        Samples::U8(v) => v.clone(),
        Samples::U16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
    };
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The reverse of [`words`].
fn samples(bytes: &[u8], len: usize, depth: Depth) -> Samples {
    match depth {
        Depth::Eight => Samples::U8(bytes[..len].to_vec()),
        Depth::Sixteen => {
            Samples::U16(bytes[..2 * len].as_chunks::<2>().0.iter().map(|&b| u16::from_le_bytes(b)).collect())
        }
    }
}

/// The float of every sample, as the host computes it.
pub(super) fn levels(depth: Depth) -> Vec<f32> {
    (0..=depth.max() as u32).map(|v| v as f32 / depth.max()).collect()
}

/// Adds the dispatch that turns samples into floats.
fn unpack(commands: &mut Commands<'_>, pixels: &Pixels, levels: &wgpu::Buffer, out: &Features) {
    let device = commands.device;
    let bytes = words(&pixels.samples);
    let buffer = device.storage(bytes.len() as u64);
    device.queue.write_buffer(&buffer, 0, &bytes);
    let (w, h) = (pixels.width as u32, pixels.height as u32);
    let params = Params { out_w: w, out_h: h, ..Params::default() };
    let constants = vec![("BITS", pixels.depth().bits() as u32)];
    let work = 32.0 * pixels.area() as f64;
    let buffers = [&buffer, &out.buffer, levels];
    commands.dispatch(Kernel::UnpackPixels, &constants, &params, &buffers, [w.div_ceil(64), h, 1], work);
}

/// Adds the dispatch that turns floats into samples; returns their buffer and bytes.
fn pack(commands: &mut Commands<'_>, from: &Features, depth: Depth) -> (wgpu::Buffer, u64) {
    let count = from.shape.pixels() * 3;
    let words = (count * depth.bits()).div_ceil(32);
    let buffer = commands.device.storage(4 * words as u64);
    let params = Params { count: count as u32, factor: depth.max(), ..Params::default() };
    let constants = vec![("BITS", depth.bits() as u32)];
    let buffers = [&from.buffer, &buffer];
    let work = 16.0 * count as f64;
    commands.dispatch(Kernel::PackPixels, &constants, &params, &buffers, line(words), work);
    (buffer, 4 * words as u64)
}

impl GpuNetwork {
    /// Uploads, records and submits a tile.
    fn launch(&mut self, input: &Pixels, tile: &Tile) -> Result<(Arc<Device>, Pending), Fault> {
        let device = self.load()?;
        if !self.whole(tile, &device) {
            return Err(Fault::Memory);
        }
        let Some(mut loaded) = self.take_loaded() else { return Err(Fault::Memory) };
        let levels = loaded.levels(input.depth());
        let mut commands = Commands::new(&device);
        let start = loaded.pool.take(&device, Shape::new(1, input.height, input.width, 3));
        unpack(&mut commands, input, &levels, &start);
        let mut values = self.record(&mut loaded, &mut commands, vec![(0, start)], tile, &[]);
        let output = values.pop().flatten();
        let packed = output.as_ref().map(|features| pack(&mut commands, features, input.depth()));
        let watch = commands.submit();
        values.into_iter().chain([output]).flatten().for_each(|features| loaded.pool.give(features));
        // Measuring waits for everything, so only the first tile is.
        if !loaded.measured {
            watch.stop(&device);
            loaded.measured = true;
        }
        self.put_loaded(loaded);
        device.check()?;
        let Some((buffer, bytes)) = packed else { return Err(Fault::Refused("it computed nothing".to_owned())) };
        Ok((Arc::clone(&device), Pending::begin(&device, &[(&buffer, bytes)])))
    }
}

impl Pictures for GpuNetwork {
    fn begin(&mut self, input: Pixels, tile: &Tile) {
        let pending = if self.on_cpu() { None } else { self.launch(&input, tile).ok() };
        self.flights.push_back(Flight { input, tile: *tile, pending });
    }

    fn finish(&mut self) -> Option<Pixels> {
        let Flight { input, tile, pending } = self.flights.pop_front()?;
        let (s, depth) = (self.scale(), input.depth());
        let (w, h) = (tile.output.w * s, tile.output.h * s);
        if let Some((device, pending)) = pending
            && let Ok(samples) = pending.wait(&device, |bytes| samples(bytes, 3 * w * h, depth))
        {
            return Some(Pixels { width: w, height: h, channels: 3, samples });
        }
        // As floats, which deals with whatever is the matter.
        let result = self.run(&input.rgb(), &tile, &mut Taps::default());
        let samples = match depth {
            Depth::Eight => Samples::U8(vec![0; 3 * w * h]),
            Depth::Sixteen => Samples::U16(vec![0; 3 * w * h]),
        };
        let mut pixels = Pixels { width: w, height: h, channels: 3, samples };
        pixels.write_colour(0, 0, &result);
        Some(pixels)
    }
}

/// Whether a plan takes and gives three channels, which is what the kernels here know.
pub(super) fn fits(channels_in: usize, channels_out: usize) -> bool {
    channels_in == 3 && channels_out == 3 && vectors(3) == 1
}
