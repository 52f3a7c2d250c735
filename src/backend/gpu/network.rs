//! Inference: any rectangle of a picture, bit for bit as if the whole had been computed.
//!
//! As on the CPU every node is computed only over the part that later nodes still need. A tile that the device's memory
//! or its largest buffer does not hold is halved until it does, which changes no bit of the result; a device that is
//! lost is opened once more; after that the CPU does the work.

use super::{
    Options, Shared,
    buffers::{Features, Pool, bytes, unpadded},
    device::{Device, Fault},
    encode::Commands,
    group::{BicubicPos, FeatureView, Job, groups},
    layer_buffers::LayerBuffers,
    pixel_pipeline::{InFlight, levels},
};
use crate::{
    backend::{Backend, Network, Rect, Taps, Tile, cpu::Cpu},
    nn::{Params, Plan},
    tensor::{Depth, Point, Shape, Tensor},
};
use std::{collections::VecDeque, sync::Arc};

/// Pixels of a tile's output below which halving it further cannot help.
pub(super) const SMALLEST: usize = 64;

pub(super) struct GpuNetwork {
    shared: Arc<Shared>,
    plan: Plan,
    params: Params,
    options: Options,
    /// Networks on the CPU that end with operations that the device's share reads, see `--cpu-until`.
    before: Vec<(usize, Box<dyn Network>)>,
    /// How far beyond the output each node's value is still read, in input pixels.
    margins: Vec<usize>,
    last_use: Vec<usize>,
    loaded: Option<Loaded>,
    /// Takes over when the device is gone for good.
    cpu: Option<Box<dyn Network>>,
    /// Largest output, in pixels, that did not fail.
    largest: usize,
    /// The same of results of routes, see `pixel_pipeline`.
    pub(super) largest_result: usize,
    /// Tiles under way, see `pixel_pipeline`.
    pub(super) in_flight: VecDeque<InFlight>,
}

/// What lives on a device.
pub(super) struct Loaded {
    device: Arc<Device>,
    layers: LayerBuffers,
    pub(super) pool: Pool,
    /// Floats of 8- and 16-bit samples, see `pixel_pipeline`.
    levels: [Option<wgpu::Buffer>; 2],
    /// Whether the device's speed was measured with this network.
    pub(super) measured: bool,
}

impl Loaded {
    /// The buffer of floats of samples of that depth.
    pub(super) fn levels(&mut self, depth: Depth) -> wgpu::Buffer {
        let device = &self.device;
        self.levels[(depth == Depth::Sixteen) as usize].get_or_insert_with(|| device.upload(&levels(depth))).clone()
    }
}

impl GpuNetwork {
    pub(super) fn new(shared: Arc<Shared>, plan: &Plan, params: &Params, mut options: Options) -> Self {
        options.cpu_until = options.cpu_until.min(plan.nodes.len() - 1).max(1);
        Self {
            shared,
            plan: plan.clone(),
            params: params.clone(),
            options,
            before: Vec::new(),
            margins: plan.margins(),
            last_use: plan.last_use(),
            loaded: None,
            cpu: None,
            largest: usize::MAX,
            largest_result: usize::MAX,
            in_flight: VecDeque::new(),
        }
    }

    /// The rectangle that a node is computed over, in pixels of the network's input.
    fn region(&self, node: usize, tile: &Tile) -> Rect {
        tile.region(self.margins[node])
    }

    fn shape(&self, node: usize, region: Rect) -> Shape {
        let node = &self.plan.nodes[node];
        Shape::new(1, region.h * node.scale, region.w * node.scale, node.channels)
    }

    /// Whether the device can hold each of the tile's values in one buffer.
    pub(super) fn fits(&self, tile: &Tile, device: &Device) -> bool {
        let nodes = 0..self.plan.nodes.len();
        nodes.map(|i| bytes(self.shape(i, self.region(i, tile)))).all(|size| size <= device.largest_buffer())
    }

    /// The output and the wanted nodes' values, in halves where need be.
    fn compute(&mut self, input: &Tensor, tile: &Tile, wanted: &[usize]) -> Result<Vec<Tensor>, Fault> {
        let area = tile.output.h * tile.output.w;
        let device = self.load()?;
        if area <= self.largest && self.fits(tile, &device) {
            match self.compute_once(input, tile, wanted) {
                Err(Fault::Memory) if area > SMALLEST => {
                    tracing::debug!("{} has too little memory for {area} pixels at once", device.info.name);
                    self.largest = area / 2;
                    self.free();
                }
                result => return result,
            }
        } else if area <= SMALLEST {
            return Err(Fault::Memory);
        }
        let (mut stitched, mut done) = (Vec::new(), 0);
        for half in halves(tile.output) {
            let part = Tile::new(&self.plan, tile.picture, half);
            let (y, x) = (part.input.y - tile.input.y, part.input.x - tile.input.x);
            let values = self.compute(&input.crop(y, x, part.input.h, part.input.w), &part, wanted)?;
            for (i, value) in values.into_iter().enumerate() {
                let node = &self.plan.nodes[if i == 0 { self.plan.nodes.len() - 1 } else { wanted[i - 1] }];
                if done == 0 {
                    let shape = Shape::new(1, tile.output.h * node.scale, tile.output.w * node.scale, node.channels);
                    stitched.push(Tensor::zeros(shape));
                }
                let (y, x) = ((half.y - tile.output.y) * node.scale, (half.x - tile.output.x) * node.scale);
                stitched[i].paste(&value, y, x);
            }
            done += 1;
        }
        Ok(stitched)
    }

