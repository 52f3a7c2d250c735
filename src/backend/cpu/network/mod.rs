//! Inference: computes any rectangle of a picture, bit for bit as if the whole had been computed.
//!
//! Every node is computed only over the part that later nodes still need, so a tile's halo shrinks from layer to layer.
//! A layer and the pointwise nodes behind it form a group (see [`rows`]); only its last value is kept. A value that someone
//! taps ends its group. Values that adder layers read in 8-bit codes are kept as codes too.
//!
//! # Where the time goes, and tiles
//!
//! `aedsr` 64 × 8 in 8 bits, a photo of 1 megapixel, one core of an AMD EPYC (Zen 3, AVX2), by `perf` and `upscale --profile`:
//! sums of differences 64 %, the chains behind them 23 %, head and tail convolutions in f32 2.6 and 3.2 % (at 32 × 8: 3.5 and
//! 4.5 %), bicubic 1.8 %, all else 5 %. Dot products of 16-bit integers could halve the tail at best, 2 % of the whole: left out.
//!
//! Layers fused by rows or tiles, so that values stay in the second cache, would gain nothing here: a tile of 128×128 pixels
//! computes no faster *per pixel* than one of 1000×1000 (90 to 102 and 93 to 112 G taps/s per layer with its chain), because a
//! layer does 500 differences for every byte that it moves. What small tiles cost is their halo, seconds for the whole:
//!
//! | side of a tile | 64 | 128 | 256 | 384 | 512 | 1000 |
//! |---|---|---|---|---|---|---|
//! | before chains were one pass | 10.5 | 8.4 | 7.9 | 7.4 | 7.2 | |
//! | now | | 8.6 | 7.1 | | **6.8** | 7.7 |
//!
//! Two cores take 0.53 of one core's time; each has a second cache of its own (512 kB), the third one is shared.

mod rows;

use super::{
    features::Features,
    isa::Isa,
    layer::{PackedNode, pointwise},
    parallel,
    sad_conv::{bytes_per_pixel, encode},
};
use crate::{
    backend::{LayerTime, Network, Rect, Taps, Tile},
    nn::{Params, Plan, QuantParams},
    tensor::{Shape, Tensor},
};
use rows::{Encoded, GroupRows};
use std::time::Instant;

/// Rows per task: few, so that all cores stay busy on a small tile, and a band fits into the first cache.
const BAND: usize = 4;

pub(super) struct CpuNetwork {
    isa: Isa,
    plan: Plan,
    layers: Vec<PackedNode>,
    /// How far beyond the output each node's value is still read, in input pixels.
    reach: Vec<usize>,
    last_use: Vec<usize>,
    pad: usize,
    values: Vec<Option<Value>>,
    pool: Vec<Features>,
    coded_pool: Vec<Features<u8>>,
    /// By the first node of each group.
    times: Vec<Option<LayerTime>>,
}

/// What is kept of a node.
struct Value {
    floats: Features,
    /// For adder layers that read codes.
    coded: Option<Features<u8>>,
}

impl CpuNetwork {
    pub(super) fn new(isa: Isa, plan: &Plan, params: &Params) -> Self {
        let mut reach = vec![0; plan.nodes.len()];
        for node in plan.nodes.iter().rev().zip((0..plan.nodes.len()).rev()) {
            let (node, i) = node;
            for &input in &node.inputs {
                let own = plan.reach(i);
                reach[input] = reach[input].max(reach[i] + own);
            }
        }
        Self {
            isa,
            plan: plan.clone(),
            layers: (0..plan.nodes.len()).map(|i| PackedNode::of_plan(isa, plan, i, params)).collect(),
            reach,
            last_use: plan.last_use(),
            pad: plan.widest_window() / 2,
            values: (0..plan.nodes.len()).map(|_| None).collect(),
            pool: Vec::new(),
            coded_pool: Vec::new(),
            times: vec![None; plan.nodes.len()],
        }
    }

    /// Nodes in order, each with the pointwise nodes that can be applied to it in place.
    fn groups(&self, taps: &Taps) -> Vec<Vec<usize>> {
        let nodes = &self.plan.nodes;
        let mut readers = vec![0; nodes.len()];
        nodes.iter().flat_map(|n| &n.inputs).for_each(|&i| readers[i] += 1);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let fits = i > 1
                && pointwise(node.op)
                && node.inputs.contains(&(i - 1))
                && readers[i - 1] == 1
                && !taps.wanted.iter().any(|(tapped, _)| *tapped == i - 1);
            match groups.last_mut() {
                Some(group) if fits => group.push(i),
                _ => groups.push(vec![i]),
            }
        }
        groups
    }

    fn region(&self, node: usize, tile: &Tile) -> Rect {
        if node == 0 {
            return tile.input;
        }
        tile.output.grow(self.reach[node], tile.picture.0, tile.picture.1)
    }

    /// Computes a group's last value.
    fn compute(&mut self, group: &[usize], input: &Tensor, tile: &Tile) -> Value {
        let last = group[group.len() - 1];
        let (region, node) = (self.region(last, tile), &self.plan.nodes[last]);
        let mut floats = self.pool.pop().unwrap_or_default();
        let (h, w, codes) = (region.h * node.scale, region.w * node.scale, node.codes);
        let mut coded = codes.map(|codes| {
            let mut coded = self.coded_pool.pop().unwrap_or_default();
            coded.reset_to(Shape::new(1, h, w, bytes_per_pixel(node.channels)), self.pad, codes.zero_point());
            coded
        });
        if group == [0] {
            floats.fill(input, self.pad);
            if let (Some(codes), Some(coded)) = (codes, &mut coded) {
                self.encode_rows(codes, &floats, coded);
            }
        } else {
            floats.reset(1, h, w, node.channels, self.pad);
            let mut encoded = coded
                .iter_mut()
                .zip(codes)
                .flat_map(|(coded, codes)| coded.bands(BAND).into_iter().map(move |band| Encoded { codes, band }));
            let bands = floats.bands(BAND).into_iter().map(|band| (band, encoded.next())).collect();
            let (isa, this) = (self.isa, &*self);
            parallel(bands, |(band, encoded)| {
                isa.run(GroupRows { network: this, group, tile, region, band, encoded });
            });
        }
        Value { floats, coded }
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

    fn release(&mut self, node: usize) {
        if let Some(value) = self.values[node].take() {
            self.pool.push(value.floats);
            self.coded_pool.extend(value.coded);
        }
    }
}

impl Network for CpuNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        let output = self.plan.nodes.len() - 1;
        for group in self.groups(taps) {
            let began = Instant::now();
            let last = group[group.len() - 1];
            let value = self.compute(&group, input, tile);
            let (region, scale) = (self.region(last, tile), self.plan.nodes[last].scale);
            for (wanted, tapped) in &mut taps.wanted {
                if *wanted == last {
                    *tapped = Some(cut(&value.floats, region, tile, scale));
                }
            }
            self.values[last] = Some(value);
            for i in 0..=last {
                if self.last_use[i] <= last && i != output {
                    self.release(i);
                }
            }
            let time = self.times[group[0]].get_or_insert(LayerTime { first: group[0], last, seconds: 0.0, pixels: 0 });
            time.seconds += began.elapsed().as_secs_f64();
            time.pixels += (region.h * region.w * scale * scale) as u64;
        }
        let region = self.region(output, tile);
        let result = match &self.values[output] {
            Some(value) => cut(&value.floats, region, tile, self.plan.scale()),
            None => unreachable!("the last group computes the last node"),
        };
        self.release(output);
        result
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
