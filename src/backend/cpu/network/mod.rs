//! Inference: computes any rectangle of a picture, bit for bit as if the whole had been computed.
//!
//! Every node is computed only over the part that later nodes still need, so a tile's halo shrinks from layer to layer.
//! A layer and the pointwise nodes behind it form a group (see [`rows`]); only its last value is kept. A value that someone
//! taps ends its group. Values that adder layers read in 8-bit codes are kept as codes too.
//!
//! A value lies pixel by pixel or, where windows slide, channel by channel in blocks of columns; a group is computed in one
//! layout ([`rows`], [`planar`]), and its value is kept in those in which it is read ([`forms`]). Where windows slide, a few rows
//! of every group are computed in turn ([`sweeps`]), and few are kept.
//!
//! # Where the time goes, and tiles
//!
//! `aedsr` 64 × 8 in 8 bits, a photo of 1 megapixel, one core of an AMD EPYC (Zen 3, AVX2), by `perf` and `upscale --profile`:
//! sums of differences 64 %, the chains behind them 23 %, head and tail convolutions in f32 2.6 and 3.2 % (at 32 × 8: 3.5 and
//! 4.5 %), bicubic 1.8 %, all else 5 %. Dot products of 16-bit integers could halve the tail at best, 2 % of the whole: left out.
//!
//! Layers fused by rows or tiles, so that values stay in the second cache, would gain nothing there: a tile of 128×128 pixels
//! computes no faster *per pixel* than one of 1000×1000 (90 to 102 and 93 to 112 G taps/s per layer with its chain), because a
//! layer does 500 differences for every byte that it moves. What small tiles cost is their halo, seconds for the whole:
//!
//! | side of a tile | 64 | 128 | 256 | 384 | 512 | 1000 |
//! |---|---|---|---|---|---|---|
//! | before chains were one pass | 10.5 | 8.4 | 7.9 | 7.4 | 7.2 | |
//! | now | | 8.6 | 7.1 | | **6.8** | 7.7 |
//!
//! Two cores take 0.53 of one core's time; each has a second cache of its own (512 kB), the third one is shared.

mod forms;
mod planar;
mod rows;
mod sweeps;

use super::{
    among_them,
    features::Features,
    isa::Isa,
    lanes::slide::SPAN,
    layer::PackedNode,
    parallel,
    sad_conv::{bytes_per_pixel, encode},
};
use crate::{
    backend::{LayerTime, Network, Rect, Taps, Tile},
    nn::{Params, Plan, QuantParams},
    tensor::{Point, Shape, Tensor},
};
use forms::{Forms, Pool, ToPlanes, Value, to_blocks, to_pixels};
use planar::PlanarRows;
use rows::{Encoded, GroupRows};
use std::{ops::Range, time::Instant};
use sweeps::Sweeps;
pub(super) use sweeps::in_sweeps;

/// Rows per task: few, so that all cores stay busy on a small tile, and a band fits into the first cache.
const BAND: usize = 4;

pub(super) struct CpuNetwork {
    isa: Isa,
    plan: Plan,
    /// See [`in_sweeps`].
    in_sweeps: bool,
    layers: Vec<PackedNode>,
    /// How far beyond the output each node's value is still read, in input pixels.
    margins: Vec<usize>,
    last_use: Vec<usize>,
    pad: usize,
    values: Vec<Option<Value>>,
    /// Memory to be used again.
    pool: Pool,
    /// By the first node of each group.
    times: Vec<Option<LayerTime>>,
}

/// Where a group of a tile lies.
#[derive(Clone, Copy)]
struct Place<'a> {
    network: &'a CpuNetwork,
    tile: &'a Tile,
    region: Rect,
    scale: usize,
}

impl<'a> Place<'a> {
    /// A finished value.
    fn value(self, node: usize) -> &'a Value {
        match &self.network.values[node] {
            Some(value) => value,
            None => unreachable!("node {node} is read before it was computed or after it was released"),
        }
    }

    /// A finished value pixel by pixel.
    fn pixels(self, node: usize) -> &'a Features {
        match &self.value(node).pixels {
            Some(pixels) => pixels,
            None => unreachable!("node {node} is read in pixels that were not made"),
        }
    }

    /// Where this group's corner lies in a value, in the value's own pixels.
    fn offset(self, node: usize) -> Point {
        let region = self.network.region(node, self.tile);
        let scale = self.network.plan.nodes[node].scale;
        Point { x: (self.region.x - region.x) * scale, y: (self.region.y - region.y) * scale }
    }

    /// The group's columns on the tile's grid of blocks, which begins where the tile's input does.
    fn columns(self) -> Range<usize> {
        let start = (self.region.x - self.tile.input.x) * self.scale;
        start..start + self.region.w * self.scale
    }

    /// Blocks of the grid.
    fn blocks(self) -> usize {
        (self.tile.input.w * self.scale).div_ceil(SPAN)
    }
}