    /// Output pixels per input pixel along one side.
    pub(super) fn scale(&self) -> usize {
        self.plan.scale()
    }

    /// Frees what the device holds of feature maps, after it had no memory for more.
    pub(super) fn free(&mut self) {
        self.loaded.iter_mut().for_each(|l| l.pool.clear());
    }

    /// Forgets the device.
    pub(super) fn unload(&mut self) {
        self.loaded = None;
    }

    /// The last value of a tile whose first one, the picture, is there.
    pub(super) fn last(
        &self,
        loaded: &mut Loaded,
        commands: &mut Commands<'_>,
        input: Features,
        tile: &Tile,
    ) -> Features {
        match self.record(loaded, commands, vec![(0, input)], tile, &[]).pop().flatten() {
            Some(output) => output,
            None => unreachable!("a plan ends with a value"),
        }
    }

    pub(super) fn take_loaded(&mut self) -> Option<Loaded> {
        self.loaded.take()
    }

    pub(super) fn put_loaded(&mut self, loaded: Loaded) {
        self.loaded = Some(loaded);
    }

    /// The device with the model on it.
    pub(super) fn load(&mut self) -> Result<Arc<Device>, Fault> {
        if let Some(loaded) = &self.loaded {
            return Ok(Arc::clone(&loaded.device));
        }
        let device = self.shared.device();
        if device.is_lost() {
            // Nothing is uploaded to it, tile after tile.
            device.check()?;
        }
        let mut params = self.params.clone();
        if let Some(&param) = self.options.wrong.and_then(|node| self.plan.nodes[node].params.first()) {
            params.values[param].iter_mut().for_each(|v| *v *= 1.5);
        }
        let layers = LayerBuffers::new(&device, &self.plan, &params, self.options.adder);
        device.check()?;
        self.loaded = Some(Loaded {
            device: Arc::clone(&device),
            layers,
            pool: Pool::default(),
            levels: [None, None],
            measured: false,
        });
        Ok(device)
    }

    fn compute_once(&mut self, input: &Tensor, tile: &Tile, wanted: &[usize]) -> Result<Vec<Tensor>, Fault> {
        let before = self.before(input, tile, wanted);
        let Some(mut loaded) = self.loaded.take() else { unreachable!("loaded by the caller") };
        let result = self.walk(&mut loaded, before, tile, wanted);
        self.loaded = Some(loaded);
        result
    }

