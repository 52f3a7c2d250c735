//! Pictures as samples: 8 or 16 bits per channel go to the device and come back, floats never leave it. Of successive
//! tiles one is uploaded and recorded while another computes and a third is on its way back.

use super::{
    buffers::bytes,
    device::{Device, Fault},
    encode::Commands,
    network::{GpuNetwork, SMALLEST, halves},
    pixel_ops,
    readback::Pending,
};
use crate::{
    backend::{Link, PixelPipeline, Rect, Route},
    tensor::{Depth, Pixels, Point, Samples, Shape},
};
use std::sync::Arc;

/// A tile under way.
pub(super) struct InFlight {
    input: Pixels,
    route: Arc<Route>,
    output: Rect,
    pending: Result<(Arc<Device>, Pending), Fault>,
}

/// The reverse of the words that go there.
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

impl GpuNetwork {
    /// Whether the device can hold each value on the way in one buffer.
    fn holds(&self, route: &Route, rects: &[Rect], device: &Device) -> bool {
        let colour = |r: &Rect| bytes(Shape::new(1, r.h, r.w, 3)) <= device.largest_buffer();
        let links = || route.links().iter().enumerate();
        rects.iter().all(colour)
            && links().all(|(i, link)| match link {
                Link::Resize(_) => true,
                Link::Colour | Link::Luma => self.fits(&route.tile(i, rects[i + 1]), device),
            })
    }

    /// Uploads, records and submits a tile.
    fn submit(&mut self, input: &Pixels, route: &Route, output: Rect) -> Result<(Arc<Device>, Pending), Fault> {
        let device = self.load()?;
        let rects = route.rects(output);
        if output.h * output.w > self.largest_result || !self.holds(route, &rects, &device) {
            return Err(Fault::Memory);
        }
        let Some(mut loaded) = self.take_loaded() else { return Err(Fault::Memory) };
        let levels = loaded.levels(input.depth());
        let mut commands = Commands::new(&device);
        let mut value = loaded.pool.take(&device, Shape::new(1, input.height, input.width, 3));
        pixel_ops::unpack(&mut commands, input, &levels, &value);
        for (i, link) in route.links().iter().enumerate() {
            let (from, to) = (rects[i], rects[i + 1]);
            let shape = Shape::new(1, to.h, to.w, 3);
            value = match link {
                Link::Resize(by) => {
                    let out = loaded.pool.take(&device, shape);
                    pixel_ops::resample(&mut commands, by, (&value, from), (&out, to));
                    loaded.pool.give(value);
                    out
                }
                Link::Colour => {
                    let tile = route.tile(i, to);
                    let whole = self.last(&mut loaded, &mut commands, value, &tile);
                    let scale = self.scale();
                    let at = Point { x: to.x - tile.output.x * scale, y: to.y - tile.output.y * scale };
                    if whole.shape == shape && i + 1 == route.links().len() {
                        whole // packing clamps
                    } else {
                        let out = loaded.pool.take(&device, shape);
                        pixel_ops::crop(&mut commands, &whole, at, &out);
                        loaded.pool.give(whole);
                        out
                    }
                }
                Link::Luma => {
                    let luma = loaded.pool.take(&device, value.shape.with_channels(1));
                    pixel_ops::luma(&mut commands, &value, &luma);
                    let bright = self.last(&mut loaded, &mut commands, luma, &route.tile(i, to));
                    let out = loaded.pool.take(&device, shape);
                    let at = Point { x: to.x - from.x, y: to.y - from.y };
                    pixel_ops::mix_luma(&mut commands, &value, at, &bright, &out);
                    [value, bright].into_iter().for_each(|features| loaded.pool.give(features));
                    out
                }
            };
        }
        let (buffer, bytes) = pixel_ops::pack(&mut commands, &value, input.depth(), input.channels);
        let watch = commands.submit();
        loaded.pool.give(value);
        // Measuring waits for everything, so only the first tile is.
        if !loaded.measured {
            watch.stop(&device);
            loaded.measured = true;
        }
        self.put_loaded(loaded);
        device.check()?;
        Ok((Arc::clone(&device), Pending::begin(&device, &[(&buffer, bytes)])))
    }

    /// A tile that was submitted, and what to do where that failed: halves where memory lacked, nothing otherwise.
    fn receive(
        &mut self,
        input: &Pixels,
        route: &Route,
        output: Rect,
        pending: Result<(Arc<Device>, Pending), Fault>,
    ) -> Option<Pixels> {
        let (len, depth) = (input.channels * output.h * output.w, input.depth());
        let received = pending.and_then(|(device, pending)| pending.wait(&device, |bytes| samples(bytes, len, depth)));
        match received {
            Ok(samples) => Some(Pixels { width: output.w, height: output.h, channels: input.channels, samples }),
            Err(Fault::Memory) if output.h * output.w > SMALLEST => {
                self.largest_result = output.h * output.w / 2;
                self.free();
                let mut whole = Pixels::black(output.w, output.h, input.channels, depth).ok()?;
                let all = route.reads(output);
                for half in halves(output) {
                    let part = route.reads(half);
                    let input = input.crop_colour(part.y - all.y, part.x - all.x, part.h, part.w);
                    let pending = self.submit(&input, route, half);
                    whole.paste_colour(
                        half.y - output.y,
                        half.x - output.x,
                        &self.receive(&input, route, half, pending)?,
                    );
                }
                Some(whole)
            }
            Err(_) => {
                // The network of floats deals with whatever is the matter; a device that it opens anew is used here too.
                self.unload();
                None
            }
        }
    }
}

impl PixelPipeline for GpuNetwork {
    fn begin(&mut self, input: Pixels, route: &Arc<Route>, output: Rect) {
        let pending = self.submit(&input, route, output);
        self.in_flight.push_back(InFlight { input, route: Arc::clone(route), output, pending });
    }

    fn finish(&mut self) -> Option<Pixels> {
        let InFlight { input, route, output, pending } = self.in_flight.pop_front()?;
        self.receive(&input, &route, output, pending)
    }
}