/// The rows of a value that are computed in one turn, the layouts that are read, and how many rows are kept of those in which few
/// are.
#[derive(Clone)]
struct Part {
    forms: Forms,
    rows: Range<usize>,
    kept: usize,
}

impl Part {
    /// In pixels of a value that has so many per input pixel.
    fn times(self, scale: usize) -> Self {
        Self { rows: self.rows.start * scale..self.rows.end * scale, kept: self.kept * scale, ..self }
    }
}

impl CpuNetwork {
    /// With sliding windows in 8 bits, if they are wanted.
    pub(super) fn new(isa: Isa, slides: bool, plan: &Plan, params: &Params) -> Self {
        Self {
            isa,
            plan: plan.clone(),
            in_sweeps: slides && in_sweeps(plan),
            layers: (0..plan.nodes.len()).map(|i| PackedNode::of_plan(isa, slides, plan, i, params)).collect(),
            margins: plan.margins(),
            last_use: plan.last_use(),
            pad: plan.widest_window() / 2,
            values: (0..plan.nodes.len()).map(|_| None).collect(),
            pool: Pool::default(),
            times: vec![None; plan.nodes.len()],
        }
    }

    /// Nodes in order, each with the pointwise nodes that can be applied to it in place.
    fn groups(&self, taps: &Taps) -> Vec<Vec<usize>> {
        self.plan.fused(|i| taps.wanted.iter().any(|(tapped, _)| *tapped == i), |_, _| true)
    }

    fn region(&self, node: usize, tile: &Tile) -> Rect {
        tile.region(self.margins[node])
    }

    /// Computes these rows of a group's last value, in the layouts that are read.
    fn compute(&self, group: &[usize], input: &Tensor, place: Place, part: Part, value: &mut Value) {
        if self.is_planar(group) {
            self.planar(group, place, part, value);
        } else {
            self.by_pixels(group, input, place, part, value);
        }
    }

    /// Pixel by pixel; other layouts are made of that one.
    fn by_pixels(&self, group: &[usize], input: &Tensor, place: Place, part: Part, value: &mut Value) {
        let (node, Rect { h, w, .. }) = (&self.plan.nodes[group[group.len() - 1]], place.region);
        let (h, w) = (h * node.scale, w * node.scale);
        let Part { forms, rows, kept } = part.times(node.scale);
        let codes = node.codes.filter(|_| forms.coded);
        let mut coded = codes.map(|codes| {
            let mut coded = value.coded.take().unwrap_or_default();
            coded.reset_to(Shape::new(1, h, w, bytes_per_pixel(node.channels)), self.pad, codes.zero_point());
            coded
        });
        let mut pixels = value.pixels.take().unwrap_or_default();
        if group == [0] {
            if rows.start == 0 {
                pixels.fill(input, self.pad);
                if let (Some(codes), Some(coded)) = (codes, &mut coded) {
                    self.encode_rows(codes, &pixels, coded);
                }
            }
        } else {
            pixels.reset(1, h, w, node.channels, self.pad);
            let mut encoded = coded
                .iter_mut()
                .zip(codes)
                .flat_map(|(coded, codes)| coded.bands(BAND).into_iter().map(move |band| Encoded { codes, band }));
            let bands = pixels.bands(BAND).into_iter().map(|band| (band, encoded.next()));
            let bands = bands.filter(|(band, _)| rows.contains(&band.y)).collect();
            parallel(bands, |(band, encoded)| self.isa.run(GroupRows { group, place, band, encoded }));
        }
        if forms.blocks || forms.planes {
            let mut blocks = value.blocks.take().unwrap_or_default();
            blocks.reset(h, kept, place.blocks(), node.channels);
            to_blocks(&pixels, rows.clone(), place.columns().start, &mut blocks);
            if let Some(codes) = node.codes.filter(|_| forms.planes) {
                let mut planes = value.planes.take().unwrap_or_default();
                planes.reset(h, kept, place.blocks(), node.channels, codes.zero_point());
                self.isa.run(ToPlanes { codes, from: &blocks, rows, end: place.columns().end, to: &mut planes });
                value.planes = Some(planes);
            }
            value.blocks = Some(blocks);
        }
        (value.pixels, value.coded) = (Some(pixels), coded);
    }