    /// Adds the dispatches for a tile. `before`: values that are there already. Returns the wanted ones and the last.
    pub(super) fn record(
        &self,
        Loaded { device, layers, pool, .. }: &mut Loaded,
        commands: &mut Commands<'_>,
        before: Vec<(usize, Features)>,
        tile: &Tile,
        wanted: &[usize],
    ) -> Vec<Option<Features>> {
        let mut values: Vec<Option<Features>> = vec![None; self.plan.nodes.len()];
        let output = self.plan.nodes.len() - 1;
        let kept = |i: usize| i == output || wanted.contains(&i);
        for (node, value) in before {
            values[node] = Some(value);
        }
        let first = self.options.cpu_until;
        let alone = |i: usize| i < first || kept(i);
        for group in groups(&self.plan, self.options.adder, alone).into_iter().filter(|g| g[0] >= first) {
            let last = group[group.len() - 1];
            let region = self.region(last, tile);
            let out = pool.take(device, self.shape(last, region));
            let value = |node: usize| -> FeatureView<'_> {
                let (of, scale) = (self.region(node, tile), self.plan.nodes[node].scale);
                match &values[node] {
                    // A move of pixels finds its own place; for it these are rounded to whole input pixels.
                    Some(features) => {
                        FeatureView { features, dy: (region.y - of.y) * scale, dx: (region.x - of.x) * scale }
                    }
                    None => unreachable!("node {node} is read before it was computed or after it was released"),
                }
            };
            let bicubic = self.bicubic_pos(group[0], region, tile);
            Job { plan: &self.plan, layers, group: &group, value: &value, bicubic }.dispatch(commands, &out);
            values[last] = Some(out);
            for (i, value) in values.iter_mut().enumerate().take(last + 1) {
                if self.last_use[i] <= last && !kept(i) {
                    value.take().into_iter().for_each(|features| pool.give(features));
                }
            }
        }
        values
    }

    fn walk(
        &self,
        loaded: &mut Loaded,
        before: Vec<(usize, Tensor)>,
        tile: &Tile,
        wanted: &[usize],
    ) -> Result<Vec<Tensor>, Fault> {
        let device = Arc::clone(&loaded.device);
        let output = self.plan.nodes.len() - 1;
        let mut commands = Commands::new(&device);
        let before = before.into_iter().map(|(node, value)| (node, loaded.pool.fill(&device, &value))).collect();
        let values = self.record(loaded, &mut commands, before, tile, wanted);
        // Before the device is given work on buffers that could not be made.
        device.check()?;
        let asked: Vec<&Features> =
            std::iter::once(&output).chain(wanted).filter_map(|&i| values[i].as_ref()).collect();
        let buffers: Vec<_> = asked.iter().map(|f| (&f.buffer, f.bytes() as usize / 4)).collect();
        let read = commands.read(&buffers);
        let shapes: Vec<Shape> = asked.iter().map(|f| f.shape).collect();
        values.into_iter().flatten().for_each(|features| loaded.pool.give(features));
        let cut = |(i, (values, shape)): (usize, (Vec<f32>, Shape))| {
            let node = if i == 0 { output } else { wanted[i - 1] };
            let (whole, of, s) = (unpadded(shape, &values), self.region(node, tile), self.plan.nodes[node].scale);
            let (y, x) = (tile.output.y - of.y, tile.output.x - of.x);
            whole.crop(y * s, x * s, tile.output.h * s, tile.output.w * s)
        };
        Ok(read?.into_iter().zip(shapes).enumerate().map(cut).collect())
    }

    /// Values that the device's share begins with: the picture alone, or what the CPU computes of the first operations.
    fn before(&mut self, input: &Tensor, tile: &Tile, wanted: &[usize]) -> Vec<(usize, Tensor)> {
        let until = self.options.cpu_until;
        let read = |i: &usize| self.last_use[*i] >= until || wanted.contains(i);
        let mut values = Vec::new();
        for node in (0..until).filter(read) {
            if node == 0 {
                values.push((0, input.clone()));
                continue;
            }
            let at = self.before.iter().position(|(of, _)| *of == node).unwrap_or_else(|| {
                self.before.push((node, Cpu::new().network(&self.plan.ending_with(node), &self.params)));
                self.before.len() - 1
            });
            let output = self.region(node, tile);
            let radius = self.plan.nodes[node].radius;
            let part = Tile { picture: tile.picture, output, input: output.grow(radius, tile.picture) };
            let (y, x) = (part.input.y - tile.input.y, part.input.x - tile.input.x);
            let input = input.crop(y, x, part.input.h, part.input.w);
            values.push((node, self.before[at].1.run(&input, &part, &mut Taps::default())));
        }
        values
    }

    /// Where a bicubic at `node` works in the whole picture.
    fn bicubic_pos(&self, node: usize, region: Rect, tile: &Tile) -> BicubicPos {
        let (input, outer) = (self.plan.nodes[node].inputs[0], self.plan.nodes[node].scale);
        let (of, inner) = (self.region(input, tile), self.plan.nodes[input].scale);
        BicubicPos {
            covered: Point::new(of.x * inner, of.y * inner),
            corner: Point::new(region.x * outer, region.y * outer),
            picture: tile.picture.times(inner),
        }
    }
}

impl Network for GpuNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        let wanted: Vec<usize> = taps.wanted.iter().map(|(node, _)| *node).collect();
        let mut distinct = wanted.clone();
        distinct.sort_unstable();
        distinct.dedup();
        // Twice, because a lost device is opened once more.
        for _ in 0..2 {
            if self.cpu.is_some() {
                break;
            }
            match self.compute(input, tile, &distinct) {
                Ok(mut values) => {
                    for (node, value) in &mut taps.wanted {
                        let at = distinct.iter().position(|d| d == node).unwrap_or_default();
                        *value = Some(values[1 + at].clone());
                    }
                    return values.swap_remove(0);
                }
                Err(fault) => {
                    let device = self.loaded.take().map(|l| l.device);
                    if !self.shared.recover(device.as_deref(), &fault) {
                        self.cpu = Some(Cpu::new().network(&self.plan, &self.params));
                    }
                }
            }
        }
        let cpu = self.cpu.get_or_insert_with(|| Cpu::new().network(&self.plan, &self.params));
        cpu.run(input, tile, taps)
    }
}

/// A rectangle cut across its longer side.
pub(super) fn halves(of: Rect) -> [Rect; 2] {
    let (h, w) = (of.h / 2, of.w / 2);
    if of.h >= of.w {
        [Rect { h, ..of }, Rect { y: of.y + h, h: of.h - h, ..of }]
    } else {
        [Rect { w, ..of }, Rect { x: of.x + w, w: of.w - w, ..of }]
    }
}