    /// In blocks of columns; other layouts are made of that one.
    fn planar(&self, group: &[usize], place: Place, part: Part, value: &mut Value) {
        let node = &self.plan.nodes[group[group.len() - 1]];
        let (h, w, blocks) = (place.region.h * node.scale, place.region.w * node.scale, place.blocks());
        let Part { forms, rows, kept } = part.times(node.scale);
        let mut floats = value.blocks.take().unwrap_or_default();
        floats.reset(h, kept, blocks, node.channels);
        let mut planes = node.codes.filter(|_| forms.planes).map(|codes| {
            let mut planes = value.planes.take().unwrap_or_default();
            planes.reset(h, kept, blocks, node.channels, codes.zero_point());
            (planes, codes)
        });
        let mut encoded = planes
            .iter_mut()
            .flat_map(|(planes, codes)| planes.bands(rows.clone(), BAND).into_iter().map(|(_, rows)| (*codes, rows)));
        let bands =
            floats.bands(rows.clone(), BAND).into_iter().map(|(y, floats)| (y, floats, encoded.next())).collect();
        drop(encoded);
        parallel(bands, |(y, floats, encoded)| {
            self.isa.run(PlanarRows { network: self, group, place, y, blocks, floats, encoded });
        });
        if forms.pixels || forms.coded {
            let mut pixels = value.pixels.take().unwrap_or_default();
            pixels.reset(1, h, w, node.channels, self.pad);
            to_pixels(&floats, rows, place.columns().start, &mut pixels);
            if let Some(codes) = node.codes.filter(|_| forms.coded) {
                let mut coded = value.coded.take().unwrap_or_default();
                let shape = Shape::new(1, h, w, bytes_per_pixel(node.channels));
                coded.reset_to(shape, self.pad, codes.zero_point());
                self.encode_rows(codes, &pixels, &mut coded);
                value.coded = Some(coded);
            }
            value.pixels = Some(pixels);
        }
        (value.blocks, value.planes) = (Some(floats), planes.map(|(planes, _)| planes));
    }

    /// Codes of a value that no band computed: the picture itself.
    fn encode_rows(&self, codes: QuantParams, floats: &Features, coded: &mut Features<u8>) {
        struct Rows<'a>(QuantParams, &'a Features, &'a mut Features<u8>);
        impl super::lanes::Kernel for Rows<'_> {
            type Out = ();
            #[inline(always)]
            fn run<L: super::lanes::Lanes>(self, l: L) {
                let Self(codes, floats, coded) = self;
                for y in 0..floats.h {
                    encode(l, codes, floats.row(0, y), floats.c, coded.row_mut(0, y));
                }
            }
        }
        self.isa.run(Rows(codes, floats, coded));
    }

    fn sweep(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        let output = self.plan.nodes.len() - 1;
        // In sweeps every value has memory of its own, which the next tile uses again; taps want other layouts.
        let keeps = self.in_sweeps && taps.wanted.is_empty();
        if !keeps {
            (0..=output).for_each(|node| self.release(node));
        }
        let groups = self.groups(taps);
        let forms = self.forms(&groups, taps);
        let Sweeps { rows, kept } = self.sweeps(&groups, tile);
        for sweep in rows {
            for ((group, rows), &kept) in groups.iter().zip(sweep).zip(&kept).filter(|((_, rows), _)| !rows.is_empty())
            {
                let began = Instant::now();
                let last = group[group.len() - 1];
                let (region, scale) = (self.region(last, tile), self.plan.nodes[last].scale);
                let planar = self.is_planar(group);
                let mut value = self.values[last].take().unwrap_or_else(|| self.pool.take(forms[last], planar));
                let (ends, pixels) = (rows.end == region.h, rows.len() * region.w * scale * scale);
                let place = Place { network: self, tile, region, scale };
                self.compute(group, input, place, Part { forms: forms[last], rows, kept }, &mut value);
                for (wanted, tapped) in &mut taps.wanted {
                    if let (true, Some(pixels)) = (ends && *wanted == last, &value.pixels) {
                        *tapped = Some(cut(pixels, region, tile, scale));
                    }
                }
                self.values[last] = Some(value);
                for i in 0..=last {
                    if !self.in_sweeps && self.last_use[i] <= last && i != output {
                        self.release(i);
                    }
                }
                let time =
                    self.times[group[0]].get_or_insert(LayerTime { first: group[0], last, seconds: 0.0, pixels: 0 });
                time.seconds += began.elapsed().as_secs_f64();
                time.pixels += pixels as u64;
            }
        }
        let region = self.region(output, tile);
        let result = match self.values[output].as_ref().and_then(|value| value.pixels.as_ref()) {
            Some(pixels) => cut(pixels, region, tile, self.plan.scale()),
            None => unreachable!("the last group computes the last node, in pixels"),
        };
        if !keeps {
            (0..=output).for_each(|node| self.release(node));
        }
        result
    }

    fn release(&mut self, node: usize) {
        if let Some(value) = self.values[node].take() {
            self.pool.put(value);
        }
    }
}

impl Network for CpuNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        if self.in_sweeps { among_them(|| self.sweep(input, tile, taps)) } else { self.sweep(input, tile, taps) }
    }

    fn times(&self) -> Vec<LayerTime> {
        self.times.iter().flatten().copied().collect()
    }
}

/// The tile's output out of features that cover `region`.
fn cut(features: &Features, region: Rect, tile: &Tile, scale: usize) -> Tensor {
    let (y, x) = (tile.output.y - region.y, tile.output.x - region.x);
    features.crop(y * scale, x * scale, tile.output.h * scale, tile.output.w * scale)
}
